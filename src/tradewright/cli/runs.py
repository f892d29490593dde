"""`tradewright runs`: the runs that were kept."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from .lazy import Command, CommandSet
from .outcome import FAILED

if TYPE_CHECKING:
    from tradewright.domain.kept_run import KeptRun

    from .outcome import Outcome

__all__ = ["delete_runs", "export_run", "list_runs", "rerun_run", "runs", "show_run"]

_HEADLINES = ("total_return", "sharpe", "max_drawdown", "trades")
_NAME_SHOWN = 32
_SORTS = ("created", "strategy", "name", *_HEADLINES)

runs = CommandSet(
    "runs",
    help="The runs that backtest kept. ID is the id of a run, or its first digits.",
    commands={
        "list": ("tradewright.cli.runs:list_runs", "List kept runs, the latest first."),
        "show": ("tradewright.cli.runs:show_run", "Show a run: summary, where it came from, how to run it again."),
        "export": ("tradewright.cli.runs:export_run", "Write the report, JSON and tables of a run into a folder."),
        "rerun": ("tradewright.cli.runs:rerun_run", "Run a run again and say whether the same came out."),
        "delete": ("tradewright.cli.runs:delete_runs", "Delete runs and free what no other run needs."),
    },
)


@click.command("list", cls=Command)
@click.option("--strategy", metavar="TEXT", help="Any part of the strategy's name.")
@click.option("--symbol", metavar="NAME", help="Runs that traded it.")
@click.option("--tag", metavar="WORD", help="Runs that carry it.")
@click.option("--since", metavar="DATE", help="Kept on that day (UTC) or later.")
@click.option("--sort", type=click.Choice(_SORTS), default="created", help="Highest or latest first. [created]")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
def list_runs(*, sort: str, as_json: bool, **asked: str | None) -> None:
    """List kept runs, the latest first."""
    from tradewright.bootstrap.run_archive import run_archive
    from tradewright.face.runs import query_of

    from .output import print_json, print_table

    found = run_archive().query(query_of(asked["strategy"], asked["symbol"], asked["tag"], asked["since"]))
    found.sort(key=lambda run: _rank(run, sort), reverse=True)
    if as_json:
        print_json({"runs": [_described(run) for run in found]})
        return
    if not found:
        click.echo("There are no kept runs like that.")
        return
    head = ["Run", "Kept (UTC)", "Name", "Strategy", "Symbols", "From", "To", "Return", "Sharpe", "Drawdown", "Trades"]
    print_table(head, [_line(run) for run in found], right=range(7, 11))


@click.command("show", cls=Command)
@click.argument("run_id", metavar="ID")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
def show_run(run_id: str, *, as_json: bool) -> None:
    """Show a run: its summary, where it came from and how it can be run again."""
    from tradewright.bootstrap.run_archive import run_archive
    from tradewright.face.runs import load_run

    from .output import print_json

    run = run_archive().found(run_id)
    if as_json:
        print_json({**_described(run), "recipe": run.recipe, "config": _plain(run.config)})
        return
    click.echo(load_run(run.id).summary())
    click.echo("\n" + "\n".join(f"{name:<10}{value}" for name, value in _about(run)))


@click.command("export", cls=Command)
@click.argument("run_id", metavar="ID")
@click.option("--out", type=click.Path(path_type=Path), metavar="DIR", required=True, help="The folder to write.")
@click.pass_obj
def export_run(outcome: Outcome, /, run_id: str, out: Path) -> None:
    """Write the report, JSON and tables of a run into a folder, all of them or none."""
    from tradewright.bootstrap.run_folder import write_run
    from tradewright.face.runs import load_run

    folder = write_run(load_run(run_id), out)
    outcome.kept.append(str(folder))
    click.echo(f"Written to {folder}: report.html, result.json and the tables as CSV")


@click.command("rerun", cls=Command)
@click.argument("run_id", metavar="ID")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@click.pass_obj
def rerun_run(outcome: Outcome, /, run_id: str, *, as_json: bool) -> None:
    """Run a run again, from the text of its strategy and its bars as they were; say whether the same came out."""
    from tradewright.bootstrap.run_archive import run_archive
    from tradewright.domain.kept_run import short_id
    from tradewright.face.runs import rerun

    from .output import print_json

    run = run_archive().found(run_id)
    again = rerun(run.id)
    same, differences = again.meta["same_bytes"], again.meta["differences"]
    outcome.code = outcome.code if same else FAILED
    if as_json:
        print_json({"id": run.id, "hash": again.hash, "same": same, "differences": differences})
    elif same:
        click.echo(
            f"{short_id(run.id)} ran again to the same bytes: record {again.hash[:12]}, result.json, report.html."
        )
    else:
        click.echo("\n".join([f"{short_id(run.id)} ran again and came out differently.", *differences]))


@click.command("delete", cls=Command)
@click.argument("run_ids", metavar="ID...", nargs=-1, required=True)
def delete_runs(run_ids: tuple[str, ...]) -> None:
    """Delete runs, all of them or none, and free what no other run needs."""
    from tradewright.bootstrap.run_archive import run_archive
    from tradewright.domain.kept_run import short_id

    archive = run_archive()
    found = [archive.found(run_id) for run_id in run_ids]
    archive.delete(found)
    click.echo(f"Deleted {', '.join(short_id(run.id) for run in found)}.")


def _rank(run: KeptRun, sort: str) -> Any:
    """What a run is sorted by; without a value it comes last."""
    if sort in _HEADLINES:
        value = run.metrics.get(sort, (None, None))[0]
        return (value is not None, value or 0.0)
    return {"created": run.label.created_ns, "strategy": run.strategy, "name": run.label.name or ""}[sort]


def _line(run: KeptRun) -> list[str]:
    from tradewright.domain.kept_run import short_id
    from tradewright.reporting import formatting

    value = {key: run.metrics.get(key, (None, None))[0] for key in (*_HEADLINES, "sharpe_se")}
    symbols = ", ".join(run.symbols[:3]) + (f" and {len(run.symbols) - 3} more" if len(run.symbols) > 3 else "")
    return [
        short_id(run.id), f"{_created(run):%Y-%m-%d %H:%M}", _cut(run.label.name or ""), run.strategy, symbols,
        run.first, run.last, formatting.returns(value["total_return"]),
        formatting.ratio(value["sharpe"], value["sharpe_se"]), formatting.returns(value["max_drawdown"]),
        formatting.count(value["trades"]),
    ]  # fmt: skip


def _cut(name: str) -> str:
    """A name that leaves a table its shape."""
    line = " ".join(name.split())
    return line if len(line) <= _NAME_SHOWN else f"{line[: _NAME_SHOWN - 1]}…"


def _created(run: KeptRun) -> dt.datetime:
    return dt.datetime.fromtimestamp(run.label.created_ns // 1_000_000_000, dt.UTC)


def _described(run: KeptRun) -> dict[str, Any]:
    """A run as plain values."""
    label = run.label
    words = ("status", "strategy", "timeframe", "first", "last", "record_hash", "config_hash", "code_version")
    return {
        "id": run.id,
        "kind": label.kind,
        "name": label.name,
        "note": label.note,
        "tags": list(label.tags),
        "created": _created(run).isoformat(),
        "symbols": list(run.symbols),
        **{word: getattr(run, word) for word in words},
        "metrics": {key: value for key, (value, _) in run.metrics.items()},
        "obstacles": list(run.recipe["obstacles"]),
    }


def _about(run: KeptRun) -> list[tuple[str, str]]:
    label, obstacles = run.label, run.recipe["obstacles"]
    again = f"tradewright runs rerun {run.id[:8]}" if not obstacles else "cannot be done. " + " ".join(obstacles)
    said = [("Run", run.id), ("Kept", f"{_created(run):%Y-%m-%d %H:%M:%S} UTC, version {run.code_version}")]
    said += [("Name", label.name)] if label.name else []
    said += [("Note", label.note)] if label.note else []
    said += [("Tags", ", ".join(label.tags))] if label.tags else []
    said += [("Strategy", each["reference"]) for each in run.recipe["strategies"]]
    said += [("Bars", f"{name}: {_origin(bars['origin'])}") for name, bars in run.recipe["series"].items()]
    return [*said, ("Hash", run.record_hash), ("Again", again)]


def _origin(origin: dict[str, Any]) -> str:
    if not origin:
        return "in memory only"
    if origin["kind"] == "store":
        return f"store, {origin['instrument']} {origin['timeframe']}, version {str(origin['version'])[:12]}"
    return str(origin.get("path", "SYNTHETIC"))


def _plain(value: Any) -> Any:
    from tradewright.domain.plain_values import to_plain

    return to_plain(value)
