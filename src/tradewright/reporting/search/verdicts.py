"""Whether the best of a search reads as luck, and its trust bar."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradewright.domain.errors import TradewrightError
from tradewright.reporting import formatting, wording
from tradewright.reporting.trust import Chip, State, pbo_chip, trials_chip
from tradewright.reporting.verdict import Verdict

if TYPE_CHECKING:
    from tradewright.domain.honesty import SearchHonesty
    from tradewright.domain.search import SearchRecord, Trial
    from tradewright.reporting.result import Result
    from tradewright.reporting.warnings import ResultWarning

__all__ = ["trust_bar", "verdict"]

_OF_THE_RUN = (
    ("costs", "Costs"), ("fill_rule", "Fill rule"), ("sample", "Sample"),
    ("open_positions", "Open positions"), ("data", "Data"), ("look_ahead", "Look-ahead"),
)  # fmt: skip
_ORDER = ("costs", "fill_rule", "sample", "trials", "pbo", "open_positions", "data", "look_ahead")
_SHAPE = {
    "isolated_peak": "stands alone: what is next to it is far worse",
    "at_border": "lies on the border of what was tried: search beyond it",
}
"""Places of the best that its numbers do not speak of."""


def verdict(best: Trial | None, honesty: SearchHonesty, warnings: tuple[ResultWarning, ...], median: str) -> Verdict:
    """What deflated Sharpe, PBO and the neighbours say together.

    ``luck`` where the deflated Sharpe ratio is below one half: so good a best comes without skill. ``overfit`` where
    it is not, but PBO is above one half: the trials may earn something, the choice among them is noise. ``stands out``
    from 0.95 on, with PBO up to 0.2 and no lonely or outermost place. Else ``doubtful``, or ``nothing found``.

    Parameters
    ----------
    median : str
        The objective of the median trial, written.
    """
    if best is None:
        return Verdict(State.NOT_COMPUTED, "nothing found", "No trial has a value.")
    deflated = trials_chip(honesty.trials, honesty.deflated_sharpe, honesty.reasons.get("deflated_sharpe")).state
    chosen = pbo_chip(honesty.pbo, honesty.reasons.get("pbo", "not computed")).state
    said = _said(honesty)
    if deflated is State.FAIL:
        return Verdict(State.FAIL, "luck", f"The best reads as luck: {said}.")
    if chosen is State.FAIL:
        return Verdict(
            State.FAIL, "overfit", f"The choice is noise: {said}. Expect the median trial, {median}, not the best."
        )
    shapes = [_SHAPE[warning.code] for warning in warnings if warning.code in _SHAPE]
    if deflated is chosen is State.OK and shapes:
        return Verdict(State.WARN, "doubtful", f"{said[0].upper()}{said[1:]}, but the best {shapes[0]}.")
    if deflated is chosen is State.OK:
        return Verdict(
            State.OK, "stands out", f"The best stands out from luck: {said}. Data it has not seen must confirm it."
        )
    return Verdict(State.WARN, "doubtful", f"Luck is not excluded: {said}.")


def _said(honesty: SearchHonesty) -> str:
    after = f"after {wording.plural(honesty.trials, 'trial')} the deflated Sharpe is"
    deflated = formatting.probability(honesty.deflated_sharpe)
    shown = f"{after} {deflated}" if honesty.deflated_sharpe is not None else f"{after} not computed"
    pbo = formatting.probability(honesty.pbo) if honesty.pbo is not None else "not computed"
    return f"{shown} and the probability of overfitting {pbo}"


def trust_bar(record: SearchRecord, honesty: SearchHonesty, run: Result | TradewrightError) -> tuple[Chip, ...]:
    """Costs · fill rule · sample · trials · PBO · open positions · data · look-ahead, in that order."""
    found = {chip.code: chip for chip in (_unknown(record, run) if isinstance(run, TradewrightError) else run.trust)}
    found["trials"] = trials_chip(honesty.trials, honesty.deflated_sharpe, honesty.reasons.get("deflated_sharpe"))
    found["pbo"] = pbo_chip(honesty.pbo, honesty.reasons.get("pbo", "not computed"))
    return tuple(found[code] for code in _ORDER)


def _unknown(record: SearchRecord, error: TradewrightError) -> list[Chip]:
    """The states of a run that cannot be had; costs and fill rule are still said."""
    said = {"costs": wording.costs(record.config), "fill_rule": wording.fill_rule(record.config)}
    return [
        Chip(code, label, State.NOT_COMPUTED, said.get(code, "not computed"), error.message)
        for code, label in _OF_THE_RUN
    ]
