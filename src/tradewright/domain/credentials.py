"""Credentials: values that are handed over when they are used, and never show themselves before."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

from tradewright.domain.errors import AuthenticationError

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Credentials"]


class Credentials:
    """The credentials of one party; they are neither printed nor written down.

    Parameters
    ----------
    whose : str
        Words for a sentence, as ``"credentials for polygon"``.
    place : str
        Where the settings say where each is kept, as ``"providers.polygon"``.
    fields : mapping of name to value
    """

    __slots__ = ("_fields", "_place", "_whose")

    def __init__(self, whose: str, place: str, fields: Mapping[str, str]) -> None:
        self._whose = whose
        self._place = place
        self._fields = dict(fields)

    def get(self, name: str) -> str:
        """One of the credentials.

        Raises
        ------
        AuthenticationError
            When it was not given.
        """
        value = self._fields.get(name)
        if not value:
            raise AuthenticationError(
                f"The {self._whose} lack '{name}'.",
                hint=f"Name where it is kept in the settings: {self._place}.{name}.",
            )
        return value

    def __contains__(self, name: str) -> bool:
        return bool(self._fields.get(name))

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {self._whose}>"

    def __reduce__(self) -> NoReturn:
        raise TypeError("Credentials are not written down: pass the name of where they are kept, and read them there.")
