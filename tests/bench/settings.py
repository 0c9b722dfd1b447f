"""What all benchmarks are given: where the programs are, how large things are to be, which cores to use."""
from __future__ import annotations

import dataclasses
import itertools
import os
import pathlib

import processes
from processes import CannotMeasure

MIX_2006 = "2006-exact"
MIX_PRESENT = "present"


@dataclasses.dataclass(frozen=True)
class Settings:
    root: pathlib.Path
    dauth: pathlib.Path
    work: pathlib.Path  # for registries and databases; removed in the end
    rounds: int
    in_flight: int  # of `cpu`
    names: int | None  # in place of a benchmark's own size
    quick: bool
    _numbers: itertools.count[int] = dataclasses.field(default_factory=itertools.count)

    @property
    def server_core(self) -> int:
        return min(os.sched_getaffinity(0))

    @property
    def client_core(self) -> int:
        return max(os.sched_getaffinity(0))

    def size(self, usual: int, quick: int) -> int:
        if self.names is not None:
            return self.names
        return quick if self.quick else usual

    def tool(self, path: str) -> pathlib.Path:
        return self.root / "build" / "release" / "tests" / path

    def new_name(self, kind: str) -> str:
        return f"{kind}-{next(self._numbers)}"

    def registry(self, mix: str, names: int) -> pathlib.Path:
        """The directory of a made-up registry, made where it is not there yet."""
        directory = self.work / f"registry-{mix}-{names}"
        if not directory.exists():
            mix_file = self.root / "tests" / "bench" / f"mix-{mix}.csv"
            ended = processes.run(
                [self.tool("support/dauth-generate-registry"), "--output", directory, "--total", str(names),
                 "--mix", mix_file if mix_file.exists() else mix],
                self.work, "generate-registry", limit=900,
            )
            if ended.status != 0:
                raise CannotMeasure(f"no registry was made: {ended.stderr}")
        return directory


def domains_of(registry: pathlib.Path) -> list[str]:
    """The registry's names as the DNS has them."""
    with open(registry / "truth.csv") as truth:
        next(truth)
        return [line.partition(",")[0] for line in truth]
