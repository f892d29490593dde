"""The standings as a text table and as JSON."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from benchmarks.runner import Standing

HEADINGS = (
    "workload",
    "contender",
    "class",
    "size",
    "M/s",
    "CPU s",
    "start s",
    "RSS MB",
    "B/unit",
    "fills",
    "final equity",
    "TW/it",
    "target",
    "met",
)
LEFT = {"workload", "contender", "class", "target", "met"}
VERDICTS = {True: "yes", False: "NO", None: ""}
STATES = {"missing": "not installed", "failed": "failed"}


def text(standings: list[Standing]) -> str:
    """Return the table, one line per contender, columns aligned."""
    rows = [HEADINGS, *map(_row, standings)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADINGS))]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if heading in LEFT else cell.rjust(width)
            for cell, width, heading in zip(row, widths, HEADINGS, strict=True)
        ).rstrip()
        for row in rows
    )


def versions(standings: list[Standing]) -> str:
    """Return the peers that were found and their versions, in one line."""
    found = {name: version for standing in standings for name, version in standing.last.versions.items()}
    return ", ".join(f"{name} {version}" for name, version in sorted(found.items()))


def told(standings: list[Standing]) -> list[str]:
    """Return the figures that have no column, one line for each contender that has any."""
    lines = []
    for standing in standings:
        names = getattr(standing.contender, "told", ())
        found = [(name, value) for name in names if (value := standing.figure(name)) is not None]
        if found:
            words = ", ".join(f"{name} {_digits(value)}" for name, value in found)
            lines.append(f"{standing.workload.key}, {standing.contender.name}: {words}")
    return lines


def failures(standings: list[Standing]) -> list[str]:
    """Return one sentence per contender that is installed and yet gave no figure."""
    return [
        f"{standing.workload.key}, {standing.contender.name}: {standing.last.reason}"
        for standing in standings
        if standing.last.status == "failed"
    ]


def as_json(standings: list[Standing]) -> list[dict[str, Any]]:
    """Return every figure and every sample, ready for `json.dumps`."""
    return [
        {
            "workload": standing.workload.key,
            "title": standing.workload.title,
            "unit": standing.workload.unit,
            "contender": standing.contender.name,
            "class": standing.contender.kind.value,
            "status": standing.last.status,
            "rate_million_per_s": standing.figure("rate"),
            "cpu_s": standing.figure("cpu_s"),
            "rss_bytes": standing.figure("rss_bytes"),
            "bytes_per_unit": standing.figure("bytes_per_unit"),
            "ratio_against": standing.contender.against or None,
            "ratio": standing.ratio,
            "target": str(standing.contender.target) if standing.contender.target else None,
            "target_reference": standing.reference,
            "met": standing.met,
            "other_work": standing.other_work,
            "samples": [asdict(sample) for sample in standing.samples],
        }
        for standing in standings
    ]


def _row(standing: Standing) -> tuple[str, ...]:
    contender, last = standing.contender, standing.last
    names = (standing.workload.key, contender.name, contender.kind.value)
    target = str(contender.target) if contender.target else ""
    if last.status != "ok":
        return (*names, STATES[last.status], *[""] * 8, target, "")
    counted = standing.workload.length > 0 and last.rss_bytes > 0
    rss = standing.figure("rss_bytes")
    return (
        *names,
        f"{last.units:,}" if counted else "",
        _digits(standing.figure("rate")) if counted else "",
        _digits(standing.figure("cpu_s")),
        _digits(standing.figure("start_cpu_s")) if counted else "",
        f"{rss / 1e6:,.0f}" if counted and rss is not None else "",
        _digits(standing.figure("bytes_per_unit")),
        _whole(standing.figure("fills")),
        _whole(standing.figure("equity")),
        f"{_digits(standing.ratio)}×" if standing.ratio else "",
        target,
        "OTHER WORK" if standing.other_work else VERDICTS[standing.met],
    )


def _digits(value: float | None) -> str:
    """Three significant digits: more is not measured."""
    if value is None:
        return ""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def _whole(value: float | None) -> str:
    return "" if value is None else f"{value:,.0f}"
