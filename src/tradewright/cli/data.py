"""`tradewright data`: bring bars into the store, look at them, take them out again."""

from __future__ import annotations

from .lazy import CommandSet

__all__ = ["data"]

data = CommandSet(
    "data",
    help="The store of bars: import, fetch, list, check, compare, export, remove; live quotes.",
    commands={
        "import": ("tradewright.cli.data_import:import_files", "Bring files into the store, all or none."),
        "fetch": ("tradewright.cli.data_fetch:fetch_bars", "Fetch what is missing from a provider."),
        "quotes": ("tradewright.cli.data_quotes:quotes", "Print what is bid and asked now, as it changes."),
        "list": ("tradewright.cli.data_list:list_series", "What is stored."),
        "actions": (
            "tradewright.cli.data_actions:list_actions",
            "Splits, dividends, names and ends that are stored.",
        ),
        "check": (
            "tradewright.cli.data_check:check",
            "Compare what is stored with what was written; its quality, how fresh it is.",
        ),
        "compare": ("tradewright.cli.data_compare:compare_bars", "Put the bars of two sources beside each other."),
        "export": ("tradewright.cli.data_export:export", "Write stored bars as CSV or Parquet."),
        "archive": ("tradewright.cli.data_archive:archive", "Move old bars of a server to cheaper ground."),
        "restore": ("tradewright.cli.data_archive:restore", "Move archived bars back onto the server."),
        "remove": ("tradewright.cli.data_remove:remove", "Take a series, or a version of it, out of the store."),
        "prune": ("tradewright.cli.data_remove:prune", "Remove versions that are no longer current."),
    },
)
