"""What sections are built of: changes with sign, shape and colour, tables, figures with their caption, pickers."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tradewright.reporting import formatting
from tradewright.reporting.formatting import NOT_AVAILABLE
from tradewright.reporting.markup import Markup, join, tag

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = [
    "cell",
    "changed",
    "data_script",
    "headline_tiles",
    "missing",
    "number",
    "pane",
    "picker",
    "table",
    "text_table",
]

Head = tuple[str, bool]

_WHOLE_UP_TO = 16
"""Rows of a table that is not torn apart between two sheets of paper."""


def changed(value: float | None, text: str) -> Markup:
    """A change as sign, shape and colour; the full value on hover."""
    if value is None or not text.startswith(("+", "−", "×")):
        return tag("span", text, class_="na" if text == NOT_AVAILABLE else None)
    shape = tag("span", formatting.arrow(value), class_="shape", aria_hidden="true")
    return tag("span", text, shape, class_="gain" if value > 0 else "loss", title=repr(value))


def table(head: Iterable[Head], rows: Iterable[Markup], caption: str, class_: str | None = None) -> Markup:
    """A table that scrolls inside its own frame; `head` names each column and says whether it holds numbers."""
    cells = [tag("th", name, scope="col", class_="num" if numeric else None) for name, numeric in head]
    lines = list(rows)
    inner = tag("table", tag("thead", tag("tr", *cells)), tag("tbody", *lines), class_=class_, aria_label=caption)
    frame = "wide whole" if len(lines) <= _WHOLE_UP_TO else "wide"
    return tag("div", inner, class_=frame, tabindex="0", role="region", aria_label=caption)


def text_table(head: Sequence[Head], rows: Iterable[Sequence[str]], caption: str, class_: str | None = None) -> Markup:
    """A table of cells that are text or markup; number columns are set to the right."""
    lines = [
        tag("tr", *(cell(text, numeric=numeric) for text, (_, numeric) in zip(row, head, strict=True))) for row in rows
    ]
    return table(head, lines, caption, class_)


def cell(text: str, *, numeric: bool = False) -> Markup:
    """One cell of a table."""
    return tag("td", text, class_="num" if numeric else None)


def number(text: str, full: float | None = None) -> Markup:
    """A number as text, its full value on hover."""
    return tag("span", text, title=None if full is None else repr(full))


def headline_tiles(shown: Iterable[tuple[str, Markup]]) -> Markup:
    """Numbers of a card, each below what it is."""
    return join(*(tag("div", tag("div", label, class_="l"), tag("div", text, class_="v")) for label, text in shown))


def missing(reason: str) -> Markup:
    """A number that does not exist, with the reason on hover and for those who listen."""
    return tag("span", NOT_AVAILABLE, tag("span", f", {reason}", class_="hidden"), class_="na", title=reason)


def data_script(name: str, value: Any) -> Markup:
    """Data of the page for its script, as JSON that cannot end the element it stands in."""
    written = json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False)
    # Names come from users: without a "<" nothing in them can open or close an element.
    return tag("script", Markup(written.replace("<", "\\u003c")), type="application/json", id=name)


def pane(name: str, figure: dict[str, Any], caption: str, *, scales: bool = False) -> Markup:
    """A figure, its data beside it, and the sentence that says what it shows.

    Parameters
    ----------
    name : str
        Unique in the page.
    figure : dict
        A Plotly description; colours may be tokens (``var(--gain)``).
    caption : str
        One or two sentences, complete without the picture.
    scales : bool
        Offer a choice between a linear and a log scale of the first axis.
    """
    switch = _scales(name, log=figure["layout"]["yaxis"].get("type") == "log") if scales else None
    return join(
        data_script(f"figure-{name}", figure),
        tag("figure", switch, _drawing(name, figure, caption), tag("figcaption", caption)),
    )


def picker(name: str, label: str, figures: Sequence[tuple[str, dict[str, Any]]], caption: str) -> Markup:
    """Several figures in one pane with a choice of which to see; the first is shown, and printed."""
    scripts = [data_script(f"figure-{name}-{place}", figure) for place, (_, figure) in enumerate(figures)]
    options = [tag("option", title, value=f"figure-{name}-{place}") for place, (title, _) in enumerate(figures)]
    chosen = tag("label", f"{label} ", tag("select", *options, data_picks=f"plot-{name}"), class_="pick")
    drawing = _drawing(name, figures[0][1], caption, first=f"figure-{name}-0")
    return join(*scripts, tag("figure", chosen if len(figures) > 1 else None, drawing, tag("figcaption", caption)))


def _drawing(name: str, figure: dict[str, Any], caption: str, first: str | None = None) -> Markup:
    height = f"min-height: {figure['layout']['height']}px"
    return tag("div", data_figure=first or f"figure-{name}", id=f"plot-{name}", class_="plot", style=height,
               role="img", aria_label=caption)  # fmt: skip


def _scales(name: str, *, log: bool) -> Markup:
    buttons = [
        tag("button", word, type="button", data_scale=kind, data_of=f"plot-{name}",
            aria_pressed="true" if (kind == "log") == log else "false")
        for word, kind in (("Linear", "linear"), ("Log", "log"))
    ]  # fmt: skip
    return tag("div", *buttons, class_="scales", role="group", aria_label="Scale of the equity")
