"""What a study comes to, in a word and a sentence; the same in the terminal, the notebook and the page."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tradewright.reporting.markup import Markup, tag
from tradewright.reporting.trust import STATE_WORDS, State

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tradewright.reporting.trust import Chip

__all__ = ["Verdict", "saying", "verdict_line"]


class Verdict(NamedTuple):
    """A state, the word for it, and the sentence with the numbers."""

    state: State
    word: str
    sentence: str


def verdict_line(verdict: Verdict) -> str:
    """Mark and sentence as text."""
    return f"{_mark(verdict)} {verdict.sentence}"


def saying(verdict: Verdict, chips: Sequence[Chip]) -> Markup:
    """Mark, word and sentence, and which trust states fail."""
    failing = [chip.label for chip in chips if chip.state is State.FAIL]
    beside = f" Unreliable: {', '.join(failing)}." if failing else ""
    class_ = "none" if verdict.state is State.NOT_COMPUTED else str(verdict.state)
    word = tag("span", f"{_mark(verdict)} {verdict.word}", class_="word")
    return tag("p", word, verdict.sentence + beside, class_=f"saying {class_}")


def _mark(verdict: Verdict) -> str:
    return STATE_WORDS[verdict.state].split()[0]
