"""Who gets in, over the stores of this installation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tradewright.app.access.auditing import Auditor
from tradewright.app.access.sign_in import ACCESS_NS, SignInDesk, SignInStores
from tradewright.app.access.tokens import TokenDesk
from tradewright.app.access.users import UserDesk
from tradewright.bootstrap.databases import home_of, state_database

if TYPE_CHECKING:
    from collections.abc import Callable
    from os import PathLike

    from tradewright.ports.access_tokens import AccessTokens
    from tradewright.ports.users import AuditLog, PasswordHasher

__all__ = ["Access", "access_desks", "auditor_over"]

FOLDER, KEYS = "access", "signing_keys.json"


@dataclass(frozen=True, slots=True)
class Access:
    """The desks.

    Parameters
    ----------
    users : UserDesk
    tokens : TokenDesk
    sign_ins : SignInDesk
    audit : AuditLog
    auditor : Auditor
        Who writes it.
    signer : AccessTokens
    now_ns : callable
    """

    users: UserDesk
    tokens: TokenDesk
    sign_ins: SignInDesk
    audit: AuditLog
    auditor: Auditor
    signer: AccessTokens
    now_ns: Callable[[], int]

    def rotate_key(self) -> None:
        """Sign access tokens with a new key; those that are out stay good until they run out."""
        self.signer.rotate(self.now_ns(), ACCESS_NS)


def auditor_over(now_ns: Callable[[], int], folder: str | PathLike[str] | None = None) -> Auditor:
    """Who writes down what was done, for doors that ask nobody's password."""
    from tradewright.adapters.storage.sql.audit import SqlAudit

    return Auditor(SqlAudit(state_database(folder)), now_ns)


def access_desks(
    now_ns: Callable[[], int],
    draw: Callable[[int], bytes],
    folder: str | PathLike[str] | None = None,
    hasher: PasswordHasher | None = None,
) -> Access:
    """The desks over the database of the settings.

    Parameters
    ----------
    now_ns : callable
        The time of day, UTC nanoseconds.
    draw : callable
        That many bytes that nobody can foresee.
    folder : path, optional
        Another folder of all stores.
    hasher : PasswordHasher, optional
        Argon2 with its settings of today if not given.

    Raises
    ------
    ConfigError, MissingExtraError
        As `state_database`; and where the extra ``server`` is not installed.
    """
    from tradewright.adapters.access.access_tokens import SignedAccessTokens
    from tradewright.adapters.access.passwords import Argon2Passwords
    from tradewright.adapters.access.signing_keys import SigningKeys
    from tradewright.adapters.storage.sql.attempts import SqlAttempts
    from tradewright.adapters.storage.sql.audit import SqlAudit
    from tradewright.adapters.storage.sql.sign_ins import SqlSignIns
    from tradewright.adapters.storage.sql.tokens import SqlTokens
    from tradewright.adapters.storage.sql.users import SqlUsers

    database = state_database(folder)
    users, sign_ins, tokens, audit = SqlUsers(database), SqlSignIns(database), SqlTokens(database), SqlAudit(database)
    hashing = Argon2Passwords() if hasher is None else hasher
    signer = SignedAccessTokens(SigningKeys(home_of(folder) / FOLDER / KEYS, draw))
    auditor = Auditor(audit, now_ns)
    programs = TokenDesk(users, tokens, auditor, now_ns, draw)
    stores = SignInStores(users, sign_ins, SqlAttempts(database))
    return Access(
        UserDesk(users, sign_ins, tokens, hashing, auditor, now_ns, draw),
        programs,
        SignInDesk(stores, hashing, signer, programs, auditor, now_ns, draw),
        audit,
        auditor,
        signer,
        now_ns,
    )
