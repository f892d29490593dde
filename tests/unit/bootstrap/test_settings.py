"""The settings: where they are found, who stands over whom, what is put in, and one sentence for each mistake."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from pathlib import Path

import pytest

from tradewright.bootstrap.settings import FOLDER_VARIABLE, Settings, load_settings, said_settings, settings_file
from tradewright.bootstrap.settings_model import BacktestSection, DataSection, fields, kind_of
from tradewright.domain.errors import ConfigError
from tradewright.face.backtest import backtest
from tradewright.face.bars import read_bars


def loaded(folder: Path, text: str, environment: Mapping[str, str] | None = None) -> Settings:
    (folder / "tradewright.yaml").write_text(text, encoding="utf-8")
    return load_settings(folder, environment or {})


def refused(folder: Path, text: str, environment: Mapping[str, str] | None = None) -> str:
    with pytest.raises(ConfigError) as caught:
        loaded(folder, text, environment)
    return str(caught.value).replace(f"{folder}/", "")


# ---------------------------------------------------------------- where they are


def test_the_nearest_file_upward_is_read(tmp_path: Path) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "tradewright.yaml").write_text("backtest: {cash: 1}")
    (tmp_path / "a" / "tradewright.yaml").write_text("backtest: {cash: 2}")
    settings = load_settings(tmp_path / "a" / "b", {})
    assert (settings.file, settings.values.backtest.cash) == (tmp_path / "a" / "tradewright.yaml", 2.0)


def test_a_file_of_nearly_the_name_is_not_passed_over(tmp_path: Path) -> None:
    (tmp_path / "tradewright.yml").touch()
    with pytest.raises(
        ConfigError, match=r"tradewright\.yml is not read: settings stand in tradewright\.yaml\. Rename it"
    ):
        load_settings(tmp_path, {})


def test_without_a_file_and_variables_every_value_is_the_default(tmp_path: Path) -> None:
    settings = load_settings(tmp_path, {})
    assert (settings.file, settings.origins, settings.values.backtest) == (None, {}, BacktestSection())


@pytest.mark.parametrize("text", ["", "# nothing yet\n", "version: 1\n", "backtest:\n", "backtest:\n  cash:\n"])
def test_a_file_or_key_with_nothing_in_it_says_nothing(tmp_path: Path, text: str) -> None:
    assert loaded(tmp_path, text).values.backtest == BacktestSection()


def test_where_nobody_says_anything_nothing_is_read(tmp_path: Path) -> None:
    others = {FOLDER_VARIABLE: "/store", "TRADEWRIGHT_SHARED_DATA": "x", "TRADEWRIGHT_BACKTEST__CASH": ""}
    assert said_settings(tmp_path, others) is None
    assert said_settings(tmp_path, {"TRADEWRIGHT_BACKTEST__CASH": "1"}) is not None
    (tmp_path / "tradewright.yaml").touch()
    assert said_settings(tmp_path, {}) is not None
    assert settings_file(tmp_path) == tmp_path / "tradewright.yaml"


# ---------------------------------------------------------------- who stands over whom


def test_the_environment_stands_over_the_file_key_by_key(tmp_path: Path) -> None:
    text = "backtest: {cash: 1, seed: 2}"
    settings = loaded(tmp_path, text, {"TRADEWRIGHT_BACKTEST__CASH": "5", "TRADEWRIGHT_DATA__TZ": "UTC"})
    assert (settings.values.backtest.cash, settings.values.backtest.seed, settings.values.data.tz) == (5.0, 2, "UTC")


def test_every_value_knows_who_said_it(tmp_path: Path) -> None:
    text = "backtest:\n  cash: ${CASH}\n  seed: 2\n"
    settings = loaded(tmp_path, text, {"CASH": "9", "TRADEWRIGHT_BACKTEST__SEED": "3"})
    file = tmp_path / "tradewright.yaml"
    assert {key: origin.words for key, origin in settings.origins.items()} == {
        "backtest.cash": f"{file}, line 2 (environment CASH)",
        "backtest.seed": "environment TRADEWRIGHT_BACKTEST__SEED",
    }


def test_an_empty_variable_counts_as_not_set(tmp_path: Path) -> None:
    text = "backtest: {cash: '${CASH:7}', seed: 2}"
    settings = loaded(tmp_path, text, {"CASH": "", "TRADEWRIGHT_BACKTEST__SEED": ""})
    assert (settings.values.backtest.cash, settings.values.backtest.seed) == (7.0, 2)


def test_a_path_counts_from_the_file_and_from_the_working_folder_where_the_environment_says_it(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "tradewright.yaml").write_text("storage: {folder: store}\nruns: {folder: out}")
    settings = load_settings(tmp_path / "a", {"TRADEWRIGHT_RUNS__FOLDER": "here"})
    assert settings.path("storage.folder") == tmp_path / "store"
    assert settings.path("runs.folder") == tmp_path / "a" / "here"


def test_what_is_said_of_runs_has_the_names_of_the_options(tmp_path: Path) -> None:
    text = "backtest: {cash: 5, shorts: false, currency: EUR}\ndata: {calendar: XNYS, currency: GBP}\nruns: {folder: r}"
    settings = loaded(tmp_path, text, {"TRADEWRIGHT_BACKTEST__SEED": "3"})
    assert settings.run_choices("file") == {
        "cash": 5.0, "shorts": False, "currency": "EUR", "calendar": "XNYS", "data_currency": "GBP",
    }  # fmt: skip
    assert settings.run_choices("environment") == {"seed": 3}


# ---------------------------------------------------------------- variables


@pytest.mark.parametrize(
    ("written", "folder"),
    [
        ("${HOME_OF_BARS}", "/bars"),
        ("${HOME_OF_BARS}/daily", "/bars/daily"),
        ("a/${NOT_THERE:b}/c", "a/b/c"),
        ("${NOT_THERE:}x", "x"),
        ("'${HOME_OF_BARS}${HOME_OF_BARS}'", "/bars/bars"),
        ("$${HOME_OF_BARS}", "${HOME_OF_BARS}"),
        ("$HOME_OF_BARS", "$HOME_OF_BARS"),
    ],
)
def test_a_variable_stands_anywhere_in_a_text(tmp_path: Path, written: str, folder: str) -> None:
    settings = loaded(tmp_path, f"storage:\n  folder: {written}\n", {"HOME_OF_BARS": "/bars"})
    assert settings.values.storage.folder == folder


def test_what_is_put_in_takes_the_type_of_its_key(tmp_path: Path) -> None:
    text = "backtest:\n  cash: ${CASH}\n  shorts: '${SHORTS}'\n  seed: ${SEED:4}\n"
    found = loaded(tmp_path, text, {"CASH": "1e4", "SHORTS": "yes"}).values.backtest
    assert (found.cash, found.shorts, found.seed) == (10_000.0, True, 4)


def test_a_variable_that_is_not_set_is_refused_by_name_file_and_line(tmp_path: Path) -> None:
    text = "backtest:\n  cash: ${MY_CASH}\n"
    assert refused(tmp_path, text) == (
        "tradewright.yaml, line 2: the variable MY_CASH is not set. Set it, or write ${MY_CASH:default}."
    )


@pytest.mark.parametrize("written", ["'${'", "'${}'", "'${1X}'", "'${A:${B}}'", "'${A'"])
def test_signs_that_open_no_variable_are_refused(tmp_path: Path, written: str) -> None:
    assert "line 1: '${' opens no variable. Write ${NAME}" in refused(tmp_path, f"storage: {{folder: {written}}}")


def test_a_value_used_twice_by_reference_is_put_in_once(tmp_path: Path) -> None:
    text = "storage: {folder: &f '$${A}'}\nruns: {folder: *f}"
    settings = loaded(tmp_path, text, {"A": "wrong"})
    assert (settings.values.storage.folder, settings.values.runs.folder) == ("${A}", "${A}")


# ---------------------------------------------------------------- mistakes


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("backtest:\n  cahs: 5", "line 2: there is no key 'backtest.cahs'. Did you mean 'cash'?"),
        ("bactest: {}", "line 1: there is no key 'bactest'. Did you mean 'backtest'?"),
        ("cash: 5", "line 1: there is no key 'cash'. It belongs under 'backtest'."),
        (
            "zzz: 5",
            "line 1: there is no key 'zzz'. The keys are version, storage, backtest, data, search, runs, ",
        ),
        ("backtest: {cash: lots}", "line 1: 'backtest.cash' should be a number above 0."),
        ("backtest: {cash: 0}", "line 1: 'backtest.cash' should be a number above 0."),
        ("backtest: {cash: true}", "line 1: 'backtest.cash' should be a number above 0."),
        ("backtest: {cash: .nan}", "line 1: 'backtest.cash' should be a number above 0."),
        ("backtest: {cash: [1]}", "line 1: 'backtest.cash' should be a number above 0."),
        ("backtest: {seed: 1.5}", "line 1: 'backtest.seed' should be a whole number from 0 up."),
        ("backtest: {seed: -1}", "line 1: 'backtest.seed' should be a whole number from 0 up."),
        ("backtest: {shorts: maybe}", "line 1: 'backtest.shorts' should be true or false."),
        ("backtest: {fill_at: clos}", "line 1: 'backtest.fill_at' should be open or close. Did you mean 'close'?"),
        ("backtest: {currency: dollars}", "line 1: 'backtest.currency' should be a currency such as USD."),
        ("backtest: {commission: per-trade:x}", "line 1: 'backtest.commission' should be per-trade:1.0, "),
        ("backtest: {margin: '2'}", "line 1: 'backtest.margin' should be initial,maintenance as fractions"),
        ("backtest: {margin: '1,2,3'}", "line 1: 'backtest.margin' should be initial,maintenance as fractions"),
        ("data: {timeframe: fortnight}", "line 1: 'data.timeframe' should be a timeframe such as 1m or 1d."),
        ("data: {tz: Mars/North}", "line 1: 'data.tz' should be a time zone such as America/New_York."),
        ("data: [1]", "line 1: 'data' should be a mapping. Write its keys below 'data:'."),
        ("storage: {folder: ''}", "line 1: 'storage.folder' should be text."),
        ("version: 2", "line 1: 'version' should be 1."),
        ("version: true", "line 1: 'version' should be 1."),
        ("- a", "line 1: the settings are not a mapping. Write 'section:' lines."),
        ("just words", "line 1: the settings are not a mapping. Write 'section:' lines."),
        ("backtest: {costs: none, slippage_bps: 3}", "line 1: 'backtest.costs' is none, and there is slippage or a"),
        ("backtest: {cash: 1}\nbacktest: {cash: 2}", "line 2: 'backtest' stands there twice."),
        ("backtest: {cash: 1", "line 1 is not valid YAML: expected ',' or '}'"),
        ("on: 1", "line 1: there is no key 'True'."),
    ],
)
def test_a_mistake_is_one_sentence_with_file_line_and_key(tmp_path: Path, text: str, sentence: str) -> None:
    said = refused(tmp_path, text)
    assert said.startswith(f"tradewright.yaml, {sentence}")
    assert "\n" not in said


def test_several_mistakes_are_told_together_in_the_order_of_their_lines(tmp_path: Path) -> None:
    text = "backtest:\n  cahs: 5\n  seed: x\ncredentials:\n  key: literal\ndata: {tz: Mars}\n"
    said = refused(tmp_path, text, {"TRADEWRIGHT_BACKTEST__SEDE": "1"}).splitlines()
    assert said[0] == "There are 5 mistakes in the settings:"
    assert [line.split(":")[0] for line in said[1:]] == [
        "- environment variable TRADEWRIGHT_BACKTEST__SEDE",
        *(f"- tradewright.yaml, line {line}" for line in (2, 3, 5, 6)),
    ]


@pytest.mark.parametrize(
    ("variable", "value", "sentence"),
    [
        ("BACKTEST__CAHS", "5", "there is no key 'backtest.cahs'. Did you mean 'cash'?"),
        ("BACKTSET__CASH", "5", "there is no key 'backtset'. Did you mean 'backtest'?"),
        ("BACKTEST__CASH", "lots", "'backtest.cash' should be a number above 0."),
        ("BACKTEST__CASH__MORE", "5", "there is no key 'backtest.cash__more'."),
        ("CREDENTIALS__1X", "5", "it names no secret."),
        ("VERSION__X", "5", "'version' should be 1."),
    ],
)
def test_a_variable_with_a_mistake_is_named(tmp_path: Path, variable: str, value: str, sentence: str) -> None:
    name = f"TRADEWRIGHT_{variable}"
    with pytest.raises(ConfigError) as caught:
        load_settings(tmp_path, {name: value})
    assert str(caught.value).startswith(f"environment variable {name}: {sentence}")


def test_a_variable_without_a_section_is_no_setting_and_is_told_as_such(tmp_path: Path) -> None:
    assert load_settings(tmp_path, {"TRADEWRIGHT_CASH": "5", "OTHER": "x"}).strays == ("TRADEWRIGHT_CASH",)


@pytest.mark.parametrize("text", ["[" * 2000, "a: &a [*a]", "&a {x: *a}", "a: 2024-99-99", "a: !!int x", "\x00"])
def test_a_file_that_breaks_its_parser_is_refused_in_a_sentence(tmp_path: Path, text: str) -> None:
    assert "tradewright.yaml" in refused(tmp_path, text)


def test_a_few_references_that_stand_for_billions_of_values_are_refused(tmp_path: Path) -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12)]
    assert "too large" in refused(tmp_path, "\n".join(lines))


# ---------------------------------------------------------------- held to the code


def test_defaults_are_those_of_the_functions_they_go_to() -> None:
    run, file = inspect.signature(backtest).parameters, inspect.signature(read_bars).parameters
    words = {"costs", "slippage_bps", "slippage", "commission", "limits"}
    assert {name: field.default for name, field in BacktestSection.model_fields.items() if name not in words} == {
        name: run[name].default for name in BacktestSection.model_fields if name not in words
    }
    of_files = {name: field for name, field in DataSection.model_fields.items() if name not in {"timeframe", "sources"}}
    assert {name: field.default for name, field in of_files.items()} == {name: file[name].default for name in of_files}


def test_every_key_has_a_meaning_and_a_type_in_words_and_an_example_where_it_has_no_default() -> None:
    for key, field in fields():
        assert field.description, key
        assert kind_of(field), key
        assert field.default is not None or field.examples, key
