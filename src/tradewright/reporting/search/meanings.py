"""What each number of honesty means, in one clause, and how it is written; the same in every view of a search."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tradewright.reporting import formatting, wording

if TYPE_CHECKING:
    from collections.abc import Callable

    from tradewright.domain.honesty import SearchHonesty

__all__ = ["NOT_COMPUTED", "HonestyRow", "honesty_rows", "in_a_row"]

NOT_COMPUTED = "not computed"


class HonestyRow(NamedTuple):
    """One number: its field, what it is called, how it is written, what it means, and why it is absent."""

    field: str
    label: str
    number: float | None
    text: str
    meaning: str
    reason: str | None


class _Meaning(NamedTuple):
    field: str
    label: str
    write: Callable[[float | None], str]
    meaning: str


def _years(value: float | None) -> str:
    return formatting.NOT_AVAILABLE if value is None else f"{formatting.number(value, 1)} y"


_MEANINGS = (
    _Meaning("trials", "Trials", formatting.count,
             "configurations of this strategy tried on overlapping data, in all searches"),
    _Meaning("best_sharpe", "Sharpe of the best", formatting.ratio, "in sample, chosen because it was high"),
    _Meaning("expected_best_sharpe", "Sharpe of luck", formatting.ratio,
             "what the best of so many trials without any skill would be expected to show"),
    _Meaning("deflated_sharpe", "Deflated Sharpe (DSR)", formatting.probability,
             "probability that the best is better than that luck; 0.95 is asked for"),
    _Meaning("probabilistic_sharpe", "Probabilistic Sharpe", formatting.probability,
             "probability that its Sharpe is above zero, as if it had been the only trial"),
    _Meaning("pbo", "PBO", formatting.probability,
             "how often the winner in one half of the time was at or below the median in the other: overfitting"),
    _Meaning("out_of_sample_sharpe", "Out of sample, median", formatting.ratio,
             "Sharpe in one half of the time of the trial that was best in the other: what choosing is worth"),
    _Meaning("reality_check", "Reality check, p", formatting.probability,
             "how often so good a best would come about if no trial earned more than cash (White)"),
    _Meaning("spa", "Superior ability, p", formatting.probability,
             "the same, not blurred by hopeless trials (Hansen)"),
    _Meaning("track_record_years", "Track record needed", _years,
             "for a Sharpe above zero at 95 %, the search left out of account"),
    _Meaning("neighbour_median", "Median of the neighbours", formatting.ratio,
             "objective of the trials next to the best: far below it is a peak, near it a plateau"),
    _Meaning("neighbour_share", "Neighbours that hold", formatting.percent,
             "share of them that keep at least half of the best value"),
    _Meaning("break_even_bps", "Break-even cost", formatting.bps,
             "cost per traded value at which the best earns nothing"),
    _Meaning("effective_trials", "Independent trials", lambda value: formatting.number(value, 0),
             "what the correlated ones amount to; for information, the numbers above count all"),
)  # fmt: skip


def honesty_rows(honesty: SearchHonesty, write: Callable[[float | None], str]) -> tuple[HonestyRow, ...]:
    """Every number, always in the same order; one that is absent has its reason.

    Parameters
    ----------
    honesty : SearchHonesty
    write : callable
        Writes a value of the objective.
    """
    return tuple(_row(honesty, each, write) for each in _MEANINGS)


def _row(honesty: SearchHonesty, each: _Meaning, write: Callable[[float | None], str]) -> HonestyRow:
    number: float | None = getattr(honesty, each.field)
    reason = honesty.reasons.get(each.field, NOT_COMPUTED) if number is None else None
    text = write(number) if each.field == "neighbour_median" else each.write(number)
    return HonestyRow(each.field, each.label, number, text, _meaning(honesty, each), reason)


def _meaning(honesty: SearchHonesty, each: _Meaning) -> str:
    if each.field == "pbo" and honesty.pbo_splits:
        return f"{each.meaning}, over {wording.plural(honesty.pbo_splits, 'split')}"
    if each.field == "track_record_years" and honesty.years:
        return f"{each.meaning}; there are {_years(honesty.years)}"
    if each.field.startswith("neighbour") and honesty.neighbours:
        return each.meaning.replace("the trials next", f"the {honesty.neighbours:,} trials next")
    return each.meaning


def in_a_row(honesty: SearchHonesty) -> tuple[str, str, str]:
    """Trials, DSR and PBO, which stand wherever the best of a search is shown."""
    return (
        wording.plural(honesty.trials, "trial"),
        f"DSR {formatting.probability(honesty.deflated_sharpe)}",
        f"PBO {formatting.probability(honesty.pbo)}",
    )
