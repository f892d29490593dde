"""The OpenAPI document that the dashboard is built from is the one of this program."""

from __future__ import annotations

from pathlib import Path

from tradewright.api.document import document_text


def test_kept_document_is_that_of_the_program(project: Path) -> None:
    kept = (project / "dashboard" / "openapi.json").read_text(encoding="utf-8")
    assert kept == document_text(), "run: python -m tradewright.api.document dashboard/openapi.json"
