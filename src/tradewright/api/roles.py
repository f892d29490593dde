"""Who may ask what: every route stands here, and a route that does not is refused when the server is made."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING

from fastapi.routing import APIRoute

from tradewright.domain.control.users import Role, Scope

from .problems import RefusedError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fastapi import APIRouter

    from tradewright.domain.control.access import Caller

__all__ = ["RULES", "Rule", "check_routes", "refuse_unless_allowed", "rule_of"]


@dataclass(frozen=True, slots=True)
class Rule:
    """What it takes to ask a route.

    Parameters
    ----------
    role : Role or None
        At least; None where anybody may.
    scope : Scope or None
        What a token needs besides; None where only a person may.
    before_change : bool
        Whether it may be asked before a one-time password was changed.
    cost : float
        How many of the allowed requests it counts for.
    """

    role: Role | None
    scope: Scope | None = None
    before_change: bool = False
    cost: float = 1.0


_ANYBODY = Rule(None, before_change=True)
_READER = Rule(Role.VIEWER, Scope.READ)
_HEAVY_READER = Rule(Role.VIEWER, Scope.READ, cost=5.0)
_SELF = Rule(Role.VIEWER, Scope.READ, before_change=True)
_PERSON = Rule(Role.VIEWER)
_RESEARCHER = Rule(Role.TRADER, Scope.RESEARCH)
_TRADER = Rule(Role.TRADER)
_ADMIN = Rule(Role.ADMIN)

RULES: dict[tuple[str, str], Rule] = {
    ("POST", "/v1/auth/login"): _ANYBODY,
    ("POST", "/v1/auth/refresh"): _ANYBODY,
    ("POST", "/v1/auth/logout"): _ANYBODY,
    ("POST", "/v1/auth/password"): Rule(Role.VIEWER, before_change=True),
    ("GET", "/v1/me"): _SELF,
    ("GET", "/v1/users"): _ADMIN,
    ("POST", "/v1/users"): _ADMIN,
    ("PATCH", "/v1/users/{name}"): _ADMIN,
    ("GET", "/v1/tokens"): _PERSON,
    ("POST", "/v1/tokens"): _PERSON,
    ("DELETE", "/v1/tokens/{token_id}"): _PERSON,
    ("GET", "/v1/audit"): _ADMIN,
    ("GET", "/metrics"): _READER,
    ("GET", "/v1/jobs"): _READER,
    ("GET", "/v1/jobs/{job_id}"): _READER,
    ("GET", "/v1/jobs/{job_id}/log"): _READER,
    ("POST", "/v1/jobs/{job_id}/cancel"): _RESEARCHER,
    ("POST", "/v1/runs"): _RESEARCHER,
    ("POST", "/v1/runs/estimate"): _RESEARCHER,
    ("POST", "/v1/data/imports"): _RESEARCHER,
    ("GET", "/v1/data/imports/{job_id}"): _READER,
    ("POST", "/v1/data/fetches"): _RESEARCHER,
    ("GET", "/v1/data/fetches/{job_id}"): _READER,
    ("POST", "/v1/data/comparisons"): _RESEARCHER,
    ("GET", "/v1/data/comparisons/{job_id}"): _READER,
    ("GET", "/v1/schedules"): _READER,
    ("POST", "/v1/schedules"): _TRADER,
    ("GET", "/v1/schedules/times"): _READER,
    ("GET", "/v1/schedules/{schedule_id}"): _READER,
    ("PATCH", "/v1/schedules/{schedule_id}"): _TRADER,
    ("DELETE", "/v1/schedules/{schedule_id}"): _TRADER,
    ("POST", "/v1/schedules/{schedule_id}/run"): _TRADER,
    ("GET", "/v1/schedules/{schedule_id}/firings"): _READER,
    ("GET", "/v1/health"): _ANYBODY,
    ("GET", "/v1/health/ready"): _ANYBODY,
    ("GET", "/v1/health/parts"): _READER,
    ("GET", "/v1/strategies"): _READER,
    ("GET", "/v1/strategies/{strategy_id}"): _READER,
    ("PATCH", "/v1/strategies/{strategy_id}"): _TRADER,
    ("POST", "/v1/strategies/{strategy_id}/preview"): _TRADER,
    ("GET", "/v1/runs"): _READER,
    ("GET", "/v1/runs/compare"): _HEAVY_READER,
    ("GET", "/v1/runs/compare/series"): _READER,
    ("GET", "/v1/runs/{run_id}"): _READER,
    ("GET", "/v1/runs/{run_id}/breakdown"): _READER,
    ("PATCH", "/v1/runs/{run_id}"): _RESEARCHER,
    ("DELETE", "/v1/runs/{run_id}"): _ADMIN,
    ("GET", "/v1/runs/{run_id}/trades"): _READER,
    ("GET", "/v1/runs/{run_id}/orders"): _READER,
    ("GET", "/v1/runs/{run_id}/fills"): _READER,
    ("GET", "/v1/runs/{run_id}/logs"): _READER,
    ("GET", "/v1/runs/{run_id}/series"): _READER,
    ("GET", "/v1/runs/{run_id}/search"): _READER,
    ("GET", "/v1/runs/{run_id}/search/map"): _READER,
    ("GET", "/v1/runs/{run_id}/search/lines"): _READER,
    ("GET", "/v1/jobs/{job_id}/search"): _READER,
    ("GET", "/v1/jobs/{job_id}/search/map"): _READER,
    ("GET", "/v1/runs/{run_id}/trials"): _READER,
    ("GET", "/v1/runs/{run_id}/trials/{number}/request"): _READER,
    ("GET", "/v1/runs/{run_id}/walk"): _READER,
    ("GET", "/v1/runs/{run_id}/folds"): _READER,
    ("GET", "/v1/runs/{run_id}/report"): _HEAVY_READER,
    ("GET", "/v1/runs/{run_id}/export.csv"): _HEAVY_READER,
    ("GET", "/v1/runs/{run_id}/result.json"): _HEAVY_READER,
    ("GET", "/v1/data/symbols"): _READER,
    ("GET", "/v1/data/providers"): _READER,
    ("GET", "/v1/data/quality"): _READER,
    ("GET", "/v1/data/freshness"): _READER,
    ("GET", "/v1/data/series/versions"): _READER,
    ("GET", "/v1/data/bars"): _READER,
    ("GET", "/v1/data/uses"): _READER,
    ("GET", "/v1/sessions"): _READER,
    ("POST", "/v1/sessions"): Rule(Role.TRADER, Scope.PAPER),
    ("GET", "/v1/sessions/{session_id}"): _READER,
    ("GET", "/v1/sessions/{session_id}/decisions"): _READER,
    ("GET", "/v1/sessions/{session_id}/money"): _READER,
    ("GET", "/v1/sessions/{session_id}/series"): _READER,
    ("GET", "/v1/sessions/{session_id}/orders"): _READER,
    ("GET", "/v1/sessions/{session_id}/fills"): _READER,
    ("GET", "/v1/equity/series"): _READER,
    ("GET", "/v1/markets/clock"): _READER,
    ("GET", "/v1/now"): _READER,
    ("POST", "/v1/sessions/{session_id}/stop"): _TRADER,
    ("GET", "/v1/positions"): _READER,
    ("GET", "/v1/metrics/summary"): _READER,
    ("GET", "/v1/orders"): _READER,
    ("GET", "/v1/controls"): _READER,
    ("POST", "/v1/controls/kill-switch"): _TRADER,
    ("POST", "/v1/previews"): _TRADER,
    ("POST", "/v1/controls/flatten"): _TRADER,
    ("POST", "/v1/controls/re-arm"): _ADMIN,
    ("POST", "/v1/controls/mode-transition"): _TRADER,
    ("POST", "/v1/orders/{order_id}/cancel"): _TRADER,
    ("POST", "/v1/positions/{position_id}/close"): _TRADER,
    ("GET", "/v1/risk/limits"): _READER,
    ("PUT", "/v1/risk/limits"): _TRADER,
    ("GET", "/v1/risk/accounts"): _READER,
    ("GET", "/v1/approvals"): _READER,
    ("POST", "/v1/approvals"): _ADMIN,
    ("GET", "/v1/approvals/{number}"): _READER,
    ("POST", "/v1/approvals/{number}/revoke"): _ADMIN,
    ("GET", "/v1/alerts"): _READER,
    ("GET", "/v1/alerts/{alert_id}"): _READER,
    ("PATCH", "/v1/alerts/{alert_id}/acknowledge"): _TRADER,
    ("GET", "/v1/settings"): _ADMIN,
    ("PATCH", "/v1/settings"): _ADMIN,
    ("POST", "/v1/ws/ticket"): _READER,
}


def rule_of(method: str, path: str) -> Rule:
    """What a route asks for; `path` as it is declared.

    Raises
    ------
    LookupError
        When the table has no such route.
    """
    found = RULES.get((method, path))
    if found is None:
        raise LookupError(f"{method} {path} is not in the table of roles")
    return found


def check_routes(routers: Iterable[APIRouter]) -> None:
    """Refuse routes that the table does not have.

    Raises
    ------
    LookupError
    """
    for route in (each for router in routers for each in router.routes if isinstance(each, APIRoute)):
        for method in route.methods or ():
            rule_of(method, route.path)


def refuse_unless_allowed(caller: Caller | None, rule: Rule) -> None:
    """Refuse who may not.

    Raises
    ------
    RefusedError
        401 without credentials, 403 without the right; says which right is missing.
    """
    if rule.role is None:
        return
    if caller is None:
        raise RefusedError(
            HTTPStatus.UNAUTHORIZED, "Nobody is signed in, or no longer.", kind="signed-out", hint="Sign in.",
            headers={"WWW-Authenticate": "Bearer"},
        )  # fmt: skip
    if caller.user.must_change and not rule.before_change:
        raise _forbidden("The one-time password has to be changed first.", "password-change-required")
    if not caller.user.role.at_least(rule.role):
        raise _forbidden(f"This takes the role {rule.role}; {caller.user.name} is {caller.user.role}.", "role")
    if caller.scopes is not None and rule.scope not in caller.scopes:
        lacks = "Only a person may do this." if rule.scope is None else f"The token has no scope '{rule.scope}'."
        raise _forbidden(lacks, "scope")


def _forbidden(detail: str, kind: str) -> RefusedError:
    return RefusedError(HTTPStatus.FORBIDDEN, detail, kind=kind)
