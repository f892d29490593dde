"""Which field stands where: one line of names per message, as version 178 of the protocol has them.

A name is looked up among the values given; ``name=text`` is what stands there when none is given, otherwise nothing
does. ``_`` is a field that nobody reads.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Any

from tradewright.venue.wording import decimal_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["VERSION", "packed", "placed_fields", "written"]

VERSION = 178
"""The highest version of the protocol that is spoken."""

_CONTRACT = (
    "conId symbol secType=STK expiry strike=0 right=? multiplier exchange=SMART currency localSymbol tradingClass"
)
_HEAD = "action totalQuantity orderType lmtPrice auxPrice tif ocaGroup account openClose=O origin=0 orderRef"
_OPEN_ORDER = f"""5 orderId {_CONTRACT} {_HEAD} clientId permId
outsideRth=0 hidden=0 discretionaryAmt=0 goodAfterTime _ faGroup faMethod faPercentage modelCode goodTillDate rule80A
percentOffset settlingFirm shortSaleSlot=0 designatedLocation exemptCode=-1 auctionStrategy=0 startingPrice
stockRefPrice delta stockRangeLower stockRangeUpper displaySize=0 blockOrder=0 sweepToFill=0 allOrNone=0 minQty
ocaType=3 eTradeOnly=0 firmQuoteOnly=0 nbboPriceCap parentId=0 triggerMethod=0 volatility volatilityType=0
deltaNeutralOrderType=None deltaNeutralAuxPrice deltaNeutralConId=0 deltaNeutralSettlingFirm
deltaNeutralClearingAccount deltaNeutralClearingIntent deltaNeutralOpenClose=? deltaNeutralShortSale=0
deltaNeutralShortSaleSlot=0 deltaNeutralDesignatedLocation continuousUpdate=0 referencePriceType=0 trailStopPrice
trailingPercent basisPoints basisPointsType comboLegsDescrip legs=0 orderLegs=0 routing=0 scaleInitLevelSize
scaleSubsLevelSize scalePriceIncrement hedgeType optOutSmartRouting=0 clearingAccount clearingIntent=IB notHeld=0
deltaNeutral=0 algoStrategy solicited=0 whatIf=0 status initMarginBefore maintMarginBefore equityWithLoanBefore
initMarginChange maintMarginChange equityWithLoanChange initMarginAfter maintMarginAfter equityWithLoanAfter
commission minCommission maxCommission commissionCurrency warningText randomizeSize=0 randomizePrice=0 conditions=0
adjustedOrderType=None triggerPrice trailStopPrice lmtPriceOffset adjustedStopPrice adjustedStopLimitPrice
adjustedTrailingAmount adjustableTrailingUnit=0 tierName tierValue tierShown cashQty=0 dontUseAutoPriceForHedge=0
isOmsContainer=0 discretionaryUpToLimitPrice=0 usePriceMgmtAlgo=0 duration postToAts autoCancelParent=0 minTradeQty
minCompeteSize competeAgainstBestOffset midOffsetAtWhole midOffsetAtHalf"""
_COMPLETED_ORDER = f"""101 {_CONTRACT} {_HEAD} permId outsideRth=0 hidden=0 discretionaryAmt=0 goodAfterTime
faGroup faMethod faPercentage modelCode goodTillDate rule80A percentOffset settlingFirm shortSaleSlot=0
designatedLocation exemptCode=-1 startingPrice stockRefPrice delta stockRangeLower stockRangeUpper displaySize=0
sweepToFill=0 allOrNone=0 minQty ocaType=3 triggerMethod=0 volatility volatilityType=0 deltaNeutralOrderType
deltaNeutralAuxPrice continuousUpdate=0 referencePriceType=0 trailStopPrice trailingPercent comboLegsDescrip legs=0
orderLegs=0 routing=0 scaleInitLevelSize scaleSubsLevelSize scalePriceIncrement hedgeType clearingAccount
clearingIntent=IB notHeld=0 deltaNeutral=0 algoStrategy solicited=0 status randomizeSize=0 randomizePrice=0
conditions=0 trailStopPrice lmtPriceOffset cashQty=0 dontUseAutoPriceForHedge=0 isOmsContainer=0 autoCancelDate
filledQuantity refFuturesConId=0 autoCancelParent=0 shareholder imbalanceOnly=0 routeMarketableToBbo=0 parentPermId
completedTime completedStatus minTradeQty minCompeteSize competeAgainstBestOffset midOffsetAtWhole midOffsetAtHalf"""
_DETAILS = """10 reqId symbol secType=STK expiry strike=0 right exchange=SMART currency localSymbol marketName
tradingClass conId minTick multiplier orderTypes validExchanges priceMagnifier=1 underConId=0 longName primaryExchange
contractMonth industry category subcategory timeZoneId tradingHours liquidHours evRule evMultiplier=0 secIds=0
aggGroup=1 underSymbol underSecType marketRuleIds realExpirationDate stockType=COMMON minSize sizeIncrement
suggestedSizeIncrement"""

_LAYOUTS = {
    name: line.split()
    for name, line in {
        "order_status": "3 orderId status filled remaining avgFillPrice permId parentId=0 lastFillPrice clientId "
        "whyHeld mktCapPrice=0",
        "tick_price": "1 6 reqId side price size attributes=0",
        "error": "4 2 id code text advanced",
        "open_order": _OPEN_ORDER,
        "completed_order": _COMPLETED_ORDER,
        "account_value": "6 2 tag value currency account",
        "account_time": "8 1 text",
        "next_valid_id": "9 1 id",
        "contract_details": _DETAILS,
        "execution": f"11 reqId orderId {_CONTRACT} execId time account venue=SANDBOX side shares price permId "
        "clientId liquidation=0 cumQty avgPrice orderRef evRule evMultiplier modelCode lastLiquidity=0 pending=0",
        "managed_accounts": "15 1 accounts",
        "current_time": "49 1 seconds",
        "real_time_bar": "50 3 reqId time open high low close volume wap count",
        "contract_details_end": "52 1 reqId",
        "open_order_end": "53 1",
        "account_download_end": "54 1 account",
        "executions_end": "55 1 reqId",
        "commission": "59 1 execId fee currency realized yielded yieldDate",
        "position": f"61 3 account {_CONTRACT} position avgCost",
        "position_end": "62 1",
        "account_summary": "63 1 reqId account tag value currency",
        "account_summary_end": "64 1 reqId",
        "account_multi": "73 1 reqId account model tag value currency",
        "account_multi_end": "74 1 reqId",
        "history_update": "90 reqId count time open close high low wap volume",
        "completed_orders_end": "102",
    }.items()
}
_PLACED = (
    "kind orderId conId symbol secType expiry strike right multiplier exchange primaryExchange currency localSymbol "
    "tradingClass secIdType secId action totalQuantity orderType lmtPrice auxPrice tif ocaGroup account openClose "
    "origin orderRef transmit parentId blockOrder sweepToFill displaySize triggerMethod outsideRth hidden shares "
    "discretionaryAmt goodAfterTime goodTillDate"
)


def written(name: str, values: Mapping[str, Any], more: Iterable[Any] = ()) -> bytes:
    """A message of a layout, ready to be sent; `more` are fields behind those of the layout."""
    found = []
    for word in _LAYOUTS[name]:
        field, _, otherwise = word.partition("=")
        found.append(field if field.isdigit() else _text(values.get(field, otherwise)))
    return packed([*found, *map(_text, more)])


def packed(fields: Iterable[str]) -> bytes:
    """Fields as they go over the wire, behind their length."""
    body = "".join(f"{field}\0" for field in fields).encode()
    return struct.pack(">I", len(body)) + body


def placed_fields(fields: list[str]) -> dict[str, str]:
    """The fields of an order that a client places, by name."""
    return dict(zip(_PLACED.split(), fields, strict=False))


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(int(value))
    return decimal_of(value) if isinstance(value, float) else str(value)
