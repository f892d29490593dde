"""The catalogue: where it is found, what an entry may say, and one sentence for each way to break it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tradewright.bootstrap.catalogue import Catalogue, find_catalogue, is_reference, shipped_catalogue
from tradewright.domain.errors import ConfigError, TradewrightError

ENTRY = "class: momentum.py:Momentum\nuniverse: [AAPL, MSFT]\nparams: {top: 3}\n"


def written(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def refused(folder: Path, text: str) -> ConfigError:
    written(folder / "strategies.yaml", text)
    with pytest.raises(ConfigError) as caught:
        find_catalogue(folder)
    return caught.value


# ---------------------------------------------------------------- where it is


def test_the_file_nearest_upward_is_the_catalogue(tmp_path: Path) -> None:
    written(tmp_path / "strategies.yaml", "strategies:\n  far: {class: a.py}\n")
    near = written(tmp_path / "desk" / "strategies.yaml", "strategies:\n  near: {class: a.py}\n")
    (tmp_path / "desk" / "notes").mkdir()
    found = find_catalogue(tmp_path / "desk" / "notes")
    assert (found.place, list(found.entries), found.shipped) == (near, ["near"], False)


def test_a_folder_holds_one_version_in_each_file_named_after_it(tmp_path: Path) -> None:
    written(tmp_path / "strategies" / "momentum_v1.yaml", ENTRY)
    written(tmp_path / "strategies" / "momentum_v2.yaml", ENTRY)
    assert list(find_catalogue(tmp_path).entries) == ["momentum_v1", "momentum_v2"]


def test_without_a_catalogue_the_shipped_examples_are_it(tmp_path: Path) -> None:
    found = find_catalogue(tmp_path)
    assert found.shipped
    assert "sma_cross" in found.entries


def test_every_shipped_entry_names_a_file_that_ships() -> None:
    assert [entry.name for entry in shipped_catalogue() if not Path(entry.reference.partition(":")[0]).is_file()] == []


def test_class_files_and_data_count_from_the_yaml_file(tmp_path: Path) -> None:
    written(tmp_path / "strategies" / "m.yaml", "class: m.py:M\ndata: {files: bars/*.csv}\n")
    entry = find_catalogue(tmp_path).entry("m")
    assert entry.reference == f"{tmp_path / 'strategies' / 'm.py'}:M"
    assert entry.choices()["files"] == [str(tmp_path / "strategies" / "bars" / "*.csv")]


def test_a_module_is_named_as_it_is(tmp_path: Path) -> None:
    written(tmp_path / "strategies.yaml", "strategies:\n  m: {class: 'desk.momentum:Momentum'}\n")
    assert find_catalogue(tmp_path).entry("m").reference == "desk.momentum:Momentum"


# ---------------------------------------------------------------- what an entry says


def test_an_entry_speaks_the_names_of_the_options_and_only_what_it_says(tmp_path: Path) -> None:
    text = ENTRY + "start: 2015-01-01\ncosts: {slippage_bps: 5, commission: per-share:0.005}\nlimits: standard\n"
    written(tmp_path / "strategies" / "m.yaml", text)
    assert find_catalogue(tmp_path).entry("m").choices() == {
        "symbols": ["AAPL", "MSFT"],
        "params": {"top": 3},
        "start": "2015-01-01",
        "slippage_bps": 5.0,
        "commission": "per-share:0.005",
        "limits": "standard",
    }


# ---------------------------------------------------------------- what is refused


def test_broken_yaml_names_file_and_line(tmp_path: Path) -> None:
    error = refused(tmp_path, "strategies:\n  m:\n    class: [m.py\n  n: 1\n")
    assert str(tmp_path / "strategies.yaml") in error.message
    assert "line 4" in error.message


def test_an_unknown_key_names_its_line_and_the_nearest_key(tmp_path: Path) -> None:
    error = refused(tmp_path, "strategies:\n  m:\n    class: m.py\n    tymeframe: 1d\n")
    assert "line 4: there is no key 'tymeframe'." in error.message
    assert error.hint == "Did you mean 'timeframe'?"


def test_an_unknown_key_inside_a_part_is_compared_with_that_part(tmp_path: Path) -> None:
    error = refused(tmp_path, "strategies:\n  m:\n    class: m.py\n    data:\n      calender: XNYS\n")
    assert "line 5: there is no key 'data.calender'." in error.message
    assert error.hint == "Did you mean 'calendar'?"


def test_what_is_not_built_yet_is_not_a_key(tmp_path: Path) -> None:
    assert (
        "there is no key 'schedule'" in refused(tmp_path, "strategies:\n  m: {class: m.py, schedule: daily}\n").message
    )


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("strategies:\n  m:\n    universe: [A]\n", "line 2: 'class' is missing."),
        ("strategies:\n  m:\n    class: m.py\n    cash: plenty\n", "line 4: 'cash' should be"),
        ("strategies:\n  m:\n    class: m.py\n    cash: -1\n", "line 4: 'cash' should be greater than 0, not -1."),
        ("strategies:\n  m:\n    class: m.py\n    limits: brave\n", "line 4: 'limits' should be 'none', 'cautious'"),
        ("strategies:\n  m:\n    class: m.py\n    class: n.py\n", "line 4: 'class' stands there twice."),
        ("strategies:\n  m: m.py\n", "line 2: the strategy 'm' is not a mapping."),
        ("stratgies:\n  m: {class: m.py}\n", "line 1: there is no key 'stratgies' at the top."),
        ("- m.py\n", "line 1: there are no strategies in it."),
        ("", "line 1: there are no strategies in it."),
    ],
)
def test_every_slip_is_one_sentence_with_its_line(tmp_path: Path, text: str, says: str) -> None:
    assert says in refused(tmp_path, text).message


def test_two_entries_of_one_name_are_refused(tmp_path: Path) -> None:
    written(tmp_path / "strategies" / "a.yaml", ENTRY + "name: momentum\n")
    written(tmp_path / "strategies" / "b.yaml", ENTRY + "name: momentum\n")
    with pytest.raises(ConfigError, match=r"'momentum' is already in .*a.yaml, line 1"):
        find_catalogue(tmp_path)


def test_a_file_that_is_not_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "strategies.yaml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ConfigError, match=r"is not UTF-8 text"):
        find_catalogue(tmp_path)


def test_an_unknown_name_is_answered_with_the_nearest() -> None:
    with pytest.raises(TradewrightError) as caught:
        shipped_catalogue().entry("sma_crss")
    assert "Did you mean 'sma_cross'?" in str(caught.value)


def test_an_empty_catalogue_says_so(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"It has none"):
        Catalogue(tmp_path, shipped=False, entries={}).entry("m")


@pytest.mark.parametrize(
    ("text", "is_one"), [("sma.py", True), ("a/b", True), ("desk.m:M", True), ("sma.py:S", True), ("sma_cross", False)]
)
def test_a_reference_is_told_from_a_name(text: str, is_one: bool) -> None:
    assert is_reference(text) is is_one
