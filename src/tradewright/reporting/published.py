"""What every result can be made into: a canonical JSON document and a page that opens offline."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["Published"]


class Published(ABC):
    """A result that is written as a document and as a page."""

    @abstractmethod
    def to_dict(self) -> dict[str, Any]:
        """The JSON document as plain values; each kind of result has a schema."""

    @abstractmethod
    def page(self, script: str) -> str:
        """The HTML page, holding the text of the picture library that it draws with."""

    def to_json(self, path: str | Path | None = None) -> str:
        """One canonical JSON document: the same result gives the same bytes.

        Parameters
        ----------
        path : str or Path, optional
            Where to write it as well; appears whole or not at all.

        Raises
        ------
        ResourceError
            When the disk is full.
        ConfigError
            When the path cannot be written.
        """
        from tradewright.reporting import exports, files

        text = exports.canonical(self.to_dict())
        if path is not None:
            files.write_file(path, text)
        return text

    def report(self, path: str | Path) -> Path:
        """Write a one-file HTML page that opens offline; appears whole or not at all.

        Raises
        ------
        ResourceError
            When the disk is full.
        ConfigError
            When the path cannot be written.
        MissingExtraError
            When Plotly is not installed.
        """
        from tradewright.reporting import files, plots

        return files.write_file(path, self.page(plots.library_script()))
