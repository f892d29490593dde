"""The risk office: limits, presets and the gate that every order passes on its road to a venue.

It is the only room that mints an approved order; a refusal is a value with its reason. The limits are scalar rules;
no array, no broker and no neighbouring room enters.
"""

from __future__ import annotations

__all__: list[str] = []
