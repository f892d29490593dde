"""Tables brought to their present revision by Alembic, which is imported only where they are not there yet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tradewright.domain.errors import StorageError

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Connection

__all__ = ["Migrations"]


@dataclass(frozen=True, slots=True)
class Migrations:
    """The way from nothing to the present tables.

    Parameters
    ----------
    folder : Path
        With Alembic's environment and its versions.
    head : str
        The revision of this version of the program.
    """

    folder: Path
    head: str

    def config(self) -> Any:
        """Alembic's configuration."""
        from alembic.config import Config

        config = Config()
        config.set_main_option("script_location", str(self.folder).replace("%", "%%"))
        config.set_main_option("path_separator", "os")
        return config

    def require_known(self, found: str | None, said: str) -> None:
        """Refuse tables of a revision that no migration leads to.

        Parameters
        ----------
        found : str or None
            Their revision; None where there are none.
        said : str
            How the sentence begins: ``The database /x is``.

        Raises
        ------
        StorageError
        """
        if found is None:
            return
        from alembic.script import ScriptDirectory

        known = {script.revision for script in ScriptDirectory.from_config(self.config()).walk_revisions()}
        if found not in known:
            raise StorageError(
                f"{said} at revision {found}, and this version of the program knows up to {self.head}.",
                hint="Use the version of the package that wrote it.",
            )

    def run(self, connection: Connection) -> None:
        """Make the tables, or change them, inside the transaction of a connection; nothing where they are present."""
        from alembic import command

        config = self.config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
