#!/usr/bin/python3
"""What others say of SPF records, one line a record: its octets in hexadecimal, a tab, the verdict.

spf_peers.py pyspf FILE.csv...    the records of the CSV files' column "spf", each once, by Debian's
                                  python3-spf in strict mode: none, valid or invalid
spf_peers.py suite FILE.yml       the records of an openspf test suite: "NAME RESULT" of the test that asks
                                  for that record, where its name has one record only

Exits with status 77 where python3-spf or python3-yaml is not installed.
"""
import csv
import sys


def distinct_records(paths):
    seen = set()
    csv.field_size_limit(sys.maxsize)
    for path in paths:
        with open(path, encoding="utf-8", errors="surrogateescape", newline="") as lines:
            for row in csv.DictReader(lines):
                record = (row["spf"] or "").encode("utf-8", "surrogateescape")
                if record and record not in seen:
                    seen.add(record)
                    yield record


def pyspf_verdict(spf, record):
    if not spf.RE_SPF.match(record):
        return "none"
    try:
        text = record.decode("ascii")
    except UnicodeDecodeError:
        return "invalid"  # as query.dns_txt() does with such a record

    class EvaluationStarts(Exception):
        pass

    def stop(*_arguments, **_options):
        raise EvaluationStarts

    # check0() validates every term before it evaluates the first; evaluation asks the DNS, so stop there.
    query = spf.query(i="192.0.2.1", s="user@example.invalid", h="mail.example.invalid", strict=1)
    query.p = "unknown"
    query.getp = lambda: query.p
    query.check_lookups = lambda: None
    query.get_explanation = lambda _name: None
    for asker in ("dns_spf", "dns_a", "dns_mx", "validated_ptrs", "cidrmatch", "check1"):
        setattr(query, asker, stop)
    try:
        query.check0(text, 0)
    except spf.PermError:
        return "invalid"
    except EvaluationStarts:
        pass
    return "valid"


def run_pyspf(paths):
    try:
        import spf
    except ImportError:
        return 77
    for record in distinct_records(paths):
        print(record.hex() + "\t" + pyspf_verdict(spf, record))
    return 0


def run_suite(path):
    try:
        import yaml
    except ImportError:
        return 77
    with open(path, encoding="latin-1") as text:
        scenarios = list(yaml.safe_load_all(text))
    for scenario in scenarios:
        zone = {name.lower(): entries for name, entries in scenario["zonedata"].items()}
        for name, test in scenario["tests"].items():
            identity = test["mailfrom"].rpartition("@")[2] or test["helo"]
            records = []
            for entry in zone.get(identity.lower(), []):
                if isinstance(entry, dict):
                    records += [value for kind, value in entry.items() if kind in ("SPF", "TXT")]
            records = ["".join(value) for value in records if value != "NONE"]
            records = [record.encode("latin-1") for record in records]
            if len(records) != 1:
                continue
            results = test["result"]
            results = results if isinstance(results, list) else [results]
            print(records[0].hex() + "\t" + name + " " + ",".join(results))
    return 0


if __name__ == "__main__":
    if len(sys.argv) > 2 and sys.argv[1] == "pyspf":
        sys.exit(run_pyspf(sys.argv[2:]))
    if len(sys.argv) == 3 and sys.argv[1] == "suite":
        sys.exit(run_suite(sys.argv[2]))
    sys.exit(__doc__)
