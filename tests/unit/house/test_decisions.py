"""Decisions are numbered: each number once, the same in the file's name and in its title."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

DECISIONS = sorted((Path(__file__).parents[3] / "docs" / "decisions").glob("*.md"))


def test_every_number_is_given_once() -> None:
    counted = Counter(path.name[:4] for path in DECISIONS)
    assert [number for number, times in counted.items() if times > 1] == []


def test_a_title_has_the_number_of_its_file() -> None:
    titles = {path.name: path.read_text(encoding="utf-8").partition("\n")[0] for path in DECISIONS}
    assert [name for name, title in titles.items() if not re.match(rf"# {name[:4]}\. ", title)] == []
