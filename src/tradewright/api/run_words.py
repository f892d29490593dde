"""Runs as documents: what is listed and the whole of one; every number, text and state is the report's own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tradewright.domain.kept_run import short_id
from tradewright.domain.moments import utc
from tradewright.reporting import presentation
from tradewright.reporting.catalog import BY_KEY
from tradewright.reporting.exports import plain
from tradewright.reporting.trust import State, kept_chip
from tradewright.reporting.warnings import refusals
from tradewright.reporting.zones import zone_of

from .schemas.runs import Chip, ListedRun, Metric, OpenPosition, RunDetail, RunHashes, RunStrategy, RunWarning, Verdict
from .words import decimal_text, finite, plain_fields

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tradewright.domain.kept_run import KeptRun
    from tradewright.domain.record import RunRecord
    from tradewright.reporting.findings import Findings
    from tradewright.reporting.result import Result
    from tradewright.reporting.trust import Chip as TrustChip

    from .schemas.runs import RunChange

__all__ = ["detailed_run", "listed_run", "said_of"]

_LISTED = (*presentation.HEADLINE, "deflated_sharpe")


def listed_run(run: KeptRun) -> ListedRun:
    """A run as a list shows it, from what was kept of it: its record is not opened."""
    return ListedRun(**_listed(run))


def detailed_run(run: KeptRun, result: Result) -> RunDetail:
    """The whole of a run; metrics and trust states are those of its result."""
    findings = result.findings
    record = result.record
    known = {
        **_listed(run),
        "trust": [_chip(chip) for chip in findings.trust],
        "headline": [_metric(findings, key) for key in _LISTED],
        "synthetic": record.is_synthetic,
    }
    return RunDetail(
        **known,
        config=plain(plain_fields(record.config)),
        hashes=RunHashes(record=record.hash, config=record.config_hash, code_version=record.code_version),
        strategies=[RunStrategy(**plain_fields(each)) for each in record.strategies],
        data=[_data(each) for each in record.data],
        metrics=[_metric(findings, key) for key in findings.metrics],
        verdict=_verdict(findings.trust),
        warnings=[
            RunWarning(code=each.code, severity=each.severity.value, sentence=each.sentence)
            for each in findings.warnings
        ],
        open_positions=[_position(each) for each in record.open_positions],
        refusals=[{"sentence": sentence, "count": count} for sentence, count in refusals(record)],
        tables=_sizes(record),
        obstacles=list(run.recipe["obstacles"]),
        zone=zone_of(record),
    )


def said_of(asked: RunChange) -> dict[str, Any]:
    """The fields of a label that are to change, as they are kept: no blank around them, no tag twice."""
    said = asked.model_dump(exclude_unset=True)
    if "name" in said:
        said["name"] = (said["name"] or "").strip() or None
    if "tags" in said:
        said["tags"] = tuple(dict.fromkeys(word for tag in said["tags"] if (word := tag.strip())))
    return said


def _listed(run: KeptRun) -> dict[str, Any]:
    label, currency = run.label, str(run.config.get("currency", ""))
    words = ("status", "strategy", "timeframe", "first", "last")
    chips = run.evidence.get("trust")
    return {
        "id": run.id,
        "short_id": short_id(run.id),
        "kind": label.kind,
        "name": label.name,
        "note": label.note,
        "tags": list(label.tags),
        "star": label.star,
        "symbols": list(run.symbols),
        "created_at": utc(label.created_ns),
        "currency": currency,
        "headline": [_kept_metric(run, key, currency) for key in _LISTED],
        "trust": None if chips is None else [Chip(**each) for each in chips],
        "synthetic": run.evidence.get("synthetic"),
        **{word: getattr(run, word) for word in words},
    }


def _kept_metric(run: KeptRun, key: str, currency: str) -> Metric:
    info, (value, reason) = BY_KEY[key], run.metrics.get(key, (None, "it was not kept with the run"))
    error = run.metrics.get("sharpe_se", (None, None))[0] if key == "sharpe" else None
    text = presentation.value_text(value, info.unit, currency, error)
    return Metric(
        key=key, label=info.label, group=info.group, unit=str(info.unit), value=finite(value), text=text, reason=reason
    )


def _metric(findings: Findings, key: str) -> Metric:
    metrics, info = findings.metrics, findings.metrics.info(key)
    return Metric(
        key=key,
        label=info.label,
        group=info.group,
        unit=str(info.unit),
        value=finite(metrics[key]),
        text=presentation.metric_text(metrics, key, findings.record.config.currency),
        reason=metrics.reason(key),
    )


def _chip(chip: TrustChip) -> Chip:
    return Chip.model_validate(kept_chip(chip))


def _verdict(chips: Iterable[TrustChip]) -> Verdict:
    failing = [chip.label for chip in chips if chip.state is State.FAIL]
    if failing:
        return Verdict(state="unreliable", sentence=f"Unreliable: {', '.join(failing)}.")
    return Verdict(state="ok", sentence="No trust state fails.")


def _data(key: Any) -> dict[str, Any]:
    """Where a file lies on the server's disk is nobody's business but the server's."""
    return {name: value for name, value in plain_fields(key).items() if name != "origin"}


def _position(position: Any) -> OpenPosition:
    money = ("quantity", "average_price", "mark", "value", "unrealized")
    said = {name: decimal_text(getattr(position, name)) or "0" for name in money}
    return OpenPosition(symbol=position.symbol, strategy=position.strategy, **said)


def _sizes(record: RunRecord) -> dict[str, int]:
    from tradewright.domain.events import EventKind

    fills = int((record.events["kind"] == EventKind.FILL).sum())
    return {
        "trades": len(record.trades["book"]),
        "orders": len(record.orders["id"]),
        "fills": fills,
        "logs": len(record.logs),
    }
