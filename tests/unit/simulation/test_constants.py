"""The numbers of the rules are the positions and values of the domain's words."""

from __future__ import annotations

from enum import Enum

import pytest

from tradewright.domain.events import EventKind, Reason
from tradewright.domain.order import OrderRole, OrderSide, OrderType, TimeInForce
from tradewright.domain.portfolio import FillPhase
from tradewright.domain.record import EVENT_COLUMNS
from tradewright.simulation.event_log import EventLog
from tradewright.simulation.rules import constants as c

POSITIONS: list[tuple[type[Enum], list[int]]] = [
    (OrderType, [c.MARKET, c.LIMIT, c.STOP, c.STOP_LIMIT, c.TRAILING, c.ON_CLOSE]),
    (TimeInForce, [c.GTC, c.DAY, c.IOC, c.FOK, c.GTD]),
    (OrderRole, [c.PLAIN, c.STOP_LOSS, c.TAKE_PROFIT, c.LIQUIDATION, c.FINALIZE]),
    (FillPhase, [c.AT_OPEN, c.AT_STOP, c.AT_LIMIT, c.BORN, c.AT_CLOSE, c.AT_DECISION, c.OUTSIDE]),
]
WORDS = {
    OrderType: ("MARKET", "LIMIT", "STOP", "STOP_LIMIT", "TRAILING_STOP", "MARKET_ON_CLOSE"),
    TimeInForce: ("GTC", "DAY", "IOC", "FOK", "GTD"),
    OrderRole: ("PLAIN", "STOP_LOSS", "TAKE_PROFIT", "LIQUIDATION", "FINALIZE"),
    FillPhase: ("OPEN", "STOP", "LIMIT", "BORN", "CLOSE", "DECISION", "EVENT"),
}

SPOKEN_KINDS = (
    EventKind.FILL, EventKind.CANCELLED, EventKind.EXPIRED, EventKind.REJECTED, EventKind.DIVIDEND, EventKind.SPLIT,
    EventKind.BORROW, EventKind.INTEREST, EventKind.EXPIRY, EventKind.CASH_IN_LIEU,
    EventKind.LIMIT_PAUSE, EventKind.LIMIT_HALT,
)  # fmt: skip
SPOKEN_REASONS = (
    Reason.CANNOT_BE_PAID, Reason.SHORTS_OFF, Reason.SIBLING_FILLED, Reason.NOTHING_TO_PROTECT, Reason.ENTRY_ENDED,
    Reason.BY_STRATEGY, Reason.TIME_IN_FORCE, Reason.NOT_FILLED_AT_OPEN, Reason.ZERO_QUANTITY, Reason.MARGIN_CALL,
    Reason.INSTRUMENT_EXPIRED,
)  # fmt: skip


@pytest.mark.parametrize(("words", "numbers"), POSITIONS, ids=lambda item: getattr(item, "__name__", ""))
def test_positions_of_the_words_are_the_numbers_of_the_rules(words: type[Enum], numbers: list[int]) -> None:
    assert numbers == list(range(len(words)))
    assert tuple(word.name for word in words) == WORDS[words]


@pytest.mark.parametrize("kind", SPOKEN_KINDS)
def test_event_kinds_have_the_numbers_of_the_record(kind: EventKind) -> None:
    assert getattr(c, kind.name) == kind


@pytest.mark.parametrize("reason", SPOKEN_REASONS)
def test_reasons_have_the_numbers_of_the_record(reason: Reason) -> None:
    assert getattr(c, reason.name) == reason


def test_no_reason_is_the_empty_one() -> None:
    assert c.NO_REASON == Reason.NONE


def test_sides_are_the_signs_of_the_position_change() -> None:
    assert (c.BUY, c.SELL) == (OrderSide.BUY, OrderSide.SELL)


def test_a_row_of_the_log_is_as_wide_as_the_table_of_events() -> None:
    assert len(EVENT_COLUMNS) == EventLog.width
