"""The factory of brokers: from a name, a mode and the settings to the parts of one venue.

Paper and live are told apart by type all the way: paper credentials are read for paper, live ones only with a warrant
of the process, and each opens what it can open and nothing else.
"""

from __future__ import annotations

import difflib
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tradewright.bootstrap.broker_kinds import BROKERS
from tradewright.bootstrap.broker_settings import BrokerSettings
from tradewright.bootstrap.home import storage_folder
from tradewright.domain.errors import AuthenticationError, ConfigError, MissingExtraError
from tradewright.domain.live.modes import LiveKeys, Mode, PaperKeys, ProcessMode
from tradewright.ports.broker_kind import Access

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tradewright.bootstrap.settings import Settings
    from tradewright.domain.live.modes import Keys
    from tradewright.domain.live.offer import Offer
    from tradewright.ports.broker_kind import BrokerKind, VenueParts
    from tradewright.ports.clock import Clock

__all__ = ["BROKERS", "PROCESS", "VenueDoor", "open_venue", "require_named", "unknown_fields", "venue_door"]

PROCESS = ProcessMode()
"""What this process has said of itself; its first word binds it."""


@dataclass(frozen=True, slots=True)
class VenueDoor:
    """A venue that can be opened: its kind, the credentials of one mode, and how it is reached."""

    name: str
    kind: BrokerKind
    keys: Keys
    access: Access

    @property
    def mode(self) -> Mode:
        """Paper or live: that of the credentials."""
        return self.keys.mode

    @property
    def offer(self) -> Offer:
        """What the venue offers."""
        return self.kind.offer

    @property
    def account(self) -> str:
        """A name for the account, the same whenever it is opened."""
        return self.kind.account_of(self.keys, self.access)

    def open(self) -> VenueParts:
        """Its parts; nothing is connected yet.

        Raises
        ------
        ConfigError
            When the kind has no such account, or an address contradicts the mode.
        AuthenticationError
            When a credential is missing.
        """
        # By the exact type: a credential is one of paper or one of live, and never counts as the other.
        if type(self.keys) is LiveKeys:
            return self.kind.open_live(self.keys, self.access)
        if type(self.keys) is PaperKeys:
            return self.kind.open_paper(self.keys, self.access)
        raise AuthenticationError(f"The credentials for {self.name} are neither those of paper nor those of live.")


def open_venue(name: str, mode: Mode, settings: Settings, process: ProcessMode, clock: Clock) -> VenueParts:
    """The parts of a venue, in one mode; nothing is connected yet. See `venue_door`."""
    return venue_door(name, mode, settings, process, clock).open()


def venue_door(
    name: str,
    mode: Mode,
    settings: Settings,
    process: ProcessMode,
    clock: Clock,
    environment: Mapping[str, str] | None = None,
) -> VenueDoor:
    """A venue as the settings describe it.

    Parameters
    ----------
    name : str
        ``"alpaca"``, ``"ib"``, ``"openalgo"``, ``"ccxt"``, ``"paper"``, or what a package adds.
    mode : Mode
    settings : Settings
    process : ProcessMode
        It says the mode by this, and is bound by it; a live venue needs its warrant.
    clock : Clock
    environment : mapping, optional
        Where secrets are looked for; that of the process by default.

    Raises
    ------
    ConfigError
        When there is no such broker; when the process trades in the other mode; when a credential is named that the
        broker does not know, or is not where the settings say.
    MissingExtraError
        When a library it stands on is not installed.
    """
    extra = BROKERS.missing_extra(name)
    if extra is not None:
        raise MissingExtraError(
            f"The broker '{name}' stands on libraries that are not installed.",
            hint=f"Install them with: pip install 'tradewright[{extra}]'",
        )
    kind, said = BROKERS.loaded(name), settings.brokers.get(name, BrokerSettings(name))
    process.claim(mode)
    return VenueDoor(
        name, kind, _keys(kind, said, mode, process, os.environ if environment is None else environment),
        _access(kind, said, mode, clock),
    )  # fmt: skip


def unknown_fields(kind: BrokerKind, said: BrokerSettings, mode: Mode) -> list[str]:
    """One sentence for each credential that the settings name and the kind does not know."""
    return [
        f"There is no credential '{name}' of {said.name}. {_nearest(name, kind.key_fields)}"
        for name in said.references(mode)
        if name not in kind.key_fields
    ]


def _nearest(name: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(name, list(known), n=1)
    return f"Did you mean '{near[0]}'?" if near else f"It has {', '.join(known) or 'none'}."


def _keys(
    kind: BrokerKind, said: BrokerSettings, mode: Mode, process: ProcessMode, environment: Mapping[str, str]
) -> Keys:
    faults = unknown_fields(kind, said, mode)
    if faults:
        raise ConfigError(faults[0], hint=f"Look at brokers.{said.name}.{mode} of the settings.")
    # The warrant comes first: a process that trades on paper does not even read what moves money.
    warrant = process.warrant(f"brokers.{said.name}.live") if mode is Mode.LIVE else None
    fields = {name: each.read(environment).reveal() for name, each in said.references(mode).items()}
    return PaperKeys(said.name, fields) if warrant is None else LiveKeys(said.name, fields, warrant)


def require_named(door: VenueDoor, symbols: Iterable[str]) -> None:
    """Refuse symbols that the settings do not name, where a venue is asked symbol by symbol.

    Raises
    ------
    ConfigError
        The kill switch, a process of its own, would not find their orders.
    """
    named = [each.strip() for each in door.access.options.get("symbols", "").split(",")]
    missing = next((each for each in symbols if each not in named), None)
    if missing is not None and getattr(door.kind, "names_symbols", False):
        raise ConfigError(
            f"The settings do not name {missing} among the symbols of '{door.name}', so that the kill switch would not "
            "find its orders.",
            hint=f"Add it to brokers.{door.name}.options.symbols.",
        )


def _access(kind: BrokerKind, said: BrokerSettings, mode: Mode, clock: Clock) -> Access:
    options = said.table(mode, "options")
    if getattr(kind, "keeps_state", False):
        options.setdefault("state", str(storage_folder() / "brokers" / said.name / mode.value))
    return Access(
        clock=clock,
        account=said.text(mode, "account") or "",
        feed=said.text(mode, "feed"),
        addresses=said.table(mode, "addresses"),
        options=options,
    )
