"""Texts read as trees: what threads that read at once are spared."""

from __future__ import annotations

import ast
import gc
import re
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import tradewright
from tradewright.domain.syntax import lines_of, parsed, parsed_expression, source_of

SOURCE = Path(tradewright.__file__).parent
TEXT = "\n".join(
    f"def f{n}(a, b):\n    return [a + b * (c - {n}) for c in range(b) if c > (a and b)]" for n in range(200)
)


@contextmanager
def another_thread_let_in(act: Callable[[], Any]) -> Iterator[list[Any]]:
    """While a tree is built, the first garbage collection gives the other thread time to act from start to end."""
    inside, came, said = threading.Event(), threading.Event(), []

    def act_when_inside() -> None:
        inside.wait(10)
        said.append(act())
        came.set()

    def on_collection(phase: str, _: dict[str, int]) -> None:
        if phase == "start" and threading.current_thread() is not other and not inside.is_set():
            inside.set()
            came.wait(0.2)

    other = threading.Thread(target=act_when_inside)
    other.start()
    before = gc.get_threshold()
    gc.callbacks.append(on_collection)
    gc.set_threshold(100)
    try:
        yield said
    finally:
        gc.set_threshold(*before)
        gc.callbacks.remove(on_collection)
        other.join(10)


def test_a_thread_that_comes_in_half_way_waits_for_the_tree_to_be_done() -> None:
    expected = ast.dump(ast.parse(TEXT))
    with another_thread_let_in(lambda: parsed(TEXT)) as said:
        tree = parsed(TEXT)
    assert [ast.dump(each) for each in (tree, *said)] == [expected, expected]


def test_many_threads_that_read_texts_all_get_them() -> None:
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: (source_of(SomeClass), lines_of(SomeClass)[1], parsed(TEXT)), range(20)))
    assert len({(text, line) for text, line, _ in found}) == 1
    assert found[0][0].startswith("class SomeClass")


def test_an_expression_is_read_without_its_module() -> None:
    assert ast.unparse(parsed_expression("fast < slow")) == "fast < slow"


def test_nothing_reads_a_text_past_the_lock() -> None:
    past = re.compile(r"\bast\.parse\(|\binspect\.getsource(lines)?\(")
    files = [file for file in SOURCE.rglob("*.py") if past.search(file.read_text("utf-8"))]
    assert [str(file.relative_to(SOURCE)) for file in files] == ["domain/syntax.py"]


class SomeClass:
    """Found by its text."""
