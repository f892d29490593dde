"""What is wanted of a schedule, looked at before it is kept: each mistake with the field it stands in."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tradewright.domain.control.timetable import read_when
from tradewright.domain.errors import CalendarError, ConfigError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tradewright.app.jobs.commands import JobCommands
    from tradewright.domain.control.schedules import Wish
    from tradewright.domain.errors import TradewrightError

    from .times import DueTimes

__all__ = ["WishReader"]

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


@dataclass(frozen=True)
class WishReader:
    """Says what is wrong with a wish.

    Parameters
    ----------
    commands : JobCommands
    times : DueTimes
    """

    commands: JobCommands
    times: DueTimes

    def mistakes(self, wish: Wish, now_ns: int) -> Iterator[tuple[str, TradewrightError]]:
        """Each mistake, behind the name of its field: of ``name``, ``kind``, ``request`` and ``when``."""
        for field, look in (("name", self._name), ("kind", self._kind), ("request", self._request)):
            try:
                look(wish)
            except ConfigError as error:
                yield field, error
                if field == "kind":
                    # What a request may say is known by its kind alone.
                    break
        try:
            self._when(wish, now_ns)
        except (ConfigError, CalendarError) as error:
            yield "when", error

    def require_sound(self, wish: Wish, now_ns: int) -> None:
        """Refuse a wish at its first mistake.

        Raises
        ------
        ConfigError, CalendarError
        """
        for _, error in self.mistakes(wish, now_ns):
            raise error

    @staticmethod
    def _name(wish: Wish) -> None:
        if not _NAME.fullmatch(wish.name):
            raise ConfigError(
                f"name={wish.name!r:.80} does not fit.", hint="Give up to 64 letters, digits, '.', '_' and '-'."
            )

    def _kind(self, wish: Wish) -> None:
        if self.commands.kind(wish.kind).is_session:
            raise ConfigError(
                f"A {wish.kind} session is begun by a person, not by a schedule.", hint="Name another kind of job."
            )

    def _request(self, wish: Wish) -> None:
        self.commands.words(wish.kind, wish.request)

    def _when(self, wish: Wish, now_ns: int) -> None:
        if self.times.next(read_when(wish.when, wish.zone), now_ns) is None:
            raise ConfigError(f"when={wish.when!r:.80} never comes.", hint="Look at its day and month.")
