#!/usr/bin/python3
"""Real SPF records for spf_peers_test.cpp, and what pyspf makes of them.

spf_peers.py sample DATA OUT COUNT   OUT/root.zone: COUNT domains of DATA with all that their records lead to;
                                     OUT/pairs.tsv: two senders for each, "domain <TAB> address <TAB> drawn from"
spf_peers.py pyspf PORT              pairs on standard input; "result <TAB> why" for each

The data has no addresses of hosts: each host gets made-up ones by a hash of its name, and some get none. Always
the same sample.
"""
import csv
import hashlib
import ipaddress
import pathlib
import random
import re
import sys

SOA = "60 IN SOA ns.invalid. root.invalid. 1 60 60 60 60"
# Where implementations are known to differ: spf_peers_test.cpp says why.
ODD_DOMAINS = ["sadaba.es"]
LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")


def is_name(text):
    labels = text.split(".")
    return len(text) < 240 and len(labels) > 1 and all(LABEL.fullmatch(label) for label in labels)


def quoted_strings(text):
    octets = text.encode()
    strings = []
    for start in range(0, len(octets), 255):
        chunk = octets[start : start + 255]
        strings.append('"' + "".join(chr(o) if 32 < o < 127 and o not in b'"\\;' else "\\%03d" % o for o in chunk) + '"')
    return " ".join(strings)


def addresses_of(host):
    """Made-up addresses of a host: none for one in twelve, IPv6 for one in three."""
    digest = hashlib.sha256(host.encode()).digest()
    if digest[0] % 12 == 0:
        return []
    found = [str(ipaddress.IPv4Address(b"\xc6" + bytes([18 + digest[1] % 2]) + digest[2:4]))]
    if digest[4] % 3 == 0:
        found.append(str(ipaddress.IPv6Address(b"\x20\x01\x0d\xb8" + digest[5:9] + bytes(4) + digest[9:13])))
    return found


class Sample:
    def __init__(self, data):
        csv.field_size_limit(1 << 24)
        with open(data / "real/spf-include-targets.csv", newline="", encoding="utf-8") as file:
            self.records = {row["target"].lower(): row["spf"] for row in csv.DictReader(file)}
        with open(data / "real/public-bodies-2026.csv", newline="", encoding="utf-8") as file:
            self.rows = {row["domain"].lower(): row for row in csv.DictReader(file)}
        self.records.update((domain, row["spf"]) for domain, row in self.rows.items() if row["spf"])
        self.served = {}  # name: its RRs as text
        self.reverse = {}

    def serve_host(self, host):
        found = addresses_of(host) if is_name(host) else []
        if not found or host in self.served and any(" A " in rr for rr in self.served[host]):
            return found
        for address in found:
            kind = "AAAA" if ":" in address else "A"
            self.served.setdefault(host, []).append(f"60 IN {kind} {address}")
            self.reverse.setdefault(ipaddress.ip_address(address).reverse_pointer, set()).add(host)
        return found

    def serve(self, domain, depth=0):
        """Serves a domain and what its record names; gives the networks that are written there."""
        networks = []
        if not is_name(domain):
            return networks
        seen = domain in self.served and any(" TXT " in rr for rr in self.served[domain])
        record = self.records.get(domain, "")
        hosts = self.rows[domain]["mx"].lower().split() if domain in self.rows else []
        if not seen:
            if record:
                self.served.setdefault(domain, []).append(f"60 IN TXT {quoted_strings(record)}")
            for preference, host in enumerate(hosts):
                if is_name(host):
                    self.served.setdefault(domain, []).append(f"60 IN MX {preference + 1} {host}.")
        mx_addresses = [address for host in hosts for address in self.serve_host(host)]
        own = self.serve_host(domain)
        for term in record.split()[1:]:
            term = term.lstrip("+-~?").lower()
            target = re.split(r"[:=]", term, maxsplit=1)[1] if re.search(r"[:=]", term) else ""
            if term.startswith(("ip4:", "ip6:")):
                try:
                    networks.append(ipaddress.ip_network(target, strict=False))
                except ValueError:
                    pass
            elif term.startswith(("include:", "redirect=")) and depth < 12:
                networks += self.serve(target, depth + 1)
            elif re.match(r"a([:/]|$)", term):
                host = target.split("/")[0]
                networks += [ipaddress.ip_network(a) for a in (self.serve_host(host) if host else own)]
            elif re.match(r"mx([:/]|$)", term):
                if target and depth < 12:
                    self.serve(target.split("/")[0], depth + 12)
                elif not target:
                    networks += [ipaddress.ip_network(a) for a in mx_addresses]
            elif term.startswith("exists:"):
                self.serve_host(target)
        return networks

    def write(self, out, count):
        draw = random.Random("2005")
        domains = sorted(domain for domain, row in self.rows.items() if row["spf"] and is_name(domain))
        # Half of them as they come, a quarter with rare terms, a quarter with many lookups.
        rare = [domain for domain in domains if re.search(r"ptr|exists|redirect|exp=|%", self.records[domain])]
        many = [domain for domain in domains if len(re.findall(r"include:|\ba\b|\bmx\b", self.records[domain])) > 5]
        chosen = [*ODD_DOMAINS, *draw.sample(domains, count // 2)] 
        chosen += draw.sample(rare, count // 4) + draw.sample(many, count // 4)
        with open(out / "pairs.tsv", "w") as pairs:
            for domain in dict.fromkeys(chosen):
                networks = self.serve(domain)
                if networks:
                    network = draw.choice(networks)
                    address = network[draw.randrange(network.num_addresses)]
                    pairs.write(f"{domain}\t{address}\ttree\n")
                anywhere = (ipaddress.IPv6Address(0x2A00 << 112 | draw.getrandbits(112)) if draw.random() < 0.3
                            else ipaddress.IPv4Address(draw.getrandbits(32)))
                pairs.write(f"{domain}\t{anywhere}\trandom\n")
        with open(out / "root.zone", "w") as zone:
            zone.write(f". {SOA}\n. 60 IN NS ns.invalid.\nns.invalid. 60 IN A 127.0.0.1\n")
            for name, rrs in self.served.items():
                for rr in dict.fromkeys(rrs):
                    zone.write(f"{name}. {rr}\n")
            for name, hosts in self.reverse.items():
                for host in sorted(hosts)[:20]:
                    zone.write(f"{name}. 60 IN PTR {host}.\n")


def pyspf(port):
    import dns.resolver
    import spf

    resolver = dns.resolver.Resolver(configure=False)
    resolver.nameservers = ["127.0.0.1"]
    resolver.port = port
    dns.resolver.default_resolver = resolver
    for line in sys.stdin:
        domain, address = line.split("\t")[:2]
        result, _, why = spf.query(i=address, s=f"postmaster@{domain}", h=domain).check()
        print(result, " ".join(str(why).split()), sep="\t", flush=True)


if sys.argv[1] == "sample":
    Sample(pathlib.Path(sys.argv[2])).write(pathlib.Path(sys.argv[3]), int(sys.argv[4]))
else:
    pyspf(int(sys.argv[2]))
