"""The JSON document of a run, however the run is named: in hand, by id, or by its file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tradewright.domain.errors import ConfigError, DataError, DataNotAvailableError

if TYPE_CHECKING:
    from collections.abc import Callable

    from tradewright.reporting.result import Result

__all__ = ["run_document"]

_DOCUMENT = "result.json"


def run_document(run: Any, load: Callable[[str], Result]) -> tuple[str, dict[str, Any]]:
    """What a run is called, and its document.

    Parameters
    ----------
    run : Result, str or path
        A result, a ``result.json`` file, a folder that holds one, or an id.
    load : callable
        Gives the result of an id.

    Raises
    ------
    DataError
        When a file holds no document.
    ConfigError
        When it is none of these.
    """
    from tradewright.domain.kept_run import short_id
    from tradewright.reporting.result import Result

    if isinstance(run, Result):
        names = "+".join(strategy.name for strategy in run.record.strategies)
        return f"{names} {short_id(run.hash)}", run.to_dict()
    if not isinstance(run, (str, Path)):
        raise ConfigError(f"{run!r:.60} is not a run.", hint="Pass a result, an id, or a result.json file.")
    path = Path(run)
    file = path / _DOCUMENT if path.is_dir() else path
    if file.is_file():
        return str(run), _read(file)
    try:
        return short_id(str(run)), load(str(run)).to_dict()
    except DataNotAvailableError:
        if path.is_dir():
            raise DataError(f"{path} holds no {_DOCUMENT}.", hint="Name the folder of one run, or an id.") from None
        raise


def _read(path: Path) -> dict[str, Any]:
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise DataError(f"{path} is not the result of a run: {error}.") from error
    if not isinstance(document, dict):
        raise DataError(f"{path} is not the result of a run.", hint="Name a result.json file.")
    return document
