"""`tradewright config` and `tradewright init`, and a secret that must not come out anywhere."""

from __future__ import annotations

import json
import re
import zipfile
from pathlib import Path

import jsonschema
import pytest
import yaml
from tests.command_line import SAY, Tw, left_behind

import tradewright as api
from tradewright.bootstrap.run_archive import run_archive
from tradewright.bootstrap.settings import load_settings
from tradewright.domain.kept_run import RunLabel

CANARY = "canary-7f3a"


def written(folder: Path, text: str) -> None:
    (folder / "tradewright.yaml").write_text(text, encoding="utf-8")


# ---------------------------------------------------------------- config check


def test_every_value_is_shown_with_who_said_it(tw: Tw, desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written(desk, "backtest:\n  cash: 5000\n")
    monkeypatch.setenv("TRADEWRIGHT_BACKTEST__SEED", "3")
    run = tw("config", "check")
    assert run.code == 0
    found = {line.split()[0]: line.split(maxsplit=2)[1:] for line in run.out.splitlines() if line.startswith(" ")}
    assert found["backtest.cash"] == ["5000", f"{desk}/tradewright.yaml, line 2"]
    assert found["backtest.seed"] == ["3", "environment TRADEWRIGHT_BACKTEST__SEED"]
    assert found["backtest.fill_at"] == ["open", "default"]


def test_the_check_as_json(tw: Tw, desk: Path, storage: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written(desk, "credentials: {there: '${THERE}', away: '${AWAY}'}\n")
    monkeypatch.setenv("THERE", CANARY)
    monkeypatch.setenv("TRADEWRIGHT_CASH", "5")
    document = json.loads(tw("config", "check", "--json").out)
    assert document["file"] == str(desk / "tradewright.yaml")
    assert document["settings"][1] == {
        "key": "storage.folder", "value": str(storage), "origin": "environment TRADEWRIGHT_STORAGE__FOLDER",
    }  # fmt: skip
    assert [(each["name"], each["kept"], each["set"]) for each in document["credentials"]] == [
        ("away", "environment AWAY", False),
        ("there", "environment THERE", True),
    ]
    assert "TRADEWRIGHT_CASH" in document["ignored"]


def test_without_a_file_it_says_how_to_write_one(tw: Tw) -> None:
    run = tw("config", "check")
    assert (run.code, run.out.splitlines()[0]) == (
        0, "Settings: no tradewright.yaml from here upward; write one with: tradewright init",
    )  # fmt: skip


def test_a_variable_that_is_no_setting_is_told(tw: Tw, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRADEWRIGHT_CASH", "5")
    assert "TRADEWRIGHT_CASH is no setting and is ignored" in tw("config", "check").err


def test_mistakes_are_listed_together_and_end_with_two(tw: Tw, desk: Path) -> None:
    written(desk, "backtest: {cahs: 5, seed: x}\n")
    run = tw("config", "check")
    assert (run.code, run.out, len(run.err.splitlines())) == (2, "", 3)
    assert "Did you mean 'cash'?" in run.err


def test_a_secret_that_others_may_read_ends_with_two(tw: Tw, desk: Path) -> None:
    (desk / "key").write_text(CANARY)
    (desk / "key").chmod(0o644)
    written(desk, "credentials: {key: {file: key}}\n")
    run = tw("config", "check")
    assert run.code == 2
    assert f"chmod 600 {desk / 'key'}" in run.out
    (desk / "key").chmod(0o600)
    run = tw("config", "check")
    assert (run.code, run.out.splitlines()[-1]) == (0, f"credentials.key: set (file {desk / 'key'})")


# ---------------------------------------------------------------- a secret comes out nowhere

PLANTED = [
    f"credentials: {{key: {CANARY}}}\n",
    f"credentials: {CANARY}\n",
    f"credentials: [{CANARY}]\n",
    f"credentials: {{key: '${{KEY:{CANARY}}}'}}\n",
    f"credentials: {{key: {{value: {CANARY}}}}}\n",
    f"credentials: {{key: {{keyring: {CANARY}}}}}\n",
    f"credentials: {{key: {{{CANARY}: x}}}}\n",
    f"credentials: {{'{CANARY} ': x}}\n",
    f"credentials: {{key: *{CANARY}}}\n",
    f"providers: {CANARY}\n",
    f"providers: {{{CANARY}: {{}}}}\n",
    f"brokers: {CANARY}\n",
    f"brokers: {{{CANARY}: {{}}}}\n",
    f"brokers: {{alpaca: {CANARY}}}\n",
    f"brokers: {{alpaca: {{{CANARY}: x}}}}\n",
    f"brokers: {{alpaca: {{paper: {CANARY}}}}}\n",
    f"brokers: {{alpaca: {{paper: {{key: {CANARY}}}}}}}\n",
    f"brokers: {{alpaca: {{live: {{key: '${{KEY:{CANARY}}}'}}}}}}\n",
    f"brokers: {{alpaca: {{live: {{key: {{keyring: {CANARY}}}}}}}}}\n",
    f"brokers: {{alpaca: {{live: {{{CANARY}: '${{KEY}}'}}}}}}\n",
    f"brokers: {{alpaca: {{addresses: {{data: 'http://me:{CANARY}@x'}}}}}}\n",
    f"brokers: {{alpaca: {{addresses: {{{CANARY}: x}}}}}}\n",
    f"credentials: {{key: !{CANARY} x}}\n",
    f"credentials:\n  key: '{CANARY}\n",
    f"credentials:\n  key: {CANARY}: x\n",
    f"credentials:\n  key: @{CANARY}\n",
    f"backtest: {{cash: {CANARY}}}\n",
    f"backtest: {{fill_at: {CANARY}}}\n",
    f"backtest: {{commission: per-trade:{CANARY}}}\n",
    f"backtest: {{margin: {CANARY}}}\n",
    f"data: {{tz: {CANARY}, timeframe: {CANARY}}}\n",
    f"data: {CANARY}\n",
    f"api_key: {CANARY}\n",
    f"schedules: {CANARY}\n",
    f"schedules: {{nightly: {CANARY}}}\n",
    f"schedules: {{nightly: {{when: {CANARY}, kind: check}}}}\n",
    f"schedules: {{nightly: {{when: XNYS close, zone: {CANARY}, most: {CANARY}, missed: {CANARY}}}}}\n",
    f"version: {CANARY}\n",
    f"{CANARY}\n",
    "backtest: {cash: '${CANARY_VARIABLE}'}\n",
]


@pytest.mark.parametrize("text", PLANTED)
@pytest.mark.parametrize(
    "args",
    [("config", "check"), ("config", "check", "--json"), ("doctor", "--json"), ("backtest", "sma.py", "ACME.csv")],
)
def test_a_misplaced_secret_is_refused_and_never_repeated(
    tw: Tw, desk: Path, monkeypatch: pytest.MonkeyPatch, text: str, args: tuple[str, ...]
) -> None:
    monkeypatch.setenv("CANARY_VARIABLE", CANARY)
    written(desk, text)
    run = tw(*args, "--debug")
    assert run.code == (1 if "doctor" in args else 2)
    assert CANARY not in run.out + run.err


def test_a_wrong_value_in_the_environment_is_not_repeated(tw: Tw, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRADEWRIGHT_BACKTEST__CASH", CANARY)
    run = tw("config", "check", "--debug")
    assert run.code == 2
    assert CANARY not in run.out + run.err


def test_a_secret_in_use_is_in_no_output_record_or_report(tw: Tw, desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KEY", CANARY)
    (desk / "key").write_text(CANARY)
    (desk / "key").chmod(0o600)
    written(desk, "credentials: {a: '${KEY}', b: {file: key}}\nbacktest: {cash: 5000}\n")
    said = [
        tw(*args) for args in (("config", "check"), ("config", "check", "--json"), ("doctor",), ("doctor", "--json"))
    ]
    said.append(tw("backtest", "sma.py", "ACME.csv", *SAY, "--out", "out", "--debug"))
    assert {run.code for run in said} == {0}
    assert CANARY not in "".join(run.out + run.err for run in said)
    assert [path.name for path in (desk / "out").iterdir() if CANARY in path.read_text(encoding="utf-8")] == []


def test_a_secret_in_use_is_in_no_kept_run_and_no_recipe(
    desk: Path, storage: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KEY", CANARY)
    monkeypatch.setenv("TRADEWRIGHT_CREDENTIALS__B", CANARY)
    written(desk, "credentials: {a: '${KEY}'}\n")
    bars = api.read_bars("ACME.csv", symbol="ACME", calendar="24/7", timeframe="1d")
    label = RunLabel(id="0" * 32, created_ns=0, name=None, note="", tags=())
    run_archive().keep(api.backtest(api.load_strategy("sma.py"), bars), label)
    kept = {path.name: plain(path) for path in storage.rglob("*") if path.is_file()}
    assert any(b"SmaCross" in content for content in kept.values())
    assert [name for name, content in kept.items() if CANARY.encode() in content] == []


def plain(path: Path) -> bytes:
    """The content of a file, unpacked where it is an archive."""
    if not zipfile.is_zipfile(path):
        return path.read_bytes()
    with zipfile.ZipFile(path) as archive:
        return b"".join(archive.read(name) for name in archive.namelist())


def test_the_check_looks_at_schedules_as_who_brings_them_in(tw: Tw, desk: Path) -> None:
    good = "schedules:\n  nightly:\n    when: XNYS close + 15 m\n    kind: check\n"
    written(desk, good)
    run = tw("config", "check")
    assert (run.code, "schedule nightly: check, XNYS close + 15 m" in run.out) == (0, True), run.err
    assert json.loads(tw("config", "check", "--json").out)["schedules"] == [
        {"name": "nightly", "when": "XNYS close + 15 m", "kind": "check", "problem": None}
    ]
    written(desk, good + "    request: {symbol: [ACME]}\n")
    run = tw("config", "check")
    assert run.code == 2
    told = f"{desk}/tradewright.yaml, line 5: 'schedules.nightly.request' cannot be used: A request has no field"
    assert told in run.out


# ---------------------------------------------------------------- config schema


def test_the_schema_takes_the_first_file_and_what_the_settings_take(tw: Tw) -> None:
    schema = json.loads(tw("config", "schema").out)
    jsonschema.Draft202012Validator.check_schema(schema)
    tw("init", "new")
    for text in (
        Path("new/tradewright.yaml").read_text(encoding="utf-8"),
        "backtest: {cash: '${CASH}', fill_at: close, slippage_bps: 3, seed:}\ncredentials: {a: '${A}', b: {file: x}}",
    ):
        jsonschema.validate(yaml.safe_load(text), schema)


@pytest.mark.parametrize(
    "text",
    [
        "backtest: {cahs: 1}",
        "backtest: {cash: 0}",
        "data: {stamp: now}",
        "credentials: {a: literal}",
        "version: 2",
        "schedules: {a: {when: XNYS close}}",
        "schedules: {a: {when: XNYS close, kind: check, paused: true}}",
        "x: 1",
    ],
)
def test_the_schema_refuses_what_the_settings_refuse(tw: Tw, text: str) -> None:
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(yaml.safe_load(text), json.loads(tw("config", "schema").out))


# ---------------------------------------------------------------- init


def test_a_new_project_is_settings_a_strategy_that_runs_and_what_git_leaves_out(
    tw: Tw, desk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = tw("init", "new")
    assert run.code == 0
    assert left_behind(desk / "new") == [".gitignore", "strategies", "strategies/my_idea.py", "tradewright.yaml"]
    monkeypatch.chdir(desk / "new")
    assert tw("config", "check").code == 0
    command = run.out.splitlines()[-1].partition("&& tradewright ")[2].split()
    assert tw(*command, "--calendar", "24/7", "--json").code == 0


def test_every_key_of_the_new_settings_may_be_uncommented(tw: Tw, desk: Path) -> None:
    tw("init")
    text = (desk / "tradewright.yaml").read_text(encoding="utf-8")
    keys = [line for line in text.splitlines() if re.match(r"  # \w+: \S+$", line)]
    assert len(keys) > 30
    text = re.sub(r"(?m)^  # (\w+: \S+)$", r"  \1", text).replace("  slippage: ", "  # slippage: ")
    text = text.replace("  journal: ", "  # journal: ")  # it names a server that would have to answer
    written(desk, text)
    run = tw("config", "check", "--json")
    assert run.code == 0, run.err
    said = [each["key"] for each in json.loads(run.out)["settings"] if "line" in each["origin"]]
    # The version besides; the second word for slippage, the journal and the secret not. The folder's is the
    # environment's word here.
    assert len(said) == len(keys) + 1 - 3


def test_a_new_project_keeps_its_own_store(tw: Tw, desk: Path) -> None:
    tw("init", "new")
    assert load_settings(desk / "new", {}).path("storage.folder") == desk / "new" / "store"


@pytest.mark.parametrize("name", ["tradewright.yaml", "strategies/my_idea.py", ".gitignore"])
def test_nothing_that_exists_is_overwritten_and_nothing_is_written_then(tw: Tw, desk: Path, name: str) -> None:
    (desk / "new" / "strategies").mkdir(parents=True)
    (desk / "new" / name).write_text("mine")
    run = tw("init", "new")
    assert run.code == 2
    assert f"There are already new/{name}; nothing was written." in run.err
    assert (desk / "new" / name).read_text() == "mine"
    assert set(left_behind(desk / "new")) == {"strategies", name}


def test_a_failure_half_way_leaves_nothing(tw: Tw, desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from tradewright.reporting import files

    real = files.write_file

    def full(path: Path, text: str) -> Path:
        if path.name == ".gitignore":
            raise OSError(28, "No space left on device")
        return real(path, text)

    monkeypatch.setattr(files, "write_file", full)
    assert tw("init", "new").code == 1
    assert left_behind(desk, "sma.py", "ACME.csv") == []
