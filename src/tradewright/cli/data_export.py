"""`tradewright data export`: stored bars into files."""

from __future__ import annotations

import re
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tradewright.domain.errors import ConfigError

from .lazy import Command

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tradewright.domain.instrument import Instrument

__all__ = ["export"]

_UNSAFE = re.compile(r"[^\w.^=+-]")


@click.command(cls=Command)
@click.argument("symbols", nargs=-1, required=True, metavar="SYMBOL...")
@click.option("--out", required=True, type=click.Path(path_type=Path), metavar="PATH", help="A folder, or a file.")
@click.option("--format", "kind", type=click.Choice(["csv", "parquet"]), help="[that of the file, else csv]")
@click.option("--timeframe", default="1d", metavar="1d", help="How long a bar lasts. [1d]")
@click.option("--adjustment", type=click.Choice(["raw", "split", "full"]), help="Which of them, or computed.")
@click.option("--start", metavar="DATE", help="First date.")
@click.option("--end", metavar="DATE", help="Last date, included.")
@click.option("--data-version", "version", metavar="DIGITS", help="Which version of a symbol. [the current one]")
@click.option("--json", "as_json", is_flag=True, help="Print what was written as JSON.")
def export(symbols: tuple[str, ...], out: Path, kind: str | None, *, as_json: bool, **said: Any) -> None:
    """Write the stored bars of SYMBOLs, times in ISO 8601 and UTC. Importing the file gives the same bars."""
    from tradewright.face.stored_bars import stored_instruments
    from tradewright.reporting.files import write_folder

    from .output import print_json

    found = stored_instruments(symbols, said["timeframe"], said["adjustment"], said["version"])
    folder, names, chosen = _places(found, out, kind)
    told: dict[str, dict[str, Any]] = {}
    sentences: list[str] = []

    def written(name: str, path: Path) -> None:
        # One symbol after the other: only one of them is in memory.
        told[name] = {"file": str(folder / names[name]), **_write(chosen, name, path, said, sentences)}

    write_folder(folder.absolute(), {names[name]: partial(written, name) for name in found})
    for sentence in sentences:
        click.echo(sentence, err=True)
    if as_json:
        print_json({"files": list(told.values())})
        return
    for each in told.values():
        click.echo(f"Wrote {each['rows']:,} bars of {each['instrument']} to {each['file']}")


def _write(kind: str, name: str, path: Path, said: Mapping[str, Any], sentences: list[str]) -> dict[str, Any]:
    """Write the bars of a symbol; what was written."""
    from tradewright.adapters.data.export import FORMATS, left_out
    from tradewright.face.stored_bars import load_bars

    bars = load_bars(name, **said)
    FORMATS[kind](bars, path)
    sentences += left_out(bars)
    return {"instrument": bars.instrument.id, "rows": len(bars), "fingerprint": bars.fingerprint}


def _places(found: Mapping[str, Instrument], out: Path, kind: str | None) -> tuple[Path, dict[str, str], str]:
    """The folder, the file name of each symbol in it, and the format."""
    suffix = out.suffix.lower().lstrip(".")
    if suffix in ("csv", "parquet") and not out.is_dir():
        if len(found) > 1:
            raise ConfigError(f"{out} is one file, and there are {len(found)} symbols.", hint="Name a folder.")
        if kind not in (None, suffix):
            raise ConfigError(f"{out} does not end as a {kind} file.", hint="Leave --format out, or change the name.")
        return out.parent, {next(iter(found)): out.name}, suffix
    kind = kind or "csv"
    return out, {name: f"{stem}.{kind}" for name, stem in _stems(found).items()}, kind


def _stems(found: Mapping[str, Instrument]) -> dict[str, str]:
    """A file name for each symbol: its own, with the exchange where they clash; refused where they still do."""
    stems = {name: _UNSAFE.sub("_", each.symbol) for name, each in found.items()}
    if len({stem.casefold() for stem in stems.values()}) < len(stems):
        stems = {name: _UNSAFE.sub("_", each.id) for name, each in found.items()}
    taken: dict[str, str] = {}
    for name, stem in stems.items():
        other = taken.setdefault(stem.casefold(), name)
        if other != name:
            raise ConfigError(
                f"{other} and {name} would be written to the same file {stem}.",
                hint="Export them one by one, each with a file of its own: --out NAME.csv.",
            )
    return stems
