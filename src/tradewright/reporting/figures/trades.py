"""The trades as clouds and columns: how much they made, and how far they went against and for their holder."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from tradewright.reporting import curves
from tradewright.reporting.figures import layout as shape

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tradewright.domain.record import RunRecord

    Floats = NDArray[np.float64]
    Figure = dict[str, Any]

__all__ = ["MOST_DOTS", "excursion_figure", "trade_figure"]

MOST_DOTS = 1_500
"""Most trades drawn as dots; the extremes of every stretch are among them."""

_REACH = 0.99


def trade_figure(record: RunRecord) -> Figure:
    """How many trades made how much: returns in equal classes, losses left of zero, mean and median marked."""
    returns = record.trades["return"]
    edges = _classes(returns)
    counts, _ = np.histogram(returns, edges)
    spans = np.column_stack((edges[:-1], edges[1:]))
    middle, width = (edges[1:] + edges[:-1]) / 2, np.diff(edges)
    data = [
        {
            "type": "bar", "name": name, "x": shape.drawn(middle[chosen]), "y": counts[chosen].tolist(),
            "width": shape.drawn(width[chosen] * 0.94), "marker": marker,
            "customdata": [[f"{low:+.2%}", f"{high:+.2%}"] for low, high in spans[chosen].tolist()],
            "hovertemplate": "%{customdata[0]} to %{customdata[1]}<br>%{y} trades<extra></extra>",
        }
        for name, chosen, marker in (
            ("Losses", middle < 0, {"color": "var(--loss)", "pattern": {"shape": "/", "solidity": 0.25}}),
            ("Gains", middle >= 0, {"color": "var(--gain)"}),
        )
    ]  # fmt: skip
    figure = shape.base(280)
    figure |= {"bargap": 0, "showlegend": True, "legend": shape.legend()}
    figure["xaxis"] |= {"tickformat": "~%", "zeroline": True, "zerolinecolor": "var(--muted)", "nticks": 8}
    figure["yaxis"] |= {"rangemode": "tozero", "nticks": 5}
    mean, median = float(returns.mean()), float(np.median(returns))
    figure["shapes"] = [_upright(mean, "solid"), _upright(median, "dot")]
    figure["annotations"] = [shape.pane_title("Trades", 1.0)]
    return {"data": data, "layout": figure}


def excursion_figure(record: RunRecord) -> Figure:
    """Each trade's return over how far it had gone against its holder (left) and for its holder (right)."""
    trades = record.trades
    kept = curves.keep_extremes((trades["return"], trades["mae"], trades["mfe"]), MOST_DOTS)
    data = []
    for axis, column in (("", "mae"), ("2", "mfe")):
        for name, chosen, symbol in (
            ("Loss", kept[trades["return"][kept] <= 0], "x-thin"),
            ("Gain", kept[trades["return"][kept] > 0], "circle-open"),
        ):
            data.append(_dots(name, trades[column][chosen], trades["return"][chosen], symbol, axis))
    figure = shape.base(320)
    figure |= {"showlegend": True, "legend": shape.legend(), "hovermode": "closest"}
    for axis, domain, title in (("", [0.0, 0.47], "Worst, MAE"), ("2", [0.53, 1.0], "Best, MFE")):
        named = {"text": title, "font": {"size": 12}, "standoff": 4}
        own = {"domain": domain, "tickformat": "~%", "nticks": 5, "showgrid": True, "title": named}
        figure[f"xaxis{axis}"] = figure["xaxis"] | own
    figure["xaxis2"]["anchor"] = "y2"
    figure["yaxis"] |= {"tickformat": "~%", "zeroline": True, "zerolinecolor": "var(--muted)", "nticks": 7}
    figure["yaxis2"] = {**figure["yaxis"], "matches": "y", "anchor": "x2", "showticklabels": False}
    figure["annotations"] = [shape.pane_title("Return after costs", 1.0)]
    return {"data": data, "layout": figure}


def _dots(name: str, x: Floats, y: Floats, symbol: str, axis: str) -> Figure:
    colour = "var(--gain)" if name == "Gain" else "var(--loss)"
    return {
        "type": "scatter", "mode": "markers", "name": name, "legendgroup": name, "showlegend": not axis,
        "x": shape.drawn(x, 6), "y": shape.drawn(y, 6), "xaxis": f"x{axis}", "yaxis": f"y{axis}",
        "marker": {"symbol": symbol, "size": 6, "color": colour, "line": {"width": 1.2, "color": colour}},
        "hovertemplate": "%{x:+.2%} on the way<br>%{y:+.2%} at the end<extra></extra>",
    }  # fmt: skip


def _upright(at: float, dash: str) -> Figure:
    return {"type": "line", "xref": "x", "yref": "paper", "x0": at, "x1": at, "y0": 0, "y1": 1,
            "line": {"color": "var(--text)", "width": 1.4, "dash": dash}}  # fmt: skip


def _classes(returns: Floats) -> Floats:
    """Edges of classes of one round width, zero among them, so that no class mixes gains and losses."""
    reach = float(np.quantile(np.abs(returns), _REACH)) or 0.01
    rough = 2 * reach / 36
    power = 10.0 ** np.floor(np.log10(rough))
    step = next(factor * power for factor in (1.0, 2.0, 2.5, 5.0, 10.0) if factor * power >= rough)
    low, high = (int(np.floor(returns.min() / step)), int(np.floor(returns.max() / step)) + 1)
    low, high = max(low, -40), min(max(high, low + 1), 40)
    edges: Floats = np.arange(min(low, 0), max(high, 1) + 1) * step
    # The outermost classes reach as far as the trades do: no trade is left out of the picture.
    edges[0], edges[-1] = min(edges[0], float(returns.min())), max(edges[-1], float(returns.max()))
    return edges
