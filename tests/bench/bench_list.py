"""list: how fast a zone is read, beside the tools that read zones, and what a list of ten million names takes."""
from __future__ import annotations

import dataclasses
import pathlib
import random
import statistics
from collections.abc import Iterable, Iterator, Sequence

import processes
import survey
from processes import CannotMeasure
from results import Outcome, spread
from settings import Settings

DESCRIPTION = "reading a zone, beside ldns-read-zone and named-checkzone; memory and time of ten million names"
ORIGIN = "bench"
FASTER = 3.0  # than the faster of the two
MEMORY_KIB = 64 * 1024

# Each in the mode that costs it least and still parses every RR. ldns-read-zone prints the SOA RR alone; without -c
# and -z it neither canonicalizes nor sorts. named-checkzone prints nothing and makes none of its checks.
_LDNS = ["ldns-read-zone", "-E", "SOA"]
_NAMED = ["named-checkzone", "-q", "-i", "none", *(
    word for check in "kmMnrSTW" for word in (f"-{check}", "ignore")), ORIGIN]


@dataclasses.dataclass(frozen=True)
class _Zone:
    file: pathlib.Path
    names: int
    records: int


def measure(settings: Settings) -> Outcome:
    outcome = Outcome()
    zone = _write_zone(settings.work / "bench.zone", settings.size(1_000_000, 20_000))
    _compare_readers(settings, zone, outcome)
    _take_in(settings, "zone", zone.file, zone.names, outcome)
    zone.file.unlink()

    # In order, as registries hand them out; the tenth in no order too, as lists by rank are.
    many = settings.size(10_000_000, 200_000)
    tenth = max(many // 10, 1000)
    shuffled = list(_names(tenth))
    random.Random(2006).shuffle(shuffled)
    lists = (("names", tenth, _names(tenth)), ("unsorted", tenth, shuffled), ("names", many, _names(many)))
    peaks = []
    for kind, count, names in lists:
        file = _write_lines(settings.work / "names.txt", (f"{name}\n" for name in names))
        peaks.append(_take_in(settings, f"{count:,} {kind}", file, count, outcome))
        file.unlink()
    outcome.must("intake: greater peak, KiB", f"{max(peaks):,}", f"<= {MEMORY_KIB:,}", max(peaks) <= MEMORY_KIB)
    apart = max(peaks) / min(peaks) - 1
    outcome.must("intake: peaks apart", f"{apart:.1%}", "<= 10%", apart <= 0.10)
    return outcome


def _compare_readers(settings: Settings, zone: _Zone, outcome: Outcome) -> None:
    readers: dict[str, Sequence[str | pathlib.Path]] = {
        "dauth": [settings.tool("bench/list_reading"), zone.file],
        "ldns-read-zone": [*_LDNS, zone.file],
        "named-checkzone": [*_NAMED, zone.file],
    }
    _require_same_task(settings, zone)
    cpu: dict[str, list[float]] = {name: [] for name in readers}
    clock: dict[str, list[float]] = {name: [] for name in readers}
    for _ in range(settings.rounds):
        for name, command in readers.items():
            ended = _run(settings, name, command)
            cpu[name].append(ended.cpu)
            clock[name].append(ended.seconds)
    median = {name: statistics.median(values) for name, values in cpu.items()}
    peer = min((name for name in readers if name != "dauth"), key=lambda name: median[name])
    ratio = median[peer] / median["dauth"]
    rounds = [theirs / ours for theirs, ours in zip(cpu[peer], cpu["dauth"], strict=True)]
    outcome.must(f"{peer} / dauth, ratio of medians", f"{ratio:.2f}", f">= {FASTER:.1f}", ratio >= FASTER)
    outcome.say(f"{peer} / dauth, by round", spread(rounds))
    for name, values in cpu.items():
        outcome.say(f"{name}: seconds of CPU for {zone.records:,} RRs", spread(values))
        outcome.say(f"{name}: RRs a second of CPU", f"{zone.records / median[name]:,.0f}")
    outcome.raw["readers"] = {"records": zone.records, "octets": zone.file.stat().st_size, "cpu": cpu, "clock": clock}


def _require_same_task(settings: Settings, zone: _Zone) -> None:
    """Each reader sees the whole file. It is in the page cache from here on."""
    ours = _run(settings, "dauth", [settings.tool("bench/list_reading"), zone.file]).stdout
    if ours != f"names {zone.names}\nrejected 0\n":
        raise CannotMeasure(f"list_reading says {ours!r} of a zone with {zone.names} delegations")
    # Without the option that spares it the printing.
    printed = _run(settings, "ldns-read-zone", ["ldns-read-zone", zone.file]).stdout.count("\n")
    if printed != zone.records - 1:  # it drops the SOA RR at the end
        raise CannotMeasure(f"ldns-read-zone printed {printed} of {zone.records} RRs")


def _take_in(settings: Settings, name: str, file: pathlib.Path, names: int, outcome: Outcome) -> int:
    """The peak of memory."""
    intake = survey.intake(settings, file, settings.client_core)
    if intake.names != names:
        raise CannotMeasure(f"{intake.names} of {names} names are in the database")
    outcome.say(f"intake, {name}: seconds; us of CPU a name", f"{intake.seconds:.1f}; {intake.cpu / names * 1e6:.2f}")
    outcome.say(f"intake, {name}: KiB; octets a name", f"{intake.peak_kib:,}; {intake.octets / names:.0f}")
    outcome.raw[f"intake, {name}"] = dataclasses.asdict(intake)
    return intake.peak_kib


def _run(settings: Settings, name: str, command: Sequence[str | pathlib.Path]) -> processes.Ended:
    ended = processes.run(command, settings.work, name, limit=600, core=settings.client_core)
    if ended.status != 0:
        raise CannotMeasure(f"{name} ended with status {ended.status}: {ended.stderr[-500:]}")
    return ended


def _names(count: int) -> Iterator[str]:
    """Distinct ones in the order of their spelling, as long as registered names are."""
    for number in range(count):
        yield f"{number:08d}-{number * 2654435761 % 1048576:05x}.{ORIGIN}"


def _write_zone(file: pathlib.Path, names: int) -> _Zone:
    """A registry's zone in the form of CZDS, two name servers for each name, few operators having most of them."""
    chance = random.Random(2006)
    soa = f"{ORIGIN}.\t86400\tin\tsoa\ta.nic.{ORIGIN}. root.nic.{ORIGIN}. 1 3600 900 1814400 900\n"

    def lines() -> Iterator[str]:
        yield soa
        yield f"{ORIGIN}.\t86400\tin\tns\ta.nic.{ORIGIN}.\n"
        yield f"a.nic.{ORIGIN}.\t86400\tin\ta\t192.0.2.1\n"
        for name in _names(names):
            hoster = int(chance.paretovariate(0.8)) % 5000
            yield f"{name}.\t86400\tin\tns\tns1.hoster{hoster}.net.\n{name}.\t86400\tin\tns\tns2.hoster{hoster}.net.\n"
        yield soa

    return _Zone(_write_lines(file, lines()), names, 2 * names + 4)


def _write_lines(file: pathlib.Path, lines: Iterable[str]) -> pathlib.Path:
    with open(file, "w", buffering=1 << 20) as out:
        out.writelines(lines)
    return file
