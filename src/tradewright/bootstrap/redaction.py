"""What is taken out of log lines: values under telling keys, secrets that were read, and what looks like one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from tradewright.bootstrap.secrets import met_values

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

__all__ = ["GONE", "Redactor"]

GONE = "[redacted]"

_SHORTEST = 6
"""A shorter secret is found by its key alone: taking "a" out of every line would leave no line."""

_WORDS = r"pass(?:word|wd|phrase)?|secret|token|api_?key|authorization|cookie|dsn|credential|signing_?key|private_?key"
_KEY = re.compile(rf"(?:^|_|-|\b)(?:{_WORDS})s?(?:$|_|-|\b)|apikey|password|secret", re.IGNORECASE)
_LOOKS = (
    (re.compile(r"(?i)\b(bearer|basic) +[\w.~+/=-]{6,}"), rf"\1 {GONE}"),
    (re.compile(r"\beyJ[\w-]{8,}\.[\w-]+\.[\w-]*"), GONE),
    (re.compile(r"(?<=://)[^/\s:@]*:[^@\s/]+(?=@)"), GONE),
    (re.compile(rf"(?i)\b((?:{_WORDS})s?[\"']?\s*[=:]\s*[\"']?)[^\s,;&\"']+"), rf"\1{GONE}"),
    (re.compile(r"/bot\d+:[\w-]+"), f"/bot{GONE}"),
    (re.compile(r"(hooks\.slack\.com/services/)\S+"), rf"\1{GONE}"),
)


class Redactor:
    """Takes secrets out of whatever is to be logged.

    Parameters
    ----------
    known : callable
        Gives the secrets by value; those that this process has read, without it.
    """

    def __init__(self, known: Callable[[], Iterable[str]] = met_values) -> None:
        self._known = known

    def mapping(self, said: Mapping[str, Any]) -> dict[str, Any]:
        """A line's fields without secrets, as plain values."""
        known = sorted((each for each in self._known() if len(each) >= _SHORTEST), key=len, reverse=True)
        return {str(key): self._field(str(key), value, known) for key, value in said.items()}

    def text(self, said: str) -> str:
        """A text without secrets."""
        return str(self.mapping({"": said})[""])

    def _field(self, key: str, value: Any, known: list[str]) -> Any:
        # A number under such a key is a count, not a secret.
        if key and _KEY.search(key) and not isinstance(value, (int, float, bool, type(None))):
            return GONE
        return self._value(value, known)

    def _value(self, value: Any, known: list[str]) -> Any:
        if isinstance(value, (bool, int, float, type(None))):
            return value
        if isinstance(value, dict):
            return {self._scrubbed(str(key), known): self._field(str(key), each, known) for key, each in value.items()}
        if isinstance(value, (list, tuple, set, frozenset)):
            return [self._value(each, known) for each in value]
        return self._scrubbed(value if isinstance(value, str) else repr(value), known)

    @staticmethod
    def _scrubbed(text: str, known: list[str]) -> str:
        for secret in known:
            text = text.replace(secret, GONE)
        for pattern, instead in _LOOKS:
            text = pattern.sub(instead, text)
        return text
