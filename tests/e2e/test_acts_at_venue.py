"""Acts of the control room on sessions that trade: what was asked, what came of it, and what the venue shows then."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from tests.live_project import Project, Trading, orders_of, until
from tests.markets import intraday
from tests.sandboxes import sandbox_over

from tradewright.app.desk import preview
from tradewright.app.desk.outcome import ActOutcome
from tradewright.app.desk.picture import Picture, SeenOrder, SeenPosition
from tradewright.bootstrap.desk_acts import DeskActs
from tradewright.bootstrap.kill import glanced
from tradewright.bootstrap.session_logs import request_box
from tradewright.domain.errors import ConflictError, JournalError

pytestmark = pytest.mark.slow

PATIENT_S = 120.0
OBEYS = """
from pathlib import Path

import tradewright as tw


class Obeys(tw.Strategy):
    def on_start(self, ctx):
        self.done = self.bars = 0

    def on_bar(self, ctx):
        self.bars += 1
        if self.bars == 1:
            ctx.buy(5, limit_price=97.0, time_in_force="gtc")
        wished = int(Path({wish!r}).read_text())
        if wished > self.done:
            self.done = wished
            ctx.buy(10, stop_loss=96.0)
"""
SESSION = ("--broker", "alpaca", "--symbols", "ACME", "--timeframe", "1m", "--warmup", "5", "--costs", "none")
ByHand = dict[str, Any]
PAPER = {"APCA-API-KEY-ID": "PKPAPER", "APCA-API-SECRET-KEY": "secret"}


class Desk:
    """The acts, over a venue whose bars pass while they are carried out."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.acts = DeskActs(project.folder / "store", project.folder, answer_s=PATIENT_S, wait_s=PATIENT_S)
        self._wished = 0
        self._pause = threading.Event()

    def picture(self, subject: str | None = None) -> Picture:
        """The account, or the session of that name."""
        return self.acts.pictures.session(subject) if subject else self.acts.pictures.all()[0]

    def wish(self) -> None:
        """Let the strategy buy on its next bar."""
        self._wished += 1
        (self.project.folder / "wish").write_text(str(self._wished))

    def hold(self, session: Trading) -> Picture:
        """Let a session buy ten units; the picture that shows them."""
        self.wish()
        session.advance(2)
        until(lambda: self.picture(session.name).positions, "the position")
        return self.picture(session.name)

    def while_bars_pass(self, *acts: Callable[[], ActOutcome]) -> list[Future[ActOutcome]]:
        """What came of acts at the same time; bars pass as long as something at the market works."""
        with ThreadPoolExecutor(len(acts)) as pool:
            asked = [pool.submit(act) for act in acts]
            until(lambda: all(each.done() for each in asked) or self._let_fill(), "what came of it", PATIENT_S)
        return asked

    def _let_fill(self) -> None:
        if any(each["type"] == "market" for each in self.at_venue("orders?status=open")):
            self.project.venue.advance()
        self._pause.wait(0.05)

    def at_venue(self, path: str, body: ByHand | None = None) -> Any:
        """What the venue says of the account, or takes for it from somebody else."""
        venue = self.project.venue
        method = "GET" if body is None else "POST"
        answer = venue.session.request(method, f"{venue.url}/v2/{path}", json=body, headers=PAPER, timeout=60)
        assert answer.ok, answer.text
        return answer.json()

    def held(self) -> list[tuple[str, str]]:
        return [(each["symbol"], each["qty"]) for each in self.at_venue("positions")]

    def open_types(self) -> list[str]:
        return sorted(each["type"] for each in self.at_venue("orders?status=open"))

    def sold(self) -> list[str]:
        """Quantities of every order at the market that was ever given to sell."""
        return [o["qty"] for o in orders_of(self.project) if (o["side"], o["type"]) == ("sell", "market")]


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    with sandbox_over(intraday([[100.0] * 380])) as venue:
        (tmp_path / "s.py").write_text(OBEYS.format(wish=str(tmp_path / "wish")))
        (tmp_path / "wish").write_text("0")
        venue.advance(10)
        project = Project(tmp_path, venue)
        project.allow("s.py:Obeys", "ACME")
        for name, value in project.environment.items():
            monkeypatch.setenv(name, value)
        monkeypatch.chdir(tmp_path)
        yield Desk(project)


def the_order(picture: Picture, kind: str) -> SeenOrder:
    (order,) = [each for each in picture.orders if each.type == kind]
    return order


def the_position(picture: Picture) -> SeenPosition:
    (position,) = picture.positions
    return position


def states(outcome: ActOutcome) -> list[str]:
    return sorted(each.state for each in outcome.orders)


def test_what_is_asked_of_an_account_that_trades_is_done_once_at_the_venue_and_leaves_others_alone(desk: Desk) -> None:
    by_hand = {"symbol": "ACME", "side": "buy", "qty": "3", "type": "market", "time_in_force": "day"}
    desk.at_venue("orders", by_hand)
    until(lambda: desk.held() or desk.project.venue.advance() is None, "what somebody bought by hand")
    words = ("paper", "s.py:Obeys", *SESSION, "--fills", "venue", "--risk", "bold")
    session = desk.project.begin("night", *words)
    session.advance(1)
    until(lambda: "limit" in desk.open_types(), "the resting order at the venue")
    a_resting_order_is_cancelled(desk)
    a_position_is_closed_with_its_protection(desk, session)
    two_who_close_at_once_close_once(desk, session)
    a_session_that_does_not_answer_does_nothing(desk, session)
    an_account_is_not_armed_while_it_is_traded(desk)
    session.kill()
    it_is_flattened_without_a_session_and_armed_again(desk)


def a_resting_order_is_cancelled(desk: Desk) -> None:
    until(lambda: the_order(desk.picture(), "limit").state == "working", "the venue's word in the journal")
    picture = desk.picture()
    order = the_order(picture, "limit")
    shown = preview.cancel_order(picture, order)
    assert (shown.blocked, shown.button) == (None, "Cancel buy 5 ACME")
    outcome = desk.acts.cancel(picture, order, "ann", "drill")
    assert (outcome.is_done, outcome.sentence) == (True, f"The order {order.id} will end.")
    assert [(each.order_id, each.state, each.sentence) for each in outcome.orders] == [
        (order.id, "cancelled", "It has ended.")
    ]  # fmt: skip
    assert [each["status"] for each in orders_of(desk.project) if each["type"] == "limit"] == ["canceled"]
    with pytest.raises(ConflictError, match="has ended"):
        desk.acts.cancel(picture, order, "ann", "again")


def a_position_is_closed_with_its_protection(desk: Desk, session: Trading) -> None:
    picture = desk.hold(session)
    until(lambda: "stop" in desk.open_types(), "its stop at the venue")
    position = the_position(desk.picture())
    assert (position.words, position.holders, picture.strange) == ("10 ACME", ("night/0",), ("3 ACME",))
    picture = desk.picture()
    (done,) = desk.while_bars_pass(lambda: desk.acts.close(picture, position, "ann", "drill"))
    outcome = done.result()
    assert (outcome.is_done, outcome.sentence) == (True, "night/0 closes by its own orders.")
    assert states(outcome) == ["cancelled", "filled"], outcome
    assert "Sold 10 ACME." in [each.sentence for each in outcome.orders]
    assert (desk.held(), desk.open_types(), desk.picture().positions) == ([("ACME", "3")], [], ())


def two_who_close_at_once_close_once(desk: Desk, session: Trading) -> None:
    desk.hold(session)
    until(lambda: "stop" in desk.open_types(), "its stop at the venue")
    before, picture = len(desk.sold()), desk.picture()
    position = the_position(picture)
    both = desk.while_bars_pass(*[lambda who=who: desk.acts.close(picture, position, who, "drill") for who in "ab"])
    assert [each.result().is_done for each in both] == [True, True]
    assert (desk.held(), desk.sold()[before:]) == ([("ACME", "3")], ["10"])


def a_session_that_does_not_answer_does_nothing(desk: Desk, session: Trading) -> None:
    desk.hold(session)
    hasty = DeskActs(desk.acts.home, desk.acts.project, answer_s=0.3, wait_s=0.3)
    before, picture = len(orders_of(desk.project)), desk.picture()
    session.process.send_signal(signal.SIGSTOP)
    try:
        with pytest.raises(ConflictError, match="nothing was done"):
            hasty.close(picture, the_position(picture), "ann", "drill")
        assert request_box("night", desk.acts.home).take() == []
    finally:
        session.process.send_signal(signal.SIGCONT)
    session.advance(2)
    assert (desk.held(), len(orders_of(desk.project))) == ([("ACME", "13")], before)


def an_account_is_not_armed_while_it_is_traded(desk: Desk) -> None:
    picture = desk.picture()
    assert preview.rearm(picture, "bold").blocked is not None
    with pytest.raises(JournalError, match="held by another process"):
        desk.acts.rearm(picture, "ann", "drill", "bold")


def it_is_flattened_without_a_session_and_armed_again(desk: Desk) -> None:
    """The kill switch outlives whoever asked for it, and is asked again for what came of it."""
    picture = desk.picture()
    assert (picture.sessions, the_position(picture).holders) == ((), ())
    assert "flatten the account" in str(preview.close_position(picture, the_position(picture)).blocked)
    assert any("3 ACME" in each for each in preview.flatten(picture).will_not)
    hasty = DeskActs(desk.acts.home, desk.acts.project, wait_s=0.0)
    first = hasty.flatten(picture, "ann", "drill")
    assert (first.is_done, "closing goes on" in first.sentence) == (False, True)
    assert "has not ended yet" in str(preview.rearm(desk.picture(), "bold").blocked)
    until(lambda: desk.picture().is_worked or desk._let_fill(), "the kill switch to close", PATIENT_S)
    assert (desk.held(), desk.open_types()) == ([("ACME", "3")], [])
    (second,) = desk.while_bars_pass(lambda: desk.acts.flatten(desk.picture(), "ann", "again"))
    assert (second.result().is_done, second.result().orders, second.result().left) == (True, (), ())
    assert (desk.held(), desk.picture().is_latched) == ([("ACME", "3")], True)
    assert preview.rearm(desk.picture(), "bold").blocked is None
    folder = desk.acts.pictures.folder(picture.subject)
    until(lambda: glanced(folder)[1] is None, "the first kill switch to look twice and to let the account go")
    assert desk.acts.rearm(desk.picture(), "ann", "drill", "bold").is_done
    assert (desk.picture().is_latched, desk.picture().limits) == (False, "bold")


def test_a_session_on_simulated_fills_is_flattened_enters_nothing_and_goes_on_when_it_is_armed(desk: Desk) -> None:
    session = desk.project.begin("dry", "paper", "s.py:Obeys", *SESSION)
    picture = desk.hold(session)
    assert "may enter already" in str(preview.rearm(picture, None).blocked)
    outcome = DeskActs(desk.acts.home, desk.acts.project, wait_s=0.0).flatten(picture, "ann", "drill")
    assert (outcome.is_done, outcome.sentence) == (
        False, "pause: asked of all strategies. close all: asked of all strategies."
    )  # fmt: skip
    session.advance(1)
    until(lambda: not desk.picture("dry").positions, "the close")
    assert desk.picture("dry").orders == ()
    desk.wish()
    session.advance(2)
    assert desk.picture("dry").positions == ()
    it_enters_again(desk, session)
    session.stop()
    assert "does not run" in str(preview.flatten(desk.picture("dry")).blocked)


def it_enters_again(desk: Desk, session: Trading) -> None:
    shown = preview.rearm(desk.picture("dry"), None)
    assert (shown.blocked, shown.typed) == (None, "dry")
    assert desk.acts.rearm(desk.picture("dry"), "ann", "drill", "").is_done
    assert the_position(desk.hold(session)).words == "10 ACME"
