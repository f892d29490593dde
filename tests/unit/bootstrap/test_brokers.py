"""The factory of brokers, and the trip-wires between paper and live: each is seen to hold, and to be what holds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tradewright.bootstrap.broker_kinds import BROKERS
from tradewright.bootstrap.broker_report import SHIPPED
from tradewright.bootstrap.brokers import VenueDoor, open_venue, require_named, venue_door
from tradewright.bootstrap.settings import Settings, load_settings
from tradewright.bootstrap.shipped import ShippedKind
from tradewright.domain.errors import AuthenticationError, ConfigError, MissingExtraError
from tradewright.domain.live.modes import Keys, LiveKeys, LiveWarrant, Mode, PaperKeys, ProcessMode
from tradewright.domain.live.offer import Offer
from tradewright.ports.broker_kind import Access
from tradewright.testing.virtual_time import VirtualClock, VirtualTimeLoop

CLOCK = VirtualClock(VirtualTimeLoop())


class Parts:
    """What a fake kind opened."""

    def __init__(self, mode: str, keys: Keys, access: Access) -> None:
        self.mode, self.keys, self.access = mode, keys, access


class Fake:
    """A kind that opens anything it is given."""

    name = "fake"
    offer = Offer(order_types={}, times_in_force={})
    key_fields = ("key", "secret")

    def open_paper(self, keys: PaperKeys, access: Access) -> Any:
        return Parts("paper", keys, access)

    def open_live(self, keys: LiveKeys, access: Access) -> Any:
        return Parts("live", keys, access)

    def account_of(self, keys: Keys, access: Access) -> str:
        return f"fake {access.account}"


TEXT = """
brokers:
  fake:
    account: A1
    feed: fast
    addresses: {data: "http://here"}
    options: {exchange: kraken}
    paper: {key: "${PAPER_KEY}", secret: "${PAPER_SECRET}"}
    live: {key: "${LIVE_KEY}", secret: "${LIVE_SECRET}"}
"""
ENVIRONMENT = {"PAPER_KEY": "pk", "PAPER_SECRET": "ps", "LIVE_KEY": "lk", "LIVE_SECRET": "ls"}


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Settings that configure the fake in both modes."""
    monkeypatch.setattr(BROKERS, "_known", {**BROKERS._known, "fake": Fake()})
    (tmp_path / "tradewright.yaml").write_text(TEXT)
    return load_settings(tmp_path, {})


def door(settings: Settings, mode: Mode, process: ProcessMode | None = None, name: str = "fake") -> VenueDoor:
    return venue_door(name, mode, settings, process or ProcessMode(), CLOCK, ENVIRONMENT)


def opened(settings: Settings, mode: Mode, process: ProcessMode | None = None) -> Any:
    return door(settings, mode, process).open()


def test_paper_is_opened_with_the_credentials_of_paper(settings: Settings) -> None:
    parts = opened(settings, Mode.PAPER)
    assert (parts.mode, type(parts.keys), parts.keys.get("key")) == ("paper", PaperKeys, "pk")
    assert (parts.access.account, parts.access.feed) == ("A1", "fast")
    assert (parts.access.addresses, parts.access.options) == ({"data": "http://here"}, {"exchange": "kraken"})


def test_live_is_opened_with_the_credentials_of_live_under_a_warrant(settings: Settings) -> None:
    parts = opened(settings, Mode.LIVE)
    assert (parts.mode, type(parts.keys), parts.keys.get("secret")) == ("live", LiveKeys, "ls")


def test_a_door_tells_its_account_and_mode_without_opening(settings: Settings) -> None:
    found = door(settings, Mode.PAPER)
    assert (found.account, found.mode) == ("fake A1", Mode.PAPER)


def test_an_unknown_broker_is_refused_with_the_nearest(settings: Settings) -> None:
    with pytest.raises(ConfigError, match=r"There is no broker 'alpacca'\. Did you mean 'alpaca'\?"):
        door(settings, Mode.PAPER, name="alpacca")


def test_an_unknown_credential_is_refused_with_the_nearest(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "tradewright.yaml").write_text("brokers: {fake: {paper: {secrt: '${PAPER_KEY}'}}}")
    with pytest.raises(ConfigError, match=r"no credential 'secrt' of fake\. Did you mean 'secret'"):
        door(load_settings(tmp_path, {}), Mode.PAPER)


def test_a_credential_that_is_not_there_is_named_and_not_shown(settings: Settings) -> None:
    with pytest.raises(ConfigError, match=r"The secret 'brokers\.fake\.paper\.key' is not set: environment PAPER_KEY"):
        venue_door("fake", Mode.PAPER, settings, ProcessMode(), CLOCK, {})


def test_a_missing_library_is_an_extra(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    lacking = ShippedKind("tradewright.adapters.brokers.paper.kind", "alpaca", ("no_such_library",))
    monkeypatch.setattr(BROKERS, "_known", {**BROKERS._known, "alpaca": lacking})
    with pytest.raises(MissingExtraError, match=r"pip install 'tradewright\[alpaca\]'"):
        door(settings, Mode.PAPER, name="alpaca")


def test_a_class_is_no_kind() -> None:
    with pytest.raises(ConfigError, match="cannot be the broker 'x': it is a class"):
        BROKERS.add("x", Fake)


def test_what_lacks_a_part_is_no_kind() -> None:
    with pytest.raises(ConfigError, match="cannot be the broker 'x': it has no 'name'"):
        BROKERS.add("x", object())


# ---------------------------------------------------------------- paper cannot reach live


def on_paper() -> ProcessMode:
    process = ProcessMode()
    process.claim(Mode.PAPER)
    return process


def live_keys(name: str) -> LiveKeys:
    process = ProcessMode()
    process.claim(Mode.LIVE)
    fields = dict.fromkeys(BROKERS.loaded(name).key_fields, "x")
    return LiveKeys(name, fields, process.warrant("a test"))


def paper_keys(name: str) -> PaperKeys:
    return PaperKeys(name, dict.fromkeys(BROKERS.loaded(name).key_fields, "x"))


@pytest.mark.parametrize("name", ["fake", *SHIPPED])
def test_a_paper_process_opens_no_live_venue(settings: Settings, name: str) -> None:
    with pytest.raises(ConfigError, match="This process trades in mode paper, not in mode live"):
        open_venue(name, Mode.LIVE, settings, on_paper(), CLOCK)


def test_the_claim_alone_does_not_hold_a_paper_process_the_warrant_does_too(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ProcessMode, "claim", lambda self, mode: None)
    with pytest.raises(ConfigError, match="cannot reach a live account"):
        opened(settings, Mode.LIVE, process=ProcessMode())


def test_with_both_guards_gone_a_live_venue_would_be_opened(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    process = on_paper()
    monkeypatch.setattr(ProcessMode, "claim", lambda self, mode: None)
    monkeypatch.setattr(ProcessMode, "warrant", lambda self, reason: LiveWarrant(reason, LiveWarrant._SEAL))
    assert opened(settings, Mode.LIVE, process).mode == "live"


def test_a_paper_process_does_not_even_read_live_credentials(settings: Settings) -> None:
    class Watched(dict[str, str]):
        def get(self, name: str, default: Any = None) -> Any:
            assert not name.startswith("LIVE"), f"{name} was read"
            return super().get(name, default)

    with pytest.raises(ConfigError):
        venue_door("fake", Mode.LIVE, settings, on_paper(), CLOCK, Watched(ENVIRONMENT))
    venue_door("fake", Mode.PAPER, settings, on_paper(), CLOCK, Watched(ENVIRONMENT)).open()


def test_a_live_process_opens_no_paper_venue(settings: Settings) -> None:
    process = ProcessMode()
    process.claim(Mode.LIVE)
    with pytest.raises(ConfigError, match="in mode live, not in mode paper"):
        opened(settings, Mode.PAPER, process)


def test_live_credentials_are_not_built_without_a_warrant() -> None:
    with pytest.raises(AuthenticationError, match="without a warrant"):
        LiveKeys("fake", {}, None)  # type: ignore[arg-type]
    with pytest.raises(AuthenticationError, match="without a warrant"):
        LiveWarrant("mine", object())


def test_credentials_of_neither_type_open_nothing(settings: Settings) -> None:
    class Sly(PaperKeys):
        mode = Mode.LIVE

    found = VenueDoor("fake", Fake(), Sly("fake", {}), Access(clock=CLOCK))
    with pytest.raises(AuthenticationError, match="neither those of paper nor those of live"):
        found.open()


@pytest.mark.parametrize("name", SHIPPED)
def test_no_kind_opens_live_with_credentials_of_paper(name: str) -> None:
    with pytest.raises((AuthenticationError, ConfigError)):
        BROKERS.loaded(name).open_live(paper_keys(name), Access(clock=CLOCK))  # type: ignore[arg-type]


@pytest.mark.parametrize("name", SHIPPED)
def test_no_kind_opens_paper_with_credentials_of_live(name: str) -> None:
    with pytest.raises((AuthenticationError, ConfigError)):
        BROKERS.loaded(name).open_paper(live_keys(name), Access(clock=CLOCK))  # type: ignore[arg-type]


LIVE_ADDRESSES = {
    "alpaca": {"trading": "https://api.alpaca.markets"},
    "ib": {"host": "127.0.0.1", "port": "4001"},
}
"""What reaches a live account, whatever the credentials are."""


@pytest.mark.parametrize("name", LIVE_ADDRESSES)
def test_no_kind_opens_paper_at_a_live_address(name: str) -> None:
    with pytest.raises(ConfigError):
        BROKERS.loaded(name).open_paper(paper_keys(name), Access(clock=CLOCK, addresses=LIVE_ADDRESSES[name]))


@pytest.mark.parametrize("name", SHIPPED)
def test_every_kind_is_called_what_it_is_registered_as(name: str) -> None:
    assert BROKERS.loaded(name).name == name


def test_a_broker_that_keeps_numbers_of_orders_has_a_folder_for_them(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("TRADEWRIGHT_STORAGE__FOLDER", str(tmp_path))
    settings = load_settings(tmp_path, {})
    door = venue_door("ib", Mode.PAPER, settings, ProcessMode(), CLOCK)
    assert door.access.options["state"].startswith(str(tmp_path))


def test_symbols_that_only_one_process_knows_are_refused_where_a_venue_is_asked_by_symbol(tmp_path: Path) -> None:
    (tmp_path / "tradewright.yaml").write_text("brokers: {ccxt: {options: {symbols: 'BTC/USDT'}}}")
    settings = load_settings(tmp_path, {})
    door = venue_door("ccxt", Mode.PAPER, settings, ProcessMode(), CLOCK)
    require_named(door, ("BTC/USDT",))
    with pytest.raises(ConfigError, match="do not name ETH/USDT"):
        require_named(door, ("BTC/USDT", "ETH/USDT"))
