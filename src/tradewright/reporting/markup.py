"""HTML from values: everything is escaped unless it is markup already."""

from __future__ import annotations

from html import escape
from pathlib import Path
from string import Template

__all__ = ["Markup", "fill", "join", "tag", "template"]

_FOLDER = Path(__file__).parent / "templates"
_VOID = frozenset({"meta", "br", "hr", "input", "path", "line"})


class Markup(str):
    """Text that is HTML and is not escaped again."""

    __slots__ = ()


def tag(name: str, *children: str | None, **attributes: str | bool | None) -> Markup:
    """An element: children that are not `Markup` are escaped, attributes always; a trailing ``_`` is dropped.

    Examples
    --------
    >>> tag("td", "5 < 6", class_="num", title=None)
    '<td class="num">5 &lt; 6</td>'
    """
    written = "".join(_attribute(key, value) for key, value in attributes.items() if value not in (None, False))
    if name in _VOID:
        return Markup(f"<{name}{written}>")
    return Markup(f"<{name}{written}>{join(*children)}</{name}>")


def join(*parts: str | None) -> Markup:
    """Parts one after the other, each escaped unless it is markup; None is nothing."""
    return Markup("".join(_safe(part) for part in parts if part is not None))


def template(name: str) -> str:
    """The text of a file of the templates folder."""
    return (_FOLDER / name).read_text(encoding="utf-8")


def fill(name: str, **values: str) -> str:
    """A template with its ``$names`` filled in, escaped unless they are markup.

    Raises
    ------
    KeyError
        When the template names a value that was not given.
    """
    return Template(template(name)).substitute({key: _safe(value) for key, value in values.items()})


def _safe(part: str) -> str:
    return part if isinstance(part, Markup) else escape(part)


def _attribute(key: str, value: str | bool | None) -> str:
    name = key.rstrip("_").replace("_", "-")
    return f" {name}" if value is True else f' {name}="{escape(str(value))}"'
