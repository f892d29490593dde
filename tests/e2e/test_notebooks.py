"""The notebooks run from top to bottom in a real kernel, and strategies live in cells as they live in files."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

import tradewright as tw

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))


@pytest.fixture
def kernel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Run cells in a kernel of its own that writes nothing outside the test's folder."""
    for name in ("HOME", "IPYTHONDIR", "JUPYTER_RUNTIME_DIR", "JUPYTER_DATA_DIR", "JUPYTER_CONFIG_DIR"):
        monkeypatch.setenv(name, str(tmp_path / name.lower()))
    monkeypatch.setenv("PYDEVD_DISABLE_FILE_VALIDATION", "1")

    def run(notebook: Any, *, allow_errors: bool = False) -> Any:
        place = {"metadata": {"path": str(tmp_path)}}
        client = NotebookClient(notebook, timeout=60, kernel_name="python3", resources=place, allow_errors=allow_errors)
        client.execute()
        return notebook

    return run


def written(cells: list[str]) -> Any:
    """A notebook of code cells."""
    return nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(text) for text in cells])


def code_of(notebook: Any) -> list[Any]:
    """The cells that hold code."""
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def shown(cell: Any) -> str:
    """The output of a cell as text: what was printed, its last value, or its error."""
    texts = []
    for output in cell.outputs:
        data = output.get("data", {})
        texts += [output.get("text", ""), data.get("text/plain", ""), output.get("evalue", "")]
    return "".join(texts)


def kinds(cell: Any) -> set[str]:
    """The media types that a cell shows."""
    return {kind for output in cell.outputs for kind in output.get("data", {})}


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_kept_without_its_outputs(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    code = code_of(notebook)
    assert code
    assert all(not cell.outputs and cell.execution_count is None for cell in code)


@pytest.mark.slow
def test_the_first_backtest_runs(kernel: Any, tmp_path: Path) -> None:
    cells = code_of(kernel(nbformat.read(FOLDER / "first-backtest.ipynb", as_version=4)))
    text = "".join(map(shown, cells))
    assert "SYNTHETIC" in text
    assert "Careless raised ZeroDivisionError in cell In[" in text
    assert any("text/html" in kinds(cell) and "tradewright-card" in str(cell.outputs) for cell in cells)
    assert any("application/vnd.plotly.v1+json" in kinds(cell) for cell in cells)
    assert (tmp_path / "first-backtest.html").is_file()


@pytest.mark.slow
def test_the_notebook_on_files_runs(kernel: Any) -> None:
    text = "".join(map(shown, code_of(kernel(nbformat.read(FOLDER / "your-own-file.ipynb", as_version=4)))))
    assert "line 41" in text
    assert "True" in text
    assert "1w" in text


SETUP = "import asyncio\nimport tradewright as tw\nbars = tw.synthetic_bars(bars=80)\n"
CELL_CLASS = """class Mine(tw.Strategy):
    n = tw.Param(5)
    def setup(self):
        self.line = self.use(tw.indicators.sma, "close", self.n)
    def on_bar(self, ctx):
        if self.line[-4] < self.line[-1]:
            ctx.target_percent(0.5)
result = tw.backtest(Mine, bars)
result.record.strategies[0].warmup_bars"""
CELLS = {
    "setup": SETUP,
    "class": CELL_CLASS,
    "class again": CELL_CLASS.replace("[-4]", "[-9]"),
    "function": "def f(ctx):\n    ctx.history(bars=20)\ntw.backtest(f, bars).record.strategies[0].warmup_bars",
    "coroutine": "async def c(ctx):\n    await ctx.buy(1)\ntw.backtest(c, bars).metrics['fills']",
    "in a task": "async def task():\n    return tw.backtest(c, bars).hash\nawait task() == tw.backtest(c, bars).hash",
    "async class": "class A(tw.Strategy):\n    async def on_bar(self, ctx):\n        ctx.buy(1)\ntw.backtest(A, bars)",
    "registered": "@tw.register('held')\ndef held(ctx):\n    ctx.buy(1)\ntw.load_strategy('held') is held",
    "registered again": "@tw.register('held')\ndef held(ctx):\n    ctx.buy(2)\ntw.load_strategy('held') is held",
    "raises": "class R(tw.Strategy):\n    def on_bar(self, ctx):\n        x = 1\n        x / 0\ntw.backtest(R, bars)",
    "waits": "async def w(ctx):\n    await asyncio.sleep(1)\ntw.backtest(w, bars)",
    "signature": "class S(tw.Strategy):\n    def on_bar(self):\n        pass\ntw.backtest(S, bars)",
}


@pytest.mark.slow
def test_strategies_written_in_cells(kernel: Any) -> None:
    notebook = kernel(written(list(CELLS.values())), allow_errors=True)
    said = {name: shown(cell) for name, cell in zip(CELLS, notebook.cells, strict=True)}
    assert said["setup"] == ""
    assert (said["class"], said["class again"], said["function"]) == ("8", "13", "20")
    assert said["coroutine"] == "79"
    assert said["in a task"] == said["registered"] == said["registered again"] == "True"
    assert "<Result SYNTHETIC" in said["async class"]
    assert "R raised ZeroDivisionError in cell In[10], line 4 at the bar" in said["raises"]
    assert "The line is: x / 0" in said["raises"]
    assert "w waits for sleep() in cell In[11], line 2" in said["waits"]
    assert "S.on_bar(self) in cell In[12], line 2 takes the wrong arguments" in said["signature"]


# Where an event loop runs already.


class Patient(tw.Strategy):
    """A class whose hook is a coroutine."""

    async def on_bar(self, ctx: Any) -> None:
        """Hold one."""
        if not await ctx.has_position():
            await ctx.buy(1)


async def steady(ctx: Any) -> None:
    """A coroutine strategy."""
    if not await ctx.has_position():
        await ctx.buy(1)


@pytest.mark.parametrize("strategy", [steady, Patient])
def test_a_backtest_runs_inside_a_running_loop(strategy: Any, tmp_path: Path) -> None:
    bars = tw.synthetic_bars(bars=60)

    async def main() -> Any:
        result = tw.backtest(strategy, bars)
        await asyncio.sleep(0)
        assert result.plot().data
        assert "tradewright-card" in result._repr_html_()
        result.report(tmp_path / "report.html")
        return tw.load_run(tw.keep_run(result))

    assert asyncio.run(main()).hash == tw.backtest(strategy, bars).hash


def test_runs_started_together_do_not_meet() -> None:
    bars = tw.synthetic_bars(bars=60)

    async def one() -> str:
        await asyncio.sleep(0)
        return tw.backtest(steady, bars).hash

    async def main() -> list[str]:
        return await asyncio.gather(one(), one(), asyncio.to_thread(lambda: tw.backtest(steady, bars).hash))

    assert len(set(asyncio.run(main()))) == 1
