"""Where code stands, told by file and line, or by cell and line."""

from __future__ import annotations

import sys
from types import ModuleType, SimpleNamespace

import pytest

from tradewright.strategy.places import place


@pytest.fixture
def notebook(monkeypatch):
    """IPython as far as it is asked: it knows one cell."""
    known = {"/somewhere/123.py": ("Cell", "In[4]")}
    shell = SimpleNamespace(compile=SimpleNamespace(format_code_name=known.get))
    module = ModuleType("IPython")
    module.get_ipython = lambda: shell
    monkeypatch.setitem(sys.modules, "IPython", module)
    return module


def test_a_cell_is_called_what_the_notebook_calls_it(notebook):
    assert place("/somewhere/123.py", 2) == "cell In[4], line 2"


def test_a_file_stays_a_file(notebook):
    assert place("mine.py", 2) == "mine.py:2"
    notebook.get_ipython = lambda: None
    assert place("/somewhere/123.py", 2) == "/somewhere/123.py:2"


def test_ipython_is_not_loaded_for_it(monkeypatch):
    monkeypatch.delitem(sys.modules, "IPython", raising=False)
    assert place("mine.py", 2) == "mine.py:2"
    assert "IPython" not in sys.modules
