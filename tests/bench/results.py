"""What a benchmark says: figures for the table, and everything behind them for results.json."""
from __future__ import annotations

import dataclasses
import datetime
import json
import os
import pathlib
import platform
import statistics
import subprocess
from collections.abc import Sequence


@dataclasses.dataclass(frozen=True)
class Figure:
    """A line of the table. Without a target it stands there for comparison, and `held` is None."""

    name: str
    measured: str
    target: str = ""
    held: bool | None = None


@dataclasses.dataclass
class Outcome:
    """Of one benchmark: its figures, and the raw values."""

    figures: list[Figure] = dataclasses.field(default_factory=list)
    raw: dict[str, object] = dataclasses.field(default_factory=dict)

    def say(self, name: str, measured: str) -> None:
        self.figures.append(Figure(name, measured))

    def must(self, name: str, measured: str, target: str, held: bool) -> None:
        self.figures.append(Figure(name, measured, target, held))


def spread(values: Sequence[float], digits: int = 2) -> str:
    """The median, and the least and the greatest where there is more than one value."""
    middle = f"{statistics.median(values):.{digits}f}"
    if len(values) == 1:
        return middle
    return f"{middle} ({min(values):.{digits}f} to {max(values):.{digits}f})"


def table(outcomes: dict[str, Outcome]) -> str:
    held_as = {True: "yes", False: "NO", None: ""}
    rows = [("figure", "must reach", "measured", "held?")]
    for name, outcome in outcomes.items():
        rows += [
            (f"{name}: {figure.name}", figure.target, figure.measured, held_as[figure.held])
            for figure in outcome.figures
        ]
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    rows.insert(1, tuple("-" * width for width in widths))
    return "\n".join("| " + " | ".join(map(str.ljust, row, widths)) + " |" for row in rows)


def write_json(file: pathlib.Path, outcomes: dict[str, Outcome], settings: dict[str, object]) -> None:
    content = {
        "taken": datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds"),
        "machine": {
            "kernel": platform.release(),
            "processor": processor(),
            "cores": os.cpu_count(),
        },
        "settings": settings,
        "benchmarks": {name: dataclasses.asdict(outcome) for name, outcome in outcomes.items()},
    }
    file.parent.mkdir(parents=True, exist_ok=True)
    unfinished = file.with_suffix(".new")
    unfinished.write_text(json.dumps(content, indent=1, default=str) + "\n")
    unfinished.replace(file)


def commit(inside: pathlib.Path) -> str:
    """The checkout's commit, with a mark where files differ from it."""
    described = subprocess.run(
        ["git", "-C", str(inside), "describe", "--always", "--dirty", "--abbrev=12"],
        capture_output=True, text=True, check=False,
    )
    return described.stdout.strip() or "unknown"


def processor() -> str:
    for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()
