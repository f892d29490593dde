"""Write the OpenAPI document: ``python -m tradewright.api.document dashboard/openapi.json``."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from tradewright.domain.bars import Bars

__all__ = ["document_text"]


def document_text() -> str:
    """The document as it is kept beside the dashboard: the same program gives the same bytes."""
    from tradewright.bootstrap.control_room import control_room

    from .application import DoorOptions, create_app
    from .described import describe

    nowhere = Path("nowhere")
    room = control_room("1", lambda: _no_bars, folder=nowhere, project=nowhere)
    app = create_app(room, DoorOptions())
    return json.dumps(describe(app), indent=2, ensure_ascii=False) + "\n"


def _no_bars(_: Mapping[str, Any]) -> Bars:
    from tradewright.domain.errors import DataNotAvailableError

    raise DataNotAvailableError("The document of the interface has no bars.")


def _main(arguments: list[str]) -> NoReturn:
    if len(arguments) != 1:
        sys.exit("Name the file to write, and nothing else.")
    Path(arguments[0]).write_text(document_text(), encoding="utf-8", newline="\n")
    sys.exit(0)


if __name__ == "__main__":
    _main(sys.argv[1:])
