"""Which tier a run takes: interpreted, or compiled where that pays or is asked for. The record is the same."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from tradewright.simulation.trades import Means

from .break_even import PAYS_WHEN_CACHED, PAYS_WHEN_COLD, PAYS_WHEN_NEW

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .loop import Loop

__all__ = ["carry_out", "pairs_by"]


def carry_out(loop: Loop) -> dict[str, Any]:
    """Run, and say in which tier.

    Under ``not_compiled`` stands why a run that was to be compiled was not, under ``compiled_in`` how many seconds it
    took to make machine code that the cache had not.
    """
    bars = len(loop.board.market) * len(loop.board.market.symbols)
    asked = loop.plan.engine == "compiled"
    if not asked and (loop.plan.engine == "python" or bars < PAYS_WHEN_CACHED or find_spec("numba") is None):
        loop.run()
        return {"engine": "python"}
    from .compiled.runner import compiled_run

    ran = compiled_run(loop, even_if_new=asked or bars >= PAYS_WHEN_NEW, even_if_cold=asked or bars >= PAYS_WHEN_COLD)
    made = {} if ran.compiled_in is None else {"compiled_in": round(ran.compiled_in, 3)}
    if ran.reason is None:
        return {"engine": "compiled", **made}
    loop.run()
    return {"engine": "python", "not_compiled": ran.reason, **made}


def pairs_by(tier: Mapping[str, Any]) -> Means:
    """What works out the trades of a run carried out in a tier, interpreted or as machine code."""
    if tier["engine"] != "compiled":
        return Means()
    from .compiled.pairing import fold_compiled, walk_compiled

    return Means(walk_compiled, fold_compiled)
