"""Previews and outcomes as documents, and the look at what was typed and seen before anything is done."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from tradewright.domain.moments import utc

from .problems import RefusedError
from .schemas.desk import ActResult, Counts, OrderResult, Preview
from .words import decimal_text

if TYPE_CHECKING:
    from tradewright.app.desk.outcome import ActOutcome
    from tradewright.app.desk.preview import Preview as Looked

__all__ = ["PREVIEWED", "outcome_document", "preview_document", "require_confirmed", "require_unmoved"]

PREVIEWED = {"x-previewed": True}
"""Marks a route whose refusal may hold a preview."""


def preview_document(looked: Looked, now_ns: int) -> Preview:
    """What an act would do."""
    return Preview(
        action=looked.action,
        account=looked.account,
        mode=looked.mode,
        at=utc(now_ns),
        sentence=looked.sentence,
        will=list(looked.will),
        will_not=list(looked.will_not),
        counts=Counts(positions=looked.positions, orders=looked.orders),
        notional=decimal_text(looked.notional),
        typed=looked.typed,
        button=looked.button,
        digest=looked.digest,
        blocked=looked.blocked,
    )


def outcome_document(looked: Looked, outcome: ActOutcome, seq: int) -> ActResult:
    """What came of it."""
    results = [
        OrderResult(order_id=each.order_id, symbol=each.symbol, state=each.state, sentence=each.sentence)
        for each in outcome.orders
    ]
    return ActResult(
        action=looked.action, account=looked.account, done=outcome.is_done, sentence=outcome.sentence, results=results,
        left=list(outcome.left), notes=list(outcome.notes), seq=seq,
    )  # fmt: skip


def require_confirmed(looked: Looked, typed: str | None, digest: str | None, now_ns: int) -> None:
    """Let through what was typed in full, of what stands as it was seen.

    Raises
    ------
    RefusedError
        422 ``typed`` where another name was typed; as of `require_unmoved`.
    """
    if typed != looked.typed:
        wrong = f"Type {looked.typed} to confirm it."
        field = {"pointer": "/typed", "location": "body", "detail": wrong.removesuffix(".")}
        raise RefusedError(
            HTTPStatus.UNPROCESSABLE_ENTITY, "The name that was typed is another one.", kind="typed", hint=wrong,
            more={"errors": [field]},
        )  # fmt: skip
    require_unmoved(looked, digest, now_ns)


def require_unmoved(looked: Looked, digest: str | None, now_ns: int) -> None:
    """Let through what stands as it was seen, and can be done.

    Raises
    ------
    RefusedError
        409 ``moved``, with the preview as it is now; 409 ``blocked`` where it cannot be done.
    """
    shown = {"preview": preview_document(looked, now_ns).model_dump(mode="json")}
    if digest != looked.digest:
        raise RefusedError(
            HTTPStatus.CONFLICT, "It stands otherwise than it was shown. Nothing was done.", kind="moved",
            hint="Look at it again, and confirm what you see.", more=shown,
        )  # fmt: skip
    if looked.blocked is not None:
        raise RefusedError(HTTPStatus.CONFLICT, looked.blocked, kind="blocked", more=shown)
