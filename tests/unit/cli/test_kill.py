"""The kill switch from the command line, where no venue and no session is needed to see it."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest
from tests.command_line import Tw

from tradewright.adapters.storage.journal.file_journal import FileJournal
from tradewright.adapters.storage.journal.latch_file import FileLatch
from tradewright.adapters.storage.journal.seat import FolderSeat
from tradewright.app.orders.book import LiveBook
from tradewright.bootstrap.kill import account_folders, latch_accounts
from tradewright.domain.live.journal import JournalIdentity, Record, RecordKind
from tradewright.domain.live.latch import LatchOrder

WIRE = {"symbol": "A", "side": "BUY", "quantity": "5", "type": "market", "tif": "gtc"}


def account(store: Path, name: str = "alpaca-paper-desk", mode: str = "paper", *records: Record) -> Path:
    """An account that traded here once."""
    folder = store / "accounts" / mode / name
    journal = FileJournal(folder / "journal", JournalIdentity(name, mode))
    journal.open()
    journal.begin_epoch(1)
    journal.append(Record(RecordKind.EPOCH, {"epoch": 1, "at": 0, "dead": True}))
    for record in records:
        journal.append(record)
    asyncio.run(journal.durable(1 + len(records)))
    journal.close()
    return folder


@pytest.fixture
def store(storage: Path) -> Path:
    return storage


INTENT = {"cid": "c", "role": "ENTRY", "wire": WIRE, "ttl_ns": 9, "number": 0}
DECIDED = Record(RecordKind.DECIDE, {"key": "1/A", "digest": "d", "at": 1, "intents": [INTENT]})
TOLD = {"reason": "drill", "who": "ann", "flatten": False, "all": False}
LATCHED = Record(RecordKind.LATCH, {"number": 1, "at": 1, **TOLD})


def test_without_an_account_there_is_nothing_to_stop(tw: Tw) -> None:
    run = tw("kill")
    assert (run.code, run.err.splitlines()[0]) == (2, "No account has traded from here: there is nothing to stop.")


def test_an_unknown_account_is_refused_with_those_there_are(tw: Tw, store: Path) -> None:
    account(store)
    run = tw("kill", "--account", "ib")
    assert (run.code, run.err.splitlines()[0]) == (2, "There is no account 'ib'. There are paper/alpaca-paper-desk.")


@pytest.mark.parametrize("asked", ["alpaca", "alpaca-paper-desk", "paper/alpaca-paper-desk"])
def test_an_account_is_meant_by_its_name_or_its_brokers(store: Path, asked: str) -> None:
    account(store)
    account(store, "ib-live-U1", "live")
    assert [str(folder) for folder in account_folders(asked)] == ["paper/alpaca-paper-desk"]


def test_without_a_name_every_account_is_latched_and_each_is_reported(tw: Tw, store: Path) -> None:
    folders = [account(store), account(store, "ib-live-U1", "live")]
    run = tw("kill", "--json", "--reason", "drill")
    found = json.loads(run.out)["accounts"]
    assert (run.code, [each["account"] for each in found]) == (1, ["paper/alpaca-paper-desk", "live/ib-live-U1"])
    assert all("No broker of the settings opens" in each["left"][0] for each in found)
    assert [FileLatch(folder / "latch").read().reason for folder in folders] == ["drill", "drill"]


def test_a_second_word_adds_to_the_first(store: Path) -> None:
    folder = account(store)
    latch_accounts(account_folders(), LatchOrder("first", "ann", flatten=True))
    latch_accounts(account_folders(), LatchOrder("second", "bob", foreign=True))
    told = FileLatch(folder / "latch").read()
    assert told == LatchOrder("second", "bob", flatten=True, foreign=True)


def test_a_latch_that_cannot_be_written_is_said_and_the_others_are(store: Path, tw: Tw) -> None:
    broken, sound = account(store), account(store, "ib-paper-U1")
    (broken / "latch").mkdir()
    run = tw("kill", "--json")
    assert run.code == 1
    assert "cannot be written" in run.err
    assert FileLatch(sound / "latch").read() is not None


def test_the_status_tells_armed_latched_and_carried_out(tw: Tw, store: Path) -> None:
    account(store)
    assert "paper/alpaca-paper-desk: armed; held by nobody." in tw("kill", "--status").out
    account(store, "b", "paper", DECIDED, LATCHED)
    account(store, "c", "paper", LATCHED)
    said = tw("kill", "--status").out
    assert "paper/b: LATCHED (drill), being carried out; held by nobody." in said
    assert "paper/c: LATCHED (drill), carried out; held by nobody." in said
    latch_accounts(account_folders("alpaca"), LatchOrder("now", "ann"))
    assert "LATCHED by ann (now), not carried out yet" in tw("kill", "--status").out


class TestRearm:
    def test_a_person_a_reason_and_limits_are_recorded_and_the_latch_is_gone(self, tw: Tw, store: Path) -> None:
        folder = account(store, "a", "paper", LATCHED)
        latch_accounts(account_folders(), LatchOrder("drill", "ann"))
        run = tw("rearm", "--reason", "looked at it", "--risk", "bold", "--who", "bob")
        assert (run.code, run.out) == (0, "paper/a is armed again, with the limits 'bold'.\n")
        assert FileLatch(folder / "latch").read() is None
        book = LiveBook()
        entries = FolderSeat(folder / "journal").glance().entries
        book.replay(entries)
        assert (book.latch.is_set, book.risk["halted"], book.risk["limits"]["name"]) == (False, 0, "bold")
        assert entries[-1].record.body == {"who": "bob", "reason": "looked at it"}

    def test_orders_that_may_rest_keep_it_latched(self, tw: Tw, store: Path) -> None:
        folder = account(store, "a", "paper", DECIDED, LATCHED)
        latch_accounts(account_folders(), LatchOrder("drill", "ann"))
        run = tw("rearm", "--reason", "x", "--risk", "bold")
        assert (run.code, run.err.splitlines()[0]) == (
            1, "The kill switch has not come to its end and cannot be re-armed.",
        )  # fmt: skip
        assert FileLatch(folder / "latch").read() is not None

    def test_what_is_not_latched_is_not_re_armed(self, tw: Tw, store: Path) -> None:
        account(store)
        assert tw("rearm", "--reason", "x", "--risk", "bold").err.startswith("The kill switch is not latched.")

    @pytest.mark.parametrize(("reason", "risk"), [(" ", "bold"), ("x", "none"), ("x", "own")])
    def test_a_reason_and_named_limits_are_needed(self, tw: Tw, store: Path, reason: str, risk: str) -> None:
        folder = account(store, "a", "paper", LATCHED)
        assert tw("rearm", "--reason", reason, "--risk", risk).code == 2
        book = LiveBook()
        book.replay(FolderSeat(folder / "journal").glance().entries)
        assert book.latch.is_set

    def test_one_account_is_named_where_there_are_several(self, tw: Tw, store: Path) -> None:
        account(store, "a", "paper", LATCHED)
        account(store, "b", "paper", LATCHED)
        assert "Name one account with --account" in tw("rearm", "--reason", "x", "--risk", "bold").err
