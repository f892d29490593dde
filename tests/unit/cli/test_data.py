"""`tradewright data`: files in, lists, checks, files out, and what is taken out again."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
from tests.command_line import SAY, Tw, csv_of, left_behind, rows_of

import tradewright
from tradewright.domain.errors import ConfigError, ResourceError
from tradewright.face.stored_bars import load_bars


def rows(count: int = 120, **changed: str) -> str:
    """A file of daily bars; `changed` gives another close to the row of that number."""
    lines = rows_of(count)
    for number, close in changed.items():
        lines[int(number.removeprefix("row"))][4] = close
    return csv_of(lines)


def is_weekday(date: str) -> bool:
    return dt.date.fromisoformat(date).weekday() < 5


def imported(tw: Tw, *args: str) -> list[dict[str, object]]:
    run = tw("data", "import", *args, *SAY, "--json")
    assert (run.code, run.err) == (0, ""), run.err
    files: list[dict[str, object]] = json.loads(run.out)["files"]
    return files


# ---------------------------------------------------------------- import


def test_what_is_imported_is_what_is_read(tw: Tw, desk: Path) -> None:
    (told,) = imported(tw, "ACME.csv")
    read = tradewright.read_bars("ACME.csv", symbol="ACME", timeframe="1d", calendar="24/7")
    assert load_bars("ACME").fingerprint == read.fingerprint == told["version"]
    assert (told["effect"], told["new_rows"], told["first"], told["last"]) == ("added", 120, "2024-01-01", "2024-04-29")
    assert told["file"] == "ACME.csv"


def test_the_same_file_again_changes_nothing_and_says_so(tw: Tw, desk: Path) -> None:
    imported(tw, "ACME.csv")
    assert [each["effect"] for each in imported(tw, "ACME.csv")] == ["unchanged"]
    run = tw("data", "import", "ACME.csv", *SAY)
    assert "unchanged" in run.out
    assert "2024-04-29" in run.out


def test_folders_and_patterns_name_their_symbols(tw: Tw, desk: Path) -> None:
    (desk / "bars").mkdir()
    for symbol in ("AAA", "BBB"):
        (desk / "bars" / f"{symbol}_1d_2024.csv").write_text(rows())
    told = imported(tw, "bars", "--symbol-from", "{symbol}_1d_*", "--symbols", "BBB")
    assert [each["instrument"] for each in told] == ["CRYPTO:BBB"]


def test_one_bad_file_refuses_all_and_is_named(tw: Tw, desk: Path) -> None:
    (desk / "BAD.csv").write_text(rows(row7="1000"))
    run = tw("data", "import", "ACME.csv", "BAD.csv", *SAY)
    assert run.code == 1
    assert "Line 9 of BAD.csv cannot be used" in run.err
    assert tw("data", "list").out.startswith("The store is empty")


def test_a_bad_file_is_named_where_its_sentence_does_not_name_it(tw: Tw, desk: Path) -> None:
    (desk / "ZERO.csv").write_text(csv_of([[*row[:5], "0"] for row in rows_of()]))
    run = tw("data", "import", "ACME.csv", "ZERO.csv", "--timeframe", "1d")
    assert (run.code, run.err.splitlines()[0].partition(":")[0]) == (1, "ACME.csv")


def test_bad_files_are_left_out_when_asked(tw: Tw, desk: Path) -> None:
    (desk / "BAD.csv").write_text(rows(row7="1000"))
    run = tw("data", "import", "BAD.csv", "ACME.csv", *SAY, "--skip-bad", "--json")
    assert run.code == 0
    assert run.err.startswith("Left out: Line 9 of BAD.csv")
    assert [each["effect"] for each in json.loads(run.out)["files"]] == ["refused", "added"]
    assert tw("data", "import", "BAD.csv", *SAY, "--skip-bad").code == 1


def test_rows_that_are_left_out_are_told_and_stay_in_the_quality_report(tw: Tw, desk: Path) -> None:
    (desk / "BAD.csv").write_text(rows(row7="1000"))
    run = tw("data", "import", "BAD.csv", *SAY, "--bad-rows", "drop")
    assert "1 of 120 rows of BAD.csv were left out, first line 9" in run.err
    assert "Line 9 of BAD.csv was left out" in tw("data", "check").out


def test_what_is_stored_when_the_telling_is_stopped_is_not_denied(
    tw: Tw, desk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("tradewright.cli.data_import._show", stopped)
    run = tw("data", "import", "ACME.csv", *SAY)
    assert (run.code, run.err) == (130, "Stopped. Kept: CRYPTO:ACME 1d raw.\n")


def test_rows_that_an_earlier_import_left_out_stay_in_the_report_of_what_is_appended(tw: Tw, desk: Path) -> None:
    bad = rows().splitlines()
    bad[40] = bad[40].rsplit(",", 2)[0] + ",-1,9"
    (desk / "ACME.csv").write_text("\n".join(bad) + "\n")
    assert tw("data", "import", "ACME.csv", *SAY, "--bad-rows", "drop").code == 0
    (desk / "ACME.csv").write_text("\n".join([bad[0], *rows(130).splitlines()[100:]]) + "\n")
    imported(tw, "ACME.csv", "--append")
    (told,) = load_bars("ACME").quality.findings
    assert (told.problem, told.line) == ("impossible", 41)


def test_bars_that_no_result_can_rest_on_are_told_when_they_are_stored(tw: Tw, desk: Path, shared_data: Path) -> None:
    file = str(shared_data / "daily" / "AAPL_1d_1998_2021_raw.csv.gz")
    run = tw("data", "import", file, "--symbol", "AAPL", "--calendar", "XNYS", "--timeframe", "1d")
    assert run.code == 0
    assert "XNYS:AAPL is stored, and not fit for use: Between 2000-06-20 and 2000-06-21 the price goes" in run.err
    assert "(3 more of that gravity.)" in run.err


def test_other_bars_need_a_word_about_the_stored_ones(tw: Tw, desk: Path) -> None:
    imported(tw, "ACME.csv")
    (desk / "ACME.csv").write_text(rows(130))
    run = tw("data", "import", "ACME.csv", *SAY)
    assert run.code == 1
    assert "CRYPTO:ACME 1d raw is stored with 120 bars, and ACME.csv has others." in run.err
    assert "--append" in run.err
    assert [each["new_rows"] for each in imported(tw, "ACME.csv", "--append")] == [10]
    assert len(load_bars("ACME")) == 130


def test_bars_that_contradict_the_stored_ones_are_not_appended(tw: Tw, desk: Path) -> None:
    imported(tw, "ACME.csv")
    stored = rows_of()[40][4]
    (desk / "ACME.csv").write_text(rows(130, row40=f"{float(stored) + 0.01:.2f}"))
    run = tw("data", "import", "ACME.csv", *SAY, "--append")
    assert run.code == 1
    assert f"first at 2024-02-10: close {float(stored)} is stored, ACME.csv has {float(stored) + 0.01:.2f}" in run.err
    assert [each["effect"] for each in imported(tw, "ACME.csv", "--replace")] == ["replaced"]
    assert len(json.loads(tw("data", "list", "--versions", "--json").out)["series"]) == 2


@pytest.mark.parametrize(
    ("args", "sentence"),
    [
        (("ACME.csv", "--calendar", "24/7"), "The files do not say how long a bar lasts."),
        (("ACME.csv", *SAY, "--append", "--replace"), "Bars are appended or replace what is there, not both."),
        ((*SAY,), "Missing argument 'FILE...'."),
    ],
)
def test_what_cannot_be_meant_is_refused(tw: Tw, args: tuple[str, ...], sentence: str) -> None:
    run = tw("data", "import", *args)
    assert (run.code, run.err.splitlines()[0]) == (2, sentence)


def test_a_file_may_be_in_another_currency_of_another_exchange(tw: Tw, desk: Path) -> None:
    (told,) = imported(tw, "ACME.csv", "--exchange", "KRAKEN", "--currency", "EUR")
    assert told["instrument"] == "KRAKEN:ACME"
    assert load_bars("ACME").instrument.currency == "EUR"


# ---------------------------------------------------------------- list, check


def test_the_list_has_what_there_is_to_know(tw: Tw, desk: Path) -> None:
    imported(tw, "ACME.csv")
    line = tw("data", "list").out.splitlines()[-2].split("  ")
    assert [cell.strip() for cell in line if cell.strip()][:8] == [
        "CRYPTO:ACME", "1d", "raw", "120", "2024-01-01", "2024-04-29", load_bars("ACME").fingerprint[:12], "clean",
    ]  # fmt: skip


def test_an_unknown_symbol_is_refused_with_the_nearest(tw: Tw, desk: Path) -> None:
    imported(tw, "ACME.csv")
    for command in ("list", "check", "export", "remove", "prune"):
        run = tw("data", command, "ACMEE", *(("--out", "x") if command == "export" else ()))
        assert (run.code, run.err) == (1, "ACMEE is not in the store.\n  Did you mean ACME?\n")


def test_what_is_stored_otherwise_is_said(tw: Tw, desk: Path) -> None:
    imported(tw, "ACME.csv")
    run = tw("data", "list", "ACME", "--timeframe", "1m")
    assert (run.code, run.err.splitlines()[1].strip()) == (1, "There is 1d raw.")


def test_check_says_that_the_content_is_what_was_written(tw: Tw, desk: Path) -> None:
    imported(tw, "ACME.csv")
    run = tw("data", "check", "--json")
    told = json.loads(run.out)
    assert run.code == 0
    assert [(each["sound"], each["fault"]) for each in told["series"]] == [(True, None)]
    assert told["quality"]["reports"][0]["instrument"] == "CRYPTO:ACME"
    assert "as written" in tw("data", "check").out


def test_check_finds_damage_and_ends_with_one(tw: Tw, desk: Path, storage: Path) -> None:
    imported(tw, "ACME.csv")
    (path,) = storage.rglob("*.parquet")
    path.write_bytes(path.read_bytes()[:-100])
    run = tw("data", "check")
    assert run.code == 1
    assert "damaged" in run.out
    assert "Traceback" not in run.err
    assert [each["effect"] for each in imported(tw, "ACME.csv", "--replace")] == ["unchanged"]
    assert tw("data", "check").code == 0


def test_check_writes_the_quality_as_a_page_and_clears_leftovers(tw: Tw, desk: Path, storage: Path) -> None:
    imported(tw, "ACME.csv")
    (path,) = storage.rglob("*.parquet")
    path.with_name("left.parquet").write_bytes(b"")
    run = tw("data", "check", "--repair", "--html", "quality.html")
    assert "Files that no version needs, removed: 1" in run.out
    assert "CRYPTO:ACME" in (desk / "quality.html").read_text(encoding="utf-8")
    assert len(list(storage.rglob("*.parquet"))) == 1


# ---------------------------------------------------------------- export


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_importing_the_export_gives_the_same_bars(tw: Tw, desk: Path, kind: str) -> None:
    imported(tw, "ACME.csv")
    before = load_bars("ACME").fingerprint
    assert tw("data", "export", "ACME", "--out", "out", "--format", kind).code == 0
    tw("data", "remove", "ACME", "--yes")
    imported(tw, f"out/ACME.{kind}")
    assert load_bars("ACME").fingerprint == before


def test_a_part_and_a_computed_adjustment_can_be_exported(tw: Tw, desk: Path) -> None:
    lines = [[*row, "2" if number == 60 else ""] for number, row in enumerate(rows_of())]
    (desk / "SPLIT.csv").write_text(csv_of(lines, "timestamp,open,high,low,close,volume,split_ratio"))
    imported(tw, "SPLIT.csv")
    tw(
        "data",
        "export",
        "SPLIT",
        "--out",
        "s.csv",
        "--adjustment",
        "split",
        "--start",
        "2024-01-02",
        "--end",
        "2024-01-03",
    )
    head, first, second = (desk / "s.csv").read_text().splitlines()
    assert head == "timestamp,open,high,low,close,volume"
    assert first.startswith(f"2024-01-02,{float(rows_of()[1][1]) / 2:g}")
    assert second.startswith("2024-01-03,")


def test_names_of_several_exchanges_do_not_overwrite_each_other(tw: Tw, desk: Path) -> None:
    for exchange in ("AAA", "BBB"):
        imported(tw, "ACME.csv", "--exchange", exchange)
    assert tw("data", "export", "ACME", "--out", "out").err.splitlines() == [
        "ACME is stored of 2 exchanges.", "  Say AAA:ACME or BBB:ACME."
    ]  # fmt: skip
    tw("data", "export", "AAA:ACME", "BBB:ACME", "--out", "out")
    assert left_behind(desk / "out") == ["AAA_ACME.csv", "BBB_ACME.csv"]


@pytest.mark.parametrize("names", [("BRK/B", "BRK_B"), ("ACME", "acme"), ("ACME", "XNYS:ACME")])
def test_symbols_that_share_a_file_name_are_refused(tw: Tw, desk: Path, names: tuple[str, str]) -> None:
    for symbol in dict.fromkeys(name.removeprefix("XNYS:") for name in names):
        imported(tw, "ACME.csv", "--symbol", symbol, "--exchange", "XNYS")
    run = tw("data", "export", *names, "--out", "out")
    assert run.code == 2
    assert f"{names[0]} and {names[1]} would be written to the same file" in run.err
    assert not (desk / "out").exists()


@pytest.mark.parametrize(
    "args", [("ACME", "BBB", "--out", "one.csv"), ("ACME", "--out", "one.csv", "--format", "parquet")]
)
def test_a_file_that_cannot_hold_it_is_refused(tw: Tw, desk: Path, args: tuple[str, ...]) -> None:
    (desk / "BBB.csv").write_text(rows())
    imported(tw, "ACME.csv", "BBB.csv")
    assert tw("data", "export", *args).code == 2
    assert not (desk / "one.csv").exists()


# ---------------------------------------------------------------- remove, prune


def test_nothing_is_removed_without_a_yes(tw: Tw, desk: Path) -> None:
    imported(tw, "ACME.csv")
    run = tw("data", "remove", "ACME")
    assert (run.code, run.err.splitlines()[1].strip()) == (2, "Say --yes.")
    assert len(load_bars("ACME")) == 120


@pytest.mark.parametrize("command", [("remove", "ACME"), ("prune",)])
def test_json_is_no_yes(tw: Tw, desk: Path, command: tuple[str, ...]) -> None:
    imported(tw, "ACME.csv")
    (desk / "ACME.csv").write_text(rows(130))
    imported(tw, "ACME.csv", "--append")
    run = tw("data", *command, "--json")
    assert run.code == 2
    assert "Say --yes." in run.err
    assert len(json.loads(tw("data", "list", "--versions", "--json").out)["series"]) == 2


def test_a_name_of_several_series_is_not_removed_by_accident(tw: Tw, desk: Path) -> None:
    imported(tw, "ACME.csv")
    imported(tw, "ACME.csv", "--adjustment", "full")
    run = tw("data", "remove", "ACME", "--yes")
    assert run.code == 2
    assert "ACME stands for 2 series: CRYPTO:ACME 1d full, CRYPTO:ACME 1d raw." in run.err
    assert tw("data", "remove", "ACME", "--adjustment", "full", "--yes").code == 0
    assert [each["adjustment"] for each in json.loads(tw("data", "list", "--json").out)["series"]] == ["raw"]


def test_prune_keeps_the_current_version_alone(tw: Tw, desk: Path) -> None:
    imported(tw, "ACME.csv")
    (desk / "ACME.csv").write_text(rows(130))
    imported(tw, "ACME.csv", "--append")
    assert "Removed 1 version;" in tw("data", "prune", "--yes").out
    assert [each["rows"] for each in json.loads(tw("data", "list", "--versions", "--json").out)["series"]] == [130]


def test_one_version_can_be_removed(tw: Tw, desk: Path) -> None:
    (old,) = imported(tw, "ACME.csv")
    (desk / "ACME.csv").write_text(rows(130))
    imported(tw, "ACME.csv", "--append")
    removed = json.loads(
        tw("data", "remove", "ACME", "--data-version", str(old["version"])[:12], "--yes", "--json").out
    )
    assert [each["version"] for each in removed["removed"]] == [old["version"]]
    assert tw("data", "remove", "ACME", "--data-version", "abcdef0", "--yes").code == 1


# ---------------------------------------------------------------- load_bars


def test_a_range_of_dates_includes_its_last_day(tw: Tw, desk: Path) -> None:
    imported(tw, "ACME.csv")
    bars = load_bars("ACME", "2024-01-10", "2024-01-12")
    assert [str(label) for label in bars.labels().view("datetime64[ns]").astype("datetime64[D]")] == [
        "2024-01-10", "2024-01-11", "2024-01-12"
    ]  # fmt: skip
    assert bars.quality is not None


def test_several_symbols_come_by_the_names_they_were_asked_by(tw: Tw, desk: Path) -> None:
    imported(tw, "ACME.csv")
    assert list(load_bars(["CRYPTO:ACME", "ACME"])) == ["CRYPTO:ACME", "ACME"]


def test_an_earlier_version_is_read_by_its_first_digits(tw: Tw, desk: Path) -> None:
    (old,) = imported(tw, "ACME.csv")
    (desk / "ACME.csv").write_text(rows(130))
    imported(tw, "ACME.csv", "--append")
    assert len(load_bars("ACME", version=str(old["version"])[:8])) == 120
    with pytest.raises(ConfigError, match="too short"):
        load_bars("ACME", version="ab")
    with pytest.raises(ConfigError, match="A version is of one symbol"):
        load_bars(["ACME", "OTHER"], version="abcdef")


@pytest.mark.parametrize(
    ("symbols", "said", "sentence"),
    [
        (None, {}, "symbols=None is neither a name nor"),
        ([5], {}, "is neither a name nor a list of names"),
        ("ACME", {"version": 13}, "version=13 is not str"),
        ("ACME", {"timeframe": 5}, "'5' is not a timeframe"),
    ],
)
def test_arguments_of_another_kind_are_refused_in_a_sentence(symbols: Any, said: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ConfigError, match=sentence):
        load_bars(symbols, **said)


def test_several_adjustments_are_told_apart(tw: Tw, desk: Path) -> None:
    for adjustment in ("raw", "full"):
        imported(tw, "ACME.csv", "--adjustment", adjustment)
    with pytest.raises(ConfigError, match="stored with 2 adjustments") as caught:
        load_bars("ACME")
    assert caught.value.hint == "Choose adjustment='full' or adjustment='raw'."
    assert load_bars("ACME", adjustment="full").adjustment == "full"


@pytest.mark.parametrize(
    ("adjustment", "sentence"),
    [
        ("raw", "No split or dividend of ACME is known, so its fully adjusted prices are its raw prices"),
        ("split", "No dividend of ACME is known, so its fully adjusted prices are its split prices"),
    ],
)
def test_full_prices_of_a_share_without_known_actions_say_so(
    tw: Tw, desk: Path, adjustment: str, sentence: str
) -> None:
    (desk / "ACME.csv").write_text(csv_of([row for row in rows_of() if is_weekday(row[0])][2:12]))
    say = ("--timeframe", "1d", "--calendar", "XNYS", "--bad-rows", "drop", "--adjustment", adjustment)
    assert tw("data", "import", "ACME.csv", *say).code == 0
    (told,) = [each for each in load_bars("ACME", adjustment="full").quality.findings if "known" in each.sentence]
    assert told.sentence.startswith(sentence)
    assert told.gravity == "notice"
    assert not any("known" in each.sentence for each in load_bars("ACME").quality.findings)


def test_computed_prices_do_not_depend_on_the_range(tw: Tw, desk: Path) -> None:
    lines = [[*row, "2" if number == 60 else ""] for number, row in enumerate(rows_of())]
    (desk / "SPLIT.csv").write_text(csv_of(lines, "timestamp,open,high,low,close,volume,split_ratio"))
    imported(tw, "SPLIT.csv")
    part = load_bars("SPLIT", "2024-01-05", "2024-01-08", adjustment="split")
    whole = load_bars("SPLIT", adjustment="split")
    assert part.close.tolist() == whole.close[4:8].tolist() != load_bars("SPLIT").close[4:8].tolist()
    assert part.origin["then"] == [{"adjust": "split"}, {"days": "2024-01-05/2024-01-08"}]


# ---------------------------------------------------------------- backtests over the store


PAST = ("--data-version", "abcdef")


def run_over_store(tw: Tw, *args: str) -> dict[str, object]:
    run = tw("backtest", "sma.py", *args, "--json")
    assert run.code == 0, run.err
    found: dict[str, object] = json.loads(run.out)
    return found


def test_symbols_without_files_are_read_from_the_store_and_trade_as_from_the_file(tw: Tw, desk: Path) -> None:
    imported(tw, "ACME.csv")
    stored, filed = run_over_store(tw, "--symbols", "ACME"), run_over_store(tw, "ACME.csv", *SAY)
    assert stored["trades"] == filed["trades"] != []
    assert stored["metrics"] == filed["metrics"]


def test_a_catalogue_entry_takes_its_universe_from_the_store(tw: Tw, desk: Path) -> None:
    imported(tw, "ACME.csv")
    (desk / "strategies.yaml").write_text("strategies: {mine: {class: sma.py:SmaCross, universe: [ACME]}}")
    assert tw("backtest", "mine", "--json").code == 0
    assert tw("backtest", "mine", "--source", "store", "--json").code == 0


def test_settings_about_files_are_not_about_the_store(tw: Tw, desk: Path) -> None:
    imported(tw, "ACME.csv")
    (desk / "tradewright.yaml").write_text("data: {calendar: 24/7, timeframe: 1d, bad_rows: drop}")
    assert tw("backtest", "sma.py", "--symbols", "ACME", "--json").code == 0


def test_an_earlier_version_can_be_traded(tw: Tw, desk: Path) -> None:
    (old,) = imported(tw, "ACME.csv")
    (desk / "ACME.csv").write_text(rows(130))
    imported(tw, "ACME.csv", "--append")
    document = run_over_store(tw, "--symbols", "ACME", "--data-version", str(old["version"])[:10])
    assert document["data"][0]["rows"] == 120  # type: ignore[index]


@pytest.mark.parametrize(
    ("args", "code", "sentence"),
    [
        (("--symbols", "ACMEE"), 1, "ACMEE is not in the store."),
        (("--source", "store"), 2, "The run does not say which stored symbols to trade."),
        (("--source", "store", "ACME.csv", "--symbols", "ACME"), 2, "A run is over files or over the store, not both."),
        (("--symbols", "ACME", "--tz", "UTC"), 2, "--tz describes files, and the bars are stored."),
        (("ACME.csv", *SAY, *PAST), 2, "--data-version is about the store, and the bars are in files."),
        (("--synthetic", *PAST), 2, "--data-version is about the store, and the market is synthetic."),
        ((), 2, "There are no bars to run over."),
    ],
)  # fmt: skip
def test_what_a_run_cannot_take_from_the_store_is_refused(
    tw: Tw, desk: Path, args: tuple[str, ...], code: int, sentence: str
) -> None:
    imported(tw, "ACME.csv")
    run = tw("backtest", "sma.py", *args)
    assert (run.code, run.err.splitlines()[0]) == (code, sentence)


def test_more_than_the_memory_holds_is_refused_with_the_estimate(
    tw: Tw, desk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    imported(tw, "ACME.csv")
    monkeypatch.setattr("tradewright.app.backtest.free_memory", lambda: 100)
    run = tw("backtest", "sma.py", "--symbols", "ACME")
    assert (run.code, run.err.splitlines()[0]) == (1, "Reading 120 bars needs about 0.0 GB and 0.0 GB are free.")


def test_a_range_of_computed_prices_needs_room_for_the_whole_history(
    tw: Tw, desk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    imported(tw, "ACME.csv")
    monkeypatch.setattr("tradewright.app.backtest.free_memory", lambda: 100)
    assert len(load_bars("ACME", "2024-01-05", "2024-01-06")) == 2
    with pytest.raises(ResourceError, match="Reading 120 bars needs about"):
        load_bars("ACME", "2024-01-05", "2024-01-06", adjustment="split")


# ---------------------------------------------------------------- freshness


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    """The time of day that commands see; the last bar of `ACME.csv` closes with 2024-04-29."""
    now = {"ns": 0}
    monkeypatch.setattr("tradewright.adapters.system_clock.SystemClock.now_ns", lambda _: now["ns"])
    return now


def at(clock: dict[str, int], moment: str) -> None:
    clock["ns"] = int(dt.datetime.fromisoformat(moment).replace(tzinfo=dt.UTC).timestamp()) * 10**9


def freshness(tw: Tw, *args: str) -> tuple[int, dict[str, Any]]:
    run = tw("data", "check", "--json", *args)
    (series,) = json.loads(run.out)["series"]
    found: dict[str, Any] = series["freshness"]
    return run.code, found


def test_imported_bars_say_how_far_they_lie_behind_and_nobody_fails(tw: Tw, desk: Path, clock: dict[str, int]) -> None:
    imported(tw, "ACME.csv")
    at(clock, "2024-04-30T12:00")
    assert freshness(tw)[1]["state"] == "fresh"
    at(clock, "2024-05-04T12:00")
    code, found = freshness(tw)
    assert (code, found["state"], found["sessions_behind"], found["fetched_from"]) == (0, "stale", 4, None)
    run = tw("data", "check")
    assert "4 sessions have closed on 24/7 since its last bar (2024-04-29)." in run.out


def test_a_stale_series_fails_where_it_is_fetched_or_where_it_is_said(
    tw: Tw, desk: Path, clock: dict[str, int]
) -> None:
    from tradewright.bootstrap.bar_store import bar_store
    from tradewright.bootstrap.coverage import coverage_book

    imported(tw, "ACME.csv")
    at(clock, "2024-05-04T12:00")
    assert freshness(tw, "--max-behind", "4")[0] == 0
    assert freshness(tw, "--max-behind", "3")[0] == 1
    (stored,) = bar_store().series()
    coverage_book().mark(stored.source, stored.key, 19_000, 19_842, clock["ns"], 60.0)
    code, found = freshness(tw)
    assert (code, found["state"], found["delay_s"]) == (1, "stale", 60.0)
    assert "1 min" in tw("data", "check").out
    at(clock, "2024-05-01T12:00")
    assert freshness(tw)[0] == 0


# ---------------------------------------------------------------- letting go


def test_old_bars_of_files_go_only_when_they_are_told_to(tw: Tw, desk: Path, clock: dict[str, int]) -> None:
    imported(tw, "ACME.csv")
    at(clock, "2024-05-01T12:00")
    (desk / "tradewright.yaml").write_text("storage:\n  retention: {1d: 30d}\n")
    assert "files are not archived" in tw("data", "archive").err
    asked = tw("data", "archive", "--discard")
    assert (asked.code, "This would remove CRYPTO:ACME 1d raw of before 2024-04-01." in asked.err) == (2, True)
    assert len(load_bars("ACME")) == 120
    (told,) = json.loads(tw("data", "archive", "--discard", "--yes", "--json").out)["discarded"]
    assert (told["instrument"], told["rows"], told["left"], told["versions"]) == ("CRYPTO:ACME", 91, 29, 1)
    assert str(load_bars("ACME").sessions.labels[0].astype("datetime64[D]")) == "2024-04-01"
    assert "Nothing was removed" in tw("data", "archive", "--discard").out


def test_a_series_goes_with_all_its_versions(tw: Tw, desk: Path) -> None:
    imported(tw, "ACME.csv")
    (desk / "ACME.csv").write_text(rows(130))
    imported(tw, "ACME.csv", "--append")
    assert "Removed 2 versions" in tw("data", "remove", "ACME", "--yes").out
    assert tw("data", "list").out.startswith("The store is empty")
