"""From an account's name to its journal, its latch and its ids; and `tw.broker` over them."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

import tradewright as tw
from tradewright.adapters.storage.folder.drawn_name import drawn_name
from tradewright.adapters.storage.journal.file_journal import FileJournal
from tradewright.adapters.storage.journal.latch_file import FileLatch
from tradewright.adapters.storage.memory.journal import MemoryJournal
from tradewright.adapters.system_clock import SystemClock
from tradewright.bootstrap import accounts
from tradewright.bootstrap.accounts import account_places, install_name, journal_of, latch_of
from tradewright.domain.errors import ConfigError, StorageError
from tradewright.domain.live.latch import LatchOrder
from tradewright.domain.live.modes import Mode, ProcessMode


@pytest.fixture(autouse=True)
def process(monkeypatch: pytest.MonkeyPatch) -> ProcessMode:
    """A process that has said nothing yet."""
    fresh = ProcessMode()
    monkeypatch.setitem(accounts.account_door.__kwdefaults__, "process", fresh)
    return fresh


def test_paper_and_live_of_one_account_lie_apart(storage: Path) -> None:
    paper, live = (account_places("alpaca-1", mode) for mode in (Mode.PAPER, Mode.LIVE))
    assert paper.journal == storage / "accounts" / "paper" / "alpaca-1" / "journal"
    assert live.latch == storage / "accounts" / "live" / "alpaca-1" / "latch"
    assert (paper.identity.mode, live.identity.mode) == ("paper", "live")


def test_a_name_that_is_no_file_name_has_a_folder_of_its_own(tmp_path: Path) -> None:
    folders = {account_places(name, Mode.PAPER, tmp_path).folder for name in ("a/b", "a_b", "a:b", "../a")}
    assert len(folders) == 4
    assert {folder.parent for folder in folders} == {tmp_path / "accounts" / "paper"}


def test_an_account_has_a_journal_and_a_latch_on_the_disk() -> None:
    assert isinstance(journal_of("a", Mode.PAPER), FileJournal)
    latch = latch_of("a", Mode.PAPER)
    latch.set(LatchOrder("enough", "a person"))
    assert isinstance(latch, FileLatch)
    assert latch_of("a", Mode.PAPER).read() is not None


def test_an_account_that_goes_with_its_process_keeps_nothing() -> None:
    assert isinstance(journal_of("", Mode.PAPER), MemoryJournal)
    latch = latch_of("", Mode.PAPER)
    latch.set(LatchOrder("enough", "a person"))
    assert latch.read() is not None
    latch.clear()
    assert latch.read() is None


def test_the_installation_keeps_its_name(tmp_path: Path) -> None:
    assert install_name(tmp_path) == install_name(tmp_path)
    assert len(install_name(tmp_path)) == 32
    assert [path.name for path in (tmp_path / "accounts").iterdir()] == ["install"]


def test_a_name_that_cannot_be_read_is_said(tmp_path: Path) -> None:
    (tmp_path / "name").write_text("")
    with pytest.raises(StorageError, match="There is no name in"):
        drawn_name(tmp_path / "name")
    with pytest.raises(StorageError, match="cannot be kept or read"):
        drawn_name(tmp_path / "name" / "below")


def test_the_clock_goes_on() -> None:
    clock = SystemClock()
    first = clock.monotonic_ns()
    assert clock.monotonic_ns() >= first
    assert clock.now_ns() > 1_700_000_000_000_000_000


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"mode": "real"}, "in mode 'paper' or 'live', not 'real'"),
        ({"risk": "none"}, "Paper and live name their risk limits"),
        ({"risk": "reckless"}, "reckless"),
        ({"mode": "live"}, "has no live account"),
    ],
)
def test_mode_and_limits_are_named_and_known(said: dict[str, str], sentence: str) -> None:
    with pytest.raises(ConfigError, match=sentence):
        tw.broker("paper", **{"mode": "paper", "risk": "cautious", **said})


def test_neither_mode_nor_limits_have_a_default() -> None:
    with pytest.raises(TypeError, match="mode"):
        tw.broker("paper", risk="cautious")  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="risk"):
        tw.broker("paper", mode="paper")  # type: ignore[call-arg]


def test_a_process_that_traded_on_paper_opens_no_live_account() -> None:
    tw.broker("paper", mode="paper", risk="cautious")
    with pytest.raises(ConfigError, match="trades in mode paper, not in mode live"):
        tw.broker("alpaca", mode="live", risk="cautious")


def test_the_paper_exchange_is_traded_from_python(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRADEWRIGHT_BROKERS__PAPER__OPTIONS__SYMBOLS", "ACME")
    clock = SystemClock()

    async def trade() -> None:
        async with tw.broker("paper", mode="paper", risk="cautious") as b:
            limit = tw.OrderRequest(
                symbol="ACME", side=tw.OrderSide.BUY, quantity=10, order_type=tw.OrderType.LIMIT, limit_price=95.0,
                stop_loss=90.0,
            )  # fmt: skip
            await b.see(tw.Bar("ACME", clock.now_ns() - 60_000_000_000, clock.now_ns(), 100.0, 101.0, 99.0, 100.0, 1e6))
            order = await b.submit_order(limit)
            assert order.status is tw.OrderStatus.SUBMITTED, order
            assert (await b.cancel_order(order.id)).status is tw.OrderStatus.CANCELLED
            assert (await b.get_account()).equity == 100_000.0

    asyncio.run(trade())
