"""Processes of a benchmark: pinned to a core, measured, and always stopped by their own number.

Every process is the leader of a group of its own, so that Ctrl-C reaches this program alone, which then stops them.
"""
from __future__ import annotations

import contextlib
import ctypes
import dataclasses
import os
import pathlib
import select
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence

PR_SET_PDEATHSIG = 1
TICKS = os.sysconf("SC_CLK_TCK")
_LOOK_MILLISECONDS = 25
_LOOKS_A_TICK = 4
_libc = ctypes.CDLL(None)


class CannotMeasure(Exception):
    """A measurement could not be made: a program is missing, did not start, or did not end in time."""


@dataclasses.dataclass(frozen=True)
class Ended:
    """A program that came to its end, with what it took."""

    status: int  # negative: died by that signal
    user: float  # seconds of CPU
    system: float
    peak_kib: int  # of resident memory
    seconds: float  # by the clock on the wall
    stdout: str
    stderr: str

    @property
    def cpu(self) -> float:
        return self.user + self.system


def start(
    arguments: Sequence[str | os.PathLike[str]],
    directory: pathlib.Path,
    name: str,
    core: int | None = None,
) -> subprocess.Popen[bytes]:
    """Starts a program whose output goes to NAME.out and NAME.err in the directory."""

    def prepare() -> None:
        # Should this program be killed outright, the kernel stops what it has started.
        _libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        if core is not None:
            os.sched_setaffinity(0, {core})

    with open(directory / f"{name}.out", "wb") as out, open(directory / f"{name}.err", "wb") as err:
        try:
            return subprocess.Popen(
                [os.fspath(argument) for argument in arguments],
                stdin=subprocess.DEVNULL, stdout=out, stderr=err,
                start_new_session=True, preexec_fn=prepare,
            )
        except FileNotFoundError as error:
            raise CannotMeasure(f"{arguments[0]} is not installed (scripts/setup --bench)") from error


def stop(process: subprocess.Popen[bytes], first: signal.Signals = signal.SIGTERM) -> None:
    """Ends the process and its children: asked first, then told."""
    for number, patience in ((first, 10.0), (signal.SIGKILL, 10.0)):
        if process.poll() is not None:
            break
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, number)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(patience)
    # Children that outlive their parent are in its group still.
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)


def run(
    arguments: Sequence[str | os.PathLike[str]],
    directory: pathlib.Path,
    name: str,
    limit: float,
    core: int | None = None,
    tick: Callable[[], None] | None = None,
    patience: float | None = None,
) -> Ended:
    """Runs a program to its end, at most `limit` seconds; `tick` is called ten times a second meanwhile. After
    `patience` seconds it is asked to end (SIGTERM), and may still do so in its own way."""
    began = time.monotonic()
    process = start(arguments, directory, name, core)
    handle = os.pidfd_open(process.pid)
    asked = False
    peak = looks = 0
    try:
        ends = select.poll()
        ends.register(handle, select.POLLIN)
        while not ends.poll(_LOOK_MILLISECONDS):
            # Not from wait4: its figure begins with the memory of this program, which the fork had copied.
            peak = max(peak, _peak_kib(process.pid))
            looks += 1
            so_far = time.monotonic() - began
            if so_far > limit:
                raise CannotMeasure(f"{name} did not end within {limit:.0f} s")
            if patience is not None and so_far > patience and not asked:
                process.terminate()
                asked = True
            if tick and looks % _LOOKS_A_TICK == 0:
                tick()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    finally:
        os.close(handle)
        stop(process)
    return Ended(
        process.returncode, usage.ru_utime, usage.ru_stime, peak, time.monotonic() - began,
        (directory / f"{name}.out").read_text(errors="replace"),
        (directory / f"{name}.err").read_text(errors="replace"),
    )


def _peak_kib(pid: int) -> int:
    for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1])
    return 0  # it has ended, and nobody has waited for it yet


def cpu_of(pid: int) -> float:
    """Seconds of CPU that a living process and its children have taken so far."""
    return sum(map(_own_cpu, _tree(pid)))


def _own_cpu(pid: int) -> float:
    # Behind the command's name, which may hold anything, blanks and brackets too.
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def _tree(pid: int) -> Iterator[int]:
    yield pid
    for task in pathlib.Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text().split():
            yield from _tree(int(child))
