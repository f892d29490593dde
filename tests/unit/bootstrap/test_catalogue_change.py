"""A catalogue entry is changed from afar key by key: all or none, checked as a run checks, with every comment kept."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tradewright.bootstrap.catalogue import find_catalogue
from tradewright.bootstrap.catalogue_change import EntryChange, change_entry, changed_entry, entry_digest
from tradewright.bootstrap.entry_fields import entry_fields
from tradewright.bootstrap.file_change import ChangesRefusedError
from tradewright.domain.errors import ConfigError, ConflictError, DataNotAvailableError, TradewrightError

TEXT = """# Ours.
strategies:
  cross:               # the old one
    class: cross.py:Cross
    params: {fast: 10, slow: 30}   # by hand
    costs: {slippage_bps: 5}
    universe: [AAPL, MSFT]
    limits: standard   # not bold
  other:
    class: cross.py:Cross
    params:
      # Slower.
      fast: 20
    costs: none
"""
CODE = (
    "import tradewright as tw\n\nclass Cross(tw.Strategy):\n    fast = tw.Param(10, low=2, high=60)\n"
    "    slow = tw.Param(30, low=3, high=300)\n    word = tw.Param('a', choices=['a', 'b'])\n"
    "    def on_bar(self, ctx): pass\n"
)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "strategies.yaml").write_text(TEXT, encoding="utf-8")
    (tmp_path / "cross.py").write_text(CODE, encoding="utf-8")
    return tmp_path


def text(project: Path) -> str:
    return (project / "strategies.yaml").read_text(encoding="utf-8")


def change(project: Path, said: dict[str, Any], name: str = "cross", seen: str | None = None) -> EntryChange:
    return change_entry(project, name, said, seen)


def mistakes(project: Path, said: dict[str, Any], name: str = "cross") -> dict[str, str]:
    with pytest.raises(ChangesRefusedError) as refused:
        change(project, said, name)
    assert text(project) == TEXT
    return dict(refused.value.mistakes)


def test_values_take_the_place_of_others_and_every_other_character_stays(project: Path) -> None:
    told = change(project, {"params.fast": 12, "limits": "cautious", "costs.slippage_bps": 2.5, "universe": ["SPY"]})
    wanted = TEXT.replace("fast: 10", "fast: 12").replace("limits: standard", "limits: cautious")
    assert text(project) == wanted.replace("slippage_bps: 5", "slippage_bps: 2.5").replace("AAPL, MSFT", "SPY")
    assert [(each.key, each.before, each.after) for each in told.values] == [
        ("params.fast", 10, 12), ("limits", "standard", "cautious"), ("costs.slippage_bps", 5.0, 2.5),
        ("universe", ["AAPL", "MSFT"], ["SPY"]),
    ]  # fmt: skip
    assert find_catalogue(project).entry("cross").settings.params == {"fast": 12, "slow": 30}


def test_keys_that_were_not_said_are_put_in_and_others_taken_out(project: Path) -> None:
    change(project, {"status": "inactive", "params.word": "b", "params.slow": None, "costs.slippage_bps": None})
    said = find_catalogue(project).entry("cross").settings
    assert (said.status, said.params, said.choices().get("slippage_bps")) == (
        "inactive", {"word": "b", "fast": 10}, None,
    )  # fmt: skip
    change(project, {"params.fast": None, "params.slow": 50}, "other")
    assert "# Slower." in text(project)
    assert find_catalogue(project).entry("other").settings.params == {"slow": 50}


def test_an_only_parameter_that_is_taken_out_leaves_an_entry_that_can_be_read(project: Path) -> None:
    change(project, {"params.fast": None}, "other")
    assert find_catalogue(project).entry("other").settings.params == {}


def test_numbers_of_costs_take_the_place_of_the_word_for_all(project: Path) -> None:
    change(project, {"costs.slippage_bps": 3, "costs.commission": "per-share:0.005,at_least=1"}, "other")
    assert find_catalogue(project).entry("other").choices()["commission"] == "per-share:0.005,at_least=1"
    change(project, {"costs": "default"}, "cross")
    assert find_catalogue(project).entry("cross").settings.costs == "default"


def test_a_file_that_is_one_entry_is_changed_at_its_root(project: Path) -> None:
    (project / "strategies.yaml").unlink()
    (project / "strategies").mkdir()
    (project / "strategies" / "cross.yaml").write_text("class: ../cross.py:Cross\n# end\n", encoding="utf-8")
    change(project, {"params.fast": 5, "cash": 1000})
    said = (project / "strategies" / "cross.yaml").read_text(encoding="utf-8")
    assert said == "class: ../cross.py:Cross\n# end\nparams:\n  fast: 5\ncash: 1000\n"


def test_one_change_that_cannot_be_made_keeps_all_from_being_made(project: Path) -> None:
    said = {"params.fsat": 3, "params.fast": 900, "params.word": "c", "params.slow": "many", "limit": "bold",
            "limits": "wild", "cash": -1, "class": "x:Y", "data.files": "/etc/passwd", "benchmark": "/etc/passwd",
            "costs.slipage_bps": 1, "costs.commission": "nonsense", "timeframe": "7 parsecs", "shorts": 1,
            "seed": True, "description": "a\nb", "currency": "x" * 501, "risk_free": float("nan"),
            "latency_bars": 10**30, "start": ["2020-01-01"], "limits=": 1, "status": "active"}  # fmt: skip
    found = mistakes(project, said)
    assert set(said) - set(found) == {"status"}
    assert found["params.fsat"] == "There is no key 'params.fsat'. Did you mean 'params.fast'?"
    assert found["limit"] == "There is no key 'limit'. Did you mean 'limits'?"
    assert found["costs.slipage_bps"].endswith("Did you mean 'costs.slippage_bps'?")
    assert found["params.fast"] == "fast=900 is outside 2 … 60."
    assert found["cash"] == "'cash' should be greater than 0, not -1."
    assert (
        found["class"] == "'class' is changed in the file of the host only: it says what runs, or where something lies."
    )


def test_one_word_for_costs_and_numbers_do_not_mix(project: Path) -> None:
    assert "not both" in mistakes(project, {"costs": "none", "costs.slippage_bps": 1})["costs"]


def test_who_saw_another_entry_is_told_and_a_change_of_a_neighbour_is_none(project: Path) -> None:
    seen = entry_digest(find_catalogue(project).entry("cross"))
    change(project, {"params.fast": 21}, "other")
    change(project, {"params.fast": 11}, seen=seen)
    with pytest.raises(ConflictError, match="changed meanwhile"):
        change(project, {"params.fast": 12}, seen=seen)
    assert "fast: 11" in text(project)


def test_of_many_who_saw_the_same_entry_one_changes_it(project: Path) -> None:
    seen = entry_digest(find_catalogue(project).entry("cross"))

    def attempt(value: int) -> bool:
        try:
            return bool(change(project, {"params.fast": value}, seen=seen).values)
        except ConflictError:
            return False

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(attempt, range(20, 28))) == 1


def test_what_would_change_another_entry_too_is_left_to_a_person(project: Path) -> None:
    shared = TEXT.replace("params: {fast: 10, slow: 30}", "params: &p {fast: 10, slow: 30}").replace(
        "params:\n      # Slower.\n      fast: 20", "params: *p"
    )
    (project / "strategies.yaml").write_text(shared, encoding="utf-8")
    with pytest.raises(ConfigError, match="cannot be changed alone"):
        change(project, {"params.fast": 12})
    assert text(project) == shared


def test_a_preview_writes_nothing(project: Path) -> None:
    told = changed_entry(project, "cross", {"params.fast": 12})
    assert ([each.after for each in told.values], text(project)) == ([12], TEXT)


def test_examples_that_ship_stay_and_strangers_are_not_found(tmp_path: Path, project: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    with pytest.raises(DataNotAvailableError, match="no strategy 'nothing'"):
        change(project, {"status": "inactive"}, "nothing")
    (project / "strategies.yaml").unlink()
    with pytest.raises(ConflictError, match="an example that came with the package") as refused:
        change_entry(elsewhere, "sma_cross", {"status": "inactive"})
    assert "strategies.yaml" in (refused.value.hint or "")


def test_one_that_cannot_be_loaded_is_put_aside_and_its_known_parameters_change(project: Path) -> None:
    (project / "cross.py").write_text("import nothing_of_that_name\n", encoding="utf-8")
    change(project, {"status": "inactive", "params.fast": 900})
    said = find_catalogue(project).entry("cross").settings
    assert (said.status, said.params["fast"]) == ("inactive", 900)


def test_each_field_says_what_it_takes(project: Path) -> None:
    kinds = {each.key: (each.kind, each.choices) for each in entry_fields(find_catalogue(project).entry("cross"))}
    assert kinds["status"] == ("choice", ("active", "inactive"))
    assert kinds["limits"] == ("choice", ("none", "cautious", "standard", "bold"))
    assert [kinds[key][0] for key in ("universe", "cash", "seed", "shorts", "timeframe", "costs.slippage_bps")] == [
        "texts", "number", "whole", "truth", "text", "number",
    ]  # fmt: skip
    assert not {"class", "name", "data", "benchmark"} & set(kinds)


KEYS = (
    "params.fast", "params.word", "costs", "costs.commission", "costs.slippage_bps", "universe", "timeframe", "cash",
    "margin", "start", "description", "shorts", "latency_bars", "status", "class", "x", "",
    ".", "params.", "params.a.b",
)  # fmt: skip
WORDS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=20),
    st.lists(st.text(max_size=5), max_size=3),
)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes=st.dictionaries(st.one_of(st.sampled_from(KEYS), st.text(max_size=8)), WORDS, min_size=1, max_size=3))
def test_whatever_is_asked_is_read_back_as_it_was_asked_or_refused(project: Path, changes: dict[str, Any]) -> None:
    (project / "strategies.yaml").write_text(TEXT, encoding="utf-8")
    other = find_catalogue(project).entry("other").settings
    try:
        told = change(project, changes)
    except TradewrightError:
        assert text(project) == TEXT
        return
    assert find_catalogue(project).entry("cross").settings == told.after.settings
    assert find_catalogue(project).entry("other").settings == other
    assert text(project).count("#") == TEXT.count("#") + str(changes).count("#")
