"""The measurements behind docs/performance.md, started by scripts/bench.

Prints a table of figures. They hold or not; either way the status is 0. It is 1 where a measurement could not be
made, and 2 for a wrong option. Everything runs on 127.0.0.1, with servers and registries made for the occasion.
"""
from __future__ import annotations

import argparse
import pathlib
import signal
import sys
import tempfile
import time
from collections.abc import Callable

import bench_cpu
import bench_killed
import bench_list
import bench_lost
import bench_memory
import bench_network
import bench_questions
import bench_unbound
import results
from processes import CannotMeasure
from results import Outcome
from settings import Settings

BENCHMARKS: dict[str, tuple[Callable[[Settings], Outcome], str]] = {
    "cpu": (bench_cpu.measure, bench_cpu.DESCRIPTION),
    "lost": (bench_lost.measure, bench_lost.DESCRIPTION),
    "questions": (bench_questions.measure, bench_questions.DESCRIPTION),
    "loss": (bench_network.measure_loss, bench_network.DESCRIPTION_LOSS),
    "limited": (bench_network.measure_limited, bench_network.DESCRIPTION_LIMITED),
    "killed": (bench_killed.measure, bench_killed.DESCRIPTION),
    "list": (bench_list.measure, bench_list.DESCRIPTION),
    "memory": (bench_memory.measure, bench_memory.DESCRIPTION),
    "unbound": (bench_unbound.measure, bench_unbound.DESCRIPTION),
}
ROOT = pathlib.Path(__file__).resolve().parents[2]


def parse_arguments() -> argparse.Namespace:
    listed = "\n".join(f"  {name:<10} {description}" for name, (_, description) in BENCHMARKS.items())
    parser = argparse.ArgumentParser(
        prog="scripts/bench", description=__doc__, epilog=f"benchmarks:\n{listed}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("benchmark", nargs="*", help="which ones (default: all)")
    parser.add_argument("--names", type=int, metavar="N", help="names of the registry, in place of each one's own")
    parser.add_argument("--rounds", type=int, default=5, metavar="N", help="of cpu, list and unbound (default: 5)")
    parser.add_argument("--in-flight", type=int, default=500, metavar="N", help="of cpu (default: 500, that of dauth)")
    parser.add_argument("--quick", action="store_true", help="small sizes: tries the harness, measures little")
    parser.add_argument("--dauth", type=pathlib.Path, metavar="FILE",
                        help="another build of the program (default: build/release/dauth)")
    arguments = parser.parse_args()
    for name in arguments.benchmark:
        if name not in BENCHMARKS:
            parser.error(f"no benchmark {name!r} (known: {', '.join(BENCHMARKS)})")
    if arguments.rounds < 1 or arguments.in_flight < 1:
        parser.error("--rounds and --in-flight are at least 1")
    if arguments.names is not None and arguments.names < 1000:
        parser.error("--names is at least 1000: fewer do not hold the registry's kinds of domain")
    return arguments


def stop_on_signal(number: int, _: object) -> None:
    # As Ctrl-C: what is running is stopped on the way out.
    raise SystemExit(128 + number)


def main() -> int:
    arguments = parse_arguments()
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop_on_signal)
    chosen = [name for name in BENCHMARKS if name in arguments.benchmark or not arguments.benchmark]
    output = ROOT / "build" / "bench"
    output.mkdir(parents=True, exist_ok=True)
    outcomes: dict[str, Outcome] = {}
    missing = []
    with tempfile.TemporaryDirectory(prefix="work-", dir=output) as work:
        settings = Settings(
            root=ROOT, dauth=arguments.dauth or ROOT / "build" / "release" / "dauth", work=pathlib.Path(work),
            rounds=2 if arguments.quick else arguments.rounds, in_flight=arguments.in_flight,
            names=arguments.names, quick=arguments.quick,
        )
        # The commit of the beginning: the checkout may go on meanwhile.
        shown = {
            "commit": results.commit(ROOT), "rounds": settings.rounds, "in_flight": settings.in_flight,
            "names": settings.names, "quick": settings.quick, "dauth": str(settings.dauth),
        }
        for name in chosen:
            began = time.monotonic()
            print(f"{name}: {BENCHMARKS[name][1]} ...", file=sys.stderr, flush=True)
            try:
                outcomes[name] = BENCHMARKS[name][0](settings)
            except CannotMeasure as reason:
                missing.append(name)
                print(f"{name}: could not be measured: {reason}", file=sys.stderr, flush=True)
            print(f"{name}: {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)
            results.write_json(output / "results.json", outcomes, shown)
    print(results.table(outcomes))
    missed = [f"{name}: {figure.name}" for name, outcome in outcomes.items() for figure in outcome.figures
              if figure.held is False]
    print()
    print(f"MISSED: {len(missed)} figures do not hold: {'; '.join(missed)}" if missed else "Every figure holds.")
    if arguments.quick:
        print("Taken with --quick: these figures say nothing about the program.")
    if missing:
        print(f"NOT MEASURED: {', '.join(missing)}")
    print(f"Raw values: {output / 'results.json'}")
    return 1 if missing else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(128 + signal.SIGINT)
