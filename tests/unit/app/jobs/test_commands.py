"""Requests: what becomes of each field on the command line, and what is refused before it enters the queue."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tradewright.app.jobs import commands as module
from tradewright.app.jobs.commands import JobCommands, Places
from tradewright.app.jobs.house import HOUSE
from tradewright.app.jobs.rules import ROLES
from tradewright.cli.entry import program
from tradewright.domain.control.jobs import JobKind
from tradewright.domain.errors import ConfigError

STRATEGY = {"strategy": "sma_cross"}


@pytest.fixture
def commands(tmp_path: Path) -> JobCommands:
    """A project with a strategy, a file of bars and one that was sent; a secret lies beside it."""
    project, uploads = tmp_path / "project", tmp_path / "uploads"
    for folder in (project / "ideas", uploads):
        folder.mkdir(parents=True)
    (project / "ideas" / "mine.py").write_text("")
    (project / "ACME.csv").write_text("")
    (uploads / "sent.csv").write_text("")
    (tmp_path / "secret.py").write_text("")
    (project / "link.py").symlink_to(tmp_path / "secret.py")
    return JobCommands(Places(lambda: {"sma_cross", "pairs"}, project, uploads))


def understood(words: tuple[str, ...]) -> dict[str, Any]:
    """What the program itself reads in a command line."""
    command: Any = program.get_command(None, words[0])  # type: ignore[arg-type]
    rest = list(words[1:])
    while isinstance(command, click.Group):
        command = command.get_command(None, rest.pop(0))  # type: ignore[arg-type]
    with command.make_context(words[0], rest) as context:
        return {name: value for name, value in context.params.items() if value not in (None, (), False, "")}


# ---------------------------------------------------------------- what becomes of it


def test_a_backtest_is_what_a_person_would_type(commands: JobCommands) -> None:
    request = {
        "kind": "backtest", "strategy": "sma_cross", "symbols": ["ACME", "BRK.B"], "source": "store", "timeframe": "1d",
        "start": "2020-01-02", "end": None, "cash": "100000", "params": {"fast": 10, "weight": 0.1, "shorts": True},
        "costs": {"commission": "per-trade:1.0", "slippage_bps": 5}, "fill_at": "open", "limits": "standard",
        "finalize": False, "name": None, "note": "", "tags": ["first", "-x"],
    }  # fmt: skip
    assert commands.words("backtest", request) == (
        "backtest", "--symbols=ACME,BRK.B", "--source=store", "--timeframe=1d", "--start=2020-01-02", "--cash=100000",
        "--param=fast=10", "--param=weight=0.1", "--param=shorts=true", "--commission=per-trade:1.0",
        "--slippage-bps=5", "--fill-at=open", "--limits=standard", "--no-finalize", "--tag=first", "--tag=-x",
        "--keep", "--json", "--", "sma_cross",
    )  # fmt: skip


def test_a_field_that_says_nothing_may_be_another_kinds(commands: JobCommands) -> None:
    """A form sends all of its fields, whatever is chosen."""
    plain = commands.words("backtest", STRATEGY)
    assert commands.words("backtest", {**STRATEGY, "objective": None, "space": None, "cash": None}) == plain


def test_a_search_and_a_walk_name_what_they_try(commands: JobCommands) -> None:
    space = {"fast": [5, 10], "slow": {"low": 20, "high": 60, "step": 20}, "w": {"low": 0.01, "high": 1, "log": True},
             "one": [7], "declared": None}  # fmt: skip
    request = {**STRATEGY, "space": space, "params": {"hold": 3}, "objective": ["sharpe", "cagr"], "maximize": True}
    tried = ("--param=fast=5,10", "--param=slow=20:60:20", "--param=w=0.01:1:log", "--param=one=7,", "--param=declared",
             "--param=hold=3", "--objective=sharpe", "--objective=cagr", "--maximize")  # fmt: skip
    end = ("--keep", "--json", "--", "sma_cross")
    assert commands.words("optimize", request) == ("optimize", *tried, *end)
    windows = {"train": "252d", "test": "63d", "anchored": False}
    assert commands.words("walk_forward", request | windows) == (
        "walk-forward", *tried, "--train=252d", "--test=63d", "--rolling", *end
    )  # fmt: skip


@pytest.mark.parametrize("kind", ["backtest", "optimize", "walk_forward"])
def test_runs_say_as_of_when_and_which_hours_of_stored_bars_they_mean(commands: JobCommands, kind: str) -> None:
    said = {"as_of": "2024-01-12", "hours": "regular"}
    windows = {"train": "252d", "test": "63d"} if kind == "walk_forward" else {}
    found = understood(commands.words(kind, STRATEGY | said | windows))
    assert {name: found[name] for name in said} == said


@pytest.mark.parametrize(
    ("kind", "wrong"),
    [("backtest", {"as_of": "soon"}), ("optimize", {"hours": "night"}), ("walk_forward", {"hours": True})],
)
def test_runs_refuse_dates_and_hours_that_are_none(commands: JobCommands, kind: str, wrong: dict[str, Any]) -> None:
    with pytest.raises(ConfigError, match=next(iter(wrong))):
        commands.words(kind, STRATEGY | wrong)


@pytest.mark.parametrize("sources", ["store,alpaca", ["store"], ["store", "a", "b"], ["store", "../x"], ["store", 7]])
def test_a_comparison_names_two_sources(commands: JobCommands, sources: Any) -> None:
    with pytest.raises(ConfigError, match="sources"):
        commands.words("compare", {"sources": sources, "symbols": ["ACME"]})


def test_a_search_names_who_carries_it_out(commands: JobCommands) -> None:
    """Ray is joined by the command itself, on the worker's host: there is no second way to it."""
    words = commands.words("optimize", STRATEGY | {"executor": "ray", "workers": 4})
    assert (understood(words)["executor"], understood(words)["workers"]) == ("ray", 4)
    with pytest.raises(ConfigError, match="executor"):
        commands.words("optimize", STRATEGY | {"executor": "elsewhere"})


def test_an_import_names_files_of_the_project_and_sent_ones(commands: JobCommands) -> None:
    project, uploads = commands.places.project, commands.places.uploads
    request = {"files": ["ACME.csv", f"{uploads}/sent.csv"], "timeframe": "1d", "calendar": "24/7", "append": True}
    assert commands.words("import", request) == (
        "data", "import", "--timeframe=1d", "--calendar=24/7", "--append", "--json", "--", f"{project}/ACME.csv",
        f"{uploads}/sent.csv",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "request_", "words"),
    [
        ("check", {}, ("data", "check", "--json")),
        ("check", {"symbols": ["ACME", "BRK.B"], "timeframe": "1d", "adjustment": None},
         ("data", "check", "--timeframe=1d", "--json", "--", "ACME", "BRK.B")),
        ("compare", {"sources": ["store@3d396c", "alpaca"], "symbols": ["ACME"], "timeframe": "1m",
                     "start": "2024-01-02", "tolerance": 0.01, "volume_tolerance": 0.5, "no_volume": True,
                     "differing": "pass"},
         ("data", "compare", "--sources=store@3d396c,alpaca", "--timeframe=1m", "--start=2024-01-02",
          "--tolerance=0.01", "--volume-tolerance=0.5", "--no-volume", "--differing=pass", "--json", "--", "ACME")),
        ("fetch", {"source": "alpaca", "symbols": ["ACME"], "hours": "extended"},
         ("data", "fetch", "--source=alpaca", "--hours=extended", "--json", "--", "ACME")),
        ("archive", {"older_than": "2y", "timeframes": ["1m", "5m"]},
         ("data", "archive", "--older-than=2y", "--timeframe=1m", "--timeframe=5m", "--json")),
        ("archive", {}, ("data", "archive", "--json")),
        ("reconcile", {}, ("reconcile", "--all", "--json")),
        ("reconcile", {"account": "paper/alpaca-1"}, ("reconcile", "--account=paper/alpaca-1", "--json")),
        ("summary", {"kind": "summary"}, ("summary", "--tell", "--json")),
    ],
)  # fmt: skip
def test_what_keeps_the_house_is_what_a_person_would_type(
    commands: JobCommands, kind: str, request_: dict[str, Any], words: tuple[str, ...]
) -> None:
    assert commands.words(kind, request_) == words
    assert understood(words)["as_json"]


@pytest.mark.parametrize(
    ("kind", "request_", "named"),
    [
        ("archive", {"older_than": "2 years"}, "older_than"), ("archive", {"discard": True}, "discard"),
        ("archive", {"older_than": "--debug"}, "older_than"),
        ("archive", {"older_than": "2y", "timeframes": "1m"}, "timeframes"),
        ("check", {"symbols": ["--repair"]}, "symbols"), ("check", {"repair": True}, "repair"),
        ("reconcile", {"account": "--all"}, "account"), ("summary", {"tell": False}, "tell"),
    ],
)  # fmt: skip
def test_what_keeps_the_house_is_refused_by_its_field(
    commands: JobCommands, kind: str, request_: dict[str, Any], named: str
) -> None:
    with pytest.raises(ConfigError, match=named):
        commands.words(kind, request_)


def test_a_fetch_names_symbols_and_a_source(commands: JobCommands) -> None:
    request = {"symbols": ["AAPL", "BRK.B"], "source": "alpaca", "timeframe": "1m", "start": "2024-01-02",
               "end": "2024-06-28", "refresh": True}  # fmt: skip
    words = commands.words("fetch", request)
    assert words == (
        "data", "fetch", "--source=alpaca", "--timeframe=1m", "--start=2024-01-02", "--end=2024-06-28", "--refresh",
        "--json", "--", "AAPL", "BRK.B",
    )  # fmt: skip
    assert understood(words)["symbols"] == ("AAPL", "BRK.B")


@pytest.mark.parametrize(
    ("request_", "named"),
    [
        ({"source": "alpaca"}, "symbols"),
        ({"source": "alpaca", "symbols": []}, "symbols"),
        ({"source": "alpaca", "symbols": ["--refresh"]}, "symbols"),
        ({"source": "alpaca", "symbols": "AAPL"}, "symbols"),
        ({"symbols": ["AAPL"]}, "source"),
        ({"symbols": ["AAPL"], "source": "../x"}, "source"),
        ({"symbols": ["AAPL"], "source": "alpaca", "folder": "x"}, "folder"),
        ({"symbols": ["AAPL"], "source": "alpaca", "end": "today"}, "end"),
    ],
)
def test_a_fetch_that_lacks_something_is_refused_and_the_field_named(
    commands: JobCommands, request_: dict[str, Any], named: str
) -> None:
    with pytest.raises(ConfigError, match=named):
        commands.words("fetch", request_)


SESSION = {"strategy": "sma_cross", "session": "night-1", "broker": "alpaca", "symbols": ["ACME", "BOLT"]}


def test_a_session_is_named_so_that_it_goes_on_where_its_process_died(commands: JobCommands) -> None:
    request = {**SESSION, "timeframe": "5m", "params": {"fast": 3}, "limits": "cautious", "fills": "venue",
               "feed": "ib", "dry_run": True, "restarts": 2}  # fmt: skip
    assert commands.words("paper", request) == (
        "paper", "--session=night-1", "--broker=alpaca", "--symbols=ACME,BOLT", "--timeframe=5m", "--param=fast=3",
        "--risk=cautious", "--fills=venue", "--fallback=ib", "--dry-run", "--", "sma_cross",
    )  # fmt: skip
    assert (commands.attempts("paper", request), commands.attempts("live", SESSION)) == (3, 6)
    assert commands.attempts("backtest", STRATEGY) == 2


@pytest.mark.parametrize(
    ("kind", "said", "named"),
    [
        ("live", {}, "limits"), ("paper", {"fills": "venue"}, "limits"), ("paper", {"session": None}, "session"),
        ("paper", {"broker": None}, "broker"), ("paper", {"symbols": []}, "symbols"),
        ("live", {"fills": "simulated"}, "fills"), ("paper", {"session": "../up"}, "session"),
        ("paper", {"restarts": -1}, "restarts"), ("paper", {"restarts": True}, "restarts"),
    ],
)  # fmt: skip
def test_a_session_that_lacks_what_it_needs_is_refused(
    commands: JobCommands, kind: str, said: dict[str, Any], named: str
) -> None:
    with pytest.raises(ConfigError, match=named):
        commands.words(kind, {**SESSION, **said})


def test_a_strategy_may_be_a_file_of_the_project(commands: JobCommands) -> None:
    mine = f"{commands.places.project}/ideas/mine.py"
    assert commands.strategy("ideas/mine.py:Mine") == f"{mine}:Mine"
    assert commands.strategy(mine) == mine


def test_every_field_is_an_option_of_its_command() -> None:
    for kind in ROLES:
        words, fields = (HOUSE[kind].words, HOUSE[kind].fields) if kind in HOUSE else module._COMMANDS[kind]
        command: Any = program
        for word in (each for each in words if not each.startswith("--")):
            command = command.get_command(None, word)
        options = {option for param in command.params for option in (*param.opts, *param.secondary_opts)}
        for name, field in fields.items():
            assert set(field.option.split("/")) <= options, (kind, name)


# ---------------------------------------------------------------- what is refused


@pytest.mark.parametrize(
    "named",
    [
        "../secret.py", "link.py", "/etc/passwd", "os:system", "package.module:Class", "sma_cros", "", None, 3,
        "ideas/mine.py:Mine:More", "ideas/mine.py:__import__('os')", "ideas", "ideas/none.py", "a\x00.py", "--debug",
    ],
)  # fmt: skip
def test_what_is_neither_of_the_catalogue_nor_of_the_project_is_refused(commands: JobCommands, named: Any) -> None:
    with pytest.raises(ConfigError, match="strategy"):
        commands.words("backtest", {"strategy": named, "source": "synthetic"})


@pytest.mark.parametrize("files", [None, [], ["../secret.py"], ["none.csv"], "ACME.csv", [3], ["link.py"], ["*.csv"]])
def test_files_from_elsewhere_are_refused(commands: JobCommands, files: Any) -> None:
    with pytest.raises(ConfigError, match="files"):
        commands.words("import", {"files": files, "timeframe": "1d"})


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("symbols", ["A,B"]), ("symbols", ["--out"]), ("symbols", "ACME"), ("symbols", [""]), ("source", "files"),
        ("timeframe", "1 fortnight"), ("start", "yesterday"), ("start", 20200102), ("cash", "-1"), ("cash", 0),
        ("cash", "1e999"), ("cash", float("nan")), ("cash", True), ("params", {"fast": [1]}), ("params", {"a b": 1}),
        ("params", {"fast": None}), ("params", [1]), ("costs", "free"), ("costs", {"tax": "1"}), ("fill_at", "noon"),
        ("limits", 5), ("limits", ["none"]), ("finalize", "yes"), ("seed", -1), ("seed", 1.5), ("note", 5),
        ("note", "x" * 3000), ("tags", "word" * 900), ("benchmark", "../secret.csv"), ("benchmark", "a/b.csv"),
        ("margin", "--x"), ("risk_free", float("inf")),
    ],
)  # fmt: skip
def test_a_value_that_does_not_fit_is_refused_by_its_field(commands: JobCommands, field: str, value: Any) -> None:
    with pytest.raises(ConfigError) as refusal:
        commands.words("backtest", {**STRATEGY, "source": "synthetic", field: value})
    assert refusal.value.message.startswith(field)
    assert refusal.value.hint


@pytest.mark.parametrize("value", ["5:60", "a,b", " ", ""])
def test_a_fixed_parameter_of_a_search_cannot_become_a_range(commands: JobCommands, value: str) -> None:
    with pytest.raises(ConfigError, match=r"params\.fast"):
        commands.words("optimize", {**STRATEGY, "params": {"fast": value}, "space": {"slow": [1]}})


@pytest.mark.parametrize(
    "field", ["out", "open", "data", "files", "debug", "json", "no_keep", "actions", "detail", "fx"]
)
def test_what_writes_or_reads_elsewhere_has_no_field(commands: JobCommands, field: str) -> None:
    with pytest.raises(ConfigError, match=f"no field '{field}'"):
        commands.words("backtest", {**STRATEGY, field: "x"})


@pytest.mark.parametrize("kind", ["kill", "sandbox", "", None])
def test_other_kinds_are_not_offered(commands: JobCommands, kind: Any) -> None:
    with pytest.raises(ConfigError, match="kind"):
        commands.words(kind, STRATEGY)


def test_a_field_that_is_nearly_right_is_told(commands: JobCommands) -> None:
    with pytest.raises(ConfigError) as refusal:
        commands.words("backtest", {**STRATEGY, "symbol": ["ACME"]})
    assert refusal.value.hint == "Did you mean 'symbols'?"


SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12)
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3)
)
FIELDS = sorted({name for _, fields in module._COMMANDS.values() for name in fields})


@settings(
    max_examples=200,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.filter_too_much],
)
@given(
    kind=st.sampled_from([str(kind) for kind in (JobKind.BACKTEST, JobKind.OPTIMIZE, JobKind.WALK_FORWARD)]),
    request_=st.dictionaries(st.sampled_from(FIELDS), VALUES, max_size=3),
)
def test_whatever_is_asked_is_refused_in_a_sentence_or_is_read_by_the_program_as_it_was_meant(
    commands: JobCommands, kind: str, request_: dict[str, Any]
) -> None:
    needed = {} if kind == "backtest" else {"space": {"fast": [1]}, "train": "9d", "test": "9d"}
    try:
        words = commands.words(kind, {**STRATEGY, **needed, **request_})
    except ConfigError:
        return
    try:
        read = understood(words)
    except click.UsageError:
        # A number out of the option's own range, which the program refuses in its own words.
        return
    assert read["strategy"] == "sma_cross"
    assert "more_files" not in read
    assert {"out", "show", "files"}.isdisjoint(read)
