"""Alpaca's trading and market-data protocols, as its own clients speak them."""

from __future__ import annotations

__all__: list[str] = []
