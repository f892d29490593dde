"""Orders, positions and accounts as Alpaca writes them: decimals and instants are strings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tradewright.domain.actions import in_force
from tradewright.domain.instrument import InstrumentKind
from tradewright.domain.listing import end_of
from tradewright.domain.order import OrderSide, OrderType
from tradewright.domain.timeframe import NS_PER_DAY
from tradewright.venue.admission import held_back
from tradewright.venue.asks import OrderClass
from tradewright.venue.ids import sandbox_id
from tradewright.venue.placed import Standing
from tradewright.venue.wording import decimal_of, instant_of

if TYPE_CHECKING:
    from tradewright.domain.instrument import Instrument
    from tradewright.venue.account import VenueAccount
    from tradewright.venue.placed import Happening, PlacedOrder

__all__ = ["account_json", "activity_json", "asset_id", "asset_json", "order_json", "position_json", "update_json"]

_EXCHANGES = {"XNAS": "NASDAQ", "XNYS": "NYSE", "ARCX": "ARCA", "BATS": "BATS", "XASE": "AMEX"}
_ENDED_AT = {
    "filled_at": Standing.FILLED,
    "expired_at": Standing.EXPIRED,
    "canceled_at": Standing.CANCELED,
    "failed_at": Standing.REJECTED,
    "replaced_at": Standing.REPLACED,
}
_NOTHING = ("daytrading_buying_power", "options_buying_power", "accrued_fees", "pending_transfer_in", "sma")
_NEVER = ("pattern_day_trader", "trading_blocked", "account_blocked", "trade_suspended_by_user")
_THE_SAME_FOR_ALL: dict[str, Any] = {
    **dict.fromkeys((*_NOTHING, "pending_transfer_out"), "0"),
    **dict.fromkeys(_NEVER, False),
    **dict.fromkeys(("daytrade_count", "options_approved_level", "options_trading_level"), 0),
    "transfers_blocked": True,
}
"""What an account without transfers, options and day-trading rules says."""


def _text(value: float | None) -> str | None:
    return None if value is None else decimal_of(value)


def _money(value: float) -> str:
    """Money to a hundredth of a cent: what a sum of floats has besides is not money."""
    return decimal_of(round(value, 4))


def asset_id(symbol: str) -> str:
    """The id of an asset."""
    return sandbox_id("asset", symbol)


def order_json(account: VenueAccount, order: PlacedOrder, *, nested: bool = True) -> dict[str, Any]:
    """An order; with `nested` its legs stand inside it."""
    instrument = account.board.terms[account.book(order.symbol).number].instrument
    kind, tif = _type_of(order), str(order.time_in_force)
    legs = [order_json(account, leg) for leg in order.legs] if nested and order.legs else None
    return {
        "id": order.id,
        "client_order_id": order.client_order_id,
        "created_at": instant_of(order.created_at),
        "updated_at": instant_of(order.updated_at),
        "submitted_at": instant_of(order.created_at),
        **{name: instant_of(order.ended_at) if order.standing is end else None for name, end in _ENDED_AT.items()},
        "replaced_by": order.replaced_by,
        "replaces": order.replaces,
        "asset_id": asset_id(order.symbol),
        "symbol": order.symbol,
        "asset_class": _asset_class(instrument),
        "notional": order.words.get("notional"),
        "qty": decimal_of(order.quantity),
        "filled_qty": decimal_of(order.filled),
        "filled_avg_price": _text(order.average_price),
        "order_class": str(order.order_class) if order.order_class is not OrderClass.SIMPLE else "",
        "order_type": kind,
        "type": kind,
        "side": order.side.name.lower(),
        "time_in_force": order.words.get("time_in_force", tif),
        "limit_price": _text(order.limit_price),
        "stop_price": _text(None if kind == "trailing_stop" else order.stop_price),
        "status": str(order.standing),
        "extended_hours": bool(order.words.get("extended_hours", False)),
        "legs": legs,
        "trail_percent": _text(order.trail_percent),
        "trail_price": _text(order.trail_amount),
        "hwm": _high_water(account, order),
        "subtag": None,
        "source": "SANDBOX",
        "position_intent": order.words.get("position_intent"),
    }


def _type_of(order: PlacedOrder) -> str:
    return "market" if order.order_type is OrderType.MARKET_ON_CLOSE else str(order.order_type)


def _high_water(account: VenueAccount, order: PlacedOrder) -> str | None:
    """The price from which a trailing stop keeps its distance now."""
    if order.order_type is not OrderType.TRAILING_STOP:
        return None
    slot = account.desk.orders.slot_of(order.number)
    level = order.stop_price if slot is None else slot.stop
    if level is None:
        return None
    if order.trail_amount is not None:
        return _money(level - order.side * order.trail_amount)
    return _money(level / (1.0 + order.side * (order.trail_percent or 0.0) / 100.0))


def _asset_class(instrument: Instrument) -> str:
    return "crypto" if instrument.kind is InstrumentKind.CRYPTO else "us_equity"


def asset_json(account: VenueAccount, symbol: str) -> dict[str, Any]:
    """An asset that the sandbox trades."""
    book = account.book(symbol)
    terms = account.board.terms[book.number]
    is_coin = terms.instrument.kind is InstrumentKind.CRYPTO
    is_traded = not _has_ended(account, symbol)
    return {
        "id": asset_id(symbol),
        "class": _asset_class(terms.instrument),
        "exchange": "CRYPTO" if is_coin else _EXCHANGES.get(terms.instrument.exchange, ""),
        "symbol": symbol,
        "name": f"{symbol} (SANDBOX)",
        "status": "active" if is_traded else "inactive",
        "tradable": is_traded,
        "marginable": account.board.exchange.on_margin == 1,
        "shortable": account.board.exchange.shorts == 1,
        "easy_to_borrow": account.board.exchange.shorts == 1,
        "fractionable": book.lot < 1.0,
        "min_order_size": decimal_of(book.lot),
        "min_trade_increment": decimal_of(book.lot),
        "price_increment": _text(terms.tick),
        "attributes": [],
    }


def _has_ended(account: VenueAccount, symbol: str) -> bool:
    """Whether its bars say that it is traded no more by now."""
    tape = account.tape
    today = tape.now_ns // NS_PER_DAY
    bars = tape.market.tracks[tape.market.symbols.index(symbol)].bars
    end = end_of(in_force(bars.actions.announced, tape.now_ns, today))
    return end is not None and end <= today


def position_json(account: VenueAccount, symbol: str) -> dict[str, Any]:
    """A position, marked at the last close."""
    book = account.book(symbol)
    held = account.desk.position(book.number)
    instrument = account.board.terms[book.number].instrument
    before = _previous_close(account, book.number)
    today = (held.market_price - before) * held.quantity * book.multiplier * book.fx
    side = OrderSide.SELL if held.quantity > 0 else OrderSide.BUY
    free = max(0.0, abs(held.quantity) - held_back(account.orders.open(symbol), side))
    return {
        "asset_id": asset_id(symbol),
        "symbol": symbol,
        "exchange": asset_json(account, symbol)["exchange"],
        "asset_class": _asset_class(instrument),
        "asset_marginable": account.board.exchange.on_margin == 1,
        "qty": decimal_of(held.quantity),
        "qty_available": decimal_of(free if held.quantity >= 0 else -free),
        "avg_entry_price": decimal_of(held.average_price),
        "side": held.side,
        "market_value": _money(held.market_value),
        "cost_basis": _money(held.cost_basis),
        "unrealized_pl": _money(held.unrealized_pnl),
        "unrealized_plpc": decimal_of(round(held.unrealized_pnl_percent or 0.0, 10)),
        "unrealized_intraday_pl": _money(today),
        "unrealized_intraday_plpc": decimal_of(round(_share(today, held.market_value - today), 10)),
        "current_price": decimal_of(held.market_price),
        "lastday_price": decimal_of(before),
        "change_today": decimal_of(round(_share(held.market_price - before, before), 10)),
    }


def _share(part: float, whole: float) -> float:
    return part / abs(whole) if whole else 0.0


def _previous_close(account: VenueAccount, symbol: int) -> float:
    """The last close of the session before the present one; of its first session the first open."""
    bars, number = account.tape.bars_of(symbol), account.tape.bar_number(symbol)
    firsts = bars.sessions.first_rows
    first = int(firsts[firsts.searchsorted(number, "right") - 1])
    return float(bars.close[first - 1]) if first > 0 else float(bars.open[0])


def account_json(account: VenueAccount) -> dict[str, Any]:
    """The account, marked at the last closes."""
    money = account.desk.account()
    positions = [account.desk.position(book.number) for book in account.board.books if book.position != 0.0]
    long = sum(each.market_value for each in positions if each.quantity > 0)
    short = sum(each.market_value for each in positions if each.quantity < 0)
    maintained = account.maintenance()
    return {
        "id": account.id,
        "account_number": f"SANDBOX-{account.key}",
        "status": "ACTIVE",
        "crypto_status": "ACTIVE",
        "currency": money.currency,
        "buying_power": _money(money.buying_power),
        "regt_buying_power": _money(money.buying_power),
        "non_marginable_buying_power": _money(max(0.0, money.available)),
        "cash": _money(money.cash),
        "portfolio_value": _money(money.equity),
        "equity": _money(money.equity),
        "last_equity": _money(account.last_equity),
        "long_market_value": _money(long),
        "short_market_value": _money(short),
        "position_market_value": _money(long - short),
        "initial_margin": _money(money.margin_used),
        "maintenance_margin": _money(maintained),
        "last_maintenance_margin": _money(maintained),
        "multiplier": decimal_of(account.multiplier),
        "shorting_enabled": account.board.exchange.shorts == 1,
        "created_at": instant_of(account.created_at),
        **_THE_SAME_FOR_ALL,
    }


def update_json(account: VenueAccount, happening: Happening) -> dict[str, Any]:
    """An event of the trading stream."""
    said: dict[str, Any] = {
        "event": happening.event,
        "timestamp": instant_of(happening.at_ns),
        "order": order_json(account, happening.order),
        "event_id": f"{happening.number:012d}",
    }
    if happening.execution_id is not None:
        said["execution_id"] = happening.execution_id
        for name, value in (("qty", happening.quantity), ("price", happening.price)):
            said[name] = decimal_of(value or 0.0)
        said["position_qty"] = decimal_of(happening.position or 0.0)
    return said


def activity_json(happening: Happening) -> dict[str, Any]:
    """A fill as an activity of the account."""
    order = happening.order
    return {
        "id": f"{instant_of(happening.at_ns)}::{happening.execution_id}",
        "activity_type": "FILL",
        "transaction_time": instant_of(happening.at_ns),
        "type": happening.event,
        "price": decimal_of(happening.price or 0.0),
        "qty": decimal_of(happening.quantity or 0.0),
        "side": order.side.name.lower(),
        "symbol": order.symbol,
        "leaves_qty": decimal_of(max(0.0, order.quantity - happening.filled)),
        "order_id": order.id,
        "cum_qty": decimal_of(happening.filled),
        "order_status": str(happening.standing),
    }
