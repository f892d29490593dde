"""Single values of a YAML file put in the place of others: every other character stays, comments included."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tradewright.domain.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import yaml

    Pair = tuple[yaml.Node, yaml.Node]

__all__ = ["with_value"]

_BY_HAND = "Change it in the file by hand."


def with_value(text: str, place: Sequence[str], value: Any) -> str:
    """A document with another value at a place.

    Parameters
    ----------
    text : str
        YAML whose root is a mapping, or nothing.
    place : sequence of str
        The keys that lead to it, from the root.
    value : text, number, truth, list or mapping of these, or None
        None takes the last key out.

    Raises
    ------
    ConfigError
        Where the place is written in a way in which nothing can be put without touching the rest.
    """
    node, name = _root(text), None
    *sections, key = place
    for depth, section in enumerate(sections):
        found = _under(node, section)
        if found is None:
            return text if value is None else _put(text, name, node, section, _nested(place[depth + 1 :], value))
        name, node = found
        _require_section(place[: depth + 1], found)
    there = _under(node, key)
    if there is None:
        return text if value is None else _put(text, name, node, key, value)
    _require_own(place, there)
    return _removed(text, name, node, there) if value is None else _replaced(text, there, value, _is_flow(node))


def _root(text: str) -> yaml.Node | None:
    import yaml

    root = yaml.compose(text, Loader=yaml.SafeLoader)
    if root is not None and not isinstance(root, yaml.MappingNode) and not _is_nothing(root):
        raise ConfigError("The file holds no keys.", hint=_BY_HAND)
    return root


def _nested(names: Sequence[str], value: Any) -> Any:
    for name in reversed(names):
        value = {name: value}
    return value


def _under(node: yaml.Node | None, name: str) -> Pair | None:
    """Key and value of a name in a mapping."""
    return next((pair for pair in _pairs(node) if str(pair[0].value) == name), None)


def _pairs(node: yaml.Node | None) -> list[Pair]:
    import yaml

    return node.value if isinstance(node, yaml.MappingNode) else []


def _is_flow(node: yaml.Node | None) -> bool:
    return bool(getattr(node, "flow_style", False))


def _is_nothing(node: yaml.Node) -> bool:
    import yaml

    return isinstance(node, yaml.ScalarNode) and node.tag == "tag:yaml.org,2002:null" and not node.value


def _require_section(place: Sequence[str], found: Pair) -> None:
    import yaml

    name, below = found
    is_behind = below.start_mark.index >= name.end_mark.index
    if not is_behind or not (isinstance(below, yaml.MappingNode) or _is_nothing(below)):
        raise ConfigError(f"'{'.'.join(place)}' holds no keys, or stands elsewhere.", hint=_BY_HAND)


def _require_own(place: Sequence[str], there: Pair) -> None:
    """Refuse a value that does not stand beside its key on one line."""
    import yaml

    name, old = there
    is_plain = old.style not in {"|", ">"} if isinstance(old, yaml.ScalarNode) else _is_flow(old)
    beside = old.start_mark.index >= name.end_mark.index and old.start_mark.line == old.end_mark.line
    if not is_plain or not beside or old.start_mark.line != name.start_mark.line:
        raise ConfigError(f"'{'.'.join(place)}' is written over several lines or elsewhere.", hint=_BY_HAND)


def _replaced(text: str, there: Pair, value: Any, is_flow: bool) -> str:
    name, old = there
    if _is_nothing(old):
        at = text.find(":", name.end_mark.index) + 1
        if not at or text[name.end_mark.index : at - 1].strip():
            raise ConfigError(f"'{name.value}' has no value.", hint=_BY_HAND)
        return f"{text[:at]} {_said(value, is_flow)}{text[at:]}"
    return text[: old.start_mark.index] + _said(value, is_flow) + text[old.end_mark.index :]


def _removed(text: str, section: yaml.Node | None, node: yaml.Node | None, there: Pair) -> str:
    """Without a key; a section that held nothing else says that it holds nothing."""
    if _is_flow(node):
        return _removed_between(text, _pairs(node), there)
    name, old = there
    first = _line_of(text, name)
    stop = text.find("\n", max(old.end_mark.index, name.end_mark.index))
    rest = text[:first] + (text[stop + 1 :] if stop >= 0 else "")
    if section is None or len(_pairs(node)) > 1:
        return rest
    at = text.index(":", section.end_mark.index) + 1
    return f"{rest[:at]} {{}}{rest[at:]}"


def _removed_between(text: str, pairs: list[Pair], there: Pair) -> str:
    """Without a key of a mapping in braces, and without the comma on its side."""
    at = next(number for number, pair in enumerate(pairs) if pair is there)
    first, stop = there[0].start_mark.index, there[1].end_mark.index
    if at + 1 < len(pairs):
        stop = pairs[at + 1][0].start_mark.index
    elif at:
        first = pairs[at - 1][1].end_mark.index
    if "\n" in text[first:stop]:
        raise ConfigError(f"What stands around '{there[0].value}' is written over several lines.", hint=_BY_HAND)
    return text[:first] + text[stop:]


def _put(text: str, section: yaml.Node | None, node: yaml.Node | None, key: str, value: Any) -> str:
    """A new key: the first of its section, the last of a document."""
    if _is_flow(node) and node is not None:
        at = node.start_mark.index + 1
        return f"{text[:at]}{_pair(key, value, is_flow=True)}{', ' if _pairs(node) else ''}{text[at:]}"
    if section is None:
        return _appended(text, key, value)
    if _pairs(node):
        first = _pairs(node)[0][0]
        at = _line_of(text, first)
        return f"{text[:at]}{text[at : first.start_mark.index]}{_pair(key, value)}\n{text[at:]}"
    end = text.find("\n", section.end_mark.index)
    head, rest = (text, "") if end < 0 else (text[:end], text[end + 1 :])
    return f"{head}\n{' ' * (section.start_mark.column + 2)}{_pair(key, value)}\n{rest}"


def _line_of(text: str, name: yaml.Node) -> int:
    """Where the line of a key begins; nothing else may stand before it there."""
    first = text.rfind("\n", 0, name.start_mark.index) + 1
    if text[first : name.start_mark.index].strip():
        raise ConfigError(f"'{name.value}' begins on the line of something else.", hint=_BY_HAND)
    return first


def _appended(text: str, key: str, value: Any) -> str:
    head = text if not text or text.endswith("\n") else f"{text}\n"
    if isinstance(value, dict):
        return f"{head}{_said(key)}:\n" + "".join(f"  {_pair(name, each)}\n" for name, each in value.items())
    return f"{head}{_pair(key, value)}\n"


def _pair(key: str, value: Any, *, is_flow: bool = False) -> str:
    return f"{_said(key, is_flow)}: {_said(value, is_flow)}"


def _said(value: Any, is_flow: bool = False) -> str:
    """A value as YAML says it on one line; in braces, commas and braces of a text are quoted."""
    import yaml

    text: str = yaml.safe_dump(
        [value] if is_flow else value, default_flow_style=True, allow_unicode=True, width=1 << 20, sort_keys=False
    )
    text = text.removesuffix("...\n").removesuffix("\n")
    return text[1:-1] if is_flow else text
