"""A migration that is killed anywhere leaves the database as it was or complete, and the next one finishes it."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from tests.command_line import Tw

pytestmark = pytest.mark.slow

PROJECT = Path(__file__).resolve().parents[2]


def crashed(*arguments: str) -> dict[str, dict[str, Any]]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.e2e.migration_crashes", *arguments],
        cwd=PROJECT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    told: dict[str, dict[str, Any]] = json.loads(done.stdout)
    return told


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """What killed migrations left in a file, by their start."""
    return crashed(str(tmp_path_factory.mktemp("migrations")))


@pytest.fixture(scope="module")
def servers(postgres: Any, tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """The same on a server, of the state and of bars."""
    with postgres.fresh() as dsn:
        return crashed(str(tmp_path_factory.mktemp("migrations")), dsn)


def check(told: dict[str, Any]) -> None:
    """Every step left one of the two, and the next migration made it complete."""
    complete = told["complete"]
    assert complete["revision"] != told["before"]["revision"]
    assert len(told["steps"]) >= 5
    for name, step in told["steps"].items():
        is_done = name == "after the commit"
        assert step["signal"] == signal.SIGKILL, name
        assert described(step["left"]) == described(complete if is_done else told["before"]), name
        if not is_done:
            assert step["left"] == step["own"], name
        assert described(step["after"]) == described(complete), name
        if step["own"]["revision"] is not None:
            assert step["after"]["kept"] == step["own"]["kept"] or not step["own"]["kept"], name
        assert step["found"] == [], name


def described(look: dict[str, Any]) -> dict[str, Any]:
    """The tables alone: the name of an installation is drawn anew with each."""
    return {name: look[name] for name in ("revision", "tables")}


@pytest.mark.parametrize("start", ["nothing", "the fifth"])
def test_a_killed_migration_of_a_file_leaves_it_as_it_was_or_complete(
    files: dict[str, dict[str, Any]], start: str
) -> None:
    check(files[start])


@pytest.mark.parametrize("start", ["the fifth", "no bars", "bars of the first"])
def test_on_a_server_it_is_the_same(servers: dict[str, dict[str, Any]], start: str) -> None:
    check(servers[start])


def test_the_bars_that_were_there_before_are_there_afterwards(servers: dict[str, dict[str, Any]]) -> None:
    told = servers["bars of the first"]
    assert list(told["complete"]["kept"]) == ["XNYS:ACME 1d raw"]
    assert all(step["after"]["kept"] == told["complete"]["kept"] for step in told["steps"].values())


@pytest.mark.parametrize(
    ("kind", "start"),
    [("files", "nothing"), ("files", "the fifth"), ("servers", "the fifth"), ("servers", "no bars"),
     ("servers", "bars of the first")],
)  # fmt: skip
def test_of_two_that_migrate_at_once_the_second_finds_it_done(
    request: pytest.FixtureRequest, kind: str, start: str
) -> None:
    told = request.getfixturevalue(kind)[start]
    assert told["two"]["ended"] == [0, 0]
    assert described(told["two"]["after"]) == described(told["complete"])


def test_the_check_says_what_is_to_be_done_after_a_kill_and_the_upgrade_does_it(
    tmp_path: Path, tw: Tw, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.e2e.migration_crashes import Place

    place = Place(tmp_path / "made", None)
    place.begin("0005")
    code = (
        "import sys, pathlib\n"
        "from tests.e2e.migration_crashes import Place, at_statement\n"
        "at_statement(12)()\n"
        "Place(pathlib.Path(sys.argv[1]), None).work()\n"
    )
    ran = subprocess.run([sys.executable, "-c", code, str(tmp_path / "made")], cwd=PROJECT, check=False)
    assert ran.returncode == -signal.SIGKILL
    home = tmp_path / "store"
    shutil.copytree(tmp_path / "made", home / "runs")
    monkeypatch.setenv("TRADEWRIGHT_STORAGE__FOLDER", str(home))
    monkeypatch.chdir(tmp_path)
    checked = tw("db", "check")
    assert checked.code == 1
    assert "It is at revision 0005, and this version of the program at" in checked.out
    assert "Bring it up with: tradewright db upgrade" in checked.out
    upgraded = tw("db", "upgrade")
    assert (upgraded.code, "before it was at 0005" in upgraded.out) == (0, True)
    assert tw("db", "check").code == 0
