"""Messages of a pipe: put together from pieces, bounded, and never trusted."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tradewright.adapters.children.messages import LONGEST, MessageLines


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.integers(1, 40), max_size=30))
def test_the_pieces_do_not_matter(cuts: list[int]) -> None:
    text = b'{"done": 1}\nnonsense\n{"run": "ab"}\n[]\n{"done": 2}\n'
    lines, found, at = MessageLines(), [], 0
    for cut in cuts:
        found += lines.taken(text[at : at + cut])
        at += cut
    found += lines.taken(text[at:])
    assert found == [{"done": 1}, {"run": "ab"}, {"done": 2}]


def test_a_line_without_end_is_thrown_away_and_what_follows_is_heard() -> None:
    lines = MessageLines()
    for _ in range(5):
        assert lines.taken(b"x" * LONGEST) == ()
        assert len(lines._rest) <= LONGEST
    assert lines.taken(b'"}\n{"done": 3}\n') == ({"done": 3},)


def test_a_deep_text_is_nonsense() -> None:
    assert MessageLines().taken(b"[" * 60_000 + b"\n") == ()
