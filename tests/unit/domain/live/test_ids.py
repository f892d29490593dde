"""The same decision always gives the same id, no two decisions give one, and an id says whose it is."""

from __future__ import annotations

import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradewright.domain.errors import OrderError
from tradewright.domain.live.ids import DecisionKey, IdRole, IdScope, as_uuid, from_uuid, install_tag, parse_id

SCOPE = IdScope("acct", "sma_v1", install_tag("desk"))
KEY = DecisionKey(1_800_000_000_000_000_000, "XNAS:AAPL")


def test_the_same_decision_gives_the_same_id():
    assert SCOPE.cid(IdRole.ENTRY, KEY, 0) == IdScope("acct", "sma_v1", install_tag("desk")).cid(IdRole.ENTRY, KEY, 0)


def test_an_id_is_pinned_for_ever():
    assert SCOPE.cid(IdRole.ENTRY, KEY, 0) == "csn6iafcd2p2un35u52ypzikle"


def test_an_id_fits_the_shortest_limit_of_a_venue():
    cid = SCOPE.cid(IdRole.STOP, KEY, 3, leg=1, chain=7)
    assert len(cid) == 26
    assert cid.isalnum()
    assert cid == cid.lower()


@pytest.mark.parametrize(
    "other",
    [
        SCOPE.cid(IdRole.EXIT, KEY, 0),
        SCOPE.cid(IdRole.ENTRY, KEY, 1),
        SCOPE.cid(IdRole.ENTRY, KEY, 0, leg=1),
        SCOPE.cid(IdRole.ENTRY, KEY, 0, chain=1),
        SCOPE.cid(IdRole.ENTRY, DecisionKey(KEY.moment + 1, KEY.symbol), 0),
        SCOPE.cid(IdRole.ENTRY, DecisionKey(KEY.moment, "XNAS:MSFT"), 0),
        IdScope("other", "sma_v1", SCOPE.install).cid(IdRole.ENTRY, KEY, 0),
        IdScope("acct", "sma_v2", SCOPE.install).cid(IdRole.ENTRY, KEY, 0),
    ],
)
def test_whatever_differs_gives_another_id(other):
    assert other != SCOPE.cid(IdRole.ENTRY, KEY, 0)


@given(st.integers(0, 2**20 - 1), st.sampled_from(IdRole), st.integers(0, 99), st.text(min_size=1, max_size=8))
def test_an_id_says_whose_it_is_and_what_for(install, role, ordinal, symbol):
    cid = IdScope("a", "s", install).cid(role, DecisionKey(1, symbol), ordinal)
    parts = parse_id(cid)
    assert (parts.install, parts.role) == (install, role)
    assert from_uuid(as_uuid(cid)) == cid
    assert IdScope("b", "t", install).is_ours(cid)
    assert not IdScope("b", "t", install ^ 1).is_ours(cid)


@pytest.mark.parametrize("text", [None, "", "x" * 26, "1" * 26, "A" * 26, "web-123", "caae2abszoqgtftv5or7pse3x"])
def test_what_is_not_an_id_is_foreign(text):
    assert parse_id(text) is None
    assert not SCOPE.is_ours(text)


def test_a_foreign_uuid_is_not_ours():
    assert from_uuid(str(uuid.UUID(int=0))) is None
    assert from_uuid("no uuid") is None
    with pytest.raises(OrderError, match="not a client order id"):
        as_uuid("x")


def test_an_installation_tag_has_twenty_bits():
    assert 0 <= install_tag("anything") < 1 << 20
    with pytest.raises(OrderError, match="20 bits"):
        IdScope("a", "s", 1 << 20)


def test_a_key_survives_its_text():
    assert DecisionKey.parse(str(KEY)) == KEY
    assert DecisionKey.parse("3/A/B") == DecisionKey(3, "A/B")
    with pytest.raises(OrderError, match="not the key"):
        DecisionKey.parse("noon/AAPL")


def test_only_what_reduces_protects():
    assert {role for role in IdRole if role.protects} == {IdRole.STOP, IdRole.TARGET, IdRole.EXIT, IdRole.FLATTEN}
