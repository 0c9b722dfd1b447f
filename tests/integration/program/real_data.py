#!/usr/bin/python3
"""Prepares real data for real_data_test.cpp, and counts what it holds without any code of the scanner.

real_data.py public-bodies DATA OUT    a root zone of all the domains, list.txt, expected.tsv, counts.json
real_data.py gov DATA OUT              names.txt: the delegated names below gov, sorted, each once
real_data.py zones-moj DATA OUT        zones.tsv, list.txt, expected.tsv
"""
import csv
import json
import pathlib
import re
import sys

SOA = "60 IN SOA ns.invalid. root.invalid. 1 60 60 60 60"


def finding(published):
    return "published" if published else "absent"


def quoted_strings(text):
    """A TXT record's text as character-strings of a master file, every octet that matters escaped."""
    octets = text.encode()
    strings = []
    for start in range(0, len(octets), 255):
        chunk = octets[start : start + 255]
        strings.append('"' + "".join(chr(o) if 32 < o < 127 and o not in b'"\\;' else "\\%03d" % o for o in chunk) + '"')
    return " ".join(strings)


def public_bodies(data, out):
    with open(data / "real/public-bodies-2026.csv", newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    (out / "list.txt").write_text("".join(row["domain"] + "\n" for row in rows))
    counts = {"mx": 0, "spf": 0}
    # Names that exist at least as empty non-terminals, since something stands below them.
    above = set()
    for row in rows:
        labels = row["domain"].split(".")
        if row["mx"] or row["spf"] or row["dkim_selector_cnames"]:
            above.update(".".join(labels[i:]) for i in range(1, len(labels)))
    with open(out / "root.zone", "w") as zone, open(out / "expected.tsv", "w") as expected:
        zone.write(f". {SOA}\n. 60 IN NS ns.invalid.\nns.invalid. 60 IN A 127.0.0.1\n")
        expected.write("domain\texists\tmx\tspf\tspf_txt\tspf_type99\tdomainkeys_subdomain\n")
        for row in rows:
            domain = row["domain"]
            if re.fullmatch(r"[0-9.]+", domain):
                continue  # an address, not a name
            hosts, record = row["mx"].split(), row["spf"]
            for preference, host in enumerate(hosts):
                zone.write(f"{domain}. 60 IN MX {preference + 1} {host}.\n")
            if record:
                zone.write(f"{domain}. 60 IN TXT {quoted_strings(record)}\n")
            selectors = json.loads(row["dkim_selector_cnames"]) if row["dkim_selector_cnames"] else {}
            for selector, target in selectors.items():
                name = selector if "._domainkey." in selector else f"{selector}._domainkey.{domain}"
                zone.write(f"{name}. 60 IN CNAME {target}.\n")
            counts["mx"] += bool(hosts)
            counts["spf"] += "spf" in record.lower()
            exists = hosts or record or selectors or domain in above
            expected.write("\t".join([domain, finding(exists), finding(hosts), finding("spf" in record.lower()),
                                      finding("spf" in record.lower()), "absent", finding(selectors)]) + "\n")
    (out / "counts.json").write_text(json.dumps(counts))


def gov(data, out):
    names = set()
    with open(data / "lists/gov.czds.zone") as zone:
        for line in zone:
            fields = line.lower().split()
            if len(fields) > 4 and fields[3] == "ns" and fields[0] != "gov.":
                names.add(fields[0].rstrip("."))
    (out / "names.txt").write_text("".join(name + "\n" for name in sorted(names)))


def zones_moj(data, out):
    with open(out / "zones.tsv", "w") as index, open(out / "list.txt", "w") as names, \
            open(out / "expected.tsv", "w") as expected:
        (out / "root.zone").write_text(f". {SOA}\n. 60 IN NS ns.invalid.\nns.invalid. 60 IN A 127.0.0.1\n")
        index.write(f".\t{out / 'root.zone'}\n")
        expected.write("domain\texists\tmx\tspf\tdomainkeys_subdomain\n")
        for path in sorted((data / "real/zones-moj").glob("*.zone")):
            domain = path.name[: -len(".zone")].lower()
            records = [line.split(None, 4) for line in path.read_text().splitlines() if line.strip()]
            index.write(f"{domain}\t{path}\n")
            names.write(domain + "\n")
            apex = [r for r in records if r[0].lower() == domain + "."]
            mx = any(r[3] == "MX" for r in apex)
            spf = any(r[3] == "TXT" and "spf" in r[4].replace('" "', "").lower() for r in apex)
            below = ("_domainkey." + domain + ".")
            subdomain = any(r[0].lower() == below or r[0].lower().endswith("." + below) for r in records)
            expected.write("\t".join([domain, "published", finding(mx), finding(spf), finding(subdomain)]) + "\n")


def main():
    what, data, out = sys.argv[1], pathlib.Path(sys.argv[2]).resolve(), pathlib.Path(sys.argv[3])
    {"public-bodies": public_bodies, "gov": gov, "zones-moj": zones_moj}[what](data, out)


if __name__ == "__main__":
    main()
