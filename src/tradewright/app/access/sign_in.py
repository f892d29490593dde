"""Signing in, staying signed in, and signing out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NoReturn

from tradewright.domain.control.access import AccessClaims, Actor, Caller, SignedIn
from tradewright.domain.control.users import SignIn
from tradewright.domain.errors import ConfigError, ConflictError, SignInError, ThrottledError

from .auditing import DONE, FAILED, REFUSED
from .secrets import LONGEST, digest, drawn_id, drawn_token, plain, require_strong
from .throttle import REMEMBERED_NS, address_key, name_key, wait_ns
from .tokens import PREFIX
from .users import known_name

if TYPE_CHECKING:
    from collections.abc import Callable

    from tradewright.domain.control.users import User
    from tradewright.ports.access_tokens import AccessTokens
    from tradewright.ports.users import AttemptStore, PasswordHasher, SignInStore, UserStore

    from .auditing import Auditor
    from .tokens import TokenDesk

__all__ = ["ACCESS_NS", "RACE_NS", "REFRESH_NS", "SignInDesk", "SignInStores"]

_SECOND = 1_000_000_000
ACCESS_NS = 900 * _SECOND
"""How long an access token is good: 15 minutes."""
REFRESH_NS = 14 * 86_400 * _SECOND
"""How long a refresh token waits for its use: 14 days."""
RACE_NS = 10 * _SECOND
"""Two windows of one browser may use the same refresh token at once: the second is refused and nothing else happens.
Later than that, somebody has a copy."""

_REFUSED = "Name or password are not right."
_WORN = "The sign-in is no longer good."
_AGAIN = "Sign in again."


@dataclass(frozen=True, slots=True)
class SignInStores:
    """What signing in reads and writes.

    Parameters
    ----------
    users : UserStore
    sign_ins : SignInStore
    attempts : AttemptStore
    """

    users: UserStore
    sign_ins: SignInStore
    attempts: AttemptStore


@dataclass(frozen=True, slots=True)
class SignInDesk:
    """Where persons sign in.

    Parameters
    ----------
    stores : SignInStores
    hasher : PasswordHasher
    access : AccessTokens
    programs : TokenDesk
        Recognises the tokens of programs.
    auditor : Auditor
    now_ns : callable
        The time of day, UTC nanoseconds.
    draw : callable
        That many bytes that nobody can foresee.
    """

    stores: SignInStores
    hasher: PasswordHasher
    access: AccessTokens
    programs: TokenDesk
    auditor: Auditor
    now_ns: Callable[[], int]
    draw: Callable[[int], bytes]

    def sign_in(self, name: str, password: str, by: Actor) -> SignedIn:
        """Begin a sign-in with name and password.

        Raises
        ------
        SignInError
            When they are not right, the user is disabled, or there is none: it is not said which.
        ThrottledError
            When there were too many attempts for the name or from the address; nothing was looked at.
        """
        user = self._proven(name, password, by)
        self.stores.sign_ins.forget(self.now_ns() - REFRESH_NS)
        given = self._given(user, self._first(user))
        self.auditor.note(replace(by, name=user.name), "sign_in", user.name, DONE)
        return given

    def refresh(self, refresh_token: str, by: Actor) -> SignedIn:
        """Go on being signed in: the token is used up and gives the next two.

        Raises
        ------
        SignInError
            When it is unknown, ran out or was revoked. Where it was used before, by whomever, all that came of the same
            log-in are revoked.
        """
        kept, now = self.stores.sign_ins.by_hash(digest(refresh_token)), self.now_ns()
        if kept is None or kept.revoked_ns is not None or now >= kept.expires_ns:
            _worn()
        user = self.stores.users.get(kept.user_id)
        if kept.used_ns is not None:
            self._used_before(kept, user, by)
        if user is None or not user.is_active:
            _worn()
        secret = drawn_token(self.draw)
        following = self._sign_in(user, kept.family, secret)
        if not self.stores.sign_ins.use(kept.id, following, now):
            _worn()
        return self._given(user, (following, secret))

    def sign_out(self, refresh_token: str, by: Actor) -> None:
        """End a sign-in with everything that came of it; nothing happens where there is none."""
        kept = self.stores.sign_ins.by_hash(digest(refresh_token))
        if kept is None:
            return
        self.stores.sign_ins.revoke_family(kept.family, self.now_ns())
        user = self.stores.users.get(kept.user_id)
        name = kept.user_id if user is None else user.name
        self.auditor.note(replace(by, name=name), "sign_out", name)

    def change_password(self, user: User, old: str, new: str, by: Actor) -> SignedIn:
        """A person's new password in place of the old one; every other sign-in of theirs ends.

        Raises
        ------
        SignInError, ThrottledError
            When the old one is not right, as `sign_in`.
        ConfigError
            When the new one is guessed too easily, or is the old one.
        """
        known = self._proven(user.name, old, by)
        with self.auditor.act(by, "password.change", known.name):
            if plain(new) == plain(old):
                raise ConfigError("The new password is the old one.", hint="Choose another.")
            require_strong(plain(new), known.name)
            changed = self._changed(known, new, must_change=False)
            self.stores.sign_ins.revoke_of(known.id, self.now_ns())
        return self._given(changed, self._first(changed))

    def caller(self, bearer: str) -> Caller | None:
        """Who shows this token, of a person or a program; None where it is worth nothing."""
        if bearer.startswith(PREFIX):
            return self.programs.caller(bearer)
        claims = self.access.read(bearer, self.now_ns())
        if claims is None or not self.stores.sign_ins.is_good(claims.family):
            return None
        user = self.stores.users.get(claims.user_id)
        return Caller(user, family=claims.family) if user is not None and user.is_active else None

    def is_still(self, caller: Caller) -> bool:
        """Whether what somebody showed some time ago would still be good, but for the hours of a short-lived token."""
        user = self.stores.users.get(caller.user.id)
        if user is None or not user.is_active:
            return False
        if caller.token_id is not None:
            return self.programs.is_good(caller.token_id, user)
        return caller.family is not None and self.stores.sign_ins.is_good(caller.family)

    def _proven(self, name: str, password: str, by: Actor) -> User:
        """The user whose password it is; the attempt is counted before anything is looked at."""
        known, now = known_name(name), self.now_ns()
        mine, theirs = name_key(known), address_key(by.address or "")
        wait = self.stores.attempts.begin((mine, theirs), now, lambda key, tried: wait_ns(key, tried, now))
        if wait > 0:
            seconds = -(-wait // _SECOND)
            raise ThrottledError("There were too many attempts.", retry_after_s=seconds, hint=f"Wait {seconds} s.")
        user = self._verified(known, password)
        if user is None:
            self.stores.attempts.forget(now - REMEMBERED_NS)
            self.auditor.note(by, "sign_in", known[:64], FAILED)
            raise SignInError(_REFUSED)
        self.stores.attempts.clear(mine)
        self.stores.attempts.take_back(theirs)
        return user

    def _verified(self, name: str, password: str) -> User | None:
        """As much work for a name that nobody has as for one that somebody has: the time taken tells nothing."""
        user = self.stores.users.by_name(name)
        kept = self.hasher.decoy if user is None else user.password_hash
        is_right = len(password) <= LONGEST and self.hasher.verify(plain(password), kept)
        if user is None or not is_right or not user.is_active:
            return None
        if self.hasher.is_outdated(user.password_hash):
            return self._changed(user, password, must_change=user.must_change)
        return user

    def _changed(self, known: User, password: str, *, must_change: bool) -> User:
        kept = self.hasher.hash(plain(password))

        def change(now: User) -> User:
            if now.password_hash != known.password_hash:
                raise ConflictError("The password was changed meanwhile.", hint=_AGAIN)
            return replace(now, password_hash=kept, must_change=must_change)

        return self.stores.users.change(known.id, change)

    def _used_before(self, kept: SignIn, user: User | None, by: Actor) -> NoReturn:
        now = self.now_ns()
        if kept.used_ns is not None and now - kept.used_ns >= RACE_NS:
            self.stores.sign_ins.revoke_family(kept.family, now)
            name = kept.user_id if user is None else user.name
            self.auditor.note(by, "sign_in.reuse", name, REFUSED, {"family": kept.family})
        _worn()

    def _first(self, user: User) -> tuple[SignIn, str]:
        secret = drawn_token(self.draw)
        kept = self._sign_in(user, drawn_id(self.draw), secret)
        self.stores.sign_ins.add(kept)
        return kept, secret

    def _sign_in(self, user: User, family: str, secret: str) -> SignIn:
        now = self.now_ns()
        return SignIn(drawn_id(self.draw), family, user.id, digest(secret), now, now + REFRESH_NS)

    def _given(self, user: User, kept: tuple[SignIn, str]) -> SignedIn:
        sign_in, secret = kept
        now = self.now_ns()
        claims = AccessClaims(user.id, sign_in.family, now, now + ACCESS_NS)
        return SignedIn(user, self.access.issue(claims), claims.expires_ns, secret, sign_in.expires_ns)


def _worn() -> NoReturn:
    raise SignInError(_WORN, hint=_AGAIN)
