"""TA-Lib without the frames it would bring along, and with them where somebody uses them."""

from __future__ import annotations

import subprocess
import sys

import pytest

FIRST = "import numpy as np, sys, threading; from tradewright.quant import indicators as ta; c = np.arange(1.0, 9.0); "
ASK = "ta.sma(c, 3); "
FRAME = "f = {0}.DataFrame({{'close': c}}); "


def in_a_new_process(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", FIRST + code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_an_indicator_of_arrays_imports_neither_pandas_nor_polars() -> None:
    assert in_a_new_process(ASK + "print([m for m in ('pandas', 'polars') if m in sys.modules])") == "[]"


def test_pandas_imported_later_is_the_real_one() -> None:
    assert in_a_new_process(ASK + "import pandas; print(pandas.Series([1, 2]).sum())") == "3"


@pytest.mark.parametrize("library", ["pandas", "polars"])
@pytest.mark.parametrize("first", ["", ASK], ids=["frames first", "indicators first"])
def test_talib_still_answers_series_with_series(library: str, first: str) -> None:
    code = f"{first}import {library}, talib; ta.sma(c, 3); a = talib.SMA({library}.Series(c), 3); "
    assert in_a_new_process(code + f"print(isinstance(a, {library}.Series), a.to_list()[-1])") == "True 7.0"


@pytest.mark.parametrize("library", ["pandas", "polars"])
@pytest.mark.parametrize("first", ["", ASK], ids=["frames first", "indicators first"])
def test_talib_still_answers_a_frame_in_kind(library: str, first: str) -> None:
    code = f"{first}import {library}, talib.abstract; ta.sma(c, 3); " + FRAME.format(library)
    one = f"a = talib.abstract.SMA(f, 3); print(isinstance(a, {library}.Series), a.to_list()[-1]); "
    several = f"print(isinstance(talib.abstract.BBANDS(f, 3), {library}.DataFrame))"
    assert in_a_new_process(code + one + several).split() == ["True", "7.0", "True"]


def test_beside_other_threads_no_stand_in_is_placed() -> None:
    code = "done = threading.Event(); threading.Thread(target=done.wait).start(); "
    assert in_a_new_process(code + ASK + "print('pandas' in sys.modules); done.set()") == "True"


def test_a_talib_that_wants_more_of_the_frames_gets_them() -> None:
    wants = (
        "import tradewright.quant.deferred_frames as d, types; d._stand_in = types.ModuleType; "
    )  # fmt: skip
    assert in_a_new_process(wants + ASK + "print('pandas' in sys.modules, ta.sma(c, 3)[-1])") == "True 7.0"
