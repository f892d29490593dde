"""Client order ids: 128 bits that the same decision always gives, after any crash and without a counter.

Four bits of version, 20 of the installation, 8 of the role, and the first 96 bits of the SHA-256 of everything that
makes the order the one it is. Written as 26 lower-case letters and digits of base 32, or as a UUID.
"""

from __future__ import annotations

import hashlib
import uuid
from dataclasses import dataclass, replace
from enum import IntEnum

from tradewright.domain.errors import OrderError

__all__ = ["DecisionKey", "IdParts", "IdRole", "IdScope", "as_uuid", "from_uuid", "install_tag", "parse_id"]

ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"
LENGTH = 26
VERSION = 1
_VALUES = {letter: value for value, letter in enumerate(ALPHABET)}
_PADDING = 2


class IdRole(IntEnum):
    """Why an order exists, as its id says it. The numbers are part of the ids and keep their meaning."""

    ENTRY = 0
    STOP = 1
    TARGET = 2
    EXIT = 3
    FLATTEN = 4
    REPLACEMENT = 5

    @property
    def protects(self) -> bool:
        """Whether the order can only reduce a position."""
        return self in {IdRole.STOP, IdRole.TARGET, IdRole.EXIT, IdRole.FLATTEN}


@dataclass(frozen=True, slots=True, order=True)
class DecisionKey:
    """What a decision was about: the instant or event number that caused it, and the symbol."""

    moment: int
    symbol: str

    def __str__(self) -> str:
        return f"{self.moment}/{self.symbol}"

    @classmethod
    def parse(cls, text: str) -> DecisionKey:
        """The key that was written so.

        Raises
        ------
        OrderError
            When it is not a key.
        """
        moment, slash, symbol = text.partition("/")
        if not slash or not symbol or not moment.lstrip("-").isdigit():
            raise OrderError(f"'{text}' is not the key of a decision.")
        return cls(int(moment), symbol)


@dataclass(frozen=True, slots=True)
class IdParts:
    """What can be read from an id: whose it is and what for."""

    install: int
    role: IdRole
    digest: int


@dataclass(frozen=True, slots=True)
class IdScope:
    """Whose ids these are.

    Parameters
    ----------
    account, instance : str
        The venue's account, and who decides: the strategy with its version, and the session where several trade.
    install : int
        Tag of this installation, 20 bits; see `install_tag`.
    """

    account: str
    instance: str
    install: int

    def __post_init__(self) -> None:
        if not 0 <= self.install < 1 << 20:
            raise OrderError(f"The installation tag {self.install} does not fit in 20 bits.")

    def of(self, instance: str) -> IdScope:
        """The ids of one of several who decide on the same account; of this scope itself where it is empty."""
        return replace(self, instance=instance) if instance else self

    def cid(self, role: IdRole, key: DecisionKey, ordinal: int, leg: int = 0, chain: int = 0) -> str:
        """The id of one order: the n-th intent of a decision, its leg, and the number of its slice or chain."""
        text = "\x1f".join(
            (self.account, self.instance, str(key.moment), key.symbol, str(ordinal), str(leg), str(chain))
        )
        digest = int.from_bytes(hashlib.sha256(f"{role.value}\x1f{text}".encode()).digest()[:12], "big")
        return _written(VERSION << 124 | self.install << 104 | role.value << 96 | digest)

    def is_ours(self, cid: str | None) -> bool:
        """Whether an id carries the tag of this installation."""
        parts = parse_id(cid)
        return parts is not None and parts.install == self.install


def install_tag(name: str) -> int:
    """The 20 bits that stand for an installation."""
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:3], "big") >> 4


def parse_id(cid: str | None) -> IdParts | None:
    """What an id says, or None where it is not one of Tradewright's."""
    if cid is None or len(cid) != LENGTH or not set(cid) <= _VALUES.keys():
        return None
    value = 0
    for letter in cid:
        value = value << 5 | _VALUES[letter]
    if value & 3 or value >> 126 != VERSION or (value >> 98 & 0xFF) not in set(IdRole):
        return None
    value >>= _PADDING
    return IdParts(value >> 104 & 0xFFFFF, IdRole(value >> 96 & 0xFF), value & (1 << 96) - 1)


def as_uuid(cid: str) -> str:
    """The same 128 bits for a venue that wants a UUID.

    Raises
    ------
    OrderError
        When it is not an id of Tradewright's.
    """
    parts = parse_id(cid)
    if parts is None:
        raise OrderError(f"'{cid}' is not a client order id.")
    return str(uuid.UUID(int=VERSION << 124 | parts.install << 104 | parts.role.value << 96 | parts.digest))


def from_uuid(text: str) -> str | None:
    """The id that a UUID stands for, or None where it is not one of Tradewright's."""
    try:
        value = uuid.UUID(text).int
    except ValueError:
        return None
    cid = _written(value)
    return None if parse_id(cid) is None else cid


def _written(value: int) -> str:
    padded = value << _PADDING
    return "".join(ALPHABET[padded >> shift & 31] for shift in range(125, -1, -5))
