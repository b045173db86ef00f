"""Many sessions on one page, each of them clicking: raw WebSocket clients that say again what a browser once said.

Run as a process of its own (`python -m benchmarks.crowd`), so that the clients do not compete with what measures them.
It reads one JSON line `{"url", "opening", "clicks", "sessions", "clicks_each"}` with the messages in Base64, prints
`ready` once all sessions have the page, waits for a line, and prints the milliseconds of all clicks as JSON.
"""

from __future__ import annotations

import asyncio
import base64
import json
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass

from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect

from benchmarks.served import ROOT, Served

PACE = 2.0  # seconds between two clicks of one session
SMALL = 200  # bytes: "the script is finished" is a small message; larger ones need not be read
AT_ONCE = 20  # sessions that open together
LIMIT = 30.0  # seconds for one answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """What a browser said to the server: the message that opens a page, and those of its clicks."""

    opening: bytes
    clicks: Sequence[bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Crowd:
    """What the sessions saw: the milliseconds of each click, and the server's memory before and with them, in bytes."""

    milliseconds: Sequence[float]
    resident_before: int
    resident_with: int


def send_crowd(served: Served, spoken: Spoken, *, sessions: int, clicks_each: int) -> Crowd:
    """Let that many sessions open the page, rest, and then click once in two seconds each."""
    order = {
        "url": f"ws://127.0.0.1:{served.port}/_stcore/stream",
        "opening": base64.b64encode(spoken.opening).decode(),
        "clicks": [base64.b64encode(click).decode() for click in spoken.clicks],
        "sessions": sessions,
        "clicks_each": clicks_each,
    }
    before = served.resident()
    command = [sys.executable, "-m", "benchmarks.crowd"]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(command, cwd=ROOT, text=True, **pipes) as crowd:  # type: ignore[call-overload]
        crowd.stdin.write(json.dumps(order) + "\n")
        crowd.stdin.flush()
        if crowd.stdout.readline().strip() != "ready":
            raise RuntimeError("The sessions could not open the page.")
        held = served.resident()
        crowd.stdin.write("go\n")
        crowd.stdin.flush()
        return Crowd(milliseconds=json.loads(crowd.stdout.readline()), resident_before=before, resident_with=held)


async def _main() -> None:
    order = json.loads(sys.stdin.readline())
    clicks = [base64.b64decode(click) for click in order["clicks"]]
    opening = base64.b64decode(order["opening"])
    gate = asyncio.Semaphore(AT_ONCE)
    go = asyncio.Event()
    opened: list[asyncio.Event] = [asyncio.Event() for _ in range(order["sessions"])]

    async def session(k: int) -> list[float]:
        async with gate:
            socket = await connect(order["url"], subprotocols=["streamlit"], max_size=None, compression=None)  # type: ignore[list-item]
            await socket.send(opening)
            await _finished(socket)
            opened[k].set()
        await go.wait()
        times: list[float] = []
        # The clicks of all sessions are spread evenly over the two seconds.
        await asyncio.sleep(PACE * k / order["sessions"])
        for turn in range(order["clicks_each"]):
            started = time.perf_counter()
            await socket.send(clicks[turn % len(clicks)])
            await _finished(socket)
            spent = time.perf_counter() - started
            times.append(1000 * spent)
            await asyncio.sleep(max(0.0, PACE - spent))
        await socket.close()
        return times

    running = [asyncio.create_task(session(k)) for k in range(order["sessions"])]
    everyone = asyncio.gather(*running)
    ready = asyncio.gather(*(event.wait() for event in opened))
    await asyncio.wait([everyone, ready], return_when=asyncio.FIRST_COMPLETED)
    print("ready" if ready.done() else "failed", flush=True)
    await asyncio.to_thread(sys.stdin.readline)
    go.set()
    print(json.dumps([round(one, 2) for times in await everyone for one in times]), flush=True)


async def _finished(socket: ClientConnection) -> None:
    """Read on until the server says that the script is finished."""
    async with asyncio.timeout(LIMIT):
        while True:
            frame = await socket.recv()
            if len(frame) > SMALL or not isinstance(frame, bytes):
                continue
            if ForwardMsg.FromString(frame).WhichOneof("type") == "script_finished":
                return


if __name__ == "__main__":
    asyncio.run(_main())
