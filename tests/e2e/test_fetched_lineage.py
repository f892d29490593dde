"""Runs over fetched bars can be had again to the last byte, whatever the provider says later."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.command_line import Tw, desk, tw
from tests.markets import share
from tests.sandboxes import Sandbox, sandbox_over
from tests.timed_bars import day, sessions_of

from tradewright import load_bars, read_bars
from tradewright.domain.actions import ActionKind, CorporateAction, actions_of
from tradewright.domain.bars import Actions, Bars

__all__ = ["desk", "tw"]

pytestmark = pytest.mark.slow

DAYS = sessions_of(share(), "1d", "2020-01-06", "2020-05-15")
PRICES = 100.0 + np.arange(len(DAYS)) * 7 % 23
PRICES[60:] /= 2
REVISED = np.where(np.arange(len(DAYS)) == 30, PRICES + 3.0, PRICES)
FETCH = ("data", "fetch", "ACME", "--source", "alpaca", "--start", "2020-01-06", "--end", "2020-05-14", "--json")
RUN = ("backtest", "sma.py", "--symbols", "ACME", "--json")


@pytest.fixture(scope="module")
def venues() -> Iterator[tuple[Sandbox, Sandbox]]:
    """A provider, and the same one after it corrected a bar and a split."""
    with sandbox_over(tape(PRICES, 2.0)) as first, sandbox_over(tape(REVISED, 4.0)) as second:
        for each in (first, second):
            each.advance(len(DAYS) - 1)
        yield first, second


def tape(prices: Any, ratio: float) -> Bars:
    """A price for every session, and a split before the open of the sixtieth."""
    split = Actions(DAYS.sessions.labels[60:61], np.array([ratio]))
    columns = dict.fromkeys(("open", "high", "low", "close"), prices)
    return replace(DAYS, actions=split, volume=np.full(len(DAYS), 1e9), **columns)


@pytest.fixture(params=["files", "database"])
def kept(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, desk: Path) -> str:
    """Where bars are kept."""
    for name in ("PAPER_KEY", "SECRET"):
        monkeypatch.setenv(name, "PKTEST" if name == "PAPER_KEY" else "secret")
    if request.param == "database":
        monkeypatch.setenv("TRADEWRIGHT_STORAGE__DATABASE", request.getfixturevalue("postgres_dsn"))
        monkeypatch.setenv("TRADEWRIGHT_STORAGE__BARS", "database")
    return str(request.param)


def reach(venue: Sandbox) -> None:
    """Let the settings lead to a venue."""
    socket = venue.url.replace("http", "ws")
    Path("tradewright.yaml").write_text(
        f"""brokers:
  alpaca:
    options: {{time: venue}}
    addresses: {{trading: '{venue.url}', data: '{venue.url}', stream: '{socket}/stream', data_stream: '{socket}/v2'}}
    paper: {{key: '${{PAPER_KEY}}', secret: '${{SECRET}}'}}
"""
    )


def said(tw: Tw, *words: str) -> str:
    run = tw(*words)
    assert run.code == 0, run.err
    return run.out


def fetched(tw: Tw, *more: str) -> Any:
    return json.loads(said(tw, *FETCH, *more))["symbols"][0]


def test_a_run_is_reproduced_after_the_provider_revised_its_bars_and_a_split(
    tw: Tw, kept: str, venues: tuple[Sandbox, Sandbox]
) -> None:
    reach(venues[0])
    assert fetched(tw)["new"] == len(DAYS) - 1
    first = said(tw, *RUN)
    version = json.loads(first)["data"][0]["fingerprint"]
    adjusted = said(tw, *RUN, "--adjustment", "split")
    reach(venues[1])
    assert fetched(tw)["pieces"] == 0, "what is known is not asked for"
    assert said(tw, *RUN) == first
    again = fetched(tw, "--refresh")
    assert (again["revised"], again["new"], again["told"]) == (1, 0, 1)
    assert "The split of ACME on 2020-04-01 was 2.0, and alpaca now says 4.0." in again["notes"]
    second = said(tw, *RUN)
    assert second != first
    assert json.loads(second)["data"][0]["fingerprint"] != version
    assert said(tw, *RUN, "--data-version", version) == first
    assert said(tw, *RUN, "--data-version", version[:12], "--adjustment", "split") == adjusted
    on = json.loads(said(tw, *RUN, "--adjustment", "split", "--as-of", "2020-05-13"))["data"][0]
    assert on["rows"] == len(DAYS) - 2
    runs = json.loads(said(tw, "runs", "list", "--json"))["runs"]
    for run in (runs[0], runs[-1]):
        assert "ran again to the same bytes" in said(tw, "runs", "rerun", run["id"])


def test_the_fetched_history_of_a_share_adjusts_to_published_prices(
    tw: Tw, monkeypatch: pytest.MonkeyPatch, desk: Path, shared_data: Path
) -> None:
    """Nine years of Apple with a split of 7:1 and dividends, raw and adjusted as LEAN publishes them."""
    for name in ("PAPER_KEY", "SECRET"):
        monkeypatch.setenv(name, "PKTEST" if name == "PAPER_KEY" else "secret")
    apple = {"symbol": "AAPL", "calendar": "XNAS", "timeframe": "1d"}
    daily = shared_data / "daily"
    raw = read_bars(daily / "AAPL_1d_1998_2021_raw.csv.gz", actions=daily / "AAPL_factors.csv", **apple)
    published = read_bars(daily / "AAPL_1d_1998_2021_adjusted.csv.gz", adjustment="full", **apple)
    years = slice(*np.searchsorted(raw.sessions.labels, [day("2012-01-03"), day("2021-01-01")]).tolist())
    with sandbox_over(raw.rows(years.start, years.stop), policies={"start": "2020-12-30"}) as venue:
        venue.advance(1)
        reach(venue)
        days = ("--start", "2012-01-03", "--end", "2020-12-31")
        done = json.loads(said(tw, "data", "fetch", "AAPL", "--source", "alpaca", *days, "--json"))["symbols"][0]
    assert (done["new"], done["told"] > 30) == (years.stop - years.start, True)
    full, split = (load_bars("AAPL", adjustment=kind) for kind in ("full", "split"))
    theirs = published.close[years]
    assert full.close / theirs == pytest.approx(np.full(len(theirs), full.close[-1] / theirs[-1]), rel=5e-6)
    labels = split.sessions.labels
    shares = np.where(labels < day("2014-06-09"), 7, 1) * np.where(labels < day("2020-08-31"), 4, 1)
    assert split.close == pytest.approx(raw.close[years] / shares, rel=1e-12)
    assert load_bars("AAPL").close.tolist() == raw.close[years].tolist()


HOLD = '''"""Buys once and holds."""

from tradewright import Strategy


class Hold(Strategy):
    """Ten shares of META from the first bar on."""

    def on_bar(self, ctx):
        if not ctx.position("META") and ctx.bar("META") is not None:
            ctx.buy(10, "META")
'''


def test_a_former_name_is_told_and_what_ended_is_settled_at_its_last_close(
    tw: Tw, monkeypatch: pytest.MonkeyPatch, desk: Path
) -> None:
    for name in ("PAPER_KEY", "SECRET"):
        monkeypatch.setenv(name, "PKTEST" if name == "PAPER_KEY" else "secret")
    labels = DAYS.sessions.labels.tolist()
    renamed = CorporateAction(kind=ActionKind.RENAME, symbol="FB", day=labels[10], source="tape", to="META")
    ended = CorporateAction(kind=ActionKind.DELISTING, symbol="META", day=labels[40], source="tape")
    plain = replace(tape(PRICES, 2.0), actions=Actions())
    meta = replace(plain.rows(0, 40), instrument=share("META"), actions=actions_of([renamed, ended], "USD"))
    with sandbox_over({"META": meta, "BOLT": replace(plain, instrument=share("BOLT"))}) as venue:
        venue.advance(len(DAYS) - 1)
        reach(venue)
        words = ("data", "fetch", "--source", "alpaca", "--start", "2020-01-06")
        lost = tw(*words, "FB")
        assert (lost.code, "FB has been called META since 2020-01-21." in lost.err) == (1, True)
        done = json.loads(said(tw, *words, "META", "BOLT", "--json"))["symbols"]
        again = json.loads(said(tw, *words, "META", "--json"))["symbols"][0]
    assert [each["new"] for each in done] == [40, len(DAYS)]
    assert again["pieces"] == 0, "it is not asked for after its end"
    (desk / "hold.py").write_text(HOLD)
    document = json.loads(said(tw, "backtest", "hold.py", "--symbols", "META,BOLT", "--costs", "none", "--json"))
    trades = document["trades"]
    assert (trades["exit_price"], trades["quantity"]) == ([PRICES[39]], [10.0])
    assert trades["exit_time"][0].startswith(str(np.datetime64(labels[39], "D")))
    assert "FB has been called META" in tw("backtest", "hold.py", "--symbols", "FB").err
