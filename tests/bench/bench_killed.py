"""killed: one of two resolvers goes half-way, by a crash or into silence."""
from __future__ import annotations

import contextlib
from collections.abc import Callable

import servers
import survey
from processes import CannotMeasure
from results import Outcome
from servers import Server
from settings import MIX_2006, Settings
from survey import Progress, Survey

DESCRIPTION = "one of two resolvers is killed half-way, or falls silent: nothing is lost"


def measure(settings: Settings) -> Outcome:
    runs = {
        "undisturbed": _survey(settings, 2, None),
        "one killed": _survey(settings, 2, Server.kill),
        "one silent": _survey(settings, 2, Server.freeze),
        "one alone": _survey(settings, 1, None),
    }
    outcome = Outcome()
    whole, alone = runs["undisturbed"], runs["one alone"]
    outcome.say("seconds undisturbed, and with one alone", f"{whole.seconds:.1f}, {alone.seconds:.1f}")
    for name in ("one killed", "one silent"):
        run = runs[name]
        outcome.must(f"{name}: unmeasured", f"{run.unmeasured}", "0", run.unmeasured == 0)
        same = run.digest == whole.digest
        outcome.must(f"{name}: the undisturbed run's findings", "yes" if same else "no", "yes", same)
        outcome.say(f"{name}: seconds; to undisturbed, one alone",
                    f"{run.seconds:.1f}; {run.seconds / whole.seconds:.2f}, {run.seconds / alone.seconds:.2f}")
        outcome.say(f"{name}: retries, time-outs", f"{run.retries:,}, {run.timeouts:,}")
    outcome.raw = {name: run.summary() for name, run in runs.items()}
    return outcome


def _survey(settings: Settings, count: int, harm: Callable[[Server], None] | None) -> Survey:
    """Through so many cold resolvers, the first of which is harmed when half of the names are done."""
    names = settings.size(40_000, 5_000)
    registry = settings.registry(MIX_2006, names)
    harmed = False
    with contextlib.ExitStack() as stack:
        authoritative = stack.enter_context(servers.nsd(registry))
        resolvers = [stack.enter_context(servers.unbound(authoritative)) for _ in range(count)]

        def look(progress: Progress) -> None:
            nonlocal harmed
            if harm and not harmed and progress.surveyed >= names / 2:
                harm(resolvers[0])
                harmed = True

        surveyed = survey.scan(settings, registry, resolvers, in_flight=500, digest=True, watch=look)
    if harm and not harmed:
        raise CannotMeasure("the survey was over before the resolver was harmed; it takes more names")
    return surveyed
