"""The trust bar: eight chips in fixed order that say how far a result can be believed; none is ever left out."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from tradewright.reporting import data_doubts, formatting, wording
from tradewright.reporting.doubt import Severity

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tradewright.domain.record import RunRecord
    from tradewright.reporting.doubt import Case, ResultWarning
    from tradewright.reporting.evidence import Evidence
    from tradewright.reporting.metrics import Metrics

__all__ = ["STATE_WORDS", "Chip", "State", "is_unreliable", "kept_chip", "pbo_chip", "trials_chip", "trust_bar"]


class State(StrEnum):
    """What a chip says of its question."""

    OK = "ok"
    NOTICE = "notice"
    WARN = "warn"
    FAIL = "fail"
    NOT_COMPUTED = "not computed"


@dataclass(frozen=True, slots=True)
class Chip:
    """One answer of the trust bar: what is asked, its state, a short value and the sentence behind it."""

    code: str
    label: str
    state: State
    value: str
    sentence: str


def kept_chip(chip: Chip) -> dict[str, str]:
    """A chip as plain words, as it is kept with a run and sent."""
    state = chip.state.value.replace(" ", "_")
    return {"key": chip.code, "state": state, "label": chip.label, "value": chip.value, "sentence": chip.sentence}


STATE_WORDS = {
    State.OK: "✓ ok",
    State.NOTICE: "· notice",
    State.WARN: "! warn",
    State.FAIL: "✕ fail",
    State.NOT_COMPUTED: "– not computed",
}
"""Each state as its mark and word, for terminals and tables."""

_STATES = {Severity.NOTICE: State.NOTICE, Severity.WARN: State.WARN, Severity.FAIL: State.FAIL}
_RANK = {State.NOTICE: 1, State.WARN: 2, State.FAIL: 3}
_FILLS = ("fill_at_close", "limit_fill_touch", "size_at_fill")
_SAMPLE = (
    "no_trades", "few_trades", "short_period", "near_zero_variance", "absurd_sharpe", "absurd_growth", "ruined",
)  # fmt: skip


def trust_bar(case: Case, warnings: tuple[ResultWarning, ...], evidence: Evidence) -> tuple[Chip, ...]:
    """Costs · fill rule · sample · trials · PBO · open positions · data · look-ahead, in that order."""
    record, metrics = case.record, case.metrics
    return (
        _costs(record, metrics, warnings),
        _fill_rule(record, warnings),
        _sample(metrics, warnings),
        _trials(metrics, evidence),
        pbo_chip(evidence.pbo, evidence.pbo_reason),
        _open_positions(record, metrics),
        _data(case, warnings),
        _look_ahead(evidence),
    )


def is_unreliable(chips: Iterable[Chip]) -> bool:
    """Whether any chip fails: the headline then carries the word "unreliable"."""
    return any(chip.state is State.FAIL for chip in chips)


def _worst(warnings: tuple[ResultWarning, ...], codes: tuple[str, ...]) -> tuple[State, str]:
    """The gravest state among the warnings of those codes, and all their sentences."""
    chosen = [warning for warning in warnings if warning.code in codes]
    if not chosen:
        return State.OK, ""
    states = [_STATES[warning.severity] for warning in chosen]
    return max(states, key=lambda state: _RANK[state]), " ".join(warning.sentence for warning in chosen)


def _costs(record: RunRecord, metrics: Metrics, warnings: tuple[ResultWarning, ...]) -> Chip:
    state, sentence = _worst(warnings, ("no_costs", "heavy_costs"))
    share, even = metrics["cost_share"], metrics["break_even_bps"]
    if any(warning.code == "no_costs" for warning in warnings):
        value = "none"
    elif share is not None:
        value = f"{formatting.percent(share)} of gross, break-even {formatting.bps(even)}"
    else:
        value = "charged" if metrics["fills"] else "nothing traded"
    return Chip("costs", "Costs", state, value, sentence or f"Charged: {wording.costs(record.config)}.")


def _fill_rule(record: RunRecord, warnings: tuple[ResultWarning, ...]) -> Chip:
    state, sentence = _worst(warnings, _FILLS)
    config = record.config
    words = ["next open" if config.fill_at == "open" else config.fill_at]
    words += [f"limit {config.limit_fill}"] if config.limit_fill == "touch" else []
    words += ["size at fill"] if config.size_at == "fill" else []
    return Chip("fill_rule", "Fill rule", state, ", ".join(words), sentence or f"Fills: {wording.fill_rule(config)}.")


def _sample(metrics: Metrics, warnings: tuple[ResultWarning, ...]) -> Chip:
    state, sentence = _worst(warnings, _SAMPLE)
    days = metrics["duration"]
    value = wording.plural(metrics["trades"] or 0, "trade")
    span = f" in {formatting.duration(days * 86_400)}" if days is not None else ""
    return Chip("sample", "Sample", state, value + span, sentence or f"{value}{span}.")


def _trials(metrics: Metrics, evidence: Evidence) -> Chip:
    if evidence.trials is None:
        return Chip("trials", "Trials", State.NOT_COMPUTED, "not computed", "The run is not part of a search.")
    return trials_chip(evidence.trials, metrics["deflated_sharpe"], metrics.reason("deflated_sharpe"))


def trials_chip(trials: int, deflated: float | None, reason: str | None) -> Chip:
    """How many were tried, and the deflated Sharpe ratio after so many; `reason` says why there is none."""
    count = wording.plural(trials, "trial")
    if trials == 1:
        sentence = "It is the only configuration of its kind that was tried on this data: nothing was chosen."
        return Chip("trials", "Trials", State.OK, count, sentence)
    if deflated is None:
        return Chip("trials", "Trials", State.WARN, count, f"No deflated Sharpe after {count}: {reason}.")
    state = State.OK if deflated >= 0.95 else State.WARN if deflated >= 0.5 else State.FAIL
    shown = formatting.probability(deflated)
    sentence = f"After {count} the probability that the Sharpe is more than luck is {shown}."
    return Chip("trials", "Trials", state, f"{count}, DSR {shown}", sentence)


def pbo_chip(pbo: float | None, reason: str | None) -> Chip:
    """The probability of backtest overfitting; `reason` says why there is none."""
    if pbo is None:
        return Chip("pbo", "PBO", State.NOT_COMPUTED, "not computed", f"No PBO: {reason}.")
    state = State.OK if pbo <= 0.2 else State.WARN if pbo <= 0.5 else State.FAIL
    shown = formatting.probability(pbo)
    return Chip("pbo", "PBO", state, shown, f"The probability that the search overfitted is {shown}.")


def _open_positions(record: RunRecord, metrics: Metrics) -> Chip:
    held, currency = metrics["open_positions"] or 0, record.config.currency
    if not held:
        return Chip("open_positions", "Open positions", State.OK, "none", "Nothing was open at the end.")
    gain = formatting.money(metrics["unrealized"], currency, sign=True)
    sentence = f"{wording.plural(held, 'position')} marked at the last close, {gain} {currency} unrealised."
    return Chip("open_positions", "Open positions", State.NOTICE, f"{held:,}, {gain}", sentence)


def _data(case: Case, warnings: tuple[ResultWarning, ...]) -> Chip:
    own = [warning for warning in warnings if data_doubts.is_of_data(warning)]
    state, sentence = _worst(warnings, tuple(warning.code for warning in own))
    if case.record.is_synthetic:
        value = f"SYNTHETIC, {data_doubts.counted(case.quality)}" if case.quality and own[1:] else "SYNTHETIC"
        return Chip("data", "Data", state, value, sentence)
    if case.quality is None:
        unchecked = f"The data was not checked for gaps. {sentence}".rstrip()
        return Chip("data", "Data", State.NOT_COMPUTED, "not computed", unchecked)
    rows = sum(report.rows for report in case.quality)
    checked = f"{wording.plural(rows, 'bar')} checked for gaps, duplicates, spikes and splits."
    return Chip("data", "Data", state, data_doubts.counted(case.quality), sentence or checked)


def _look_ahead(evidence: Evidence) -> Chip:
    if evidence.leaks is None:
        sentence = "The look-ahead check was not run."
        return Chip("look_ahead", "Look-ahead", State.NOT_COMPUTED, "not computed", sentence)
    if evidence.leaks:
        count = wording.plural(evidence.leaks, "finding")
        sentence = evidence.leak_summary or f"The look-ahead check has {count}."
        return Chip("look_ahead", "Look-ahead", State.FAIL, count, sentence)
    return Chip("look_ahead", "Look-ahead", State.OK, "clean", "The look-ahead check found nothing.")
