"""The page about the command line, held to the code."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tests.command_line import SAY, Tw

from tradewright.bootstrap.catalogue import find_catalogue
from tradewright.bootstrap.entries import CostsEntry, DataEntry, StrategyEntry
from tradewright.cli import outcome
from tradewright.cli.entry import program
from tradewright.domain.errors import (
    DataQualityError,
    OrderRejectedError,
    RunInterruptedError,
    TradewrightError,
    UnapprovedOrderError,
)

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "reference" / "command-line.md").read_text(encoding="utf-8")


def named_in_tables() -> set[str]:
    """Every word in backticks of a line of a table."""
    lines = [line for line in PAGE.splitlines() if line.startswith("|")]
    return {word for line in lines for quoted in re.findall(r"`([^`]+)`", line) for word in quoted.split()}


def test_every_command_and_every_key_of_an_entry_is_named() -> None:
    keys = {
        field.alias or name
        for model in (StrategyEntry, DataEntry, CostsEntry)
        for name, field in model.model_fields.items()
    }
    assert (keys | set(program.list_commands(None))) - named_in_tables() == set()  # type: ignore[arg-type]


def test_every_exit_code_is_named() -> None:
    codes = {outcome.OK, outcome.FAILED, outcome.BAD_USAGE, outcome.REFUSED, outcome.INTERRUPTED, outcome.PIPE_CLOSED}
    assert {int(code) for code in re.findall(r"^\| (\d+) \|", PAGE, flags=re.MULTILINE)} == codes


def test_its_catalogue_is_one(tmp_path: Path) -> None:
    text = re.search(r"```yaml\n(.*?)```", PAGE, flags=re.DOTALL)
    assert text
    (tmp_path / "strategies.yaml").write_text(text[1])
    assert list(find_catalogue(tmp_path).entries) == ["momentum_v1"]


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (OrderRejectedError("No."), outcome.REFUSED),
        (UnapprovedOrderError("No."), outcome.REFUSED),
        (DataQualityError("No."), outcome.REFUSED),
        (RunInterruptedError("Stopped."), outcome.INTERRUPTED),
        (TradewrightError("No."), outcome.FAILED),
        (MemoryError(), outcome.FAILED),
        (ValueError("a fault"), outcome.FAILED),
    ],
)
def test_every_kind_of_failure_has_its_code_and_a_sentence(error: Exception, code: int) -> None:
    assert outcome.exit_code(error) == code
    assert outcome.sentence(error)


def test_a_full_memory_is_a_sentence(tw: Tw, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> object:
        raise MemoryError

    monkeypatch.setattr("tradewright.face.backtest.backtest", full)
    run = tw("backtest", "sma.py", "ACME.csv", *SAY)
    assert (run.code, run.err.splitlines()[0]) == (1, "The memory is full.")


def test_parameters_of_other_forms_are_read_as_they_look() -> None:
    from tradewright.cli.choices import parameters

    said = {"a": "3", "b": "0.5", "c": "true", "d": "AAPL", "e": 7}
    assert parameters(lambda ctx: None, said) == {"a": 3, "b": 0.5, "c": True, "d": "AAPL", "e": 7}


def test_a_strategy_that_a_package_registered_is_run_by_its_name(tw: Tw, monkeypatch: pytest.MonkeyPatch) -> None:
    from tradewright.strategy import registry

    def hold(ctx: object) -> None:
        """Do nothing."""

    monkeypatch.setitem(registry.STRATEGIES._known, "held", hold)
    assert tw("backtest", "held", "ACME.csv", *SAY, "--json").code == 0
