"""Paper never reaches live: not by an address, not by keys, not by anything that an opened adapter holds."""

from __future__ import annotations

import gc

import pytest

from tradewright.adapters.brokers.alpaca.addresses import live_addresses, paper_addresses
from tradewright.adapters.brokers.alpaca.kind import KIND
from tradewright.domain.errors import AuthenticationError, ConfigError
from tradewright.domain.live.modes import LiveKeys, Mode, PaperKeys, ProcessMode
from tradewright.ports.broker_kind import Access
from tradewright.testing.virtual_time import VirtualClock, VirtualTimeLoop

SECRETS = {"key": "PKTEST", "secret": "s"}
LIVE_HOST = "//api.alpaca.markets"


def access(**addresses):
    return Access(clock=VirtualClock(VirtualTimeLoop()), addresses=addresses)


def paper():
    return PaperKeys("alpaca", SECRETS)


def live():
    process = ProcessMode()
    process.claim(Mode.LIVE)
    return LiveKeys("alpaca", SECRETS, process.warrant("a test"))


def texts_in(root):
    """Every text that can be reached from an object without passing through modules, classes and functions' globals."""
    seen, found, left = set(), [], [root]
    while left:
        each = left.pop()
        if id(each) in seen or isinstance(each, type) or type(each).__name__ in ("module", "function", "builtin"):
            continue
        seen.add(id(each))
        if isinstance(each, str | bytes):
            found.append(each if isinstance(each, str) else each.decode("latin1"))
        left.extend(gc.get_referents(each))
    return found


def test_the_two_modes_have_their_own_addresses():
    assert paper_addresses({}).trading == "https://paper-api.alpaca.markets"
    assert live_addresses({}).trading == "https://api.alpaca.markets"
    assert paper_addresses({}).data == live_addresses({}).data


def test_what_was_opened_for_paper_holds_no_live_address():
    texts = texts_in(KIND.open_paper(paper(), access()))
    assert any("//paper-api.alpaca.markets" in text for text in texts)
    assert not any(LIVE_HOST in text or text == "api.alpaca.markets" for text in texts)


def test_the_walk_finds_a_live_address_where_there_is_one():
    assert any(LIVE_HOST in text for text in texts_in(KIND.open_live(live(), access())))


@pytest.mark.parametrize("name", ["trading", "stream", "data", "data_stream"])
@pytest.mark.parametrize(
    "host",
    [
        "api.alpaca.markets", "API.Alpaca.Markets", "api.alpaca.markets.", "api.alpaca.markets..",
        "api.alpaca.markets:443", "api.alpaca.markets/v2", "broker-api.alpaca.markets", "alpaca.markets",
        "paper-api.alpaca.markets@api.alpaca.markets", "user:word@api.alpaca.markets", "api%2Ealpaca.markets",
        "api.alpaca\uff0emarkets", "\uff41pi.alpaca.markets", "api.alpaca.\tmarkets", "127.0.0.1\\@api.alpaca.markets",
        "api.alpaca.markets#127.0.0.1", "api.alpaca.markets?127.0.0.1", "",
    ],
)  # fmt: skip
def test_no_spelling_of_the_live_host_is_a_paper_address(name, host):
    scheme = "wss" if "stream" in name else "https"
    with pytest.raises(ConfigError):
        paper_addresses({name: f"{scheme}://{host}"})


def test_paper_addresses_are_no_live_addresses():
    with pytest.raises(ConfigError, match="live accounts"):
        live_addresses({"trading": "https://paper-api.alpaca.markets"})


@pytest.mark.parametrize("address", ["http://127.0.0.1:8000", "http://localhost:8000/", "http://[::1]:8000"])
def test_a_local_venue_may_stand_in(address):
    assert paper_addresses({"trading": address}).trading == address.rstrip("/")


@pytest.mark.parametrize("address", ["http://example.com", "ftp://127.0.0.1", "127.0.0.1:8000", "https://a:notaport"])
def test_other_addresses_are_encrypted_and_whole(address):
    with pytest.raises(ConfigError):
        paper_addresses({"trading": address})


def test_an_address_that_there_is_not_is_named():
    with pytest.raises(ConfigError, match="no address 'treding'"):
        paper_addresses({"treding": "http://127.0.0.1"})


def test_each_mode_takes_its_own_keys_only():
    with pytest.raises(AuthenticationError, match="paper credentials"):
        KIND.open_paper(live(), access())
    with pytest.raises(AuthenticationError, match="live credentials"):
        KIND.open_live(paper(), access())


def test_keys_that_were_derived_from_paper_keys_open_nothing_live():
    class Clever(PaperKeys):
        mode = Mode.LIVE

    for keys in (Clever("alpaca", SECRETS), object()):
        with pytest.raises(AuthenticationError):
            KIND.open_live(keys, access())


def test_the_account_is_the_one_that_is_named_or_a_mark_of_the_key():
    named = Access(clock=VirtualClock(VirtualTimeLoop()), account="PA123")
    assert KIND.account_of(paper(), named) == "alpaca-paper-PA123"
    marked = KIND.account_of(paper(), access())
    assert marked == KIND.account_of(paper(), access()) != KIND.account_of(live(), access())
    assert "PKTEST" not in marked


def test_a_feed_that_there_is_not_is_named():
    wrong = Access(clock=VirtualClock(VirtualTimeLoop()), feed="otc")
    with pytest.raises(ConfigError, match="no feed 'otc'"):
        KIND.open_paper(paper(), wrong)


@pytest.mark.parametrize(
    ("name", "delay", "is_whole"), [("iex", 0, False), ("sip", 0, True), ("delayed_sip", 900, True)]
)
def test_feeds_say_how_late_they_are(name, delay, is_whole):
    parts = KIND.open_paper(paper(), Access(clock=VirtualClock(VirtualTimeLoop()), feed=name))
    feed = parts.stream.feed
    assert (feed.name, feed.delay_s, feed.is_delayed, feed.is_whole_market) == (name, delay, delay > 0, is_whole)
