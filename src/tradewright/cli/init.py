"""`tradewright init`: the first files of a project."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from tradewright.domain.errors import ConfigError

from .lazy import Command

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["init"]

_STRATEGY = "strategies/my_idea.py"
_IGNORED = """\
# What runs write, what the stores hold, and what stays on one machine
/runs/
/store/
__pycache__/
.env
"""


@click.command(cls=Command)
@click.argument("folder", type=click.Path(path_type=Path), default=".")
def init(folder: Path) -> None:
    """Start a project in FOLDER: settings with every key explained, one commented strategy, a .gitignore.

    Nothing that exists is overwritten: where one of the files is there already, none is written.
    """
    from tradewright.bootstrap.settings_report import first_file

    from .template import strategy_text

    texts = {
        "tradewright.yaml": first_file(),
        _STRATEGY: strategy_text("MyIdea", _STRATEGY),
        ".gitignore": _IGNORED,
    }
    there = [name for name in texts if (folder / name).exists()]
    if there:
        raise ConfigError(
            f"There are already {', '.join(str(folder / name) for name in there)}; nothing was written.",
            hint="Name a folder without them.",
        )
    _write(folder, texts)
    click.echo(f"Wrote {', '.join(str(folder / name) for name in texts)}.")
    go = "" if folder == Path() else f"cd {folder} && "
    click.echo(f"Next: {go}tradewright backtest {_STRATEGY} --synthetic")


def _write(folder: Path, texts: Mapping[str, str]) -> None:
    """All of them or none."""
    from tradewright.reporting.files import write_file

    written: list[Path] = []
    new = [each for each in (folder, folder / "strategies") if not each.exists()]
    try:
        for name, text in texts.items():
            written.append(write_file(folder / name, text))
    except BaseException:
        for path in written:
            path.unlink(missing_ok=True)
        for each in reversed(new):
            if each.is_dir() and not any(each.iterdir()):
                each.rmdir()
        raise
