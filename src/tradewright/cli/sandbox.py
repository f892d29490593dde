"""`tradewright sandbox`: the simulated exchange as a server on this machine."""

from __future__ import annotations

import contextlib
import sys
from typing import TYPE_CHECKING, Any

import click

from .lazy import Command
from .options import run_options

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tradewright.domain.bars import Bars
    from tradewright.venue.exchange import SandboxVenue
    from tradewright.venue.pace import Pace

__all__ = ["sandbox"]

PORT = 8790
_KEY = ("SANDBOX", "sandbox")
_NOT_OF_A_VENUE = (
    "limits", "fill_at", "size_at", "latency_bars", "detail", "detail_timeframe", "detail_stamp", "lots", "finalize",
    "benchmark", "metrics_from", "risk_free", "quality", "engine", "fx", "data_currency",
)  # fmt: skip
"""Options of a run that say what a strategy or its result may do, and nothing of an exchange."""
_OWN = ("speed", "host", "port", "ib_port", "keys", "faults", "dedupe", "replaces", "as_json")
_POLICIES = ("start", "end", "cash", "currency", "intrabar", "limit_fill", "insufficient", "seed")


def _market_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options of a run that are about bars, money and how orders fill."""
    carrier: Any = run_options(lambda: None)
    taker: Any = function
    kept = [option for option in carrier.__click_params__ if option.name not in _NOT_OF_A_VENUE]
    taker.__click_params__ = [*getattr(taker, "__click_params__", []), *kept]
    return function


@click.command(cls=Command, epilog="Example: sandbox --synthetic --symbols AAPL,MSFT --timeframe 1m --speed 60x")
@click.argument("more_files", nargs=-1, metavar="[FILE]...")
@_market_options
@click.option("--speed", default="1x", metavar="60x", help="How fast bars come: 60x, max, lockstep or ack. [1x]")
@click.option("--host", default="127.0.0.1", metavar="NAME", help="Where it listens. [127.0.0.1]")
@click.option("--port", type=click.IntRange(0, 65535), default=PORT, help=f"The same; 0 takes a free one. [{PORT}]")
@click.option(
    "--ib-port", type=click.IntRange(0, 65535), metavar="PORT", help="Speak Interactive Brokers' protocol here, too."
)
@click.option("--key", "keys", multiple=True, metavar="ID:SECRET", help="Let only these keys in. [any key]")
@click.option(
    "--fault", "faults", multiple=True, metavar="KIND[:CLASS],…", help="Break something: timeout:submit,rate=0.1."
)
@click.option(
    "--dedupe",
    type=click.Choice(["for-ever", "open-only", "none"]),
    default="for-ever",
    help="Used order ids. [for-ever]",
)
@click.option(
    "--replace",
    "replaces",
    type=click.Choice(["net", "gross"]),
    default="net",
    help="What a replacement's quantity counts. [net]",
)
@click.option("--json", "as_json", is_flag=True, help="Print where it listens as JSON.")
def sandbox(more_files: tuple[str, ...], **options: Any) -> None:
    """Serve a SANDBOX: replayed bars, simulated fills, Alpaca's, OpenAlgo's and Binance's protocols; nothing real.

    Bars come from files, from --symbols of the store, or are --synthetic. Orders fill by the rules of a backtest. Time
    begins to pass with the first authorised request. Ctrl-C ends it.
    """
    options["files"] = (*options["files"], *more_files)
    own = {name: options.pop(name) for name in _OWN}
    from tradewright.venue.faults.kinds import Fault
    from tradewright.venue.pace import Pace
    from tradewright.venue.server import require_libraries

    # Before the bars are read: neither a slip in an option nor a missing library should cost the reading.
    require_libraries()
    pace, faults = Pace.parse(own["speed"]), [Fault.parse(words) for words in own["faults"]]
    keys = _keys(own["keys"])
    venue = _venue(options, keys, own)
    _serve(venue, pace, faults, own)


def _keys(pairs: tuple[str, ...]) -> dict[str, str]:
    from tradewright.domain.errors import ConfigError

    keys = dict(pair.partition(":")[::2] for pair in pairs)
    for key, secret in keys.items():
        if not (key and secret):
            raise ConfigError(f"--key {key} is not ID:SECRET.", hint="Write it as --key TEST:secret.")
    return keys


def _venue(options: dict[str, Any], keys: Mapping[str, str], own: Mapping[str, Any]) -> SandboxVenue:
    from tradewright.venue.exchange import SandboxVenue
    from tradewright.venue.terms import Dedupe, Terms

    from .choices import choices_of

    said = choices_of(_NO_STRATEGY, options).said
    bars = _bars(said)
    terms = Terms(
        seed=said.get("seed", 0),
        dedupe=Dedupe(own["dedupe"]),
        replaces_gross=own["replaces"] == "gross",
        keys=keys,
        policies=_policies(said),
    )
    return SandboxVenue(bars, terms)


def _bars(said: Mapping[str, Any]) -> dict[str, Bars]:
    """The bars to replay; a market that never was is made from the first date to the last."""
    from .market import bars_of

    if said.get("source") != "synthetic" or not said.keys() & {"start", "end"}:
        return bars_of(said)
    from tradewright.face.bars import synthetic_bars

    given = {name: said[name] for name in ("calendar", "timeframe", "seed", "start", "end") if name in said}
    made: dict[str, Bars] = synthetic_bars(said.get("symbols") or ["SYN"], **given)
    return made


_NO_STRATEGY = "tradewright.venue.terms:Client"
"""Who decides sits at the other end of the wire; settings are read as for a run."""


def _policies(said: Mapping[str, Any]) -> dict[str, Any]:
    """The policies of the exchange, by the names of a plan."""
    from tradewright.bootstrap.margins import margin_of
    from tradewright.bootstrap.policies import costs_of

    found = {name: said[name] for name in _POLICIES if name in said}
    if said.get("source") == "synthetic":
        # The dates of a market that never was say how much of it is made: it is replayed whole.
        found = {name: value for name, value in found.items() if name not in ("start", "end")}
    found["costs"] = costs_of(said)
    shorts = said.get("shorts")
    if "margin" in said:
        found["margin"] = margin_of(said["margin"], shorts=shorts is not False)
    elif shorts:
        found["margin"] = margin_of("1.0,0.25")
    return found


def _serve(venue: SandboxVenue, pace: Pace, faults: list[Any], own: Mapping[str, Any]) -> None:
    from tradewright.venue.server import bind, make_server, serve

    listener = bind(own["host"], own["port"])
    tws = None if own["ib_port"] is None else bind(own["host"], own["ib_port"])
    server = make_server(venue, pace, faults, tws)
    host = f"[{own['host']}]" if ":" in own["host"] else own["host"]
    address = f"{host}:{listener.getsockname()[1]}"
    ib = None if tws is None else f"{host}:{tws.getsockname()[1]}"
    # Ctrl-C is how it ends, also in the moment before the server listens to signals itself.
    with contextlib.suppress(KeyboardInterrupt):
        if own["as_json"]:
            from .output import print_json

            print_json(_document(venue, pace, address, ib))
        else:
            click.echo(_announcement(venue, pace, address, ib))
        sys.stdout.flush()
        serve(server, listener)
    click.echo(f"The SANDBOX has ended after {venue.tape.row - venue.tape.first_row:,} bars.", err=own["as_json"])


def _document(venue: SandboxVenue, pace: Pace, address: str, ib: str | None) -> dict[str, Any]:
    tape = venue.tape
    return {
        "venue": "SANDBOX",
        "url": f"http://{address}",
        "trading_stream": f"ws://{address}/stream",
        "data_stream": f"ws://{address}/v2/iex",
        "ib": ib,
        "control": f"http://{address}/sandbox",
        "keys": sorted(venue.terms.keys) or "any",
        "symbols": list(tape.market.symbols),
        "timeframe": str(tape.market.timeframe),
        "bars": tape.rows_left,
        "speed": str(pace),
        "synthetic": any(track.bars.synthetic for track in tape.market.tracks),
    }


def _announcement(venue: SandboxVenue, pace: Pace, address: str, ib: str | None) -> str:
    said = _document(venue, pace, address, ib)
    key, secret = next(iter(venue.terms.keys.items()), _KEY)
    several = f"{len(said['symbols'])} symbols" if len(said["symbols"]) > 6 else ", ".join(said["symbols"])
    keys = "any key, each with an account of its own" if said["keys"] == "any" else ", ".join(said["keys"])
    made_up = ", a SYNTHETIC market" if said["synthetic"] else ""
    what = f"{several} at {said['timeframe']}, {said['bars']:,} bars"
    return "\n".join(
        [
            f"SANDBOX on {said['url']}: {what}, speed {said['speed']}{made_up}",
            f'  Alpaca    TradingClient("{key}", "{secret}", url_override="{said["url"]}")',
            f"  streams   {said['trading_stream']}, {said['data_stream']}",
            f'  OpenAlgo  api(api_key="{key}", host="{said["url"]}")',
            f"  Binance   {said['url']}/api/v3, ws://{address}/stream/ws, ws://{address}/ws-api/v3",
            *([] if ib is None else ['  IB        IB().connect("{}", {})'.format(*ib.rsplit(":", 1))]),
            f"  control   {said['control']}",
            f"  keys      {keys}",
            "Nothing here is real. Ctrl-C ends it.",
        ]
    )
