"""The HTML report and the notebook card."""

from __future__ import annotations

import json
import re
import sys
from html.parser import HTMLParser
from typing import Any

import numpy as np
import pytest
from tests.builders import Dealt, daily_timeline, minute_timeline, random_walk, round_trips, run_record

from tradewright.domain.errors import MissingExtraError
from tradewright.domain.record import RunRecord
from tradewright.reporting import html
from tradewright.reporting.figures import layout
from tradewright.reporting.figures.equity import equity_figure
from tradewright.reporting.figures.trades import trade_figure
from tradewright.reporting.findings import examine
from tradewright.reporting.markup import Markup, fill, tag, template
from tradewright.reporting.result import Result
from tradewright.reporting.sections import trade_list

VOID = {"meta", "br", "hr", "input"}


class Page(HTMLParser):
    """A page taken apart: open tags, ids, outside addresses, and its text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.addresses: list[str] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, name: str, attributes: list[tuple[str, str | None]]) -> None:
        if name not in VOID:
            self.open.append(name)
        self.ids += [value or "" for key, value in attributes if key == "id"]
        self.addresses += [value or "" for key, value in attributes if key in {"href", "src"}]

    def handle_endtag(self, name: str) -> None:
        if name not in VOID:
            assert self.open.pop() == name

    def handle_data(self, data: str) -> None:
        if not self.open or self.open[-1] not in {"script", "style"}:
            self.text += data


def record(**changes: Any) -> RunRecord:
    closes = random_walk(400, seed=5)
    return run_record(closes, round_trips(closes), **changes)


def page(of: RunRecord) -> str:
    return html.report(examine(of), library="/* library */")


def test_every_element_is_closed_and_every_id_is_unique() -> None:
    found = Page(page(record(synthetic=True, tags={1: "in"})))
    assert found.open == []
    assert len(found.ids) == len(set(found.ids))


def test_nothing_is_fetched() -> None:
    text = page(record())
    found = Page(text)
    assert all(address.removeprefix("#") in found.ids for address in found.addresses)
    assert "url(" not in text
    assert "@import" not in text


def test_the_same_run_gives_the_same_bytes() -> None:
    assert page(record()) == page(record())
    assert html.card(examine(record())) == html.card(examine(record()))


def test_names_cannot_become_markup() -> None:
    closes = random_walk(40)
    hostile = run_record({"<b>X</b>": closes}, round_trips(closes), strategies=('"><script>alert(1)</script>',),
                         tags={1: "</script><img src=x>"})  # fmt: skip
    for text in (page(hostile), html.card(examine(hostile))):
        assert "<script>alert" not in text
        assert "<img" not in text
        assert "<b>X" not in text


def test_the_library_cannot_end_its_own_element() -> None:
    text = html.report(examine(record()), library='var x = "</script><p>";')
    assert 'var x = "<\\/script><p>";' in text


def test_headline_and_all_chips_are_shown() -> None:
    text = Page(page(record())).text
    for label in ("Total return", "CAGR", "Sharpe", "Maximum drawdown", "Closed trades", "Benchmark return"):
        assert label in text
    for label in ("Costs", "Fill rule", "Sample", "Trials", "PBO", "Open positions", "Data", "Look-ahead"):
        assert label in text
    assert text.count("not computed") >= 4


def test_what_is_missing_reads_not_available_with_its_reason() -> None:
    text = Page(page(run_record([10.0] * 30))).text
    assert "n/a" in text
    assert "there are no closed trades" in text
    assert "Nothing to show: no trade was closed." in text
    assert not re.search(r"\b(nan|inf|None)\b", text)


def test_a_failing_trust_state_names_itself_unreliable() -> None:
    closes = random_walk(700, drift=0.02, spread=0.004)
    absurd = run_record(closes, [Dealt(2, 900, closes[2], 1.0), Dealt(699, -900, closes[699], 1.0)])
    assert "✕ unreliable: sample" in Page(page(absurd)).text
    assert "✕ unreliable: sample" in Page(html.card(examine(absurd))).text
    assert "✕ unreliable: sample" in Result(absurd).summary()
    assert "unreliable" not in Page(page(record())).text


def test_synthetic_data_is_said_in_the_title_and_on_the_badge() -> None:
    text = page(record(synthetic=True))
    assert "<title>SYNTHETIC · " in text
    assert "SYNTHETIC DATA" in text


def test_gain_and_loss_carry_sign_shape_and_colour() -> None:
    text = page(record())
    assert re.search(r'<span class="gain"[^>]*>\+[\d.,]+ %<span class="shape" aria-hidden="true">▲', text)
    assert re.search(r'<span class="loss"[^>]*>−[\d.,]+ %<span class="shape" aria-hidden="true">▼', text)


def trade_data(of: RunRecord) -> dict[str, Any]:
    written = re.search(r'id="trade-data">(.*?)</script>', page(of))
    assert written
    data: dict[str, Any] = json.loads(written.group(1))
    return data


def test_every_trade_is_in_the_page_as_data_and_none_as_a_row() -> None:
    closes = random_walk(1_500)
    many = run_record(closes, round_trips(closes, every=3, hold=2, units=1.0))
    data = trade_data(many)
    assert data["number"] == list(range(1, len(many.trades["net"]) + 1))
    assert sum(data["net"]) == pytest.approx(many.trades["net"].sum(), abs=0.01 * len(data["net"]))
    assert page(many).count("<tr>") < 200


def test_too_many_trades_keep_both_ends_and_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trade_list, "MOST_LISTED", 10)
    closes = random_walk(600)
    many = run_record(closes, round_trips(closes))
    assert trade_data(many)["number"] == [1, 2, 3, 4, 5, 46, 47, 48, 49, 50]
    assert "result.to_csv() writes all of them" in Page(page(many)).text


def test_the_costs_card_adds_up_from_cash_to_equity() -> None:
    metrics = examine(record()).metrics
    total = metrics["realized"] + metrics["unrealized"] - metrics["commission"] - metrics["tax"] - metrics["financing"]
    assert 100_000 + total == pytest.approx(metrics["final_equity"])
    assert "Other events" not in Page(page(record())).text


def test_configuration_shows_every_default_and_every_hash() -> None:
    run = record()
    text = Page(page(run)).text
    for shown in ("slippage 10 bps, commission 1 per order", "market orders at the next open", "none", run.hash,
                  run.config_hash, "f" * 64, "no leverage, shorts off"):  # fmt: skip
        assert shown in text


def test_figures_of_the_page_are_json_in_colour_tokens() -> None:
    text = page(record())
    found = re.findall(r'<script type="application/json" id="figure-([\w-]+)">(.*?)</script>', text)
    assert [name for name, _ in found] == ["equity", "rolling", "price-0", "trades", "excursions", "activity", "costs"]
    for _, written in found:
        figure = json.loads(written)
        assert not re.search(r"#[0-9A-Fa-f]{6}", json.dumps(figure))


def test_a_long_curve_keeps_its_deepest_drawdown_in_the_picture() -> None:
    line = minute_timeline(100)
    closes = random_walk(len(line), spread=0.001)
    long = run_record(closes, [Dealt(1, 900, float(closes[1]), 1.0)], timeline=line, timeframe="1m")
    findings = examine(long)
    figure = equity_figure(long, findings.metrics.benchmark)
    equity, benchmark, drawdown = figure["data"]
    assert len(equity["x"]) <= layout.MOST_POINTS
    assert min(drawdown["y"]) == pytest.approx(findings.metrics["max_drawdown"], rel=1e-6)
    assert max(equity["y"]) == pytest.approx(long.equity.max(), rel=1e-6)
    assert benchmark["line"]["dash"]


def test_the_benchmark_is_drawn_from_the_same_cash_at_the_first_bar() -> None:
    line = minute_timeline(3)
    closes = random_walk(len(line), spread=0.001)
    run = run_record(closes, timeline=line, timeframe="1m")
    equity, benchmark, _ = equity_figure(run, examine(run).metrics.benchmark)["data"]
    assert (benchmark["x"][0], benchmark["y"][0]) == (equity["x"][0], run.config.cash)
    assert benchmark["x"] == equity["x"]


def test_a_benchmark_of_other_prices_has_one_point_a_session_and_the_start() -> None:
    line = minute_timeline(3)
    run = run_record(random_walk(len(line), spread=0.001), timeline=line, timeframe="1m")
    _, benchmark, _ = equity_figure(run, examine(run, benchmark=np.array([10.0, 11.0, 12.0])).metrics.benchmark)["data"]
    assert len(benchmark["x"]) == 1 + len(line.session_closes())


def test_the_benchmark_of_daily_bars_has_one_point_a_session() -> None:
    run = run_record([100.0, 101.0, 99.0])
    equity, benchmark, _ = equity_figure(run, examine(run).metrics.benchmark)["data"]
    assert benchmark["x"] == equity["x"]


def test_no_trade_is_left_out_of_the_distribution_and_no_class_mixes_gains_and_losses() -> None:
    closes = random_walk(1_500)
    run = run_record(closes, round_trips(closes, every=5, hold=3))
    run.trades["return"][:2] = [-0.9, 3.0]
    losses, gains = trade_figure(run)["data"]
    returns = run.trades["return"]
    assert sum(losses["y"]) == int(np.count_nonzero(returns < 0))
    assert sum(losses["y"]) + sum(gains["y"]) == len(returns)


def test_colour_tokens_resolve_for_pictures_outside_the_page() -> None:
    figure = Result(record()).plot()
    assert figure.data[0].line.color == layout.LIGHT["--accent"]
    assert "var(" not in figure.to_json()


def test_the_light_theme_of_pictures_is_that_of_the_page() -> None:
    css = template("report.css").partition("@media")[0]
    for name, value in layout.LIGHT.items():
        if value.startswith("#"):
            assert f"{name}: {value}" in css


def test_a_report_file_holds_the_library_once(tmp_path: Any) -> None:
    path = Result(record()).report(tmp_path / "out.html")
    text = path.read_text(encoding="utf-8")
    assert text.count("plotly.js v") == 1
    assert text == Result(record()).report(tmp_path / "again.html").read_text(encoding="utf-8")


def test_the_card_carries_the_whole_trust_bar() -> None:
    findings = examine(record())
    text = Page(html.card(findings)).text
    for chip in findings.trust:
        assert chip.label in text
        assert chip.value in text


def test_the_card_is_small_and_complete() -> None:
    text = html.card(examine(record()))
    assert len(text) < 20_000
    assert Page(text).open == []
    assert "<polyline" in text


def test_text_is_escaped_unless_it_is_markup() -> None:
    assert tag("p", "a<b", Markup("<br>"), title='"') == '<p title="&quot;">a&lt;b<br></p>'
    with pytest.raises(KeyError):
        fill("card.html", title="x")


def luminance(colour: str) -> float:
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("role", ["text", "muted", "accent", "gain", "loss", "ok", "warn", "danger"])
def test_every_text_colour_stands_out_from_page_and_surface(theme: int, role: str) -> None:
    block = re.findall(r":root {(.*?)}", template("report.css"), flags=re.DOTALL)[theme]
    colours = dict(re.findall(r"--([\w-]+): (#[0-9A-F]{6});", block))
    for ground in ("background", "surface"):
        low, high = sorted((luminance(colours[role]), luminance(colours[ground])))
        assert (high + 0.05) / (low + 0.05) >= 4.5


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("role", ["accent", "series-2", "series-3", "series-4", "gain", "loss", "muted"])
def test_every_line_of_a_figure_stands_out_from_the_page(theme: int, role: str) -> None:
    block = re.findall(r":root {(.*?)}", template("report.css"), flags=re.DOTALL)[theme]
    colours = dict(re.findall(r"--([\w-]+): (#[0-9A-F]{6});", block))
    low, high = sorted((luminance(colours[role]), luminance(colours["background"])))
    assert (high + 0.05) / (low + 0.05) >= 3.0


def test_no_figure_grows_with_the_number_of_bars_and_trades() -> None:
    line = minute_timeline(60)
    closes = random_walk(len(line), spread=0.001)
    long = run_record(closes, round_trips(closes, every=8, hold=3, units=1.0), timeline=line, timeframe="1m")
    text = page(long)
    sizes = [len(written) for written in re.findall(r'id="figure-[\w-]+">(.*?)</script>', text)]
    assert max(sizes) < 500_000


def test_without_plotly_a_report_names_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    monkeypatch.setitem(sys.modules, "plotly", None)
    with pytest.raises(MissingExtraError, match="Plots and reports need Plotly"):
        Result(record()).report(tmp_path / "out.html")
    with pytest.raises(MissingExtraError):
        Result(record()).plot()
    assert list(tmp_path.iterdir()) == []


def test_a_run_that_only_warmed_up_still_has_a_page_and_a_card() -> None:
    waited = run_record([10.0, 11.0], timeline=daily_timeline(2, first_row=2))
    assert "Nothing to show: no bar was traded on." in Page(page(waited)).text
    assert "Total return" in html.card(examine(waited))


def test_a_run_of_several_symbols_says_why_there_is_no_benchmark() -> None:
    pair = run_record({"ACME": [10.0] * 30, "ZETA": [10.0] * 30})
    assert "No benchmark: the run has several symbols and no benchmark was given." in Page(page(pair)).text
