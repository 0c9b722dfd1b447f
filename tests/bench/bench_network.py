"""loss and limited: what is left of the speed where the network drops questions, by chance or above a rate."""
from __future__ import annotations

import pathlib

import servers
import survey
from dnsperf import dnsperf
from results import Outcome
from settings import MIX_2006, Settings, domains_of
from survey import Survey

DESCRIPTION_LOSS = "50 ms of delay and 2 % of loss: the rate beside what the window allows"
DESCRIPTION_LIMITED = "a resolver that drops what exceeds 5,000 questions a second, with large bursts and small ones"

_DELAY = "addAction(AllRule(), DelayAction(50))"
_LOSS = "addAction(ProbaRule(0.02), DropAction())"


def measure_loss(settings: Settings) -> Outcome:
    window, least = 300, 0.80
    registry = settings.registry(MIX_2006, settings.size(60_000, 5_000))
    sample = _sample(settings, registry)
    with servers.nsd(registry) as server:
        with servers.dnsdist(server, [_DELAY]) as network:
            round_trip = dnsperf(settings, network, sample, window=1, clients=1, seconds=3).latency
            capacity = dnsperf(settings, network, sample, window=3_000, seconds=3).rate
        with servers.dnsdist(server, [_LOSS, _DELAY]) as network:
            surveyed = survey.scan(settings, registry, [network], window,
                                   patience=_patience(registry, window / round_trip))
    possible = window / round_trip
    outcome = Outcome()
    outcome.must("unmeasured", _unmeasured(surveyed), "0", surveyed.unmeasured == 0)
    outcome.say("round trip, ms; window / round trip, a second", f"{round_trip * 1000:.1f}; {possible:,.0f}")
    outcome.must("answered a second (80 % of that)", _rate(surveyed.rate, possible), f">= {least * possible:,.0f}",
                 surveyed.rate >= least * possible)
    _say_settled(outcome, surveyed, possible)
    outcome.say("retries, time-outs", f"{surveyed.retries:,}, {surveyed.timeouts:,}")
    outcome.say("seconds", f"{surveyed.seconds:.1f}")
    outcome.say("dnsperf through the delay, questions a second", f"{capacity:,.0f}")
    outcome.raw = {"round_trip": round_trip, "capacity": capacity, "dauth": surveyed.summary(),
                   "progress": [vars(p) for p in surveyed.progress]}
    return outcome


def measure_limited(settings: Settings) -> Outcome:
    limit, least = 5_000, 0.90
    registry = settings.registry(MIX_2006, settings.size(60_000, 5_000))
    outcome = Outcome()
    with servers.nsd(registry) as server:
        for burst in (limit, 100):
            # The rule matches what is within the rate.
            rule = f"addAction(NotRule(MaxQPSRule({limit}, {burst})), DropAction())"
            with servers.dnsdist(server, [rule]) as network:
                surveyed = survey.scan(settings, registry, [network], in_flight=500,
                                       patience=_patience(registry, limit))
            where = f"with bursts of {burst:,}"
            outcome.must(f"unmeasured {where}", _unmeasured(surveyed), "0", surveyed.unmeasured == 0)
            outcome.must(f"answered a second {where}", _rate(surveyed.rate, limit),
                         f">= {least * limit:,.0f}", surveyed.rate >= least * limit)
            _say_settled(outcome, surveyed, limit)
            outcome.say("retries, time-outs", f"{surveyed.retries:,}, {surveyed.timeouts:,}")
            outcome.say("seconds", f"{surveyed.seconds:.1f}")
            outcome.raw[f"burst {burst}"] = surveyed.summary()
            outcome.raw[f"burst {burst}, progress"] = [vars(p) for p in surveyed.progress]
    return outcome


def _patience(registry: pathlib.Path, possible: float) -> float:
    """Seconds: five times what the survey takes at the rate that is possible."""
    return 60 + 5 * len(domains_of(registry)) * 4.1 / possible


def _unmeasured(surveyed: Survey) -> str:
    if surveyed.surveyed == surveyed.names:
        return f"{surveyed.unmeasured}"
    return f"only {surveyed.surveyed:,} of {surveyed.names:,} done"


def _rate(rate: float, possible: float) -> str:
    return f"{rate:,.0f} ({rate / possible:.1%})"


def _say_settled(outcome: Outcome, surveyed: Survey, possible: float) -> None:
    settled = surveyed.settled_rate()
    if settled is not None:
        outcome.say("the same without the first 2 s", _rate(settled, possible))


def _sample(settings: Settings, registry: pathlib.Path) -> pathlib.Path:
    """Some questions about the registry's names, for dnsperf."""
    file = settings.work / "sample.txt"
    file.write_text("".join(f"{domain} MX\n" for domain in domains_of(registry)[:20_000]))
    return file
