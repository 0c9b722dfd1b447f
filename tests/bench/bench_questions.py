"""questions: how many a domain takes."""
from __future__ import annotations

import servers
import survey
from results import Outcome
from settings import MIX_2006, MIX_PRESENT, Settings

DESCRIPTION = "questions for a domain, with the registry of 2006 and one of the present"
LIMIT = 4.1  # of the first line: WIDE's procedure on its registry


def measure(settings: Settings) -> Outcome:
    outcome = Outcome()
    for mix in (MIX_2006, MIX_PRESENT):
        registry = settings.registry(mix, settings.size(100_000, 5_000))
        with servers.nsd(registry) as server:
            for probes in (survey.PROBES, f"{survey.PROBES},dmarc", f"{survey.PROBES},dmarc,mx-hosts"):
                surveyed = survey.scan(settings, registry, [server], in_flight=500, probes=probes)
                each = (surveyed.questions - surveyed.retries) / surveyed.names
                added = probes.removeprefix(survey.PROBES).replace(",", " ").split()
                name = f"mix {mix}{', with ' if added else ''}{' and '.join(added)}"
                if mix == MIX_2006 and probes == survey.PROBES:
                    outcome.must(name, f"{each:.3f}", f"<= {LIMIT}", each <= LIMIT)
                else:
                    outcome.say(name, f"{each:.3f}")
                outcome.raw[f"{mix} {probes}"] = surveyed.summary()
    return outcome
