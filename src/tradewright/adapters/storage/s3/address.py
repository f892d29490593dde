"""Where a bucket is, in one line: ``s3://bucket/prefix?endpoint=https://host&region=eu-west-1``."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

from tradewright.domain.errors import ConfigError

__all__ = ["S3Address"]

_FORM = "Write s3://bucket/prefix?endpoint=https://host&region=name; all behind the bucket may be left out."
_BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
_PREFIX = re.compile(r"[A-Za-z0-9!_.*'()/=-]*")
_REGION = "us-east-1"
_WORDS = ("endpoint", "region")


@dataclass(frozen=True, slots=True)
class S3Address:
    """A place in a bucket.

    Parameters
    ----------
    bucket : str
    prefix : str
        Without a slash at either end; may be empty.
    endpoint : str or None
        ``https://host`` of a service other than AWS.
    region : str
    """

    bucket: str
    prefix: str = ""
    endpoint: str | None = None
    region: str = _REGION

    @classmethod
    def parse(cls, text: str) -> S3Address:
        """Read an address.

        Raises
        ------
        ConfigError
            When it is none; it is not quoted, for somebody may have written credentials into it.
        """
        parts = urlsplit(text)
        prefix = parts.path.strip("/")
        said = dict(parse_qsl(parts.query, keep_blank_values=True))
        is_sound = parts.scheme == "s3" and _BUCKET.fullmatch(parts.netloc) and _PREFIX.fullmatch(prefix)
        if not is_sound or parts.fragment:
            raise ConfigError("The place of artifacts is no address of a bucket.", hint=_FORM)
        for word in said:
            if word not in _WORDS:
                near = difflib.get_close_matches(word, _WORDS, n=1)
                raise ConfigError(
                    "The place of artifacts says something that no bucket has.",
                    hint=f"Did you mean '{near[0]}'?" if near else _FORM,
                )
        return cls(parts.netloc, prefix, _endpoint(said.get("endpoint")), said.get("region") or _REGION)

    @property
    def shown(self) -> str:
        """How it is called in sentences."""
        return f"s3://{self.bucket}/{self.prefix}".rstrip("/")


def _endpoint(said: str | None) -> str | None:
    if not said:
        return None
    parts = urlsplit(said)
    if parts.scheme not in {"http", "https"} or not parts.hostname or "@" in parts.netloc:
        raise ConfigError("The endpoint of the artifacts is no address.", hint="Write endpoint=https://host.")
    return said.rstrip("/")
