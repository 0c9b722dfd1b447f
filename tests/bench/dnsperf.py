"""Runs dnsperf, a load generator that judges nothing, and reads what it prints."""
from __future__ import annotations

import dataclasses
import pathlib
import re

import processes
from processes import CannotMeasure
from servers import Server
from settings import Settings

_NUMBER = r"([0-9.]+)"


@dataclasses.dataclass(frozen=True)
class Load:
    cpu: float  # seconds, the whole process
    sent: int
    lost: int
    rate: float  # answers a second
    latency: float  # seconds, the mean of those answered

    @property
    def cpu_per_question(self) -> float:
        return self.cpu / self.sent * 1e6


def dnsperf(
    settings: Settings,
    server: Server,
    questions: pathlib.Path,
    window: int,
    clients: int = 8,
    seconds: float | None = None,
    timeout: float = 2.0,
    core: int | None = None,
) -> Load:
    """Asks the questions of a file, with EDNS as dauth does: all of them once, or over again for some seconds."""
    ended = processes.run(
        ["dnsperf", "-s", "127.0.0.1", "-p", str(server.port), "-d", questions, "-e", "-T", "1",
         "-c", str(clients), "-q", str(window), "-t", f"{timeout:g}", "-O", "suppress=timeout",
         *(["-n", "1"] if seconds is None else ["-l", f"{seconds:g}"])],
        settings.work, "dnsperf", limit=900, core=core,
    )
    if ended.status != 0:
        raise CannotMeasure(f"dnsperf ended with status {ended.status}: {ended.stderr[-1000:]}")

    def value(label: str) -> float:
        found = re.search(rf"{label}:\s+{_NUMBER}", ended.stdout)
        if not found:
            raise CannotMeasure(f"dnsperf did not say '{label}':\n{ended.stdout[-1000:]}")
        return float(found.group(1))

    return Load(
        ended.cpu, int(value("Queries sent")), int(value("Queries lost")), value("Queries per second"),
        value(r"Average Latency \(s\)"),
    )
