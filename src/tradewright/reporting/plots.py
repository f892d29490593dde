"""Pictures drawn: the only file of the room that knows Plotly, which is imported when something is drawn."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING, Any

from tradewright.domain.errors import MissingExtraError
from tradewright.reporting.figures.equity import equity_figure
from tradewright.reporting.figures.layout import LIGHT, in_colours

if TYPE_CHECKING:
    from tradewright.domain.record import RunRecord
    from tradewright.quant.arrays import FloatArray

__all__ = ["drawn", "library_script", "plot"]


def plot(record: RunRecord, benchmark: FloatArray | None) -> Any:
    """Equity, benchmark and drawdown as an interactive Plotly figure, in the light theme."""
    return drawn(equity_figure(record, benchmark))


def drawn(description: Any) -> Any:
    """A description as an interactive Plotly figure, in the light theme."""
    figure = in_colours(description, LIGHT)
    figure["layout"]["paper_bgcolor"] = figure["layout"]["plot_bgcolor"] = LIGHT["--background"]
    return _graph_objects().Figure(figure)


def library_script() -> str:
    """The text of plotly.js as it is installed, to be written into a report once."""
    try:
        script = files("plotly") / "package_data" / "plotly.min.js"
    except ImportError as error:
        raise _missing() from error
    return script.read_text(encoding="utf-8")


def _graph_objects() -> Any:
    try:
        from plotly import graph_objects
    except ImportError as error:
        raise _missing() from error
    return graph_objects


def _missing() -> MissingExtraError:
    return MissingExtraError("Plots and reports need Plotly.", hint="Install it with: pip install plotly")
