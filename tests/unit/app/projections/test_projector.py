"""Rows of sessions are made of their records, after the fact, and can be thrown away and made again."""

from __future__ import annotations

from dataclasses import asdict

import pytest

from tradewright.adapters.storage.sessions.logs import FileSessionLogs
from tradewright.adapters.storage.sessions.watch import FolderWatch
from tradewright.adapters.storage.sql.database import Database
from tradewright.adapters.storage.sql.server import ServerDatabase
from tradewright.adapters.storage.sql.trading_rows import SqlTradingRows
from tradewright.app.projections.projector import Projector
from tradewright.domain.bars import Bar
from tradewright.domain.control.paging import Slice
from tradewright.domain.control.trading_queries import OrderPlace, OrderQuery, PositionQuery, SessionQuery
from tradewright.domain.live.session import Command, Happened, Placed, Replaced, Row, Standing

S = 1_000_000_000
DAY = 20_000
ABOUT = {
    "mode": "paper", "fills": "venue", "broker": "sandbox", "account": "DU1", "timeframe": "1m", "is_dry": False,
    "strategies": [{"name": "Cross", "source_hash": "ab", "params": {"fast": 3}}, {"name": "Fade", "params": {}}],
    "instruments": [{"symbol": "ACME", "currency": "USD", "multiplier": 1.0}],
    "policies": {"cash": 1000.0, "currency": "USD", "costs": {"tax_buy": 0.0, "tax_sell": 0.0}},
    "recipes": [{"text": "class Cross: ..."}],
}  # fmt: skip


@pytest.fixture(params=["sqlite", "postgresql"])
def rows(request, tmp_path):
    if request.param == "sqlite":
        return SqlTradingRows(Database(tmp_path / "runs.db"))
    return SqlTradingRows(ServerDatabase(request.getfixturevalue("postgres_dsn")))


@pytest.fixture
def logs(tmp_path):
    return FileSessionLogs(tmp_path / "sessions")


@pytest.fixture
def projector(rows, logs):
    return Projector(FolderWatch(logs.folder), rows)


def row(at, close, day=DAY, *, acts=True):
    bar = Bar("ACME", (at - 1) * S, at * S, close, close, close, close, 1.0)
    return Row(bar.open_time, bar.close_time, (bar,), day, (day,), acts=acts)


def placed(number, side=1, quantity=10.0, strategy=0):
    return Placed(number, strategy, "ACME", side, quantity, "market", "day")


def fill(number, quantity, price, fee=0.0, strategy=0):
    return Happened("fill", number, strategy, "ACME", quantity, price, fee)


class Live:
    """A session that goes on."""

    def __init__(self, logs, name="alpha", about=ABOUT):
        self.log = logs.create(name, about)

    def take(self, given, *outputs):
        number = self.log.take(given)
        if outputs:
            self.log.note(number, outputs)
        return number

    def stand(self, at, why=""):
        self.log.measure({"at_ns": at * S, "measured_ns": at * S, "equity": 1000.0, "why_ended": why})


def orders(rows, **asked):
    return [each for each, _ in rows.orders(OrderQuery(**asked), Slice(50)).items]


def everything(rows, *names):
    piece = Slice(100)
    return {
        "orders": orders(rows),
        "held": [held for held, _ in rows.positions(PositionQuery(), piece).items],
        "fills": [rows.fills(name, piece).items for name in names],
        "trades": [rows.trades(name, piece).items for name in names],
        "strategies": [rows.strategies(name) for name in names],
        "days": [asdict(each) for each in rows.days(0)],
        "sessions": rows.sessions(SessionQuery(), piece).items,
    }


def told(logs):
    """A session of two days with all that can happen."""
    live = Live(logs)
    live.take(row(1, 9.0, acts=False))
    live.take(row(2, 10.0), placed(1))
    live.take(Standing(1, "submitted", 2 * S))
    live.take(Command("pause", "ada", "lunch", 2 * S), fill(1, 4, 10.0, 0.5), fill(1, 6, 11.0, 0.5))
    live.take(row(3, 12.0, DAY + 1), placed(2, -1), placed(3, strategy=1))
    live.take(row(4, 12.0, DAY + 1), fill(2, -10, 12.0, 1.0), Happened("rejected", 3, 1, "ACME", 10.0, 0, 0, "No."))
    live.take(row(5, 13.0, DAY + 1), placed(4, quantity=5.0), Replaced(4, placed(5, quantity=7.0)))
    live.take(row(6, 14.0, DAY + 1), fill(5, 7, 13.0))
    live.stand(6)
    return live


def test_what_a_session_did_is_listed(projector, rows, logs):
    told(logs)
    assert projector.run_once() == 1
    found = {each.id: each for each in orders(rows)}
    assert [(found[n].status, found[n].filled, found[n].average_price) for n in (1, 2, 3, 4, 5)] == [
        ("filled", 10.0, 10.6), ("filled", 10.0, 12.0), ("rejected", 0.0, None), ("pending", 0.0, None),
        ("filled", 7.0, 13.0),
    ]  # fmt: skip
    assert (found[3].reason, found[5].replaces, found[1].fees, found[3].strategy) == ("No.", 4, 1.0, "Fade")
    ((held, session),) = rows.positions(PositionQuery(), Slice(50)).items
    assert (held.quantity, held.average_price, held.mark, held.realized) == (7.0, 13.0, 14.0, pytest.approx(12.0))
    assert (session.account, session.symbols, "recipes" in session.about) == ("DU1", ("ACME",), False)
    (trade,) = rows.trades("alpha", Slice(50)).items
    assert (trade.entry_price, trade.exit_price, trade.net, trade.fees) == (10.6, 12.0, pytest.approx(12.0), 2.0)
    assert [each.quantity for each in rows.fills("alpha", Slice(50)).items] == [4.0, 6.0, -10.0, 7.0]
    assert [(each.name, dict(each.params)) for each in rows.strategies("alpha")] == [
        ("Cross", {"fast": 3}),
        ("Fade", {}),
    ]


def test_a_day_begins_where_the_one_before_ended(projector, rows, logs):
    told(logs)
    projector.run_once()
    first, second = rows.days(0)
    assert (first.day, first.began, first.equity, first.placed, first.filled) == (DAY, 1000.0, 993.0, 1, 1)
    assert (second.began, second.equity, second.trades, second.won) == (993.0, 1019.0, 1, 1)
    assert (second.placed, second.filled, second.unfilled, second.exposure) == (4, 2, 1, 98.0)


def test_a_record_is_read_on_and_written_as_if_it_had_been_read_at_once(projector, rows, logs, tmp_path):
    live = Live(logs)
    live.take(row(2, 10.0), placed(1))
    assert projector.run_once() == 1
    assert [each.status for each in orders(rows)] == ["pending"]
    live.take(row(3, 11.0), fill(1, 10, 10.5))
    live.stand(3)
    assert projector.run_once() == 1
    assert projector.run_once() == 0
    before = everything(rows, "alpha")
    assert projector.rebuild() == 1
    assert everything(rows, "alpha") == before


def test_whoever_takes_over_goes_on_where_the_rows_stand(projector, rows, logs):
    live = Live(logs)
    live.take(row(2, 10.0), placed(1), fill(1, 10, 10.0))
    projector.run_once()
    live.take(row(3, 11.0), placed(2, -1), fill(2, -10, 11.0))
    another = Projector(FolderWatch(logs.folder), rows)
    assert another.run_once() == 1
    assert another.run_once() == 0
    (trade,) = rows.trades("alpha", Slice(50)).items
    assert trade.net == 10.0


def test_of_two_hands_the_second_writes_nothing_twice(projector, rows, logs):
    live = Live(logs)
    other = Projector(FolderWatch(logs.folder), rows)
    for at in (2, 3, 4):
        live.take(row(at, 10.0), placed(at), fill(at, 1, 10.0))
        projector.run_once()
        other.run_once()
    assert [each.number for each in rows.fills("alpha", Slice(50)).items] == [1, 2, 3]


def test_an_input_that_is_still_worked_on_waits(projector, rows, logs):
    live = Live(logs)
    live.take(row(2, 10.0), placed(1))
    waiting = live.log.take(row(3, 11.0))
    projector.run_once()
    assert rows.read("alpha") == waiting - 1
    live.log.note(waiting, (fill(1, 10, 11.0),))
    projector.run_once()
    assert orders(rows)[0].status == "filled"


def test_an_input_before_which_a_command_counts_waits_as_well(projector, rows, logs):
    live = Live(logs)
    live.take(row(2, 10.0), placed(1))
    waiting = live.log.take(row(3, 11.0))
    live.take(Command("stop", "watchdog", "it hangs", 3 * S, 0, before=waiting))
    projector.run_once()
    assert rows.read("alpha") == waiting - 1


def test_a_row_that_was_measured_was_answered(projector, rows, logs):
    live = Live(logs)
    live.take(row(2, 10.0), placed(1), fill(1, 10, 10.0))
    last = live.take(row(3, 11.0))
    live.stand(3)
    projector.run_once()
    assert rows.read("alpha") == last


def test_a_session_that_ended_keeps_its_orders_but_holds_nothing_any_more(projector, rows, logs):
    live = Live(logs)
    live.take(row(2, 10.0), placed(1), fill(1, 10, 10.0), placed(2))
    live.stand(2, "End of the day")
    projector.run_once()
    assert len(orders(rows)) == 2
    assert orders(rows, is_open=True) == []
    assert rows.positions(PositionQuery(), Slice(50)).total == 0
    assert rows.sessions(SessionQuery(is_over=True), Slice(50)).total == 1


def test_a_session_that_is_damaged_is_left_out_and_the_others_go_on(projector, rows, logs, caplog):
    Live(logs, "beta").take(row(2, 10.0), placed(1))
    broken = Live(logs, "alpha")
    broken.take(row(2, 10.0), placed(1))
    path = logs.folder / "alpha" / "about.json"
    path.write_bytes(b"{")
    projector.run_once()
    assert [each.id for each in rows.sessions(SessionQuery(), Slice(50)).items] == ["beta"]
    assert "alpha" in caplog.text


def test_rows_that_are_behind_are_told(projector, rows, logs):
    live = Live(logs)
    live.take(row(2, 10.0), placed(1))
    assert [tuple(each) for each in projector.behind()] == [("alpha", 1, 0)]
    projector.run_once()
    assert list(projector.behind()) == []
    live.take(row(3, 10.0), placed(2))
    assert [tuple(each) for each in projector.behind()] == [("alpha", 2, 1)]


def test_orders_are_found_by_what_is_asked(projector, rows, logs):
    told(logs)
    live = Live(logs, "beta", {**ABOUT, "mode": "live"})
    live.take(row(9, 10.0), placed(1))
    projector.run_once()

    def ids(**asked):
        return [(each.session, each.id) for each in orders(rows, **asked)]

    assert ids(mode="live") == [("beta", 1)]
    assert ids(strategy="Fade") == [("alpha", 3)]
    assert ids(statuses=("rejected",)) == [("alpha", 3)]
    assert ids(is_open=True) == [("beta", 1), ("alpha", 4)]
    assert ids(since_ns=5 * S, until_ns=9 * S) == [("alpha", 5), ("alpha", 4)]
    assert ids(symbol="NONE") == []
    everyone = ids()
    behind = ids(behind=OrderPlace(5 * S, "alpha", 5))
    assert behind == everyone[everyone.index(("alpha", 5)) + 1 :]
