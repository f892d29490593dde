"""Changing settings from afar: which keys may be changed, checked as the command line does, written in one stroke.

What says where secrets, stores and programs are stays with whoever has the files of the host.
"""

from __future__ import annotations

import hashlib
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import ValidationError

from tradewright.bootstrap.file_change import ChangesRefusedError, changing, write_whole
from tradewright.bootstrap.settings import FILE, load_settings, settings_file
from tradewright.bootstrap.settings_model import SettingsModel, fields, kind_of
from tradewright.bootstrap.yaml_edit import with_value
from tradewright.domain.errors import ConfigError, ConflictError

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["change_settings", "changeable", "settings_digest"]

_KEYS = frozenset({"runs.keep", "logging.level", "logging.format", "logging.rotate_mb", "logging.keep"})
_SECTIONS = ("backtest.", "data.")
Word = str | int | float | bool | None


def changeable(key: str) -> bool:
    """Whether a key may be changed by who does not have the files: it says how runs and logs go, and no place."""
    return key in _KEYS or (key.startswith(_SECTIONS) and key in dict(fields()))


def settings_digest(folder: Path) -> str:
    """What names the settings file as it is now; of none, that of nothing."""
    file = settings_file(folder)
    return _digest(b"" if file is None else file.read_bytes())


def change_settings(
    folder: Path, environment: Mapping[str, str], changes: Mapping[str, Word], seen: str | None = None
) -> Path:
    """Put values into the settings file: all of them or none.

    Parameters
    ----------
    folder : Path
        From which the file is found upward; it is made here where there is none.
    environment : mapping of str to str
    changes : mapping of str to value
        By ``section.key``; None takes a key out, so that its default holds.
    seen : str, optional
        The digest of the file that whoever changes it saw.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    ChangesRefusedError
        For every change that cannot be made.
    ConfigError
        When the file as a whole would not be good.
    ConflictError
        When it is not the one that was seen.
    StorageError
        When it cannot be written.
    """
    _require_good(changes, _stronger(folder, environment))
    file = settings_file(folder) or folder / FILE
    with changing(file.parent):
        if seen is not None and seen != settings_digest(folder):
            raise ConflictError("The settings were changed meanwhile.", hint="Read them again, and look at yours.")
        text = file.read_text(encoding="utf-8") if file.exists() else ""
        for key, value in changes.items():
            text = with_value(text, key.split(".", 1), value)
        _require_whole(text, file, environment)
        write_whole(file, text)
    return file


def _stronger(folder: Path, environment: Mapping[str, str]) -> Mapping[str, str]:
    """Keys that the environment says, and which variable does."""
    origins = load_settings(folder, environment).origins
    return {key: origin.words for key, origin in origins.items() if origin.kind == "environment"}


def _require_good(changes: Mapping[str, Word], stronger: Mapping[str, str]) -> None:
    mistakes = {key: why for key, value in changes.items() if (why := _mistake(key, value, stronger)) is not None}
    if mistakes:
        raise ChangesRefusedError(mistakes)


def _mistake(key: str, value: Word, stronger: Mapping[str, str]) -> str | None:
    known = dict(fields())
    if key not in known:
        return f"There is no key '{key}'."
    if not changeable(key):
        return f"'{key}' is changed in the file of the host only: it says where something is kept."
    if key in stronger:
        return f"'{key}' is said by {stronger[key]}, which is stronger than the file."
    if isinstance(value, str) and ("${" in value or "\n" in value):
        return f"'{key}' holds plain text on one line, and no variable."
    return None if value is None or _fits(key, value) else f"'{key}' should be {kind_of(known[key])}."


def _fits(key: str, value: Word) -> bool:
    section, _, name = key.partition(".")
    try:
        SettingsModel.model_validate({section: {name: value}})
    except ValidationError:
        return False
    return True


def _require_whole(text: str, file: Path, environment: Mapping[str, str]) -> None:
    """Read it as everybody does, from a folder of its own; sentences name the real file."""
    with tempfile.TemporaryDirectory() as aside:
        copy = Path(aside) / FILE
        copy.write_text(text, encoding="utf-8")
        try:
            load_settings(Path(aside), environment)
            return
        except ConfigError as error:
            said, hint = error.message.replace(str(copy), str(file.name)), error.hint
    raise ConfigError(said, hint=hint)


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
