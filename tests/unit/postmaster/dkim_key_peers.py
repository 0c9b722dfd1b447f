#!/usr/bin/python3
"""What OpenSSL's own program says of the DKIM keys in zone files, one line a record.

dkim_key_peers.py DIRECTORY    the TXT RRs below _domainkey in DIRECTORY/*.zone (one RR a line), each text
                               once: its octets in hexadecimal, a tab, and the verdict: the RSA key's bits,
                               revoked, malformed, or none for what is no key record

Exits with status 77 where openssl is not installed.
"""
import base64
import binascii
import pathlib
import re
import shutil
import subprocess
import sys

LINE = re.compile(rb'^(\S+)\s+\d+\s+IN\s+TXT\s+(".*")\s*$', re.IGNORECASE)
STRING = re.compile(rb'"((?:[^"\\]|\\.)*)"', re.DOTALL)
ESCAPE = re.compile(rb"\\(\d{3}|.)", re.DOTALL)


def unescaped(string):
    return ESCAPE.sub(lambda m: bytes([int(m[1])]) if len(m[1]) == 3 else m[1], string)


def records(directory):
    seen = set()
    for path in sorted(pathlib.Path(directory).glob("*.zone")):
        for line in path.read_bytes().splitlines():
            match = LINE.match(line)
            if not match or b"._domainkey." not in match[1].lower() + b".":
                continue
            text = b"".join(unescaped(string) for string in STRING.findall(match[2]))
            if text not in seen:
                seen.add(text)
                yield text


def verdict(text):
    tags = {}
    for tag in text.split(b";"):
        name, is_tag, value = tag.partition(b"=")
        if is_tag:
            tags.setdefault(name.strip(), value.strip())
    if tags.get(b"v", b"DKIM1") != b"DKIM1" or b"p" not in tags:
        return "none"
    key = re.sub(rb"\s", b"", tags[b"p"])
    if not key:
        return "revoked"
    if tags.get(b"k", b"rsa") != b"rsa":
        return "other"
    try:
        der = base64.b64decode(key + b"=" * (-len(key) % 4), validate=True)
    except binascii.Error:
        return "malformed"
    shown = subprocess.run(["openssl", "pkey", "-pubin", "-inform", "DER", "-noout", "-text"], input=der,
                           capture_output=True, check=False)
    bits = re.search(rb"Public-Key: \((\d+) bit\)", shown.stdout)
    return bits[1].decode() if shown.returncode == 0 and bits else "malformed"


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    if shutil.which("openssl") is None:
        print("openssl is not installed", file=sys.stderr)
        sys.exit(77)
    for text in records(sys.argv[1]):
        print(f"{text.hex()}\t{verdict(text)}")


main()
