"""What ECS, EKS and Kubernetes call things, and what EKS offers, as tables to ask. Source: facts 7.1 to 7.6."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """One row of the vocabulary. `one_to_one` is False where a caveat stands, or one side has several words."""

    ecs: str
    kubernetes: str
    caveat: str = ""
    one_to_one: bool = True
    also_ecs: tuple[str, ...] = ()
    also_kubernetes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row of a table: its name, what it says, other names it is asked by, and yes/no facts by code."""

    name: str
    says: str
    also: tuple[str, ...] = ()
    facts: dict[str, str] = field(default_factory=dict)


VOCABULARY: tuple[Word, ...] = (
    Word(
        ecs="Cluster",
        kubernetes="Cluster (API server and nodes)",
        caveat="An EKS cluster has an hourly price for its control plane; an ECS cluster is a logical grouping.",
        one_to_one=False,
        also_kubernetes=("cluster", "API server"),
    ),
    Word(ecs="Container instance", kubernetes="Node", also_ecs=("instance",)),
    Word(ecs="ECS agent", kubernetes="kubelet", also_ecs=("agent", "container agent")),
    Word(
        ecs="Task definition (revision)",
        kubernetes="Pod template inside a Deployment",
        caveat="Kubernetes has no store of revisions that stands alone; ReplicaSets keep the history "
        "(revisionHistoryLimit 10).",
        one_to_one=False,
        also_ecs=("task definition", "revision"),
        also_kubernetes=("pod template", "ReplicaSet"),
    ),
    Word(
        ecs="Task",
        kubernetes="Pod",
        caveat="The same idea: containers that stay together and share a network namespace. A pod is not a container.",
    ),
    Word(
        ecs="Service (desired count, deployment)",
        kubernetes="Deployment and its ReplicaSet",
        caveat="The half of an ECS service that keeps count and deploys; Kubernetes has another word for its address.",
        one_to_one=False,
        also_ecs=("service",),
        also_kubernetes=("Deployment", "ReplicaSet"),
    ),
    Word(
        ecs="Service (stable address)",
        kubernetes="Service and Ingress or Gateway",
        caveat="In ECS the address is a target group, Service Connect or Cloud Map.",
        one_to_one=False,
        also_ecs=("service", "target group", "Service Connect", "Cloud Map"),
        also_kubernetes=("Service", "Ingress", "Gateway"),
    ),
    Word(ecs="DAEMON service", kubernetes="DaemonSet", also_ecs=("daemon",)),
    Word(
        ecs="RunTask",
        kubernetes="Job, or a bare Pod",
        caveat="Kubernetes has two words for it.",
        one_to_one=False,
        also_ecs=("run-task", "standalone task"),
        also_kubernetes=("Job", "bare Pod"),
    ),
    Word(ecs="EventBridge schedule", kubernetes="CronJob", also_ecs=("scheduled task",)),
    Word(
        ecs="Task role",
        kubernetes="IRSA or Pod Identity on a ServiceAccount",
        caveat="Kubernetes has two ways; the pod identity table tells them apart.",
        one_to_one=False,
        also_kubernetes=("IRSA", "Pod Identity", "ServiceAccount"),
    ),
    Word(
        ecs="Execution role",
        kubernetes="Node role, or the Fargate pod execution role",
        caveat="On nodes it belongs to the node and not to the pod.",
        one_to_one=False,
        also_ecs=("task execution role",),
        also_kubernetes=("node role", "pod execution role"),
    ),
    Word(
        ecs="Placement constraint",
        kubernetes="nodeSelector, node affinity, taints",
        caveat="A taint works from the node's side: it keeps pods away that do not tolerate it.",
        one_to_one=False,
        also_ecs=("memberOf", "distinctInstance"),
        also_kubernetes=("nodeSelector", "node affinity", "affinity", "taint", "taints"),
    ),
    Word(
        ecs="Spread and binpack",
        kubernetes="topologySpreadConstraints and the scoring strategy",
        caveat="An ECS strategy is best effort and stops no task; a spread constraint can.",
        one_to_one=False,
        also_ecs=("spread", "binpack", "placement strategy"),
        also_kubernetes=("topologySpreadConstraints", "scoring strategy"),
    ),
    Word(
        ecs="Capacity provider",
        kubernetes="Node group, Karpenter NodePool, or Auto Mode",
        caveat="Kubernetes has three words for it.",
        one_to_one=False,
        also_kubernetes=("node group", "NodePool", "Karpenter", "Auto Mode"),
    ),
    Word(
        ecs="Service Auto Scaling",
        kubernetes="HorizontalPodAutoscaler",
        also_kubernetes=("HPA",),
        also_ecs=("service auto scaling",),
    ),
    Word(
        ecs="Bind mount, EFS or EBS volume",
        kubernetes="emptyDir, hostPath, or PV and PVC through CSI",
        caveat="In Kubernetes each volume has its own word.",
        one_to_one=False,
        also_ecs=("bind mount", "EFS volume", "EBS volume"),
        also_kubernetes=("emptyDir", "hostPath", "PV", "PVC", "persistent volume"),
    ),
    Word(
        ecs="secrets valueFrom",
        kubernetes="Secret, or the Secrets Store CSI driver with ASCP",
        caveat="Kubernetes has two ways.",
        one_to_one=False,
        also_ecs=("secrets", "valueFrom"),
        also_kubernetes=("Secret", "ASCP"),
    ),
    Word(
        ecs="Essential container",
        kubernetes="none",
        caveat="Kubernetes has no such word: restartPolicy restarts containers in place.",
        one_to_one=False,
        also_ecs=("essential",),
        also_kubernetes=("restartPolicy",),
    ),
    Word(
        ecs="Container dependsOn",
        kubernetes="initContainers and sidecars",
        caveat="Kubernetes has two words for it.",
        one_to_one=False,
        also_ecs=("dependsOn",),
        also_kubernetes=("initContainers", "init container", "sidecar", "sidecars"),
    ),
    Word(
        ecs="Availability Zone",
        kubernetes="the label topology.kubernetes.io/zone",
        caveat="A node lives in exactly one zone; a zone holds any number of nodes.",
        also_ecs=("AZ", "zone"),
        also_kubernetes=("topology.kubernetes.io/zone",),
    ),
)

_YES, _NO = "YES", "NO"


def _compute(
    name: str, owner: str, unit: str, daemons: bool, gpu: bool, arm: bool, windows: bool, notes: str, also: str
) -> Row:
    said = {True: _YES, False: _NO}
    facts = {
        "DAEMONSET": said[daemons],
        "GPU": said[gpu],
        "ARM": said[arm],
        "WINDOWS": said[windows],
    }
    says = f"The EC2 instances: {owner}. It scales {unit}. {notes}"
    return Row(name=name, says=says, also=(also,), facts={"owner": owner, "unit": unit, **facts})


COMPUTE: tuple[Row, ...] = (
    _compute(
        "EKS Auto Mode", "managed by AWS, in your account", "nodes, by a Karpenter-like engine",
        True, True, True, False,
        "EBS CSI, load balancing, VPC CNI and DNS are built in; it has an extra fee and at most 110 pods on a node.",
        "AUTO_MODE",
    ),
    _compute(
        "Managed node group", "yours; AWS drives the Auto Scaling group and drains", "an Auto Scaling group",
        True, True, True, True, "One group may span several zones and hold many nodes in each.", "MANAGED_NODE_GROUP",
    ),
    _compute(
        "Self-managed nodes", "yours", "your own Auto Scaling group", True, True, True, True, "You do all of it.",
        "SELF_MANAGED",
    ),
    _compute(
        "Fargate", "AWS's", "one pod, which is one micro-VM", False, False, False, False,
        "Profiles select pods (at most 5 selectors); private subnets only; no privileged, hostPort, hostNetwork, Spot "
        "or EBS; EFS with static provisioning only; load balancer targets ip only; 20 GiB ephemeral, up to 175; 256 MB "
        "are added to the memory request; 0.25 to 16 vCPU.", "FARGATE",
    ),
    _compute(
        "Hybrid nodes", "none: your own servers", "as you add servers", True, True, True, False,
        "Cilium or Calico instead of the VPC CNI; no EBS and EFS CSI.", "HYBRID",
    ),
)  # fmt: skip

LOAD_BALANCERS: tuple[Row, ...] = (
    Row(
        name="Ingress",
        says="The AWS Load Balancer Controller makes an Application Load Balancer of it; an IngressGroup lets several "
        "Ingresses share one.",
        also=("ALB", "Application Load Balancer", "IngressGroup"),
    ),
    Row(
        name="Service of type LoadBalancer",
        says="The AWS Load Balancer Controller makes a Network Load Balancer of it.",
        also=("NLB", "Network Load Balancer", "LoadBalancer"),
    ),
    Row(
        name="Target type instance",
        says="The default: the node's port, then kube-proxy.",
        also=("instance target",),
    ),
    Row(
        name="Target type ip",
        says="Straight to the pod; required on Fargate and hybrid nodes.",
        also=("ip target",),
    ),
    Row(
        name="Subnets of a load balancer",
        says="In at least 2 zones, tagged kubernetes.io/role/elb=1 (public) or kubernetes.io/role/internal-elb=1, with "
        "at least 8 free addresses.",
        also=("subnets", "kubernetes.io/role/elb", "kubernetes.io/role/internal-elb"),
    ),
)

POD_IDENTITY: tuple[Row, ...] = (
    Row(
        name="IRSA",
        says="Trust: the OIDC provider of that cluster, sts:AssumeRoleWithWebIdentity. A cluster needs an IAM OIDC "
        "provider (100 an account by default) and a trust policy entry (2,048 characters at most). Delivery: a "
        "projected token file and the SDK.",
        also=("iam roles for service accounts",),
        facts={"FARGATE": _YES, "WINDOWS": "UNDOCUMENTED", "SESSION_TAGS": _NO},
    ),
    Row(
        name="Pod Identity",
        says="Trust: pods.eks.amazonaws.com, sts:AssumeRole and sts:TagSession. An association API; a role can be "
        "reused across clusters, at most 5,000 associations a cluster. Delivery: an agent DaemonSet on "
        "169.254.170.23, ports 80 and 2703.",
        also=("eks pod identity",),
        facts={"FARGATE": _NO, "WINDOWS": _NO, "SESSION_TAGS": _YES},
    ),
)

STORAGE: tuple[Row, ...] = (
    Row(
        name="EBS CSI",
        says="A volume is bound to its zone.",
        also=("EBS",),
        facts={"FARGATE": _NO, "HYBRID": _NO},
    ),
    Row(
        name="EFS CSI",
        says="Several zones, ReadWriteMany, Linux only; static provisioning only on Fargate; S3 Files from v3.0.0 on.",
        also=("EFS", "S3 Files"),
        facts={"FARGATE": _YES, "HYBRID": _NO, "WINDOWS": _NO},
    ),
    Row(name="FSx CSI", says="Drivers for Lustre, ONTAP and OpenZFS.", also=("FSx", "Lustre", "ONTAP", "OpenZFS")),
    Row(name="File Cache CSI", says="Amazon File Cache.", also=("File Cache",)),
    Row(
        name="Mountpoint for S3 CSI",
        says="An existing bucket only, static provisioning only.",
        also=("S3", "Mountpoint"),
        facts={"FARGATE": _NO, "HYBRID": _NO, "WINDOWS": _NO},
    ),
    Row(name="EC2 instance store CSI", says="The local disks of an instance.", also=("instance store",)),
)

TABLES: dict[str, tuple[Row, ...]] = {
    "computeOptions": COMPUTE,
    "loadBalancers": LOAD_BALANCERS,
    "podIdentity": POD_IDENTITY,
    "storageDrivers": STORAGE,
}
