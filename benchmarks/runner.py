"""Runs contenders in fresh processes, in rounds.

Every round runs each of them once, every other round in reverse, so that drift hits all alike.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

from benchmarks.child import MAKE
from benchmarks.measure import run_process
from benchmarks.workload import Command, Contender, Engine, Kind, Workload

if TYPE_CHECKING:
    from collections.abc import Callable

PEERS_PYTHON = "TRADEWRIGHT_BENCH_PYTHON"
ROOT = Path(__file__).resolve().parent.parent
AGREEMENT = 1e-9
MISSING_MODULE = "ModuleNotFoundError"


@dataclass(frozen=True)
class Sample:
    """One measurement of one contender; without `status` "ok" only `reason` says anything."""

    status: str
    reason: str = ""
    units: int = 1
    calls: int = 1
    cpu_s: float = 0.0
    wall_s: float = 0.0
    first_cpu_s: float = 0.0
    start_cpu_s: float = 0.0
    rss_bytes: int = 0
    prepare_rss_bytes: int = 0
    versions: dict[str, str] = field(default_factory=dict)
    outcome: dict[str, float | str] = field(default_factory=dict)
    traceback: str = ""

    def figure(self, name: str) -> float | None:
        """Return a figure by name (see `Target`), or None where it was not measured."""
        if self.status != "ok":
            return None
        if name == "rate":
            return self.units * self.calls / self.cpu_s / 1e6
        if name == "bytes_per_unit":
            return self.rss_bytes / self.units if self.rss_bytes else None
        value = self.outcome.get(name, getattr(self, name, None))
        return None if value is None else float(value)


@dataclass(frozen=True)
class Standing:
    """What all rounds say about one contender."""

    workload: Workload
    contender: Contender
    samples: tuple[Sample, ...]
    ratio: float | None = None
    reference: float | None = None
    other_work: bool = False

    @property
    def last(self) -> Sample:
        """The sample of the last round."""
        return self.samples[-1]

    def figure(self, name: str) -> float | None:
        """Return the median over the rounds, or None where nothing was measured."""
        values = [value for sample in self.samples if (value := sample.figure(name)) is not None]
        return median(values) if values else None

    @property
    def met(self) -> bool | None:
        """Whether the target is met, by the same work as the anchor's; None without a target or a figure."""
        target = self.contender.target
        value = self.figure(target.figure) if target else None
        if target is None or value is None or (target.of and self.reference is None):
            return None
        return not self.other_work and target.met(value, self.reference)


@dataclass(frozen=True)
class Bench:
    """Where and how long one workload is measured."""

    workload: Workload
    folder: Path
    length: int

    def prepare(self) -> None:
        """Write the data, and start every command once, so that bytecode and file caches are warm."""
        errors = self.child(MAKE, Path(sys.executable))
        if errors:
            raise RuntimeError(f"The data of {self.workload.key} could not be made: {_last_line(errors)}")
        for contender in self.workload.contenders:
            if isinstance(contender, Command):
                self.measure(contender)

    def measure(self, contender: Contender) -> Sample:
        """Measure one contender once in a fresh process."""
        python = Path(sys.executable) if contender.kind.own_interpreter else peers_python()
        if isinstance(contender, Command):
            return self._command(contender, python)
        answer = self.folder / "sample.json"
        answer.unlink(missing_ok=True)
        errors = self.child(contender.name, python, numba_cache=contender.kind is not Kind.TRADEWRIGHT)
        if not answer.exists():
            return Sample("failed", reason=_last_line(errors))
        measured: dict[str, Any] = json.loads(answer.read_text())
        return Sample(**measured)

    def child(self, name: str, python: Path, *, numba_cache: bool = False) -> str:
        """Run `benchmarks.child` and return its error text.

        A peer's Numba cache lies in the scratch folder; Tradewright keeps its compiled code where it always does.
        """
        environment = clean_environment(self.folder)
        environment["PYTHONPATH"] = os.pathsep.join(filter(None, (str(ROOT), environment.get("PYTHONPATH"))))
        if numba_cache:
            environment["NUMBA_CACHE_DIR"] = str(self.folder / "numba")
        argv = [str(python), "-m", "benchmarks.child", self.workload.key, name, str(self.folder), str(self.length)]
        done = subprocess.run(argv, cwd=self.folder, env=environment, capture_output=True, text=True, check=False)
        return done.stderr if done.returncode else ""

    def _command(self, command: Command, python: Path) -> Sample:
        argv = [str(python), *command.argv(self.folder)]
        cpu_s, wall_s, code, errors = run_process(argv, self.folder, clean_environment(self.folder))
        if code == 0:
            return Sample("ok", cpu_s=cpu_s, wall_s=wall_s)
        reason = _last_line(errors)
        return Sample("missing" if reason.startswith(MISSING_MODULE) else "failed", reason=reason)


def run(workload: Workload, rounds: int, *, quick: bool, folder: Path, say: Callable[[str], None]) -> list[Standing]:
    """Measure every contender `rounds` times and compare them round by round."""
    bench = Bench(workload, folder, workload.quick_length if quick else workload.length)
    bench.prepare()
    samples: dict[str, list[Sample]] = {contender.name: [] for contender in workload.contenders}
    for number in range(rounds):
        for contender in workload.contenders[:: -1 if number % 2 else 1]:
            if number and samples[contender.name][-1].status != "ok":
                continue
            say(f"{workload.key}: {contender.name}, round {number + 1} of {rounds}")
            samples[contender.name].append(bench.measure(contender))
    return [_standing(workload, contender, samples) for contender in workload.contenders]


def clean_environment(folder: Path) -> dict[str, str]:
    """Return the environment with bytecode and stores kept in `folder`.

    An installation keeps its bytecode; where that is switched off, every start would compile every module again. Runs
    that are kept are the benchmark's own, not the user's.
    """
    own = {"PYTHONPYCACHEPREFIX": str(folder / "bytecode"), "TRADEWRIGHT_STORAGE__FOLDER": str(folder / "storage")}
    environment = {**os.environ, **own}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    return environment


def peers_python() -> Path:
    """Return the interpreter the peers are installed in: the environment's, else the running one."""
    return Path(os.environ.get(PEERS_PYTHON) or sys.executable)


def _standing(workload: Workload, contender: Contender, samples: dict[str, list[Sample]]) -> Standing:
    own = samples[contender.name]
    ratios = [
        ours / theirs
        for mine, other in zip(own, samples.get(contender.against, []), strict=False)
        if (theirs := mine.figure("rate")) and (ours := other.figure("rate"))
    ]
    target = contender.target
    references = [sample.figure(target.figure) for sample in samples[target.of]] if target and target.of else []
    known = [value for value in references if value is not None]
    return Standing(
        workload,
        contender,
        tuple(own),
        median(ratios) if ratios else None,
        median(known) if known else None,
        _other_work(contender, own[-1], samples.get(workload.anchor, [])),
    )


def _other_work(contender: Contender, own: Sample, anchors: list[Sample]) -> bool:
    if not isinstance(contender, Engine) or not anchors or anchors[-1].units != own.units:
        return False
    pairs = [(own.figure(key), anchors[-1].figure(key)) for key in contender.same]
    return any(mine is None or right is None or abs(mine - right) > AGREEMENT * abs(right) for mine, right in pairs)


def _last_line(text: str) -> str:
    return (text.strip().splitlines() or ["no message"])[-1]
