"""OpenAlgo: one interface to many brokers in India, on a server of the user's own. It keeps no ids of ours.

Orders go by POST, once; every answer but a success with a number is silence. The stream is the order book, asked for
again and again, for the order feed of the server is not offered by every broker behind it.
"""

from __future__ import annotations

__all__: list[str] = []
