"""`tradewright data export`: stored bars into files."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tradewright.domain.errors import ConfigError

from .lazy import Command

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tradewright.domain.bars import Bars

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
    from tradewright.adapters.data.export import left_out
    from tradewright.face.stored_bars import load_bars
    from tradewright.reporting.files import write_folder

    from .output import print_json

    loaded = {name: load_bars([name], **said)[name] for name in dict.fromkeys(symbols)}
    folder, names, kind = _places(loaded, out, kind)
    write_folder(folder.absolute(), {names[name]: _writer(kind, bars) for name, bars in loaded.items()})
    for bars in loaded.values():
        for sentence in left_out(bars):
            click.echo(sentence, err=True)
    if as_json:
        print_json({"files": [_plain(folder / names[name], bars) for name, bars in loaded.items()]})
        return
    for name, bars in loaded.items():
        click.echo(f"Wrote {len(bars):,} bars of {bars.instrument.id} to {folder / names[name]}")


def _writer(kind: str, bars: Bars) -> Callable[[Path], None]:
    from tradewright.adapters.data.export import FORMATS

    return lambda path: FORMATS[kind](bars, path)


def _places(loaded: Mapping[str, Bars], out: Path, kind: str | None) -> tuple[Path, dict[str, str], str]:
    """The folder, the file name of each symbol in it, and the format."""
    suffix = out.suffix.lower().lstrip(".")
    if suffix in ("csv", "parquet") and not out.is_dir():
        if len(loaded) > 1:
            raise ConfigError(f"{out} is one file, and there are {len(loaded)} symbols.", hint="Name a folder.")
        if kind not in (None, suffix):
            raise ConfigError(f"{out} does not end as a {kind} file.", hint="Leave --format out, or change the name.")
        return out.parent, {next(iter(loaded)): out.name}, suffix
    kind = kind or "csv"
    return out, {name: f"{stem}.{kind}" for name, stem in _stems(loaded).items()}, kind


def _stems(loaded: Mapping[str, Bars]) -> dict[str, str]:
    """A file name for each symbol: its own, with the exchange where they clash; refused where they still do."""
    stems = {name: _UNSAFE.sub("_", bars.symbol) for name, bars in loaded.items()}
    if len({stem.casefold() for stem in stems.values()}) < len(stems):
        stems = {name: _UNSAFE.sub("_", bars.instrument.id) for name, bars in loaded.items()}
    taken: dict[str, str] = {}
    for name, stem in stems.items():
        other = taken.setdefault(stem.casefold(), name)
        if other != name:
            raise ConfigError(
                f"{other} and {name} would be written to the same file {stem}.",
                hint="Export them one by one, each with a file of its own: --out NAME.csv.",
            )
    return stems


def _plain(path: Path, bars: Bars) -> dict[str, Any]:
    return {"file": str(path), "instrument": bars.instrument.id, "rows": len(bars), "fingerprint": bars.fingerprint}
