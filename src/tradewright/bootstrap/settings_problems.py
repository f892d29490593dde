"""From what pydantic refuses to one sentence for each mistake; no sentence quotes a value."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from tradewright.bootstrap.settings_model import SettingsModel, fields, kind_of, sections, words_of
from tradewright.bootstrap.settings_values import CREDENTIALS, Problem
from tradewright.domain.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tradewright.bootstrap.settings_values import Document

__all__ = ["checked", "refusal"]


def checked(document: Document) -> dict[str, Any]:
    """The values of a document in their types; its mistakes go to its problems.

    Returns
    -------
    dict
        By section and key, only what was said; nothing where there are mistakes.
    """
    try:
        found = SettingsModel.model_validate(document.values).model_dump(exclude_unset=True)
    except ValidationError as error:
        places = dict.fromkeys(tuple(each["loc"]) for each in error.errors(include_input=False, include_context=False))
        unknown = {each["loc"] for each in error.errors(include_input=False) if each["type"] == "extra_forbidden"}
        document.problems += [_problem(document, place, unknown=place in unknown) for place in places]
        return {}
    both = found.get("backtest", {})
    if both.get("costs") == "none" and {"slippage_bps", "slippage", "commission"} & both.keys():
        what = "'backtest.costs' is none, and there is slippage or a commission."
        document.problems.append(Problem(document.where(("backtest", "costs")), what, "Leave one of them out."))
    return found


def refusal(problems: Sequence[Problem]) -> ConfigError:
    """All mistakes as one error: a sentence for one, a list for several, in the order of their lines."""
    ordered = sorted(problems, key=lambda each: each.line)
    if len(ordered) == 1:
        return ConfigError(f"{ordered[0].where}: {ordered[0].what}", hint=ordered[0].hint)
    lines = [f"- {each.where}: {each.what}{f' {each.hint}' if each.hint else ''}" for each in ordered]
    return ConfigError("\n".join([f"There are {len(lines)} mistakes in the settings:", *lines]))


def _problem(document: Document, place: tuple[int | str, ...], *, unknown: bool) -> Problem:
    # Below a key there are only the shapes of its value, which the sentence tells by itself.
    at = tuple(map(str, place[:2]))
    key = ".".join(at)
    where, line = document.where(at), document.line(at)
    if unknown:
        return Problem(where, f"there is no key '{key}'.", _nearest(at), line)
    known = dict(fields())
    if key not in known:
        return Problem(where, f"'{key}' should be a mapping.", f"Write its keys below '{key}:'.", line)
    return Problem(where, f"'{key}' should be {kind_of(known[key])}.", _nearest_word(document, at), line)


def _nearest(at: tuple[str, ...]) -> str:
    known = list(sections()[at[0]].model_fields) if len(at) > 1 else list(SettingsModel.model_fields)
    near = difflib.get_close_matches(at[-1], known, n=1)
    if near:
        return f"Did you mean '{near[0]}'?"
    above = next((name for name, section in sections().items() if at[-1] in section.model_fields), None)
    if above is not None:
        return f"It belongs under '{above}'."
    return f"The keys are {', '.join(known)}."


def _nearest_word(document: Document, at: tuple[str, ...]) -> str | None:
    """The choice that was probably meant: one of ours, so nothing of the value is told."""
    if at[0] == CREDENTIALS or len(at) == 1:
        return None
    near = difflib.get_close_matches(str(document.values[at[0]][at[1]]), words_of(dict(fields())[".".join(at)]), n=1)
    return f"Did you mean '{near[0]}'?" if near else None
