"""Every guide is true: its package is built, installed and used as its page says, on a machine without a network."""

from __future__ import annotations

import json
import os
import re
import shlex
import signal
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest

GUIDES = Path(__file__).resolve().parents[2] / "docs" / "guides"
PAGES = sorted(path.stem for path in GUIDES.glob("*.md"))
NAMES = [name for name in PAGES if name.startswith("add-")]
BLOCK = re.compile(r"^```(\w+)(?: title=\"([^\"]+)\")?\n(.*?)^```$", flags=re.DOTALL | re.MULTILINE)
QUICKLY = {"60x": "400x"}
"""The market of the practice exchange passes sooner than for somebody who reads."""
PACKED = re.compile(r'only-include = \["([^"]+)"\]')


class Guide(NamedTuple):
    """The blocks of a page: files by name, scripts and commands in order."""

    files: dict[str, str]
    scripts: list[str]
    commands: list[str]

    @property
    def packed(self) -> set[str]:
        """Files that the package consists of."""
        return {"pyproject.toml", *PACKED.findall(self.files.get("pyproject.toml", ""))}


@cache
def free_port() -> str:
    """A port for the practice exchange, whose own may be taken on this machine."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return str(listener.getsockname()[1])


def guide(name: str) -> Guide:
    """A page taken apart."""
    blocks = BLOCK.findall((GUIDES / f"{name}.md").read_text(encoding="utf-8").replace("8790", free_port()))
    return Guide(
        {title: text for _, title, text in blocks if title},
        [text for language, title, text in blocks if language == "python" and not title],
        [line for language, _, text in blocks if language == "console" for line in text.splitlines()],
    )


class Desk(NamedTuple):
    """Where the packages are installed, and a folder for every page with the files its reader writes."""

    site: Path
    store: Path
    folders: dict[str, Path]

    def follow(self, name: str) -> list[str]:
        """Type the commands of a page, one after the other; what each printed."""
        with closing(Terminal(self, self.folders[name])) as terminal:
            return [terminal.type(line) for line in guide(name).commands]

    def run(self, argv: list[str], folder: Path, **variables: str) -> str:
        """Run a command as the reader would, with the packages installed."""
        done = subprocess.run(
            argv, cwd=folder, capture_output=True, text=True, check=False, env=self.environment(**variables)
        )  # fmt: skip
        assert done.returncode == 0, f"{argv}: {done.stdout[-3000:]} {done.stderr[-3000:]}"
        return done.stdout

    def environment(self, **variables: str) -> dict[str, str]:
        """The variables of the reader's shell."""
        path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
        kept = {key: value for key, value in os.environ.items() if not key.startswith(("PYTEST", "COV"))}
        return {
            **kept, "PATH": path, "PYTHONPATH": str(self.site), "TRADEWRIGHT_STORAGE__FOLDER": str(self.store),
            **variables,
        }  # fmt: skip


class Terminal:
    """Where the reader of a page types: `export` and `&` as in a shell, and for RUN the id of the last kept run."""

    def __init__(self, desk: Desk, folder: Path) -> None:
        self.desk = desk
        self.folder = folder
        self.variables: dict[str, str] = {}
        self.run = "RUN"
        self.beside: list[subprocess.Popen[str]] = []

    def type(self, line: str) -> str:
        """Type a line; what it printed."""
        words = [self.run if word == "RUN" else word for word in shlex.split(line)]
        if words[0] == "export":
            self.variables |= dict(word.split("=", 1) for word in words[1:])
            return ""
        if words[-1] == "&":
            return self._start(words[:-1])
        said = self.desk.run(words, self.folder, **self.variables)
        self.run = "".join(re.findall(r"^Kept as (\w+)$", said, flags=re.MULTILINE)) or self.run
        return said

    def _start(self, words: list[str]) -> str:
        process = subprocess.Popen(
            [QUICKLY.get(word, word) for word in words], cwd=self.folder, env=self.desk.environment(**self.variables),
            stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        self.beside.append(process)
        assert process.stdout is not None
        return process.stdout.readline()

    def close(self) -> None:
        """End what runs beside."""
        for process in self.beside:
            process.send_signal(signal.SIGINT)
            process.communicate(timeout=120)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """Every package built and installed for real, all at once."""
    top = tmp_path_factory.mktemp("guides")
    desk = Desk(top / "site", top / "store", {name: top / "desk" / name for name in PAGES})
    packages = [top / "packages" / name for name in NAMES]
    for name, folder in desk.folders.items():
        page = guide(name)
        if name in NAMES:
            write(top / "packages" / name, {file: text for file, text in page.files.items() if file in page.packed})
        write(folder, {file: text for file, text in page.files.items() if file not in page.packed})
    uv = [str(Path(sys.executable).parent / "uv"), "pip", "install", "--quiet", "--offline", "--no-cache"]
    built = ["--no-deps", "--no-build-isolation", "--python", sys.executable, "--target", str(desk.site)]
    desk.run([*uv, *built, *map(str, packages)], top)
    return desk


def write(folder: Path, files: dict[str, str]) -> None:
    """Write files into a folder."""
    folder.mkdir(parents=True)
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")


@pytest.fixture(scope="module")
def said(desk: Desk) -> dict[str, list[str]]:
    """What the commands of every page printed; pages are followed two at a time."""
    with ThreadPoolExecutor(2) as readers:
        return dict(zip(PAGES, readers.map(desk.follow, PAGES), strict=True))


def results(printed: list[str]) -> list[dict[str, Any]]:
    """The results among what commands printed."""
    return [json.loads(text) for text in printed if text.startswith("{")]


@pytest.mark.slow
def test_every_package_is_installed_with_its_entry_point(desk: Desk) -> None:
    records = sorted(path.read_text(encoding="utf-8") for path in desk.site.glob("*.dist-info/entry_points.txt"))
    groups = {line.strip("[]") for text in records for line in text.splitlines() if line.startswith("[")}
    assert groups == {
        "tradewright.brokers", "tradewright.commissions", "tradewright.indicators", "tradewright.metrics",
        "tradewright.notifiers", "tradewright.report_sections", "tradewright.slippages", "tradewright.strategy_forms",
    }  # fmt: skip


@pytest.mark.slow
def test_every_package_passes_its_own_tests(desk: Desk) -> None:
    tests = [str(path) for name in NAMES for path in desk.folders[name].glob("test_*.py")]
    assert len(tests) == len(NAMES)
    said = desk.run([sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *tests], desk.site)
    assert re.search(r"^\d{2,} passed", said.splitlines()[-1])


@pytest.mark.slow
def test_every_script_of_a_guide_runs(desk: Desk) -> None:
    for name, folder in desk.folders.items():
        for number, text in enumerate(guide(name).scripts):
            (folder / f"script_{number}.py").write_text(text, encoding="utf-8")
            desk.run([sys.executable, f"script_{number}.py"], folder)


@pytest.mark.slow
def test_an_indicator_of_a_package_is_used_by_a_strategy(said: dict[str, list[str]]) -> None:
    (result,) = results(said["add-an-indicator"])
    assert result["metrics"]["trades"]["value"] > 0


@pytest.mark.slow
def test_cost_models_of_a_package_are_said_in_words_and_in_a_catalogue(said: dict[str, list[str]]) -> None:
    worded, catalogued = (result["config"]["costs"] for result in results(said["add-a-cost-model"]))
    assert worded["commission"] == {"model": "discount", "rate": 0.0003, "cap": 10.0}
    assert worded["slippage"] == {"model": "impact", "daily_volatility": 0.03}
    assert catalogued["commission"]["rate"] == 0.0005


@pytest.mark.slow
def test_a_metric_of_a_package_is_in_the_json(said: dict[str, list[str]]) -> None:
    (result,) = results(said["add-a-metric"])
    metrics = {key: found["value"] for key, found in result["metrics"].items()}
    assert 0 < metrics["ulcer_index"] < -metrics["max_drawdown"]


@pytest.mark.slow
@pytest.mark.usefixtures("said")
def test_a_section_of_a_package_is_in_the_report(desk: Desk) -> None:
    page = (desk.folders["add-a-report-section"] / "runs" / "by-weekday" / "report.html").read_text(encoding="utf-8")
    assert page.index('id="section-trades"') < page.index('id="section-weekdays"') < page.index('id="section-data"')
    assert "Wednesday" in page


@pytest.mark.slow
def test_a_strategy_in_the_form_of_a_package_is_run_from_its_file(said: dict[str, list[str]]) -> None:
    (result,) = results(said["add-a-strategy-form"])
    assert [(each["name"], each["style"]) for each in result["strategies"]] == [("Dip", "share")]
    assert result["metrics"]["orders"]["value"] > 0


@pytest.mark.slow
def test_a_broker_of_a_package_is_configured_by_its_name(said: dict[str, list[str]]) -> None:
    (result,) = results(said["add-a-broker"])
    (slate,) = [each for each in result["brokers"] if each["name"] == "slate"]
    assert (slate["installed"], slate["modes"], slate["problem"]) == (True, ["paper"], None)
    assert [(key["name"], key["set"]) for key in slate["credentials"]] == [("brokers.slate.paper.chalk", True)]


@pytest.mark.slow
def test_a_notifier_of_a_package_is_configured_by_its_name(said: dict[str, list[str]]) -> None:
    (result,) = results(said["add-a-notifier"])
    (team,) = result["channels"]
    assert (team["name"], team["kind"], team["problem"]) == ("team", "board", None)
    assert [(key["name"], key["set"]) for key in team["credentials"]] == [("alerts.channels.team.token", True)]


@pytest.mark.slow
def test_bars_of_a_folder_are_fetched_once(said: dict[str, list[str]]) -> None:
    ((again,),) = (result["symbols"] for result in results(said["fetch-data"]))
    assert (again["instrument"], again["days_asked"], again["new"]) == ("XNYS:KITE", 23, 0)
    assert "SYNTHETIC:HERON" in said["fetch-data"][-1]


@pytest.mark.slow
def test_a_first_strategy_is_proved_run_and_compared(said: dict[str, list[str]], desk: Desk) -> None:
    proved, first, second, compared = said["first-strategy"]
    assert " passed" in proved
    assert "SYNTHETIC" in first
    assert first != second
    assert "strategy.params.fast" in compared
    assert {path.name for path in (desk.folders["first-strategy"] / "runs").iterdir()} == {"dips", "slower"}


@pytest.mark.slow
def test_a_strategy_goes_from_a_file_to_paper_and_live_in_one_sitting(said: dict[str, list[str]]) -> None:
    told = dict(zip(guide("paper-and-live").commands, said["paper-and-live"], strict=True))
    (rehearsal,) = (text for line, text in told.items() if "--session rehearsal" in line)
    assert re.search(r"order \d+: bought \d+ ACME at", rehearsal)
    (begun, _) = (text for line, text in told.items() if "--session practice" in line)
    (replayed,) = (text for line, text in told.items() if line == "tradewright replay practice")
    before, after = (int(row) for text in (begun, replayed) for row in re.findall(r"(\d+) rows", text))
    assert before < after
    assert replayed.endswith("identical.\n")
    (armed,) = (text for line, text in told.items() if line.startswith("tradewright rearm"))
    assert "armed again, with the limits 'cautious'" in armed


@pytest.mark.slow
def test_schedules_of_a_page_are_due_when_it_says(said: dict[str, list[str]]) -> None:
    told = dict(zip(guide("schedules").commands, said["schedules"], strict=True))
    assert re.search(r"old-minutes +0 3 \* \* sun \(Europe/Berlin\) +archive", told["tradewright schedule list"])
    assert re.search(r" hand +queued ", told["tradewright schedule show after-the-close"])


def test_every_guide_is_in_the_index_and_every_page_of_the_index_is_there() -> None:
    index = (GUIDES / "README.md").read_text(encoding="utf-8")
    linked = re.findall(r"\]\(([\w-]+)\.md\)", index)
    assert sorted(linked) == [name for name in PAGES if name != "README"]


@pytest.mark.parametrize("name", NAMES)
def test_every_guide_is_a_complete_package(name: str) -> None:
    page = guide(name)
    assert len(page.packed) == 2
    assert page.packed < set(page.files)
    assert any(file.startswith("test_") for file in page.files)
    assert page.commands
