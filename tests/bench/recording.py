"""The questions of a survey, as a file for dnsperf: dnsdist stands between and writes down what it hands on."""
from __future__ import annotations

import pathlib
import re

import servers
import survey
from processes import CannotMeasure
from servers import Server
from settings import Settings

_LINE = re.compile(r" for (\S+) (\S+) with id ")


def record(settings: Settings, registry: pathlib.Path, server: Server) -> pathlib.Path:
    """Surveys once and returns the file: a line "name type" for each question, in the order of asking."""
    log = settings.work / f"{settings.new_name('questions')}.log"
    # Unbuffered: dnsdist drops what is in its buffer when it is stopped.
    rule = f'addAction(AllRule(), LogAction("{log}", false, false, false, false, false))'
    with servers.dnsdist(server, [rule]) as between:
        surveyed = survey.scan(settings, registry, [between], in_flight=64)
    questions = log.with_suffix(".txt")
    count = 0
    with open(log, encoding="ascii", errors="replace") as lines, open(questions, "w", encoding="ascii") as out:
        for line in lines:
            found = _LINE.search(line)
            # The first are this program's own, which waited for the server.
            if found and found.group(1) != ".":
                out.write(f"{found.group(1)} {found.group(2)}\n")
                count += 1
    log.unlink()
    # What the way to dnsdist lost is missing, but was asked again.
    if count < surveyed.questions - surveyed.retries:
        raise CannotMeasure(f"{count} questions were recorded of {surveyed.questions} that dauth has asked")
    return questions
