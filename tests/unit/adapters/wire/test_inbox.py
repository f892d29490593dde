"""What waits to be read: everything, or the latest of each symbol."""

from __future__ import annotations

import asyncio

import pytest

from tradewright.adapters.wire.inbox import Inbox, QuoteInbox
from tradewright.domain.errors import BrokerError
from tradewright.domain.live.feed import Pulse, RefusedQuote
from tradewright.domain.quote import Quote


def quote(symbol, at_ns):
    return Quote(symbol, at_ns, 99.0, 101.0)


def read(inbox):
    async def run():
        return [each async for each in inbox.items()]

    return asyncio.run(run())


def test_everything_is_read_in_its_order():
    inbox = Inbox()
    for each in (1, 2):
        inbox.put(each)
    inbox.end()
    assert (read(inbox), read(inbox)) == ([1, 2], [])


def test_an_error_is_raised_in_its_place_and_what_follows_can_be_read():
    inbox = Inbox()
    for each in (BrokerError("That is wrong."), 2):
        inbox.put(each)
    inbox.end()
    with pytest.raises(BrokerError, match="wrong"):
        read(inbox)
    assert read(inbox) == [2]


def test_where_nothing_was_opened_nothing_comes():
    assert read(Inbox.over()) == []


def test_who_hears_is_told_in_the_call_that_puts():
    inbox, words = Inbox(), []
    inbox.hear = words.append
    inbox.put(1)
    assert words == [1]
    inbox.end()
    assert read(inbox) == []


def test_what_waits_is_read_before_anybody_is_told():
    inbox, words = Inbox(), []
    inbox.put(1)
    inbox.hear = words.append
    inbox.put(2)
    inbox.end()
    assert (read(inbox), words) == ([1, 2], [])


def test_an_error_is_read_and_never_told():
    inbox, words = Inbox(), []
    inbox.hear = words.append
    inbox.put(BrokerError("That is wrong."))
    inbox.end()
    with pytest.raises(BrokerError, match="wrong"):
        read(inbox)
    assert words == []


def test_what_goes_wrong_where_it_is_heard_is_raised_where_it_is_read():
    def hear(item):
        raise LookupError(item)

    inbox = Inbox()
    inbox.hear = hear
    inbox.put(1)
    inbox.end()
    with pytest.raises(LookupError, match="1"):
        read(inbox)


def test_of_quotes_that_wait_the_latest_of_each_symbol_is_read():
    inbox = QuoteInbox()
    for each in (quote("A", 1), quote("B", 2), quote("A", 3), Pulse(4), Pulse(5)):
        inbox.put(each)
    inbox.end()
    assert read(inbox) == [quote("A", 3), quote("B", 2), Pulse(5)]


def test_an_older_quote_does_not_take_the_place_of_a_later_one():
    inbox = QuoteInbox()
    for each in (quote("A", 3), quote("A", 1)):
        inbox.put(each)
    inbox.end()
    assert read(inbox) == [quote("A", 3)]


def test_what_is_no_quote_takes_the_place_of_the_one_before():
    inbox = QuoteInbox()
    for each in (quote("A", 3), RefusedQuote("A", "It is none.")):
        inbox.put(each)
    inbox.end()
    assert read(inbox) == [RefusedQuote("A", "It is none.")]


def test_who_waits_is_woken():
    async def run():
        inbox = QuoteInbox()
        items = inbox.items()
        waiting = asyncio.create_task(anext(items))
        await asyncio.sleep(0)
        inbox.put(quote("A", 1))
        found = await waiting
        await items.aclose()
        return found

    assert asyncio.run(run()) == quote("A", 1)
