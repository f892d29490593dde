"""The design map is complete, and every name, command and file that it or the architecture gives is there."""

from __future__ import annotations

import importlib
import re
from pathlib import Path
from typing import Any

import pytest
from tests.unit.house.source_names import SOURCE_NAMES

from tradewright.cli import main

PROJECT = Path(__file__).resolve().parents[3]
MAP = (PROJECT / "docs" / "design-map.md").read_text(encoding="utf-8")
TO_COME = "to come"


def rows(section: str) -> list[tuple[str, str]]:
    """The rows of one section: the source name, and where it lives."""
    text = re.split(r"^## ", MAP, flags=re.MULTILINE)
    body = next(part for part in text if part.startswith(f"{section}. "))
    cells = (line.strip("| ").split(" | ") for line in body.splitlines() if line.startswith("| "))
    return [(cell[0], cell[1]) for cell in cells][1:]


def places() -> list[str]:
    """Every name in backticks in the right-hand column, once."""
    return sorted(
        {place for section in SOURCE_NAMES for _, where in rows(section) for place in re.findall(r"`([^`]+)`", where)}
    )


STORIES = (PROJECT / "docs" / "architecture.md").read_text(encoding="utf-8")
ROOMS = "app|adapters|bootstrap|domain|engine|marketdata|ports|quant|reporting|risk|simulation|strategy|venue"
TOLD = sorted(set(re.findall(rf"`((?:{ROOMS})(?:\.\w+)+)`", STORIES)))
DOTTED = [place for place in places() if re.fullmatch(r"tradewright(\.\w+)+", place)]
COMMANDS = [place for place in places() if place.startswith("tradewright ")]
FILES = [place for place in places() if place not in {*DOTTED, *COMMANDS}]


def resolve(name: str) -> Any:
    """The module, class, function, attribute or field that a dotted name stands for."""
    parts = name.split(".")
    for cut in range(len(parts), 0, -1):
        try:
            found: Any = importlib.import_module(".".join(parts[:cut]))
        except ModuleNotFoundError as error:
            if not name.startswith(str(error.name)):
                raise
            continue
        for part in parts[cut:]:
            found = getattr(found, part) if hasattr(found, part) else found.__annotations__[part]
        return found
    raise ModuleNotFoundError(name)


@pytest.mark.parametrize("section", sorted(SOURCE_NAMES))
def test_map_has_every_source_name_in_order(section: str) -> None:
    assert [name for name, _ in rows(section)] == list(SOURCE_NAMES[section])


@pytest.mark.parametrize("section", sorted(SOURCE_NAMES))
def test_each_row_says_where_or_to_come(section: str) -> None:
    assert [name for name, where in rows(section) if TO_COME not in where and "`" not in where] == []


@pytest.mark.parametrize("name", DOTTED)
def test_name_in_the_map_exists(name: str) -> None:
    resolve(name)


@pytest.mark.parametrize("name", TOLD)
def test_name_in_the_stories_of_the_architecture_exists(name: str) -> None:
    resolve(f"tradewright.{name}")


@pytest.mark.parametrize("name", ["tradewright.nowhere", "tradewright.domain.order.OrderRequest.colour"])
def test_a_name_that_does_not_exist_is_found_out(name: str) -> None:
    with pytest.raises((ModuleNotFoundError, AttributeError, KeyError)):
        resolve(name)


@pytest.mark.parametrize("command", COMMANDS)
def test_command_in_the_map_exists(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*command.split()[1:], "--help"]) == 0, capsys.readouterr().err


def test_a_command_that_does_not_exist_is_found_out() -> None:
    assert main(["nowhere", "--help"]) != 0


@pytest.mark.parametrize("file", FILES)
def test_file_in_the_map_exists(file: str) -> None:
    assert (PROJECT / file).exists()
