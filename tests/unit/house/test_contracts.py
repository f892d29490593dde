"""The floors hold: the untouched tree keeps every contract, and each planted fault breaks the contract meant for it."""

from __future__ import annotations

import re
import shutil
import sys
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from io import StringIO
from pathlib import Path

import pytest
from importlinter.application.output import console
from importlinter.application.use_cases import lint_imports
from importlinter.configuration import configure

PACKAGE = Path("src") / "tradewright"

# contract → the file that gets a line more, and that line
FAULTS = {
    "floors": ("risk/planted.py", "from tradewright import simulation\n"),
    "acyclic": None,  # takes two files, see PLANTED_CIRCLE
    "minting": ("simulation/planted.py", "from tradewright.domain import minting\n"),
    "root": ("strategy/planted.py", "import tradewright\n"),
    "synchronous": ("strategy/planted.py", "def wait() -> None:\n    import asyncio\n"),
    "frames": ("reporting/planted.py", "import pandas\n"),
    "plots": ("reporting/planted.py", "import plotly.graph_objects\n"),
    "compiler": ("engine/planted.py", "def fast() -> None:\n    import numba\n"),
    "talib": ("quant/planted.py", "import talib\n"),
    "cron": ("app/planted.py", "import apscheduler.triggers.cron\n"),
    "calendars": ("marketdata/planted.py", "import exchange_calendars\n"),
    "terminal": ("app/planted.py", "import rich.table\n"),
    "settings": ("domain/planted.py", "import pydantic\n"),
    "servers": ("reporting/planted.py", "import sqlite3\n"),
}
PLANTED_CIRCLE = {
    "simulation/circle/__init__.py": "",
    "simulation/circle/first.py": "from tradewright.simulation.circle import second\n",
    "simulation/circle/second.py": "from tradewright.simulation.circle import first\n",
}
# Upward imports close a circle as well, once the lower room is in use: the floors must be among the broken contracts.
OUT_OF_PLACE = {
    "above: ground": ("domain/planted.py", "from tradewright import quant\n"),
    "above: doors": ("app/planted.py", "from tradewright import face\n"),
    "above: function": ("engine/planted.py", "def peek() -> None:\n    from tradewright import bootstrap\n"),
    "beside: edge": ("adapters/planted.py", "from tradewright import app\n"),
    "beside: entry": ("testing/planted.py", "from tradewright import cli\n"),
    "outside": ("stray/__init__.py", ""),
}


@pytest.fixture(scope="module")
def tree(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the source and of the project file, to be spoilt and mended again."""
    folder = tmp_path_factory.mktemp("contracts")
    shutil.copytree(project / "src", folder / "src", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(project / "pyproject.toml", folder)
    return folder


def broken_contracts(tree: Path) -> set[str]:
    """The names of the contracts that import-linter reports as broken in a tree."""
    said = StringIO()
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(said):
        # The tree is found as the linter finds any package: by its name, on the path, and never imported.
        patch.syspath_prepend(tree / "src")
        patch.delitem(sys.modules, "tradewright", raising=False)
        patch.setattr(console, "width", 300)
        configure()
        lint_imports(str(tree / "pyproject.toml"), cache_dir=str(tree / "read"), no_logo=True)
    verdicts = re.findall(r"^(.+?) (KEPT|BROKEN)", said.getvalue(), flags=re.MULTILINE)
    assert verdicts, said.getvalue()
    return {name for name, verdict in verdicts if verdict == "BROKEN"}


@contextmanager
def planted(tree: Path, files: dict[str, str]) -> Iterator[None]:
    """Faulty files in a tree, until the block ends."""
    paths = {tree / PACKAGE / name: text for name, text in files.items()}
    made = {path.parent for path in paths if not path.parent.exists()}
    for path, text in paths.items():
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    yield
    for path in paths:
        path.unlink()
    for folder in made:
        folder.rmdir()


def contract_names(project: Path) -> dict[str, str]:
    """The name of each contract of the project file by its identifier."""
    settings = tomllib.loads((project / "pyproject.toml").read_text(encoding="utf-8"))
    return {contract["id"]: contract["name"] for contract in settings["tool"]["importlinter"]["contracts"]}


def test_untouched_tree_keeps_every_contract(tree: Path) -> None:
    assert broken_contracts(tree) == set()


def test_each_contract_has_a_planted_fault(project: Path) -> None:
    assert set(FAULTS) == set(contract_names(project))


@pytest.mark.parametrize("contract", sorted(FAULTS))
def test_planted_fault_breaks_its_contract_and_no_other(contract: str, tree: Path, project: Path) -> None:
    fault = FAULTS[contract]
    with planted(tree, dict([fault]) if fault else PLANTED_CIRCLE):
        assert broken_contracts(tree) == {contract_names(project)[contract]}


@pytest.mark.parametrize("place", sorted(OUT_OF_PLACE))
def test_floors_refuse_what_lies_above_beside_or_outside(place: str, tree: Path, project: Path) -> None:
    with planted(tree, dict([OUT_OF_PLACE[place]])):
        assert contract_names(project)["floors"] in broken_contracts(tree)


def test_type_checking_imports_do_not_count(tree: Path) -> None:
    guarded = "from typing import TYPE_CHECKING\n\nif TYPE_CHECKING:\n    from tradewright import engine\n"
    with planted(tree, {"domain/planted.py": guarded}):
        assert broken_contracts(tree) == set()
