"""The test kit that ships with the house: builders, fakes, fault injection and conformance suites.

The fake of a port ships beside the port's suite, so that an adapter of your own can be proved with it. Nothing in the
house may import this room, and it imports no test framework when it is loaded.
"""

from __future__ import annotations

__all__: list[str] = []
