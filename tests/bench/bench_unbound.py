"""unbound: our share of the work where a resolver with a cold cache does the rest."""
from __future__ import annotations

import statistics

import servers
import survey
from results import Outcome, spread
from settings import MIX_2006, Settings

DESCRIPTION = "through a cold Unbound: dauth's share of the CPU"
LIMIT = 0.15


def measure(settings: Settings) -> Outcome:
    registry = settings.registry(MIX_2006, settings.size(50_000, 5_000))
    outcome = Outcome()
    shares, ours, theirs, behind, rates = [], [], [], [], []
    unmeasured = 0
    with servers.nsd(registry, core=settings.server_core) as authoritative:
        for number in range(settings.rounds):
            with servers.unbound(authoritative, core=settings.server_core) as resolver:
                before, behind_before = resolver.cpu(), authoritative.cpu()
                surveyed = survey.scan(settings, registry, [resolver], in_flight=500, core=settings.client_core)
                resolver_cpu = resolver.cpu() - before
                authoritative_cpu = authoritative.cpu() - behind_before
            shares.append(surveyed.cpu / (surveyed.cpu + resolver_cpu))
            ours.append(surveyed.cpu_per_question)
            theirs.append(resolver_cpu / surveyed.questions * 1e6)
            behind.append(authoritative_cpu / surveyed.questions * 1e6)
            rates.append(surveyed.rate)
            unmeasured += surveyed.unmeasured
            outcome.raw[f"round {number + 1}"] = {
                "dauth": surveyed.summary(), "unbound_cpu": resolver_cpu, "nsd_cpu": authoritative_cpu,
            }
    share = statistics.median(shares)
    outcome.must("dauth / (dauth + Unbound)", spread([100 * s for s in shares], 1) + " %",
                 f"<= {LIMIT:.0%}", share <= LIMIT)
    outcome.say("dauth, us a question", spread(ours))
    outcome.say("Unbound, us a question", spread(theirs))
    outcome.say("NSD behind it, us a question", spread(behind))
    outcome.say("questions a second", spread(rates, 0))
    outcome.say("unmeasured", f"{unmeasured}")
    return outcome
