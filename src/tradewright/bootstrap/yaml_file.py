"""YAML as plain values that remember the line they stand on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tradewright.domain.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import yaml

__all__ = ["YamlFile", "read_yaml"]

Place = tuple[str | int, ...]


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


def read_yaml(path: Path) -> YamlFile:
    """Read one YAML document.

    Raises
    ------
    ConfigError
        When the file cannot be read, is not YAML, or holds a key twice; names file and line.
    """
    import yaml

    try:
        loader = yaml.SafeLoader(path.read_text(encoding="utf-8"))
        node = loader.get_single_node()
        lines: dict[Place, int] = {}
        _note_lines(path, node, (), lines)
        value = None if node is None else loader.construct_document(node)
    except OSError as error:
        raise ConfigError(f"{path} cannot be read: {error.strerror or error}.") from error
    except UnicodeDecodeError:
        raise ConfigError(f"{path} is not UTF-8 text.", hint="Save it as UTF-8.") from None
    except yaml.YAMLError as error:
        raise _broken(path, error) from error
    return YamlFile(path, value, lines)


def _note_lines(path: Path, node: yaml.Node | None, place: Place, lines: dict[Place, int]) -> None:
    import yaml

    if node is None:
        return
    lines.setdefault(place, node.start_mark.line + 1)
    if isinstance(node, yaml.SequenceNode):
        for number, item in enumerate(node.value):
            _note_lines(path, item, (*place, number), lines)
    if isinstance(node, yaml.MappingNode):
        for key, item in node.value:
            below = (*place, str(key.value))
            line = key.start_mark.line + 1
            if below in lines:
                raise ConfigError(
                    f"{path}, line {line}: '{key.value}' stands there twice.", hint="Remove one of the two."
                )
            lines[below] = line
            _note_lines(path, item, below, lines)


def _broken(path: Path, error: yaml.YAMLError) -> ConfigError:
    mark = getattr(error, "problem_mark", None)
    line = f", line {mark.line + 1}" if mark else ""
    problem = getattr(error, "problem", None) or str(error).splitlines()[0]
    return ConfigError(
        f"{path}{line} is not valid YAML: {problem}.", hint="Look at indentation, colons and quotes there."
    )
