"""OpenAlgo's own client, put together as its package does, without indicators that take half a minute to compile."""

from __future__ import annotations

import importlib
import importlib.util
import sys
import types
from typing import Any

__all__ = ["openalgo_client"]

_PARTS = {"orders": "OrderAPI", "data": "DataAPI", "account": "AccountAPI"}


def openalgo_client(key: str, host: str) -> Any:
    """The client's calls of orders, data and account, each as it was written."""
    if "openalgo" not in sys.modules:
        found = importlib.util.find_spec("openalgo")
        assert found is not None
        package = types.ModuleType("openalgo")
        package.__path__ = list(found.submodule_search_locations or ())
        sys.modules["openalgo"] = package
    parts = tuple(getattr(importlib.import_module(f"openalgo.{name}"), part) for name, part in _PARTS.items())
    return type("api", parts, {})(key, host, timeout=60)
