"""cpu: what a question costs the whole `dauth scan`, beside dnsperf and beside the kernel alone."""
from __future__ import annotations

import json
import pathlib
import statistics

import processes
import recording
import servers
import survey
from dnsperf import Load, dnsperf
from processes import CannotMeasure
from results import Outcome, spread
from servers import Server
from settings import MIX_2006, Settings
from survey import Survey

DESCRIPTION = "CPU of dauth for a question, beside dnsperf with the same questions and the bare system calls"


def measure(settings: Settings) -> Outcome:
    registry = settings.registry(MIX_2006, settings.size(250_000, 5_000))
    client, window = settings.client_core, settings.in_flight
    with servers.nsd(registry, core=settings.server_core) as server:
        questions = recording.record(settings, registry, server)
        intakes = [survey.intake(settings, registry / "list.txt", client).cpu for _ in range(3)]
        surveys: list[Survey] = []
        loads: list[Load] = []
        floors: list[float] = []
        served = {"dauth": 0.0, "dnsperf": 0.0}
        for _ in range(settings.rounds):
            before = server.cpu()
            surveys.append(survey.scan(settings, registry, [server], window, core=client))
            between = server.cpu()
            loads.append(dnsperf(settings, server, questions, window, core=client))
            served["dauth"] += between - before
            served["dnsperf"] += server.cpu() - between
            floors.append(_floor(settings, server, questions, window))
    questions.unlink()
    return _outcome(settings, surveys, loads, floors, statistics.median(intakes), served)


def _floor(settings: Settings, server: Server, questions: pathlib.Path, window: int) -> float:
    """µs for a question of a loop of sendmmsg and recvmmsg."""
    ended = processes.run(
        [settings.tool("bench/udp_floor"), str(server.port), questions, str(window)],
        settings.work, "udp_floor", limit=300, core=settings.client_core,
    )
    if ended.status != 0:
        raise CannotMeasure(f"udp_floor ended with status {ended.status}: {ended.stderr}")
    said = json.loads(ended.stdout)
    return float(said["cpu_seconds"]) / int(said["questions"]) * 1e6


def _outcome(
    settings: Settings,
    surveys: list[Survey],
    loads: list[Load],
    floors: list[float],
    intake: float,
    served: dict[str, float],
) -> Outcome:
    ours = [s.cpu_per_question for s in surveys]
    theirs = [load.cpu_per_question for load in loads]
    without_list = [(s.cpu - intake) / s.questions * 1e6 for s in surveys]
    ratios = [our / their for our, their in zip(ours, theirs)]
    ratio = statistics.median(ours) / statistics.median(theirs)
    asked = {"dauth": sum(s.questions for s in surveys), "dnsperf": sum(load.sent for load in loads)}

    outcome = Outcome()
    outcome.must("dauth / dnsperf, ratio of medians", f"{ratio:.3f}", "<= 1.00 (aim 0.85)", ratio <= 1.0)
    outcome.say("dauth / dnsperf, by round", spread(ratios, 3))
    outcome.say("dauth, whole process, us a question", spread(ours))
    outcome.say("of that in the kernel", spread([s.system / s.questions * 1e6 for s in surveys]))
    outcome.say("dauth less reading the list, us a question", spread(without_list))
    outcome.say("dauth reading the list, us a name", f"{intake / surveys[0].names * 1e6:.2f}")
    outcome.say("dnsperf, us a question", spread(theirs))
    outcome.say("sendmmsg and recvmmsg alone, us a question", spread(floors))
    for client, cpu in served.items():
        outcome.say(f"NSD under {client}, us a question", f"{cpu / asked[client] * 1e6:.2f}")
    outcome.say("dauth, questions a second", spread([s.questions / s.seconds for s in surveys], 0))
    outcome.say("dnsperf, questions a second", spread([load.rate for load in loads], 0))
    outcome.say("dauth, time-outs; dnsperf, lost",
                f"{sum(s.timeouts for s in surveys)}; {sum(load.lost for load in loads)}")
    outcome.raw = {
        "names": surveys[0].names, "window": settings.in_flight, "intake_cpu": intake, "floors": floors,
        "dauth": [s.summary() for s in surveys], "dnsperf": [vars(load) for load in loads], "server_cpu": served,
    }
    return outcome
