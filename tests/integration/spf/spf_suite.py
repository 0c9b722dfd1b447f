#!/usr/bin/python3
"""The openspf test suites, from Debian's python3-spf, as lines that a test reads.

    spf_suite.py SUITE DIRECTORY [--doc DIRECTORY]     SUITE: rfc7208 or rfc4408

Looks at the documentation of the installed package, then (dpkg may leave documentation out) unpacks the package
into DIRECTORY, then below DAUTH_DATA. Exits with 77 where none of them has it. Where it came from goes to stderr.

    scenario <TAB> description
    record <TAB> name <TAB> TYPE <TAB> data...   a name; A, AAAA: text; MX: preference and name; PTR, CNAME: name;
                                                 TXT, SPF: strings; TIMEOUT, or NONE for a name alone
    case <TAB> id <TAB> address <TAB> HELO <TAB> MAIL FROM <TAB> results, the best first <TAB> explanation

Names, strings, HELO, MAIL FROM and explanations are in hexadecimal behind an "x"; "-" is none.
"""
import gzip
import os
import pathlib
import subprocess
import sys

import yaml

PACKAGE = "python3-spf"


def suite_in(directory, suite):
    for name in (f"{suite}-tests.yml", f"{suite}-tests.yml.gz"):
        file = pathlib.Path(directory) / name
        if file.is_file():
            return gzip.decompress(file.read_bytes()) if name.endswith(".gz") else file.read_bytes()
    return None


def unpacked(directory):
    """The documentation of the package, unpacked below `directory`; None where it cannot be had."""
    target = pathlib.Path(directory) / PACKAGE
    doc = target / "usr/share/doc" / PACKAGE
    if not doc.is_dir():
        target.mkdir(parents=True, exist_ok=True)
        try:
            subprocess.run(["apt-get", "-q", "download", PACKAGE], cwd=target, check=True, timeout=45,
                           stdout=subprocess.DEVNULL)
            (package,) = target.glob("*.deb")
            subprocess.run(["dpkg-deb", "-x", package.name, "."], cwd=target, check=True, timeout=45)
        except (OSError, ValueError, subprocess.SubprocessError) as error:
            print(f"spf_suite: {PACKAGE} cannot be downloaded: {error}", file=sys.stderr)
            return None
    return doc


def find(suite, directory, doc):
    found = suite_in(doc, suite)
    if found is not None:
        print(f"spf_suite: {suite} from {doc}", file=sys.stderr)
        return found
    package = unpacked(directory)
    found = suite_in(package, suite) if package else None
    if found is not None:
        print(f"spf_suite: {suite} from the package {PACKAGE}, unpacked in {directory}", file=sys.stderr)
        return found
    data = os.environ.get("DAUTH_DATA")
    found = suite_in(pathlib.Path(data) / "conformance/spf", suite) if data else None
    if found is not None:
        print(f"spf_suite: FALLBACK: {suite} from DAUTH_DATA and not from Debian's {PACKAGE}", file=sys.stderr)
    return found


def octets(text):
    """Suites write octets as characters up to U+00FF."""
    text = str(text)
    try:
        return text.encode("latin-1")
    except UnicodeEncodeError:
        return text.encode("utf-8")


def packed(text):
    return "x" + octets(text).hex()


def name(text):
    return packed(str(text).rstrip("."))


def records(entries):
    """(TYPE, data...) of one name. SPF stands for TXT too unless TXT is given; TXT NONE is given, and nothing."""
    has_text = any(isinstance(entry, dict) and "TXT" in entry for entry in entries)
    yield ("NONE",)
    for entry in entries:
        if entry == "TIMEOUT":
            yield ("TIMEOUT",)
            continue
        ((kind, value),) = entry.items()
        if kind in ("TXT", "SPF"):
            if value == "NONE":
                continue
            strings = [packed(each) for each in (value if isinstance(value, list) else [value])]
            yield (kind, *strings)
            if kind == "SPF" and not has_text:
                yield ("TXT", *strings)
        elif kind == "MX":
            yield (kind, str(value[0]), name(value[1]))
        elif kind in ("PTR", "CNAME"):
            yield (kind, name(value))
        elif kind in ("A", "AAAA"):
            yield (kind, value)
        else:
            raise ValueError(f"type {kind}")


def main():
    suite, directory = sys.argv[1:3]
    doc = sys.argv[4] if len(sys.argv) > 4 else f"/usr/share/doc/{PACKAGE}"
    text = find(suite, directory, doc)
    if text is None:
        print(f"spf_suite: {suite}-tests.yml is nowhere: not in {doc}, not to be downloaded, not in DAUTH_DATA",
              file=sys.stderr)
        return 77
    for scenario in yaml.safe_load_all(text):
        print("scenario", scenario["description"], sep="\t")
        for owner, entries in scenario["zonedata"].items():
            for record in records(entries):
                print("record", name(owner), *record, sep="\t")
        for case, test in scenario["tests"].items():
            results = test["result"] if isinstance(test["result"], list) else [test["result"]]
            explanation = test.get("explanation")
            print("case", case, test["host"], packed(test["helo"]), packed(test["mailfrom"]), ",".join(results),
                  "-" if explanation is None else packed(explanation), sep="\t")
    return 0


sys.exit(main())
