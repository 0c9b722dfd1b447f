"""Runs `dauth scan` as a user would, and reads what it cost and what came of it."""
from __future__ import annotations

import contextlib
import dataclasses
import hashlib
import json
import os
import pathlib
import sqlite3
from collections.abc import Callable, Iterator, Sequence

import processes
from processes import CannotMeasure
from servers import Server, free_port
from settings import Settings

MONTH = "2006-01"
PROBES = "mx,spf,domainkeys"
_EXIT_DONE = 0
_EXIT_USAGE = 2
_EXIT_PROVISIONAL = 3
_EXIT_STOPPED = 143


@dataclasses.dataclass(frozen=True)
class Progress:
    """What the database says while a survey runs."""

    seconds: float  # spent surveying
    questions: int
    retries: int
    surveyed: int


@dataclasses.dataclass(frozen=True)
class Survey:
    names: int
    cpu: float  # seconds, the whole process
    system: float
    peak_kib: int
    seconds: float  # spent surveying, without the list
    questions: int  # sent, retries included
    retries: int
    timeouts: int
    surveyed: int  # names; fewer than all where the scan took too long and was stopped
    unmeasured: int  # names with a finding that is unmeasured, and those that the scan did not come to
    digest: str  # of `dauth export`; empty where it was not asked for, or the scan was stopped
    progress: list[Progress]

    @property
    def cpu_per_question(self) -> float:
        """µs of the whole process, list and counts included."""
        return self.cpu / self.questions * 1e6

    @property
    def rate(self) -> float:
        """Questions a second that came to an outcome: without those sent again."""
        return (self.questions - self.retries) / self.seconds

    def settled_rate(self, after: float = 2.0) -> float | None:
        """The same without the first seconds, in which the window opens, and without the last names."""
        settled = [p for p in self.progress if p.seconds >= after and p.surveyed < 0.98 * self.names]
        if len(settled) < 2 or settled[-1].seconds == settled[0].seconds:
            return None
        first, last = settled[0], settled[-1]
        sent = (last.questions - last.retries) - (first.questions - first.retries)
        return sent / (last.seconds - first.seconds)

    def summary(self) -> dict[str, object]:
        return {key: value for key, value in dataclasses.asdict(self).items() if key != "progress"}


def scan(
    settings: Settings,
    registry: pathlib.Path,
    resolvers: Sequence[Server],
    in_flight: int,
    probes: str = PROBES,
    core: int | None = None,
    digest: bool = False,
    watch: Callable[[Progress], None] | None = None,
    patience: float = 900.0,
) -> Survey:
    """Surveys a registry into a new database, which is gone when this returns. A scan that takes longer than
    `patience` seconds is stopped; what it has done until then counts."""
    with _database(settings) as database:
        arguments = [
            settings.dauth, "scan", registry / "list.txt", "-d", database, "-m", MONTH, "--probes", probes,
            "--in-flight", str(in_flight), "--no-preflight", "--second-pass-after", "1s", "--progress", "never",
        ]
        for server in resolvers:
            arguments += ["--resolver", server.address]
        seen: list[Progress] = []

        def look() -> None:
            now = _progress_of(database)
            if now and (not seen or now != seen[-1]):
                seen.append(now)
            if now and watch:
                watch(now)

        ended = processes.run(arguments, settings.work, "scan", limit=patience + 60, core=core, tick=look,
                              patience=patience)
        if ended.status not in (_EXIT_DONE, _EXIT_PROVISIONAL, _EXIT_STOPPED):
            raise CannotMeasure(f"dauth scan ended with status {ended.status}: {ended.stderr[-1000:]}")
        run = json.loads(_read(settings, "runs", "-d", database, "--format", "json"))[0]
        stopped = ended.status == _EXIT_STOPPED
        export = _read(settings, "export", "-d", database, "-m", MONTH) if digest and not stopped else ""
    return Survey(
        names=run["names"], cpu=ended.cpu, system=ended.system, peak_kib=ended.peak_kib,
        seconds=max(run["run_milliseconds"], 1) / 1000, questions=run["questions"], retries=run["retries"],
        timeouts=run["timeouts"], surveyed=run["surveyed"],
        unmeasured=run["unmeasured"] + run["names"] - run["surveyed"],
        digest=hashlib.sha256(export.encode()).hexdigest() if export else "", progress=seen,
    )


@dataclasses.dataclass(frozen=True)
class Intake:
    """A list that was taken into a new database and put into the survey's order."""

    names: int
    cpu: float  # seconds, the whole process
    seconds: float  # by the clock on the wall
    peak_kib: int
    octets: int  # of the database, its log included


def intake(settings: Settings, file: pathlib.Path, core: int) -> Intake:
    """The scan ends once the list is whole, since nobody is there to be asked."""
    with _database(settings) as database:
        ended = processes.run(
            [settings.dauth, "scan", file, "-d", database, "-m", MONTH,
             "--resolver", f"127.0.0.1:{free_port()}", "--timeout", "100ms", "--tries", "1", "--progress", "never"],
            settings.work, "intake", limit=3600, core=core,
        )
        if ended.status != _EXIT_USAGE:
            raise CannotMeasure(f"dauth scan without a resolver ended with status {ended.status}: {ended.stderr}")
        octets = sum(part.stat().st_size for part in settings.work.glob(f"{database.name}*"))
        run = json.loads(_read(settings, "runs", "-d", database, "--format", "json"))[0]
    return Intake(run["names"], ended.cpu, ended.seconds, ended.peak_kib, octets)


@contextlib.contextmanager
def _database(settings: Settings) -> Iterator[pathlib.Path]:
    database = settings.work / f"{settings.new_name('survey')}.sqlite"
    try:
        yield database
    finally:
        for file in settings.work.glob(f"{database.name}*"):
            file.unlink()


def _progress_of(database: pathlib.Path) -> Progress | None:
    """Nothing while the list is read, or where the database is just being made."""
    try:
        with contextlib.closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as reader:
            row = reader.execute(
                "SELECT run_ms, questions, retries, surveyed FROM run WHERE state = 1"
            ).fetchone()
    except sqlite3.Error:
        return None
    return Progress(row[0] / 1000, row[1], row[2], row[3]) if row else None


def _read(settings: Settings, *arguments: str | os.PathLike[str]) -> str:
    ended = processes.run([settings.dauth, *arguments], settings.work, "read", limit=300)
    if ended.status != _EXIT_DONE:
        raise CannotMeasure(f"dauth {arguments[0]} ended with status {ended.status}: {ended.stderr}")
    return ended.stdout
