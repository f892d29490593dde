"""The pictures of a result as plain Plotly descriptions, in colour tokens; nothing here draws or knows Plotly.

A colour is a CSS variable of the report (``var(--gain)``), so that one description serves light and dark; `in_colours`
puts the values in where no style sheet can.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from tradewright.reporting import curves, tables

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tradewright.domain.record import RunRecord

    Floats = NDArray[np.float64]
    Figure = dict[str, Any]

__all__ = ["LIGHT", "MOST_POINTS", "equity_figure", "in_colours", "trade_figure"]

MOST_POINTS = 4_000
"""Most points of one curve in a picture; lowest and highest of every stretch are kept."""

LIGHT = {
    "--background": "#FFFFFF",
    "--surface": "#F6F7F9",
    "--text": "#14181F",
    "--muted": "#4E5968",
    "--line": "#D5DAE1",
    "--accent": "#2456C7",
    "--gain": "#0B6E99",
    "--loss": "#B5420B",
    "--loss-wash": "rgba(181,66,11,0.16)",
}
"""The light theme, for pictures outside the report."""

_LEGEND = {"orientation": "h", "x": 1, "xanchor": "right", "y": 1, "yanchor": "bottom", "font": {"size": 12}}
_FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Liberation Sans', sans-serif"


def equity_figure(record: RunRecord, benchmark: Floats | None) -> Figure:
    """Equity with the benchmark above, drawdown below, on one time axis.

    Parameters
    ----------
    record : RunRecord
    benchmark : (s + 1,) float64, optional
        Benchmark prices at the start and at every session close; drawn from the same starting cash.
    """
    columns = tables.equity(record)
    rows = curves.keep_extremes((columns["equity"], columns["drawdown"]), MOST_POINTS)
    times = _stamps(columns["index"][rows], intraday=record.timeline.intraday)
    equity, drawdown = columns["equity"][rows], columns["drawdown"][rows]
    log = bool(len(equity)) and float(equity.min()) > 0 and float(equity.max()) > 10 * float(equity.min())
    data = [
        _line("Equity", times, equity, {"color": "var(--accent)", "width": 1.8}, "%{y:,.2f}"),
        *_benchmark(record, benchmark),
        {
            **_line("Drawdown", times, drawdown, {"color": "var(--loss)", "width": 1.2}, "%{y:.2%}"),
            "yaxis": "y2", "fill": "tozeroy", "fillcolor": "var(--loss-wash)", "showlegend": False,
        },
    ]  # fmt: skip
    layout = _layout(460)
    layout["hovermode"] = "x unified"
    layout["showlegend"] = len(data) > 2
    layout["legend"] = dict(_LEGEND)
    layout["xaxis"] |= {
        "anchor": "y2",
        "type": "date",
        "hoverformat": "%Y-%m-%d %H:%M" if _intraday(record) else "%Y-%m-%d",
    }
    layout["yaxis"] |= {
        "domain": [0.34, 1.0],
        "type": "log" if log else "linear",
        "tickformat": "~s" if log else ",.6~g",
    }
    deepest = max(0.001, -float(drawdown.min(initial=0.0)))
    layout["yaxis2"] = {**layout["yaxis"], "domain": [0.0, 0.27], "type": "linear", "nticks": 4,
                        "tickformat": ".0%" if deepest > 0.03 else ".2%", "range": [-1.08 * deepest, 0.0]}  # fmt: skip
    layout["annotations"] = [
        _pane_title(f"{record.config.currency}{', log scale' if log else ''}", 1.0),
        _pane_title("Drawdown", 0.27),
    ]
    return {"data": data, "layout": layout}


def trade_figure(record: RunRecord) -> Figure:
    """How many trades made how much: returns in equal classes, losses left of zero and gains right of it."""
    returns = record.trades["return"]
    edges = _classes(returns)
    counts, _ = np.histogram(returns, edges)
    spans = np.column_stack((edges[:-1], edges[1:]))
    middle, width = (edges[1:] + edges[:-1]) / 2, np.diff(edges)
    data = [
        {
            "type": "bar", "name": name, "x": _list(middle[chosen]), "y": counts[chosen].tolist(),
            "width": _list(width[chosen] * 0.94), "marker": marker,
            "customdata": [[f"{low:+.2%}", f"{high:+.2%}"] for low, high in spans[chosen].tolist()],
            "hovertemplate": "%{customdata[0]} to %{customdata[1]}<br>%{y} trades<extra></extra>",
        }
        for name, chosen, marker in (
            ("Losses", middle < 0, {"color": "var(--loss)", "pattern": {"shape": "/", "solidity": 0.25}}),
            ("Gains", middle >= 0, {"color": "var(--gain)"}),
        )
    ]  # fmt: skip
    layout = _layout(260)
    layout["bargap"] = 0
    layout["showlegend"] = True
    layout["legend"] = dict(_LEGEND)
    layout["xaxis"] |= {"tickformat": "~%", "zeroline": True, "zerolinecolor": "var(--muted)", "nticks": 8}
    layout["yaxis"] |= {"rangemode": "tozero", "nticks": 5}
    return {"data": data, "layout": layout}


def in_colours(figure: Any, palette: dict[str, str]) -> Any:
    """The description with every colour token replaced by its value."""
    if isinstance(figure, dict):
        return {name: in_colours(item, palette) for name, item in figure.items()}
    if isinstance(figure, list):
        return [in_colours(item, palette) for item in figure]
    if isinstance(figure, str) and figure.startswith("var("):
        return palette[figure[4:-1]]
    return figure


def _benchmark(record: RunRecord, prices: Floats | None) -> list[Figure]:
    if prices is None or not len(prices) > 1 or not prices[0] > 0:
        return []
    # It begins where the run does: the first session of intraday bars closes hours after the cash was there.
    rows = np.concatenate(([record.timeline.first_row], record.timeline.session_closes()))
    values = record.config.cash * prices / prices[0]
    if rows[0] == rows[1]:
        rows, values = rows[1:], values[1:]
    chosen = curves.keep_extremes((values,), MOST_POINTS)
    times = _stamps(record.timeline.labels()[rows[chosen]], intraday=record.timeline.intraday)
    line = {"color": "var(--muted)", "width": 1.3, "dash": "5px,3px"}
    return [_line("Benchmark", times, values[chosen], line, "%{y:,.2f}")]


def _line(name: str, times: list[str], values: Floats, line: Figure, value: str) -> Figure:
    return {
        "type": "scatter", "mode": "lines", "name": name, "x": times, "y": _list(values), "line": line,
        "hovertemplate": f"{value}<extra>{name}</extra>",
    }  # fmt: skip


def _layout(height: int) -> Figure:
    axis = {
        "gridcolor": "var(--line)", "linecolor": "var(--line)", "zeroline": False, "automargin": True,
        "tickfont": {"size": 12}, "fixedrange": False,
    }  # fmt: skip
    return {
        "height": height,
        "autosize": True,
        "margin": {"l": 8, "r": 12, "t": 28, "b": 8},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"family": _FONT, "size": 13, "color": "var(--text)"},
        "hoverlabel": {
            "bgcolor": "var(--surface)", "bordercolor": "var(--line)", "font": {"color": "var(--text)", "size": 12},
        },
        "xaxis": {**axis, "showgrid": False},
        "yaxis": {**axis, "fixedrange": True},
    }  # fmt: skip


def _pane_title(text: str, top: float) -> Figure:
    return {
        "text": text, "x": 0, "xref": "paper", "xanchor": "left", "y": top, "yref": "paper", "yanchor": "bottom",
        "showarrow": False, "font": {"size": 12, "color": "var(--muted)"},
    }  # fmt: skip


def _classes(returns: Floats) -> Floats:
    """Edges of classes of one round width, zero among them, so that no class mixes gains and losses."""
    reach = float(np.quantile(np.abs(returns), 0.99)) or 0.01
    rough = 2 * reach / 36
    power = 10.0 ** np.floor(np.log10(rough))
    step = next(factor * power for factor in (1.0, 2.0, 2.5, 5.0, 10.0) if factor * power >= rough)
    low, high = (int(np.floor(returns.min() / step)), int(np.floor(returns.max() / step)) + 1)
    low, high = max(low, -40), min(max(high, low + 1), 40)
    edges: Floats = np.arange(min(low, 0), max(high, 1) + 1) * step
    # The outermost classes reach as far as the trades do: no trade is left out of the picture.
    edges[0], edges[-1] = min(edges[0], float(returns.min())), max(edges[-1], float(returns.max()))
    return edges


def _stamps(labels: NDArray[np.int64], *, intraday: bool) -> list[str]:
    stamps = labels.astype("datetime64[ns]").astype("datetime64[m]" if intraday else "datetime64[D]")
    return [str(stamp) for stamp in np.datetime_as_string(stamps).tolist()]


def _intraday(record: RunRecord) -> bool:
    return record.timeline.intraday


def _list(values: Floats) -> list[float | None]:
    """Numbers for drawing: eight significant digits are below a pixel, NaN is a gap."""
    return [float(f"{value:.8g}") if np.isfinite(value) else None for value in values.tolist()]
