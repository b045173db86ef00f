"""A served app and a browser to look at it: what the topics that measure the whole road share."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil
from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
APP = ROOT / "app.py"
EMPTY = ROOT / "benchmarks" / "apps" / "empty.py"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
START_LIMIT = 60  # seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """A running server: its address, and its process."""

    url: str
    port: int
    process: psutil.Process

    def resident(self) -> int:
        """The bytes of memory that it holds."""
        return int(self.process.memory_info().rss)


@contextmanager
def serve(app: Path, env: Mapping[str, str]) -> Iterator[Served]:
    """An app on a free port of the loopback; stopped at the end."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", str(app), "--server.headless", "true"]
    command += ["--server.address", "127.0.0.1", "--server.port", str(port)]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    path = {"PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **path, **env}, **quiet)  # type: ignore[arg-type]
    try:
        url = f"http://127.0.0.1:{port}"
        _wait(url, process)
        yield Served(url=url, port=port, process=psutil.Process(process.pid))
    finally:
        process.terminate()
        process.wait(timeout=20)


@contextmanager
def chromium() -> Iterator[Browser]:
    """Headless Chromium.

    Raises
    ------
    RuntimeError
        If there is none on this machine.
    """
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if found is None:
        raise RuntimeError("These figures need Chromium; on Debian or Ubuntu run: sudo apt install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=FLAGS)
        yield browser
        browser.close()


def _wait(url: str, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + START_LIMIT
    while time.monotonic() < end and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{url}/_stcore/health", timeout=1):
                return
        except OSError:
            time.sleep(0.02)
    raise RuntimeError(f"The app did not start within {START_LIMIT} seconds; run it by hand to see why.")
