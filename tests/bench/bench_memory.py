"""memory: the peak does not depend on the length of the list."""
from __future__ import annotations

import servers
import survey
from results import Outcome
from settings import MIX_2006, Settings

DESCRIPTION = "peak memory at 100,000 and at 2,000,000 names (needs 8 GB of memory and disk, and minutes)"
IN_FLIGHT = 1_000


def measure(settings: Settings) -> Outcome:
    sizes = (5_000, 50_000) if settings.quick else (100_000, 2_000_000)
    if settings.names is not None:
        sizes = (max(settings.names // 20, 1_000), settings.names)
    limit = 64 * 1024 + 2 * IN_FLIGHT  # KiB: 64 MiB, and 2 KiB for each question that may be open
    outcome = Outcome()
    peaks = []
    for names in sizes:
        registry = settings.registry(MIX_2006, names)
        with servers.nsd(registry, core=settings.server_core) as server:
            surveyed = survey.scan(settings, registry, [server], IN_FLIGHT, core=settings.client_core,
                                   patience=900 + names / 2_000)
        peaks.append(surveyed.peak_kib)
        outcome.must(f"peak at {names:,} names, KiB", f"{surveyed.peak_kib:,}", f"<= {limit:,}",
                     surveyed.peak_kib <= limit)
        outcome.say(f"seconds for {names:,} names, unmeasured",
                    f"{surveyed.seconds:.1f}, {surveyed.unmeasured}")
        outcome.raw[str(names)] = surveyed.summary()
    apart = max(peaks) / min(peaks) - 1
    outcome.must("apart", f"{apart:.1%}", "<= 10%", apart <= 0.10)
    return outcome
