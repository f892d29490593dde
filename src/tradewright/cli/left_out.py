"""What readers leave out of files, told once everything is read, so that no progress is drawn over it."""

from __future__ import annotations

import warnings
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["rows_left_out_told"]


@contextmanager
def rows_left_out_told() -> Iterator[None]:
    """Say it on the standard error; other warnings stay warnings."""
    from tradewright.face.bars import DroppedRowsWarning

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", DroppedRowsWarning)
        yield
    for each in caught:
        if issubclass(each.category, DroppedRowsWarning):
            click.echo(str(each.message), err=True)
        else:
            warnings.warn_explicit(each.message, each.category, each.filename, each.lineno)
