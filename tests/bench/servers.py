"""Name servers on 127.0.0.1: NSD with a registry's zones, Unbound over it, dnsdist as a bad network before it."""
from __future__ import annotations

import contextlib
import os
import pathlib
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator

import processes
from processes import CannotMeasure

# The class CH name "version.bind", which a server answers by itself; and the root, which dnsdist hands on.
_QUESTION_VERSION = b"\x12\x34\x01\x00\0\1\0\0\0\0\0\0\7version\4bind\0\0\x10\0\3"
_QUESTION_ROOT = b"\x12\x34\x01\x00\0\1\0\0\0\0\0\0\0\0\6\0\1"
_START_LIMIT = 180.0  # seconds; NSD reads zones of millions of names


class Server:
    """A name server that runs."""

    def __init__(self, process: subprocess.Popen[bytes], port: int, log: pathlib.Path) -> None:
        self.process = process
        self.port = port
        self.log = log
        self.address = f"127.0.0.1:{port}"

    def cpu(self) -> float:
        """Seconds of CPU so far, its children's too."""
        return processes.cpu_of(self.process.pid)

    def kill(self) -> None:
        """As a crash would: at once, with all its processes."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(10)

    def freeze(self) -> None:
        """It stays there and says nothing any more."""
        os.killpg(self.process.pid, signal.SIGSTOP)


@contextlib.contextmanager
def nsd(registry: pathlib.Path, core: int | None = None) -> Iterator[Server]:
    """NSD with one process that answers, serving what dauth-generate-registry wrote."""

    def prepare(directory: pathlib.Path, port: int) -> list[str]:
        lines = [
            "server:", f"  ip-address: 127.0.0.1@{port}", "  server-count: 1",
            "  receive-buffer-size: 4194304", "  send-buffer-size: 4194304", "  tcp-count: 1000",
            "  ipv4-edns-size: 1232", '  username: ""', '  chroot: ""', '  database: ""',
            f'  zonesdir: "{directory}"', f'  xfrdir: "{directory}"', f'  pidfile: "{directory}/nsd.pid"',
            f'  zonelistfile: "{directory}/zone.list"', f'  xfrdfile: "{directory}/xfrd.state"',
            # Debian's NSD limits equal responses to 200 a second unless told otherwise.
            "  rrl-ratelimit: 0", "  rrl-whitelist-ratelimit: 0", "  minimal-responses: yes",
            "  zonefiles-check: no", "  zonefiles-write: 0",
            "remote-control:", "  control-enable: no",
        ]
        for line in (registry / "zones.tsv").read_text().splitlines():
            zone, file = line.split("\t")
            lines += ["zone:", f'  name: "{zone}"', f'  zonefile: "{registry / file}"']
        return ["nsd", "-d", "-c", _write(directory / "nsd.conf", lines)]

    with _served(prepare, _QUESTION_ROOT, core) as server:
        yield server


@contextlib.contextmanager
def unbound(authoritative: Server, core: int | None = None) -> Iterator[Server]:
    """Unbound, one thread, its cache cold, that finds everything at the authoritative server."""

    def prepare(directory: pathlib.Path, port: int) -> list[str]:
        lines = [
            "server:", f"  port: {port}", "  interface: 127.0.0.1", "  access-control: 127.0.0.0/8 allow",
            '  username: ""', '  chroot: ""', "  do-daemonize: no", "  use-syslog: no", '  logfile: ""',
            f'  directory: "{directory}"', f'  pidfile: "{directory}/unbound.pid"',
            '  module-config: "iterator"', "  qname-minimisation: yes",
            # Nothing leaves loopback: every address outside it is one that is not asked.
            "  do-not-query-localhost: no", "  outgoing-interface: 127.0.0.1", "  do-ip6: no",
        ]
        outside = ("0.0.0.0/2", "64.0.0.0/3", "96.0.0.0/4", "112.0.0.0/5", "120.0.0.0/6", "124.0.0.0/7",
                   "126.0.0.0/8", "128.0.0.0/1")
        lines += [f"  do-not-query-address: {network}" for network in outside]
        lines += [
            "  num-threads: 1", "  num-queries-per-thread: 16384", "  outgoing-range: 8192",
            "  so-rcvbuf: 4194304", "  so-sndbuf: 4194304", "  msg-cache-size: 134217728",
            "  rrset-cache-size: 268435456", "  msg-cache-slabs: 1", "  rrset-cache-slabs: 1",
            "  edns-buffer-size: 1232", "  max-udp-size: 1232", "  incoming-num-tcp: 500",
            "  outgoing-num-tcp: 100",
            # One authoritative server stands for all: a burst that it drops must not make it "down" for minutes.
            "  infra-keep-probing: yes", "  infra-host-ttl: 60",
            "remote-control:", "  control-enable: no",
            "stub-zone:", '  name: "."', f"  stub-addr: 127.0.0.1@{authoritative.port}",
        ]
        return ["unbound", "-d", "-p", "-c", _write(directory / "unbound.conf", lines)]

    with _served(prepare, _QUESTION_VERSION, core) as server:
        yield server


@contextlib.contextmanager
def dnsdist(backend: Server, rules: list[str], core: int | None = None) -> Iterator[Server]:
    """dnsdist before a server, with rules in its language: what the network does to the questions."""

    def prepare(directory: pathlib.Path, port: int) -> list[str]:
        lines = [
            'setSecurityPollSuffix("")',
            "setMaxUDPOutstanding(65535)",
            "setRingBuffersSize(100, 1)",
            # Held for up: health checks would be questions of its own.
            f'newServer({{address="{backend.address}", sockets=4}}):setUp()',
        ]
        # Each has a thread of its own. They share the port, and clients' sockets spread over them.
        lines += [f'addLocal("127.0.0.1:{port}", {{reusePort=true}})'] * 4
        return ["dnsdist", "--supervised", "--disable-syslog", "-C",
                _write(directory / "dnsdist.conf", lines + rules)]

    with _served(prepare, _QUESTION_ROOT, core) as server:
        yield server


def _write(file: pathlib.Path, lines: list[str]) -> str:
    file.write_text("\n".join(lines) + "\n")
    return str(file)


@contextlib.contextmanager
def _served(
    prepare: Callable[[pathlib.Path, int], list[str]], question: bytes, core: int | None
) -> Iterator[Server]:
    """Starts a server on a free port, waits until it answers, and stops it in the end."""
    with tempfile.TemporaryDirectory(prefix="dauth-bench-") as name:
        directory = pathlib.Path(name)
        port = free_port()
        arguments = prepare(directory, port)
        process = processes.start(arguments, directory, "server", core)
        try:
            _wait_until_served(process, port, question, directory)
            yield Server(process, port, directory / "server.err")
        finally:
            processes.stop(process)


def _wait_until_served(
    process: subprocess.Popen[bytes], port: int, question: bytes, directory: pathlib.Path
) -> None:
    deadline = time.monotonic() + _START_LIMIT
    while time.monotonic() < deadline:
        if process.poll() is not None:
            said = "".join((directory / f"server.{end}").read_text(errors="replace") for end in ("out", "err"))
            raise CannotMeasure(f"{process.args[0]} ended before it served:\n{said[-2000:]}")
        if _answers(port, question):
            return
        time.sleep(0.05)
    raise CannotMeasure(f"{process.args[0]} did not answer within {_START_LIMIT:.0f} s")


def _answers(port: int, question: bytes) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asker:
        asker.settimeout(0.3)
        try:
            asker.connect(("127.0.0.1", port))
            asker.send(question)
            return len(asker.recv(2048)) >= 12
        except OSError:
            return False


def free_port() -> int:
    """A port that neither UDP nor TCP has in use on 127.0.0.1."""
    for _ in range(50):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp, socket.socket() as tcp:
            udp.bind(("127.0.0.1", 0))
            port: int = udp.getsockname()[1]
            try:
                tcp.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise CannotMeasure("no free port on 127.0.0.1")
