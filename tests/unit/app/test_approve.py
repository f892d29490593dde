"""Who may approve what, on which evidence, and what lets a strategy enter the next stage."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.command_line import SAY, Tw, desk, tw

from tradewright.app.approve import ApprovalDesk, identities_of_run, identity_of, identity_plain
from tradewright.bootstrap.approval_desk import approval_desk
from tradewright.domain.errors import ApprovalError, ConfigError, DataNotAvailableError
from tradewright.domain.live.session import SessionClosed
from tradewright.domain.stage import Stage, StrategyIdentity, Verdict
from tradewright.strategy.adapt import as_strategy
from tradewright.strategy.registry import load_strategy

__all__ = ["desk", "tw"]

NOW = 1_700_000_000_000_000_000
STRANGER = StrategyIdentity("Other", "00" * 32, {}, ("CRYPTO:ACME",), "1d")


@pytest.fixture
def office(tw: Tw) -> ApprovalDesk:
    """A desk over a store with one kept run."""
    assert tw("backtest", "sma.py", "ACME.csv", *SAY).code == 0
    return approval_desk(lambda: NOW)


@pytest.fixture
def identity(office: ApprovalDesk) -> StrategyIdentity:
    return identities_of_run(office.archive, office.archive.found(run_id(office)))[0]


def run_id(office: ApprovalDesk) -> str:
    (found,) = office.archive.store.ids("")
    return found


def trade_on_paper(office: ApprovalDesk, identity: StrategyIdentity, name: str = "paper-1", **about: object) -> str:
    plain = {"mode": "paper", "strategies": [identity_plain(identity)], **about}
    log = office.sessions.create(name, plain)
    log.take(SessionClosed(("ACME",), NOW))
    log.close()
    return name


class TestIdentity:
    def test_it_is_text_parameters_symbols_and_timeframe(self, identity: StrategyIdentity) -> None:
        assert (identity.name, identity.params, identity.symbols, identity.timeframe) == (
            "SmaCross", {"fast": 5, "slow": 15}, ("CRYPTO:ACME",), "1d",
        )  # fmt: skip
        assert len(identity.source_hash) == 64

    def test_a_strategy_about_to_start_has_the_identity_of_its_run(self, identity: StrategyIdentity) -> None:
        strategy = as_strategy(load_strategy("sma.py"))
        assert identity_of(strategy, ["CRYPTO:ACME"], "1d") == identity

    def test_another_parameter_is_another_strategy(self, tw: Tw, identity: StrategyIdentity) -> None:
        assert tw("backtest", "sma.py", "ACME.csv", *SAY, "--param", "fast=6").code == 0
        office = approval_desk(lambda: NOW)
        runs = map(office.archive.found, office.archive.store.ids(""))
        assert {identities_of_run(office.archive, run)[0].params["fast"] for run in runs} == {5, 6}

    def test_a_session_writes_it_down_and_it_is_read_back(
        self, office: ApprovalDesk, identity: StrategyIdentity
    ) -> None:
        session = trade_on_paper(office, identity)
        assert office.evidence(session).strategies == (identity,)


class TestWhoSaysIt:
    @pytest.mark.parametrize(("who", "reason"), [("", "why"), ("ann", ""), ("ann", "   ")])
    def test_a_person_and_a_reason_are_needed(self, office: ApprovalDesk, who: str, reason: str) -> None:
        with pytest.raises(ConfigError, match="a person and a reason"):
            office.approve(run_id(office), who, reason)
        assert office.store.all() == []

    def test_an_agent_approves_nothing(self, office: ApprovalDesk) -> None:
        with pytest.raises(ApprovalError, match="a person approves"):
            office.approve(run_id(office), "Agent:helper", "looks fine")
        assert office.store.all() == []


class TestEvidence:
    def test_it_must_exist(self, office: ApprovalDesk) -> None:
        with pytest.raises(DataNotAvailableError, match="no kept run 'ffffffff'"):
            office.approve("ffffffff", "ann", "sure")

    def test_a_synthetic_market_is_none(self, tw: Tw) -> None:
        assert tw("backtest", "sma.py", "--synthetic").code == 0
        office = approval_desk(lambda: NOW)
        with pytest.raises(ApprovalError, match="SYNTHETIC"):
            office.approve(run_id(office), "ann", "sure")

    def test_a_paper_session_is_evidence_of_paper(self, office: ApprovalDesk, identity: StrategyIdentity) -> None:
        (said,) = office.approve(trade_on_paper(office, identity), "ann", "held up")
        assert (said.stage, said.evidence, said.strategy) == (Stage.PAPER, "paper-1", identity)

    @pytest.mark.parametrize(
        ("about", "why"), [({"mode": "live"}, "did not trade on paper"), ({"synthetic": True}, "SYNTHETIC")]
    )
    def test_another_session_is_none(
        self, office: ApprovalDesk, identity: StrategyIdentity, about: dict[str, object], why: str
    ) -> None:
        session = trade_on_paper(office, identity, **about)
        with pytest.raises(ApprovalError, match=why):
            office.approve(session, "ann", "sure")

    def test_a_session_that_saw_nothing_is_none(self, office: ApprovalDesk, identity: StrategyIdentity) -> None:
        office.sessions.create("idle", {"mode": "paper", "strategies": [identity_plain(identity)]}).close()
        with pytest.raises(ApprovalError, match="has seen nothing"):
            office.approve("idle", "ann", "sure")


class TestTheNextStage:
    def test_the_refusal_tells_the_command_to_type(self, office: ApprovalDesk, identity: StrategyIdentity) -> None:
        with pytest.raises(
            ApprovalError, match="SmaCross may not go on paper: its backtest evidence was never"
        ) as found:
            office.require_approval(identity, Stage.PAPER)
        assert found.value.hint == (
            f'Look at it, then: tradewright approvals approve {run_id(office)[:8]} --reason "..."'
        )

    def test_without_a_run_it_tells_how_to_make_one(self, office: ApprovalDesk) -> None:
        with pytest.raises(ApprovalError) as found:
            office.require_approval(STRANGER, Stage.PAPER)
        assert found.value.hint is not None
        assert found.value.hint.endswith("tradewright backtest Other --symbols CRYPTO:ACME --timeframe 1d")

    def test_an_approved_backtest_opens_paper_and_not_live(
        self, office: ApprovalDesk, identity: StrategyIdentity
    ) -> None:
        office.approve(run_id(office)[:8], "ann", "sound")
        (given,) = office.require_approval(identity, Stage.PAPER)
        assert (given.who, given.reason, given.at_ns) == ("ann", "sound", NOW)
        with pytest.raises(ApprovalError, match="may not go live: its paper evidence was never approved"):
            office.require_approval(identity, Stage.LIVE)

    def test_live_needs_both(self, office: ApprovalDesk, identity: StrategyIdentity) -> None:
        office.approve(trade_on_paper(office, identity), "ann", "held up")
        with pytest.raises(ApprovalError, match="its backtest evidence was never approved"):
            office.require_approval(identity, Stage.LIVE)
        office.approve(run_id(office), "ann", "sound")
        stages = [said.stage for said in office.require_approval(identity, Stage.LIVE)]
        assert stages == [Stage.PAPER, Stage.BACKTEST]

    @pytest.mark.parametrize(
        "change",
        [{"source_hash": "11" * 32}, {"params": {"fast": 6, "slow": 15}}, {"symbols": ()}, {"timeframe": "1h"}],
    )
    def test_it_binds_what_was_looked_at(
        self, office: ApprovalDesk, identity: StrategyIdentity, change: dict[str, object]
    ) -> None:
        office.approve(run_id(office), "ann", "sound")
        with pytest.raises(ApprovalError):
            office.require_approval(replace(identity, **change), Stage.PAPER)  # type: ignore[arg-type]

    def test_a_revoked_approval_ends_it(self, office: ApprovalDesk, identity: StrategyIdentity) -> None:
        (given,) = office.approve(run_id(office), "ann", "sound")
        assert office.is_in_force(given)
        office.revoke(given.number, "bob", "costs were wrong")
        assert not office.is_in_force(given)
        with pytest.raises(ApprovalError, match="was revoked by bob: costs were wrong"):
            office.require_approval(identity, Stage.PAPER)

    def test_only_what_is_in_force_is_revoked(self, office: ApprovalDesk) -> None:
        (given,) = office.approve(run_id(office), "ann", "sound")
        taken = office.revoke(given.number, "bob", "no")
        for number in (given.number, taken.number):
            with pytest.raises(ApprovalError, match="is not in force"):
                office.revoke(number, "bob", "again")
        with pytest.raises(DataNotAvailableError, match="no approval 99"):
            office.revoke(99, "bob", "again")

    def test_the_last_word_counts(self, office: ApprovalDesk, identity: StrategyIdentity) -> None:
        office.reject(run_id(office), "ann", "too few trades")
        with pytest.raises(ApprovalError, match="was rejected by ann: too few trades"):
            office.require_approval(identity, Stage.PAPER)
        office.approve(run_id(office), "ann", "on second thought")
        assert [said.verdict for said in office.store.all()] == [Verdict.REJECTED, Verdict.APPROVED]
        assert office.require_approval(identity, Stage.PAPER)
