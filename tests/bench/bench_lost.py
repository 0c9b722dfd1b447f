"""lost: nothing is lost at any window, and the findings do not depend on it."""
from __future__ import annotations

import servers
import survey
from results import Outcome
from settings import MIX_2006, Settings

DESCRIPTION = "windows of 100 to 20,000 questions: nothing unmeasured, the same findings"
WINDOWS = (100, 1_000, 10_000, 20_000)


def measure(settings: Settings) -> Outcome:
    registry = settings.registry(MIX_2006, settings.size(100_000, 5_000))
    with servers.nsd(registry) as server:
        surveys = {
            window: survey.scan(settings, registry, [server], window, digest=True) for window in WINDOWS
        }
    outcome = Outcome()
    for window, surveyed in surveys.items():
        outcome.must(f"unmeasured at a window of {window:,}", f"{surveyed.unmeasured}", "0",
                     surveyed.unmeasured == 0)
        outcome.say(f"answered a second, time-outs at {window:,}",
                    f"{surveyed.rate:,.0f}, {surveyed.timeouts}")
    different = len({surveyed.digest for surveyed in surveys.values()})
    outcome.must("different exports", f"{different}", "1", different == 1)
    outcome.raw = {str(window): surveyed.summary() for window, surveyed in surveys.items()}
    return outcome
