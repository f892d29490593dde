"""The dashboard's files: what was built, and its first page for every address that is one of its own."""

from __future__ import annotations

import importlib.resources
import mimetypes
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING

from fastapi.responses import FileResponse, HTMLResponse

from .problems import RefusedError, problem_response

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

__all__ = ["built_dashboard", "dashboard_response"]

FIRST = "index.html"
_FOREVER = "public, max-age=31536000, immutable"
_ABSENT = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Tradewright</title>
<body><h1>Tradewright serves</h1><p>The dashboard was not built: type <code>make dashboard</code> in the checkout. The
interface is described at <a href="/docs">/docs</a>.</p></body></html>"""
_TEXT = {".js": "text/javascript", ".css": "text/css", ".html": "text/html", ".svg": "image/svg+xml"}


def built_dashboard() -> Path | None:
    """The folder of the built files: that of the package, else of the checkout; None where nothing was built."""
    package = Path(str(importlib.resources.files("tradewright")))
    places = (package / "dashboard", package.parents[1] / "dashboard" / "dist")
    return next((place for place in places if (place / FIRST).is_file()), None)


def dashboard_response(request: Request, folder: Path | None) -> Response:
    """A file of the dashboard, or its first page where the address is one of its own routes."""
    path = request.url.path.lstrip("/")
    if path.startswith(("v1/", "metrics")) or request.method not in ("GET", "HEAD"):
        refused = RefusedError(HTTPStatus.NOT_FOUND, f"There is nothing at {request.url.path}.", kind="not-found")
        return problem_response(request, refused)
    if folder is None:
        return HTMLResponse(_ABSENT)
    file = _inside(folder, path)
    if file is not None:
        return FileResponse(file, media_type=_media_type(file), headers={"Cache-Control": _age(path)})
    if "." in path.rpartition("/")[2]:
        refused = RefusedError(HTTPStatus.NOT_FOUND, f"There is nothing at {request.url.path}.", kind="not-found")
        return problem_response(request, refused)
    return FileResponse(folder / FIRST, media_type="text/html", headers={"Cache-Control": "no-cache"})


def _inside(folder: Path, path: str) -> Path | None:
    """The file that a path names below the folder, wherever its dots and links lead."""
    try:
        file = (folder / path).resolve()
        return file if path and file.is_file() and file.is_relative_to(folder.resolve()) else None
    except (OSError, ValueError):
        return None


def _media_type(file: Path) -> str:
    # Not by the host's own table, which may call a script something that a browser will not run.
    return _TEXT.get(file.suffix) or mimetypes.guess_type(file.name)[0] or "application/octet-stream"


def _age(path: str) -> str:
    """Built files carry the hash of their content in their names; the others are asked about each time."""
    return _FOREVER if path.startswith("assets/") else "no-cache"
