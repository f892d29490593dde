"""CSV files, plain or gzipped, parsed by Arrow: it starts without pandas and reads a million rows in a second."""

from __future__ import annotations

import csv
import gzip
import io
import zlib
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tradewright.adapters.data.files import read_bytes
from tradewright.adapters.data.raw import RawTable
from tradewright.domain.errors import DataError, DataNotAvailableError

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["open_csv"]

_GZIP_MAGIC = b"\x1f\x8b"
_LARGEST_BLOCK = 2**31 - 1
_EMPTY_WORDS = ("", "NA", "N/A", "#N/A", "NaN", "nan", "-nan", "NULL", "null", "None", "n/a")


def open_csv(path: str | Path) -> RawTable:
    """Open a CSV file with a header line; values are parsed when columns are loaded.

    The separator is the comma, else the semicolon or the tab if the header has one of them instead.

    Raises
    ------
    DataNotAvailableError
        When the file does not exist or is empty.
    DataError
        When it is a folder, a cut-off archive, binary, or not UTF-8.
    """
    file = Path(path)
    return _CsvText(file.name, _text(file)).table()


def _text(file: Path) -> bytes:
    raw = read_bytes(file)
    if raw.startswith(_GZIP_MAGIC):
        raw = _unpacked(file, raw)
    raw = raw.removeprefix(b"\xef\xbb\xbf")
    if not raw.strip():
        raise DataNotAvailableError(f"{file.name} is empty.")
    if b"\0" in raw:
        raise DataError(f"{file.name} is a binary file, not a CSV.", hint="Export it as CSV, or as Parquet.")
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise DataError(f"Line {line} of {file.name} is not UTF-8 text.", hint="Save the file as UTF-8.") from None
    # Old spreadsheets end lines with a lone carriage return; one kind of line end keeps line numbers honest.
    return raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n") if b"\r" in raw else raw


def _unpacked(file: Path, raw: bytes) -> bytes:
    try:
        return gzip.decompress(raw)
    except EOFError:
        raise DataError(
            f"{file.name} is cut off: its gzip data end early.", hint="Copy or download it again."
        ) from None
    except (OSError, zlib.error):
        raise DataError(f"{file.name} is not readable as gzip.", hint="Copy or download it again.") from None


class _CsvText:
    """A CSV file's text, its header, and the way back from a row to its line."""

    def __init__(self, name: str, text: bytes) -> None:
        self._name = name
        self._text = text
        begin = len(text) - len(text.lstrip(b"\n"))
        end = text.find(b"\n", begin)
        self._header_line = text.count(b"\n", 0, begin)
        self._body = text[end + 1 :] if end >= 0 else b""
        header = text[begin : end if end >= 0 else len(text)].decode("utf-8")
        self._delimiter = next((mark for mark in (",", ";", "\t") if mark in header), ",")
        self._names = self._fields(header)
        self._skipped: list[tuple[int, str]] = []

    def table(self) -> RawTable:
        return RawTable(self._names, self._load, self._name, "line", self._line_of, self._rejected)

    def _fields(self, header: str) -> tuple[str, ...]:
        try:
            return tuple(field.strip() for field in next(csv.reader([header], delimiter=self._delimiter)))
        except csv.Error as error:
            raise DataError(f"The header of {self._name} is not that of a CSV file: {error}.") from None

    @cached_property
    def _row_lines(self) -> list[int]:
        """The line of each non-empty line below the header, from 1; the parser passes over empty ones."""
        lines = self._body.split(b"\n")
        return [number for number, line in enumerate(lines, self._header_line + 2) if line]

    def _rejected(self) -> tuple[tuple[int, str], ...]:
        return tuple((self._row_lines[row], reason) for row, reason in self._skipped)

    @cached_property
    def _kept_lines(self) -> list[int]:
        gone = {row for row, _ in self._skipped}
        return [line for row, line in enumerate(self._row_lines) if row not in gone]

    @cached_property
    def _is_gapless(self) -> bool:
        """Whether every line below the header is a row, so that no table of lines is needed."""
        return not self._skipped and not self._body.startswith(b"\n") and b"\n\n" not in self._body

    def _line_of(self, row: int) -> int:
        return self._header_line + 2 + row if self._is_gapless else self._kept_lines[row]

    def _load(self, wanted: Mapping[int, bool]) -> dict[int, Any]:
        import pyarrow as pa

        try:
            return self._parsed(wanted)
        except pa.ArrowInvalid:
            pass
        try:
            # Some value is no number: read all as text, so that it can be named by its line.
            return self._parsed(dict.fromkeys(wanted, False))
        except pa.ArrowInvalid as error:
            reason = str(error).split("\n", 1)[0][:200]
            raise DataError(f"{self._name} cannot be read as CSV: {reason}.") from error

    def _parsed(self, wanted: Mapping[int, bool]) -> dict[int, Any]:
        import pyarrow as pa
        from pyarrow import csv as arrow_csv

        self._skipped = []
        labels = {position: f"c{position}" for position in wanted}
        kinds = {labels[at]: pa.float64() if number else pa.string() for at, number in wanted.items()}
        block = min(max(len(self._text) + 1, 1024), _LARGEST_BLOCK)
        if not self._body.strip(b"\n"):
            return dict.fromkeys(wanted, pa.nulls(0, pa.string()))
        parsed = arrow_csv.read_csv(
            io.BytesIO(self._body),
            read_options=arrow_csv.ReadOptions(
                use_threads=False, block_size=block, column_names=[f"c{at}" for at in range(len(self._names))]
            ),
            parse_options=arrow_csv.ParseOptions(delimiter=self._delimiter, invalid_row_handler=self._reject),
            convert_options=arrow_csv.ConvertOptions(
                column_types=kinds,
                include_columns=list(labels.values()),
                null_values=_EMPTY_WORDS,
                strings_can_be_null=True,
            ),
        )
        return {position: parsed.column(label) for position, label in labels.items()}

    def _reject(self, row: Any) -> str:
        self._skipped.append((row.number - 1, f"it has {row.actual_columns} values, not {row.expected_columns}"))
        return "skip"
