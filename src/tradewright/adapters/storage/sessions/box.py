"""`tradewright.ports.request_box.RequestBox` in a session's folder: a file for each request and each answer."""

from __future__ import annotations

import json
import uuid
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from tradewright.domain.errors import StorageError
from tradewright.ports.request_box import Reply

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

__all__ = ["FileRequestBox"]

_REQUEST, _ANSWER = ".request", ".answer"
_DIGITS = 8


class FileRequestBox:
    """The box of one session.

    Parameters
    ----------
    folder : Path
        Made at the first request.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def post(self, asked: Mapping[str, Any]) -> str:
        """See `RequestBox.post`."""
        with self._said():
            self.folder.mkdir(parents=True, exist_ok=True)
            request = f"{self._next():0{_DIGITS}d}-{uuid.uuid4().hex}"
            self._put(request + _REQUEST, dict(asked))
        return request

    def _next(self) -> int:
        """One more than the highest number that is in the box; those of one instant are told apart by their tails."""
        return 1 + max((int(path.name[:_DIGITS]) for path in self.folder.glob(f"*{_REQUEST}")), default=0)

    def take(self) -> list[tuple[str, Mapping[str, Any]]]:
        """See `RequestBox.take`."""
        with self._said():
            found = []
            for path in sorted(self.folder.glob(f"*{_REQUEST}")):
                words = json.loads(path.read_bytes())
                try:
                    # Gone before it is carried out: what is asked is done once or not at all.
                    path.unlink()
                except FileNotFoundError:
                    continue
                found.append((path.name.removesuffix(_REQUEST), words))
            return found

    def withdraw(self, request: str) -> bool:
        """See `RequestBox.withdraw`."""
        with self._said():
            try:
                (self.folder / (request + _REQUEST)).unlink()
            except FileNotFoundError:
                return False
            return True

    def reply(self, request: str, said: Reply) -> None:
        """See `RequestBox.reply`."""
        with self._said():
            self._put(request + _ANSWER, {"is_done": said.is_done, "sentence": said.sentence})

    def answer(self, request: str) -> Reply | None:
        """See `RequestBox.answer`."""
        path = self.folder / (request + _ANSWER)
        with self._said():
            if not path.exists():
                return None
            words = json.loads(path.read_bytes())
            path.unlink()
            return Reply(words["is_done"], words["sentence"])

    def _put(self, name: str, words: Mapping[str, Any]) -> None:
        """Under its name only when it is whole."""
        aside = self.folder / f"{name}.aside"
        aside.write_bytes(json.dumps(words, sort_keys=True).encode())
        aside.replace(self.folder / name)

    @contextmanager
    def _said(self) -> Iterator[None]:
        try:
            yield
        except (OSError, ValueError) as error:
            raise StorageError(f"The requests in {self.folder} cannot be read or written: {error}.") from error
