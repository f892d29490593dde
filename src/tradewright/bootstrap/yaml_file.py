"""YAML as plain values that remember the line they stand on."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tradewright.domain.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    import yaml

__all__ = ["YamlFile", "read_yaml"]

Place = tuple[str | int, ...]

_DEEPEST = 40
_MOST_VALUES = 20_000
"""More than any hand writes: a few lines of references to references can stand for billions of values."""

_QUOTES_THE_FILE = re.compile(r"\b(alias|anchor|tag|handle) (['\"]).*\2")
"""Where the parser's own sentences repeat what stands in the file, which may be a secret."""


@dataclass(frozen=True, slots=True)
class YamlFile:
    """A YAML document: its values, and the line of each by its path of keys and positions."""

    path: Path
    value: Any
    lines: Mapping[Place, int]

    def line(self, place: Place) -> int:
        """The line, counted from 1, of a value or else of the nearest one around it."""
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place, 1)

    def where(self, place: Place = ()) -> str:
        """File and line, as error sentences name them."""
        return f"{self.path}, line {self.line(place)}"


def read_yaml(path: Path, rewrite: Callable[[str, Place, int], str] | None = None) -> YamlFile:
    """Read one YAML document.

    Parameters
    ----------
    path : Path
    rewrite : callable, optional
        Called with every single value as it is written, its place and its line; gives the text to take instead. A text
        that it changed is text, whatever it looks like.

    Raises
    ------
    ConfigError
        When the file cannot be read, is not YAML, or holds a key twice; names file and line. No message quotes a value.
    """
    text = _text(path)
    found = _parsed(path, text, rewrite)
    if isinstance(found, YamlFile):
        return found
    # Raised here, with no trace of what was caught: a parser's own message quotes the line, and it may hold a secret.
    raise found


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        fault = ConfigError(f"{path} is not UTF-8 text.", hint="Save it as UTF-8.")
    except OSError as error:
        raise ConfigError(f"{path} cannot be read: {error.strerror or error}.") from error
    raise fault


def _parsed(path: Path, text: str, rewrite: Callable[[str, Place, int], str] | None) -> YamlFile | ConfigError:
    import yaml

    walk = _Walk(path, rewrite)
    try:
        loader = yaml.SafeLoader(text)
        node = loader.get_single_node()
        walk.note(node, (), 0)
        value = None if node is None else loader.construct_document(node)
    except yaml.YAMLError as error:
        return _broken(path, error)
    except RecursionError:
        return ConfigError(f"{path} is nested too deep to be read.", hint="Write it flatter.")
    except ConfigError as error:
        return error
    # Tags and digits that fit the form of a number or a date and are none: YAML's own classes answer with these.
    except (ValueError, OverflowError, LookupError, AttributeError, TypeError):
        return ConfigError(
            f"{path} holds a value that is no number or date though it looks like one.", hint="Quote it."
        )
    return YamlFile(path, value, walk.lines)


class _Walk:
    """Through every value of a document once: notes its line, and has its text rewritten."""

    def __init__(self, path: Path, rewrite: Callable[[str, Place, int], str] | None) -> None:
        self.lines: dict[Place, int] = {}
        self._path, self._rewrite = path, rewrite
        self._seen: set[int] = set()
        self._left = _MOST_VALUES

    def note(self, node: yaml.Node | None, place: Place, depth: int) -> None:
        import yaml

        if node is None:
            return
        self._left -= 1
        if depth > _DEEPEST or self._left < 0:
            raise ConfigError(f"{self._path} is nested too deep or too large to be read.", hint="Write it flatter.")
        self.lines.setdefault(place, node.start_mark.line + 1)
        if isinstance(node, yaml.ScalarNode):
            self._rewritten(node, place)
        elif isinstance(node, yaml.SequenceNode):
            for number, item in enumerate(node.value):
                self.note(item, (*place, number), depth + 1)
        elif isinstance(node, yaml.MappingNode):
            self._mapping(node, place, depth)

    def _mapping(self, node: yaml.MappingNode, place: Place, depth: int) -> None:
        for key, item in node.value:
            below = (*place, str(key.value))
            line = key.start_mark.line + 1
            if below in self.lines and id(node) not in self._seen:
                raise ConfigError(
                    f"{self._path}, line {line}: '{key.value}' stands there twice.", hint="Remove one of the two."
                )
            self.lines[below] = line
            self.note(item, below, depth + 1)
        self._seen.add(id(node))

    def _rewritten(self, node: yaml.ScalarNode, place: Place) -> None:
        # An alias is the same node at another place, and is rewritten once.
        if self._rewrite is None or id(node) in self._seen:
            return
        self._seen.add(id(node))
        text = self._rewrite(node.value, place, node.start_mark.line + 1)
        if text != node.value:
            node.value, node.tag = text, "tag:yaml.org,2002:str"


def _broken(path: Path, error: yaml.YAMLError) -> ConfigError:
    mark = getattr(error, "problem_mark", None)
    line = f", line {mark.line + 1}" if mark else ""
    problem = getattr(error, "problem", None) or str(error).splitlines()[0]
    problem = _QUOTES_THE_FILE.sub(r"\1", problem)
    return ConfigError(
        f"{path}{line} is not valid YAML: {problem}.", hint="Look at indentation, colons and quotes there."
    )
