"""Exchanges over ccxt are opened for paper or for live, and nothing leads from one to the other."""

from __future__ import annotations

import subprocess
import sys

import pytest
import yarl

from tradewright.adapters.brokers.ccxt.addresses import hosts_of
from tradewright.adapters.brokers.ccxt.exchange import Blueprint, build
from tradewright.adapters.brokers.ccxt.kind import KIND, CcxtKind
from tradewright.adapters.brokers.ccxt.table import CAPABILITIES, UNMEASURED, CcxtTerms
from tradewright.domain.errors import AuthenticationError, ConfigError
from tradewright.domain.live.modes import LiveKeys, Mode, PaperKeys, ProcessMode
from tradewright.domain.live.venue import DedupeClass
from tradewright.ports.broker_kind import Access
from tradewright.testing.virtual_time import VirtualClock, VirtualTimeLoop

FIELDS = {"key": "k", "secret": "s"}
LIVE_HOSTS = ("api.binance.com", "stream.binance.com", "ws-api.binance.com", "sapi.binance.com", "fapi.binance.com")


def paper_keys() -> PaperKeys:
    return PaperKeys("ccxt", FIELDS)


def live_keys() -> LiveKeys:
    process = ProcessMode()
    process.claim(Mode.LIVE)
    return LiveKeys("ccxt", FIELDS, process.warrant("a test"))


def access(**said):
    options = {"symbols": "BTC/USDT", **said.pop("options", {})}
    return Access(clock=VirtualClock(VirtualTimeLoop()), options=options, **said)


def built(keys, **addresses):
    return build(Blueprint("binance", keys, addresses, CcxtTerms()), lambda _: None, lambda _: None)


def test_a_paper_exchange_holds_no_live_address():
    made = built(paper_keys())
    assert hosts_of(made.urls) >= {"testnet.binance.vision", "stream.testnet.binance.vision"}
    assert not any(host.endswith((".binance.com", ".binance.us")) for host in hosts_of(made.urls))
    assert "binance.com" not in str(made.urls)


def test_the_switch_of_the_library_leads_to_no_live_address():
    made = built(paper_keys())
    made.set_sandbox_mode(False)
    assert "binance.com" not in str(made.urls)


@pytest.mark.parametrize("host", LIVE_HOSTS)
def test_a_paper_exchange_makes_no_request_to_a_live_host(host):
    made = built(paper_keys())
    with pytest.raises(ConfigError, match="does not reach"):
        made.gate("POST", yarl.URL(f"https://{host}/api/v3/order"))


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("trading", "https://api.binance.com/api/v3"),
        ("trading", "https://api4.binance.com/api/v3"),
        ("trading", "https://API.BINANCE.COM./api/v3"),
        ("stream", "wss://ws-api.binance.com:443/ws-api/v3"),
        ("data_stream", "wss://stream.binance.com:9443/ws"),
        ("trading", "http://example.org/api/v3"),
        ("trading", "https://user@example.org/api/v3"),
        ("trading", "ftp://127.0.0.1/api"),
        ("trading", "https://[::1/api"),
        ("orders", "https://127.0.0.1/api"),
    ],
)
def test_paper_takes_no_address_that_leads_elsewhere(name, address):
    with pytest.raises(ConfigError):
        KIND.open_paper(paper_keys(), access(addresses={name: address}))


def test_live_reaches_its_own_addresses_and_not_the_sandbox():
    made = built(live_keys())
    assert "api.binance.com" in hosts_of(made.urls)
    assert not any("testnet" in host for host in hosts_of(made.urls))
    with pytest.raises(ConfigError, match="does not reach"):
        made.gate("POST", yarl.URL("https://testnet.binance.vision/api/v3/order"))


def test_each_mode_is_opened_by_its_own_credentials():
    with pytest.raises(AuthenticationError):
        KIND.open_paper(live_keys(), access())
    with pytest.raises(AuthenticationError):
        KIND.open_live(paper_keys(), access())
    with pytest.raises(AuthenticationError, match="lack 'secret'"):
        KIND.open_paper(PaperKeys("ccxt", {"key": "k"}), access())


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"options": {"exchange": "kraken"}}, "no sandbox"),
        ({"options": {"exchange": "nosuch"}}, "knows no exchange"),
        ({"options": {"exchange": "os.path"}}, "knows no exchange"),
        ({"options": {"speed": "1"}}, "no option 'speed'"),
        ({"options": {"symbols": " , "}}, "which symbols it trades"),
        ({"feed": "iex"}, "no feed 'iex'"),
        ({"options": {"exchange": "bybit"}, "addresses": {"trading": "https://127.0.0.1"}}, "takes no other address"),
    ],
)
def test_what_cannot_be_opened_says_why(said, words):
    with pytest.raises(ConfigError, match=words):
        KIND.open_paper(paper_keys(), access(**said))


def test_an_exchange_that_was_not_measured_leans_on_nothing_and_goes_live_only_when_asked():
    options = {"exchange": "bybit"}
    paper = KIND.open_paper(paper_keys(), access(options=options))
    assert paper.broker.capabilities == UNMEASURED
    assert (UNMEASURED.dedupe, UNMEASURED.lookup_by_cid, UNMEASURED.window_s) == (DedupeClass.NONE, False, 135.0)
    with pytest.raises(ConfigError, match="was not measured"):
        KIND.open_live(live_keys(), access(options=options))
    assert KIND.open_live(live_keys(), access(options={**options, "unmeasured": "yes"}))


def test_binance_settles_in_ninety_seconds_by_the_expiry_of_its_requests():
    made = built(paper_keys())
    assert made.options["recvWindow"] == CAPABILITIES.request_expiry_s * 1000 == 5000
    assert (CAPABILITIES.delay_s, CAPABILITIES.window_s) == (15.0, 90.0)


def test_nothing_is_sent_again_by_the_library():
    made = built(paper_keys())
    assert made.options["maxRetriesOnFailure"] == 0
    assert made.enableRateLimit is False


def test_an_account_has_a_name_without_its_secret():
    name = KIND.account_of(paper_keys(), access())
    assert name == CcxtKind().account_of(paper_keys(), access())
    assert name.startswith("binance-paper-")
    assert KIND.account_of(paper_keys(), access(account="main")) == "binance-paper-main"
    assert KIND.account_of(live_keys(), access()) != name


def test_the_kind_is_loaded_without_ccxt():
    code = "import sys, tradewright.adapters.brokers.ccxt.kind\nassert not {'ccxt', 'aiohttp'} & sys.modules.keys()"
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
