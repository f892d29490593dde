"""The live feed: from venues' streams and histories to the rows that a session's engine takes.

`live` holds what a session calls, `quotes` what is bid and asked meanwhile. Beneath them: `line` keeps a stream open,
`line_parts` is what it is made with, `intake` judges what it says, `reading` asks the history, `placing` gives bars
their sessions, `assembly` makes rows of them and knows what may still be missing, `hours` knows the markets' calendars,
`uptime` and `status` say how it went.
"""

from __future__ import annotations

__all__: list[str] = []
