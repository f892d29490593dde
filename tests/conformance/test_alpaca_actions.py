"""Alpaca's corporate actions: as its own client reads them from the sandbox, and as the adapter does."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from tests.alpaca_clients import CorporateActionsClient, CorporateActionsRequest
from tests.broker_stages import SHORT
from tests.builders import MONDAY
from tests.markets import daily, share, split_on
from tests.risk_desk import HandClock
from tests.sandboxes import KEY, SECRET, Sandbox, sandbox_over

from tradewright.adapters.brokers.alpaca.actions import AlpacaActions
from tradewright.adapters.brokers.alpaca.kind import AlpacaKind
from tradewright.domain.actions import ActionKind, CorporateAction, actions_of
from tradewright.domain.errors import BrokerError, SymbolNotFoundError
from tradewright.domain.live.modes import PaperKeys
from tradewright.ports.broker_kind import Access


def said(kind: str, day: int, symbol: str = "META", **more: Any) -> CorporateAction:
    return CorporateAction(kind=ActionKind(kind), symbol=symbol, day=MONDAY + day, source="told", **more)


TOLD = (
    said("rename", 1, "FB", to="META"), said("split", 2, ratio=1.5), said("dividend", 3, cash=0.25),
    said("split", 4, ratio=0.1), said("spinoff", 4, ratio=0.25, to="NEWCO"), said("delisting", 9),
)  # fmt: skip
ROWS = [100.0] * 6


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    series = {
        "META": daily(ROWS, share("META"), actions=actions_of(TOLD, "USD")),
        "BOLT": daily(ROWS, share("BOLT"), actions=split_on(2, 3.0)),
    }
    with sandbox_over(series) as found:
        found.advance(4)
        yield found


def read(sandbox: Sandbox, symbol: str, first: int = -9, stop: int = 30) -> Sequence[CorporateAction]:
    """What the adapter reads, page by page of two."""

    async def asked() -> Sequence[CorporateAction]:
        socket = sandbox.url.replace("http", "ws")
        addresses = {"trading": sandbox.url, "data": sandbox.url, "stream": f"{socket}/stream"}
        access = Access(clock=HandClock(0), addresses=addresses)
        parts = AlpacaKind(SHORT).open_paper(PaperKeys("paper", {"key": KEY, "secret": SECRET}), access)
        assert parts.actions is not None
        try:
            return await parts.actions.actions(symbol, MONDAY + first, MONDAY + stop)
        finally:
            await parts.broker.disconnect()

    return asyncio.run(asked())


def test_alpacas_own_client_reads_what_the_sandbox_tells(sandbox: Sandbox) -> None:
    client = CorporateActionsClient(KEY, SECRET, url_override=sandbox.url)
    found = client.get_corporate_actions(
        CorporateActionsRequest(symbols=["META"], start=dt.date(2020, 1, 1), end=dt.date(2020, 2, 1))
    )
    client._session.close()
    assert {name: len(rows) for name, rows in found.data.items()} == {
        "name_changes": 1, "forward_splits": 1, "cash_dividends": 1, "reverse_splits": 1, "spin_offs": 1,
    }  # fmt: skip
    (split,) = found["forward_splits"]
    assert (split.symbol, split.new_rate / split.old_rate, split.ex_date) == ("META", 1.5, dt.date(2020, 1, 8))
    assert found["cash_dividends"][0].rate == 0.25
    (spun,) = found["spin_offs"]
    assert (spun.source_symbol, spun.new_symbol, spun.new_rate / spun.source_rate) == ("META", "NEWCO", 0.25)


def test_the_adapter_reads_what_the_sandbox_tells_in_pages(sandbox: Sandbox) -> None:
    found = read(sandbox, "META")
    assert [(each.kind, each.day - MONDAY, each.value) for each in sorted(found, key=lambda each: each.day)] == [
        ("rename", 1, "META"), ("split", 2, 1.5), ("dividend", 3, 0.25), ("split", 4, 0.1),
        ("spinoff", 4, "0.25 NEWCO"),
    ]  # fmt: skip
    assert {each.source for each in found} == {"alpaca"}
    assert [each.currency for each in found if each.kind is ActionKind.DIVIDEND] == ["USD"]


def test_only_the_days_that_are_asked_for_are_told(sandbox: Sandbox) -> None:
    assert [each.day - MONDAY for each in read(sandbox, "META", 2, 4)] == [2, 3]


def test_a_former_name_tells_what_it_is_called_now(sandbox: Sandbox) -> None:
    assert [(each.symbol, each.to) for each in read(sandbox, "FB")] == [("FB", "META")]


@pytest.mark.parametrize(
    "terms", [{"cash": 9.5}, {"to": "BOLT", "ratio": 0.75}, {"to": "BOLT", "ratio": 0.75, "cash": 2.5}]
)
def test_the_terms_of_a_merger_come_through_the_sandbox(terms: dict[str, Any]) -> None:
    ended = daily(ROWS, share("GONE"), actions=actions_of([said("delisting", 2, "GONE", **terms)], "USD"))
    with sandbox_over({"GONE": ended, "BOLT": daily(ROWS, share("BOLT"))}) as found:
        found.advance(3)
        assert {name: getattr(read(found, "GONE")[0], name) for name in terms} == terms
        assert read(found, "BOLT") == [], "who takes over does not end"


def test_what_has_ended_is_told_and_its_bars_can_still_be_asked_for() -> None:
    ended = daily(ROWS, share("GONE"), actions=actions_of([said("delisting", 2, "GONE")], "USD"))
    with sandbox_over({"GONE": ended, "BOLT": daily(ROWS, share("BOLT"))}) as found:
        found.advance(3)
        assert [(each.kind, each.day - MONDAY) for each in read(found, "GONE")] == [("delisting", 2)]
        socket = found.url.replace("http", "ws")
        access = Access(clock=HandClock(0), addresses={"trading": found.url, "stream": f"{socket}/stream"})
        parts = AlpacaKind(SHORT).open_paper(PaperKeys("paper", {"key": KEY, "secret": SECRET}), access)
        assert parts.listed is not None
        assert asyncio.run(parts.listed.instrument("GONE")).id == "XNYS:GONE"
        with pytest.raises(SymbolNotFoundError, match="Alpaca does not trade GONE"):
            asyncio.run(parts.instruments.instrument("GONE"))


def test_what_could_not_be_known_yet_is_not_told(sandbox: Sandbox) -> None:
    assert "delisting" not in {each.kind for each in read(sandbox, "META")}


def test_of_bars_that_carry_columns_alone_those_are_told(sandbox: Sandbox) -> None:
    assert [each.value for each in read(sandbox, "BOLT")] == [3.0]


@pytest.mark.parametrize(
    ("query", "why"), [("start=never", "invalid start: never"), ("page_token=x", "invalid page_token")]
)
def test_the_sandbox_refuses_what_it_cannot_read(sandbox: Sandbox, query: str, why: str) -> None:
    answer = sandbox.ask("GET", f"/v1/corporate-actions?symbols=META&{query}")
    assert (answer.status_code, answer.json()["message"]) == (422, why)


# ---------------------------------------------------------------- what the sandbox never says


class Lists:
    """A door behind which there is one answer."""

    def __init__(self, said: Any) -> None:
        self.said = said

    async def ask(self, *_: Any) -> Any:
        return self.said


def told(status: str = "inactive", **lists: Any) -> Sequence[CorporateAction]:
    door: Any = Lists({"corporate_actions": lists, "next_page_token": None})
    assets: Any = Lists({"symbol": "ACME", "status": status})
    return asyncio.run(AlpacaActions(door, assets, 10).actions("ACME", MONDAY, MONDAY + 10))


def test_stock_dividends_are_splits_and_mergers_are_ends() -> None:
    date = "2020-01-07"
    found = told(
        stock_dividends=[{"symbol": "ACME", "rate": 0.05, "ex_date": date}],
        cash_mergers=[{"acquiree_symbol": "ACME", "effective_date": date, "rate": 9.0}],
        stock_mergers=[{"acquirer_symbol": "ACME", "acquiree_symbol": "BOLT", "effective_date": date}],
        worthless_removals=[{"symbol": "ACME", "process_date": "2020-01-08"}],
        name_changes=[{"old_symbol": "ACME", "new_symbol": "ACME", "process_date": date}],
    )
    assert [(each.kind, each.day - MONDAY, each.value) for each in found] == [
        ("split", 1, 1.05), ("delisting", 2, "9 in cash"), ("delisting", 3, None),
    ]  # fmt: skip


SIDES = {"acquirer_symbol": "BOLT", "acquirer_rate": 3, "acquiree_symbol": "ACME", "acquiree_rate": 4}


@pytest.mark.parametrize(
    ("name", "row", "terms"),
    [
        ("cash_mergers", {"acquiree_symbol": "ACME", "rate": 9.5}, "9.5 in cash"),
        ("stock_mergers", SIDES, "0.75 BOLT"),
        ("stock_and_cash_mergers", {**SIDES, "cash_rate": 2.5}, "0.75 BOLT and 2.5 in cash"),
    ],
)
def test_an_end_by_a_merger_has_its_terms(name: str, row: Any, terms: str) -> None:
    (found,) = told(**{name: [{**row, "effective_date": "2020-01-07"}]})
    assert (found.kind, found.day - MONDAY, found.terms) == ("delisting", 2, terms)


def test_a_spin_off_concerns_who_holds_the_old_shares() -> None:
    row = {"source_symbol": "ACME", "source_rate": 4, "new_symbol": "NEWCO", "new_rate": 1, "ex_date": "2020-01-07"}
    (found,) = told(spin_offs=[row])
    assert (found.kind, found.day - MONDAY, found.ratio, found.to, found.cash) == ("spinoff", 1, 0.25, "NEWCO", None)
    assert told(spin_offs=[{**row, "source_symbol": "BOLT", "new_symbol": "ACME"}]) == []


@pytest.mark.parametrize(
    ("name", "row", "note"),
    [
        ("rights_distributions", {"source_symbol": "ACME", "new_symbol": "ACMER", "rate": 1, "ex_date": "2020-01-07"},
         "a distribution of 1 rights ACMER per share"),
        ("redemptions", {"symbol": "ACME", "rate": 10.25, "process_date": "2020-01-07"}, "a redemption at 10.25"),
        ("unit_splits", {"old_symbol": "ACME", "old_rate": 1, "new_symbol": "A", "new_rate": 1, "alternate_symbol": "B",
                         "alternate_rate": 0.5, "effective_date": "2020-01-07"},
         "a division of 1 units into 1 A and 0.5 B"),
    ],
)  # fmt: skip
def test_what_is_not_applied_is_told_by_name(name: str, row: Any, note: str) -> None:
    (found,) = told(**{name: [row]})
    assert (found.kind, found.day - MONDAY, found.note) == ("other", 1, note)


def test_what_is_traded_now_has_not_ended_though_something_of_its_name_did() -> None:
    gone = [{"symbol": "ACME", "process_date": "2020-01-08"}]
    assert told("active", worthless_removals=gone) == []


@pytest.mark.parametrize(
    "row",
    [
        {}, None, "split", {"symbol": "ACME", "ex_date": "2020-01-07", "new_rate": 2, "old_rate": 0},
        {"symbol": "ACME", "ex_date": "soon", "new_rate": 2, "old_rate": 1},
        {"symbol": "ACME", "ex_date": "2020-01-07", "new_rate": -2, "old_rate": 1},
    ],
)  # fmt: skip
def test_an_entry_that_cannot_be_is_an_error_and_no_action(row: Any) -> None:
    with pytest.raises(BrokerError, match="An entry under forward_splits of ACME from Alpaca cannot be used"):
        told(forward_splits=[row])


@pytest.mark.parametrize("answer", [None, [], {}, {"corporate_actions": []}])
def test_an_answer_that_is_none_is_an_error(answer: Any) -> None:
    door: Any = Lists(answer)
    with pytest.raises(BrokerError, match="Alpaca sent no corporate actions of ACME"):
        asyncio.run(AlpacaActions(door, door, 10).actions("ACME", MONDAY, MONDAY + 10))
