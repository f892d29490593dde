"""From stored columns back to bars, and the fingerprint of bars that are too many to hold at once."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

import numpy as np

from tradewright.domain.actions import Actions, CorporateAction
from tradewright.domain.bars import Bars, SessionIndex
from tradewright.domain.instrument import Instrument, InstrumentKind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from numpy.typing import NDArray

    from tradewright.domain.stored import SeriesKey

__all__ = [
    "actions_from",
    "actions_text",
    "announced_from",
    "fingerprint",
    "instrument_from",
    "instrument_text",
    "same_sessions",
    "sessions_of",
]

_HASHED = ("open_time", "close_time", "open", "high", "low", "close", "volume")
_ACTIONS = (
    ("split_days", np.int64),
    ("split_ratios", np.float64),
    ("dividend_days", np.int64),
    ("dividends", np.float64),
)
_ANNOUNCED = "announced"


def sessions_of(session: NDArray[Any]) -> SessionIndex:
    """The sessions of stored rows."""
    return SessionIndex.of_labels(session)


def fingerprint(key: SeriesKey, column: Callable[[str], Iterable[NDArray[Any]]], actions: Actions) -> str:
    """What `Bars.fingerprint` would be, from columns that come in pieces.

    Parameters
    ----------
    key : SeriesKey
    column : callable
        Gives the pieces of a stored column by its name, in order; called once for every column.
    actions : Actions
    """
    digest = hashlib.sha256(repr((key.instrument, str(key.timeframe), str(key.adjustment))).encode())
    for name in _HASHED:
        for piece in column(name):
            digest.update(np.ascontiguousarray(piece).data)
    for part in (*_session_index(column("session")), *actions.content()):
        digest.update(part)
    return digest.hexdigest()


def _session_index(pieces: Iterable[NDArray[Any]]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Labels and first rows over all pieces; a session may go on from one piece into the next."""
    labels: list[NDArray[np.int64]] = []
    first_rows: list[NDArray[np.int64]] = []
    rows = 0
    for piece in pieces:
        index = sessions_of(piece)
        goes_on = bool(labels) and labels[-1][-1] == index.labels[0]
        skip = slice(1 if goes_on else 0, None)
        if len(index.labels[skip]):
            labels.append(index.labels[skip])
            first_rows.append(index.first_rows[skip] + rows)
        rows += len(piece)
    return np.concatenate(labels), np.concatenate(first_rows)


def actions_text(actions: Actions) -> str:
    """Actions as the catalogue keeps them; numbers to the last bit."""
    said: dict[str, Any] = {name: getattr(actions, name).tolist() for name, _ in _ACTIONS}
    if actions.announced:
        said[_ANNOUNCED] = [each.to_dict() for each in actions.announced]
    return json.dumps(said)


def actions_from(text: str) -> Actions:
    """The actions that `actions_text` wrote."""
    said = json.loads(text)
    columns: dict[str, Any] = {name: np.array(said[name], dtype) for name, dtype in _ACTIONS}
    return Actions(**columns, announced=_announced(said))


def announced_from(text: str) -> tuple[CorporateAction, ...]:
    """What was said of an instrument, from what `actions_text` wrote."""
    return _announced(json.loads(text)) if _ANNOUNCED in text else ()


def _announced(said: Any) -> tuple[CorporateAction, ...]:
    return tuple(CorporateAction.from_dict(each) for each in said.get(_ANNOUNCED, ()))


def instrument_text(instrument: Instrument) -> str:
    """An instrument with all its fields."""
    return json.dumps(instrument.to_dict(), sort_keys=True)


def instrument_from(text: str) -> Instrument:
    """The instrument that `instrument_text` wrote."""
    said = json.loads(text)
    return Instrument(**{**said, "kind": InstrumentKind(said["kind"])})


def same_sessions(bars: Bars) -> bool:
    """Whether the sessions of bars are told by the date of each row alone, as the store keeps them."""
    kept = sessions_of(bars.sessions.row_labels(len(bars)))
    return np.array_equal(kept.labels, bars.sessions.labels) and np.array_equal(
        kept.first_rows, bars.sessions.first_rows
    )
