"""Single values of a YAML file put in the place of others: every other character stays, comments included."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tradewright.domain.errors import ConfigError

if TYPE_CHECKING:
    import yaml

__all__ = ["with_value"]

_BY_HAND = "Change it in the file by hand."


def with_value(text: str, section: str, key: str, value: Any) -> str:
    """A document with another value under ``section: key``.

    Parameters
    ----------
    text : str
        YAML whose root is a mapping, or nothing.
    section, key : str
    value : text, number, truth or None
        None takes the key out.

    Raises
    ------
    ConfigError
        Where the place is written in a way in which nothing can be put without touching the rest.
    """
    root = _root(text)
    found = _under(root, section)
    if found is None:
        return text if value is None else _appended(text, section, key, value)
    name, below = found
    if not _is_block(below) and not _is_nothing(below):
        raise ConfigError(f"'{section}' is written on one line, or stands elsewhere.", hint=_BY_HAND)
    there = _under(below, key)
    if there is None:
        return text if value is None else _inserted(text, name, below, key, value)
    return _removed(text, section, there) if value is None else _replaced(text, section, there, value)


def _root(text: str) -> yaml.Node | None:
    import yaml

    root = yaml.compose(text, Loader=yaml.SafeLoader)
    if root is not None and not (isinstance(root, yaml.MappingNode) and not root.flow_style) and not _is_nothing(root):
        raise ConfigError("The settings are written on one line.", hint=_BY_HAND)
    return root


def _under(node: yaml.Node | None, name: str) -> tuple[yaml.Node, yaml.Node] | None:
    """Key and value of a name in a mapping."""
    import yaml

    if not isinstance(node, yaml.MappingNode):
        return None
    return next(((key, value) for key, value in node.value if str(key.value) == name), None)


def _is_block(node: yaml.Node) -> bool:
    import yaml

    return isinstance(node, yaml.MappingNode) and not node.flow_style and bool(node.value)


def _is_nothing(node: yaml.Node) -> bool:
    import yaml

    return isinstance(node, yaml.ScalarNode) and node.tag == "tag:yaml.org,2002:null" and not node.value


def _replaced(text: str, section: str, there: tuple[yaml.Node, yaml.Node], value: Any) -> str:
    name, old = _own(section, there)
    if _is_nothing(old):
        at = text.index(":", name.end_mark.index) + 1
        return f"{text[:at]} {_said(value)}{text[at:]}"
    return text[: old.start_mark.index] + _said(value) + text[old.end_mark.index :]


def _removed(text: str, section: str, there: tuple[yaml.Node, yaml.Node]) -> str:
    """Without the line of a key; a section that held nothing else stays, with nothing in it."""
    name, old = _own(section, there)
    first = text.rfind("\n", 0, name.start_mark.index) + 1
    if text[first : name.start_mark.index].strip():
        raise ConfigError(f"'{section}' begins on the line of its name.", hint=_BY_HAND)
    stop = text.find("\n", max(old.end_mark.index, name.end_mark.index))
    return text[:first] + (text[stop + 1 :] if stop >= 0 else "")


def _own(section: str, there: tuple[yaml.Node, yaml.Node]) -> tuple[yaml.Node, yaml.Node]:
    """Key and value, where the value is one that stands beside its key on one line."""
    import yaml

    name, old = there
    is_plain = isinstance(old, yaml.ScalarNode) and old.style not in {"|", ">"}
    beside = old.start_mark.index >= name.end_mark.index and old.start_mark.line == old.end_mark.line
    if not is_plain or not beside or old.start_mark.line != name.start_mark.line:
        raise ConfigError(f"'{section}.{name.value}' is written over several lines or elsewhere.", hint=_BY_HAND)
    return name, old


def _inserted(text: str, name: yaml.Node, below: yaml.Node, key: str, value: Any) -> str:
    """As the first of a section."""
    if _is_block(below):
        first = below.value[0][0]
        at = text.rfind("\n", 0, first.start_mark.index) + 1
        indent = text[at : first.start_mark.index]
        if indent.strip():
            raise ConfigError(f"'{name.value}' begins on the line of its name.", hint=_BY_HAND)
        return f"{text[:at]}{indent}{key}: {_said(value)}\n{text[at:]}"
    end = text.find("\n", name.end_mark.index)
    head, rest = (text, "") if end < 0 else (text[:end], text[end + 1 :])
    return f"{head}\n  {key}: {_said(value)}\n{rest}"


def _appended(text: str, section: str, key: str, value: Any) -> str:
    head = text if not text or text.endswith("\n") else f"{text}\n"
    return f"{head}{section}:\n  {key}: {_said(value)}\n"


def _said(value: Any) -> str:
    """A value as YAML says it on one line."""
    import yaml

    text: str = yaml.safe_dump(value, default_flow_style=True, allow_unicode=True, width=1 << 20)
    return text.removesuffix("...\n").removesuffix("\n")
