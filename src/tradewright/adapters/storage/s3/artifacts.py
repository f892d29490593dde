"""An artifact store in a bucket: ``ab/abcdef…`` below a prefix, each written by one request that is done or not."""

from __future__ import annotations

import datetime as dt
import hashlib
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from tradewright.domain.errors import DataError, DataNotAvailableError, MissingExtraError, StorageError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from .address import S3Address

__all__ = ["S3Artifacts", "S3Credentials"]

_CONNECT_S, _ANSWER_S = "5s", "300s"
_RETRIES = 4
_RETRY_S = 30


class S3Credentials(NamedTuple):
    """Who asks. It does not show itself.

    Parameters
    ----------
    key_id, secret : str
    token : str or None
        Of credentials that were lent for a while.
    """

    key_id: str
    secret: str
    token: str | None = None

    def __repr__(self) -> str:
        return "S3Credentials(…)"


class S3Artifacts:
    """Bytes as objects; see `tradewright.ports.artifacts.ArtifactStore`.

    An object appears when its one request has been received whole: who is stopped in the middle leaves nothing.

    Parameters
    ----------
    address : S3Address
    folder : str or callable
        Below the prefix, what belongs to this store and to no other; or what finds it, asked when it is first needed.
    credentials : callable
        Gives them as they are now: they may change while a program runs.

    Raises
    ------
    MissingExtraError
        From every method, when the library is not installed.
    ConfigError
        From every method, what `credentials` raises.
    """

    def __init__(
        self, address: S3Address, folder: str | Callable[[], str], credentials: Callable[[], S3Credentials]
    ) -> None:
        self._address, self._said, self._credentials = address, folder, credentials
        self._opened: tuple[S3Credentials, Any] | None = None

    @property
    def place(self) -> str:
        """``"s3"``."""
        return "s3"

    def put(self, content: bytes) -> str:
        """Keep bytes under their digest; what is there and whole already is not sent again."""
        digest = hashlib.sha256(content).hexdigest()
        store = self._store()
        with _explained(self._address):
            if _size(store, _path(digest)) != len(content):
                # In one piece: an upload in parts would leave those that were sent.
                _library().put(store, _path(digest), content, use_multipart=False)
        return digest

    def get(self, digest: str) -> bytes:
        """The bytes of a digest, held to it."""
        store = self._store()
        with _explained(self._address):
            content = _found(store, _path(digest))
        if content is None:
            raise DataNotAvailableError(
                f"{self._name(digest)} is gone, and a kept run needs it.",
                hint="Restore it from a copy, or delete the run.",
            )
        if hashlib.sha256(content).hexdigest() != digest:
            raise DataError(
                f"{self._name(digest)} is not what was written.", hint="Restore it from a copy, or delete the run."
            )
        return content

    def retain(self, digests: Collection[str]) -> int:
        """Free every object but those."""
        store = self._store()
        with _explained(self._address):
            paths = [each["path"] for piece in _library().list(store) for each in piece]
            freed = [path for path in paths if path.rpartition("/")[2] not in digests]
            if freed:
                _library().delete(store, freed)
        return len(freed)

    @cached_property
    def _folder(self) -> str:
        return self._said() if callable(self._said) else self._said

    def _name(self, digest: str) -> str:
        return f"{self._address.shown}/{self._folder}/{_path(digest)}"

    def _store(self) -> Any:
        credentials = self._credentials()
        if self._opened is None or self._opened[0] != credentials:
            self._opened = (credentials, _opened(self._address, self._folder, credentials))
        return self._opened[1]


def _opened(address: S3Address, folder: str, credentials: S3Credentials) -> Any:
    said: dict[str, Any] = {"endpoint": address.endpoint, "token": credentials.token}
    _library()
    from obstore.store import S3Store

    return S3Store(
        address.bucket,
        prefix="/".join(filter(None, (address.prefix, folder))),
        region=address.region,
        access_key_id=credentials.key_id,
        secret_access_key=credentials.secret,
        **{name: each for name, each in said.items() if each is not None},
        client_options={
            "connect_timeout": _CONNECT_S,
            "timeout": _ANSWER_S,
            "allow_http": (address.endpoint or "").startswith("http://"),
        },
        retry_config={"max_retries": _RETRIES, "retry_timeout": dt.timedelta(seconds=_RETRY_S)},
    )


def _library() -> Any:
    try:
        import obstore
    except ImportError as error:
        raise MissingExtraError(
            "Artifacts in a bucket need the library obstore.", hint="Install it with: pip install 'tradewright[s3]'"
        ) from error
    return obstore


def _path(digest: str) -> str:
    return f"{digest[:2]}/{digest}"


def _size(store: Any, path: str) -> int | None:
    """How long an object is; None where there is none."""
    try:
        return int(_library().head(store, path)["size"])
    except FileNotFoundError:
        return None


def _found(store: Any, path: str) -> bytes | None:
    try:
        return bytes(_library().get(store, path).bytes())
    except FileNotFoundError as error:
        if _NO_BUCKET in str(error):
            raise
        return None


_NO_BUCKET = "NoSuchBucket"
_REFUSED = ("status code: 401", "status code: 403")
"""What the library's sentences hold; of a list it has no other way to say it."""


@contextmanager
def _explained(address: S3Address) -> Iterator[None]:
    """Raise what the library raises in our words: its own quote what the service answered."""
    from obstore.exceptions import BaseError

    try:
        yield
    except (BaseError, OSError) as error:
        raise _translated(address, error) from None


def _translated(address: S3Address, error: Exception) -> StorageError:
    said = str(error)
    if any(words in said for words in _REFUSED):
        return StorageError(
            f"The service of {address.shown} refuses the credentials.",
            hint="Look at credentials.s3_key and s3_secret, and at the rights of their user in the bucket.",
        )
    if isinstance(error, FileNotFoundError) or _NO_BUCKET in said:
        return StorageError(
            f"There is no bucket '{address.bucket}' where {address.shown} is looked for.",
            hint="Make it, or look at storage.artifacts and its region.",
        )
    where = address.endpoint or f"S3 in {address.region}"
    return StorageError(
        f"{address.shown} cannot be used: {where} cannot be reached or does not answer as S3 does.",
        hint="Look at storage.artifacts and at the network.",
    )
