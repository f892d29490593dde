"""Every channel that ships, against a server on loopback, and what is particular to each of them."""

from __future__ import annotations

import dataclasses
import json
import logging
from contextlib import contextmanager
from urllib.parse import parse_qs

import pytest
from tests.certificates import certificate
from tests.smtp_server import PASSWORD, USER, MailServer

from tradewright.adapters.notify import email, slack, sms, telegram, webhook
from tradewright.adapters.notify.words import headline
from tradewright.domain.errors import ConfigError, NotifyError
from tradewright.domain.notice import NoticeKind
from tradewright.ports.notifier import ChannelAccess
from tradewright.testing import ChannelServer, ChannelTrouble, NotifierConformance, sample_notice

_FOLDER = {}


@pytest.fixture(autouse=True, scope="module")
def trusted(tmp_path_factory):
    """A certificate for all servers of this file."""
    _FOLDER["certificate"] = certificate(tmp_path_factory.mktemp("tls"))
    return _FOLDER["certificate"]


class WebStage:
    """A web server that stands in for a channel."""

    troubles = tuple(ChannelTrouble)

    def __init__(self, server, secrets, options, read):
        self.server, self.of_secrets, self.of_options, self.read = server, secrets, options, read

    def secrets(self):
        return self.of_secrets(self.server.address)

    def options(self):
        return self.of_options(self.server.address)

    def trouble(self, trouble):
        self.server.trouble = trouble

    def received(self):
        return [self.read(each) for each in self.server.taken]


def web_stage(secrets, options, read):
    @contextmanager
    def stage():
        with ChannelServer(_FOLDER["certificate"].context) as server:
            yield WebStage(server, secrets, options, read)

    return staticmethod(stage)


class TestSlack(NotifierConformance):
    kind = slack.KIND
    stage = web_stage(
        lambda address: {"url": f"{address}/services/canary-slack"},
        lambda address: {},
        lambda sent: json.loads(sent.body)["text"],
    )


class TestWebhook(NotifierConformance):
    kind = webhook.KIND
    stage = web_stage(
        lambda address: {"url": f"{address}/hook?key=canary-url", "signing_key": "canary-signing-key"},
        lambda address: {},
        lambda sent: json.loads(sent.body)["alerts"][0]["sentence"],
    )


class TestTelegram(NotifierConformance):
    kind = telegram.KIND
    stage = web_stage(
        lambda address: {"token": "123:canary-telegram"},
        lambda address: {"chat": "-100200", "address": address},
        lambda sent: json.loads(sent.body)["text"],
    )


class TestSms(NotifierConformance):
    kind = sms.KIND
    stage = web_stage(
        lambda address: {"token": "canary-twilio"},
        lambda address: {"account": "AC0123", "from": "+15005550006", "to": "+4915112345678", "address": address},
        lambda sent: parse_qs(sent.body.decode())["Body"][0],
    )


class MailStage:
    """A mail server with STARTTLS."""

    troubles = tuple(ChannelTrouble)

    def __init__(self, server):
        self.server = server

    def secrets(self):
        return {"password": PASSWORD}

    def options(self):
        trusted = {} if self.server.trouble is ChannelTrouble.BAD_TLS else {"ca_file": str(_FOLDER["certificate"][0])}
        return {
            "host": "localhost", "port": str(self.server.port), "from": USER, "to": "me@example.com", **trusted
        }  # fmt: skip

    def trouble(self, trouble):
        self.server.trouble = trouble

    def received(self):
        return [f"{each.message['Subject']}\n{each.message.get_content()}" for each in self.server.taken]


@contextmanager
def mail_stage(**options):
    with MailServer(_FOLDER["certificate"].context, **options) as server:
        yield MailStage(server)


class TestEmail(NotifierConformance):
    kind = email.KIND
    stage = staticmethod(mail_stage)


# ---------------------------------------------------------------- the web


@pytest.fixture
def server(trusted):
    with ChannelServer(trusted.context) as found:
        yield found


def sent_by(kind, server, secrets, options=None, notice=None):
    """What arrives at a server."""
    kind.open(ChannelAccess(secrets, options or {}, 30.0)).send(notice or sample_notice())
    return server.taken[-1]


def test_a_webhook_is_signed_over_time_and_body(server):
    sent = sent_by(webhook.KIND, server, {"url": server.address, "signing_key": "k"})
    timestamp = sent.headers["X-Tradewright-Timestamp"]
    assert timestamp == "1700000000"
    assert sent.headers["X-Tradewright-Signature"] == webhook.signature("k", timestamp, sent.body)
    assert webhook.signature("k", timestamp, sent.body + b" ") != webhook.signature("k", timestamp, sent.body)
    assert webhook.signature("k", "1700000001", sent.body) != webhook.signature("k", timestamp, sent.body)


def test_a_webhook_without_a_key_is_not_signed(server):
    sent = sent_by(webhook.KIND, server, {"url": server.address})
    assert "X-Tradewright-Signature" not in sent.headers


def test_a_webhook_names_the_message_by_which_a_second_is_known(server):
    assert sent_by(webhook.KIND, server, {"url": server.address}).headers["X-Tradewright-Delivery"] == "notice-1"


def test_a_webhook_tells_everything_as_plain_values(server):
    said = json.loads(sent_by(webhook.KIND, server, {"url": server.address}).body)
    assert said["kind"], said["at"] == ("raised", "2023-11-14T22:13:20Z")
    assert said["alerts"][0] == {
        "id": "a1", "rule": "feed_stale", "subject": "alpha", "severity": "critical",
        "sentence": "The feed of 'alpha' is stale.", "hint": "Look at the venue.", "first": "2023-11-14T22:13:20Z",
        "last": "2023-11-14T22:13:20Z", "count": 3, "resolved": None,
    }  # fmt: skip


def test_a_certificate_may_be_trusted_by_a_file(server, trusted):
    sent_by(webhook.KIND, server, {"url": server.secure_address}, {"ca_file": str(trusted.ca_file)})
    assert len(server.taken) == 1


def test_slack_gets_no_sign_that_would_be_a_mention(server):
    notice = sample_notice("<!channel> & <@U1>")
    text = json.loads(sent_by(slack.KIND, server, {"url": server.address}, notice=notice).body)["text"]
    assert "&lt;!channel&gt; &amp; &lt;@U1&gt;" in text
    assert "<" not in text


def test_telegram_gets_the_chat_and_plain_text(server):
    options = {"chat": "-100200", "address": server.address}
    sent = sent_by(telegram.KIND, server, {"token": "1:a"}, options)
    assert sent.path == "/bot1:a/sendMessage"
    said = json.loads(sent.body)
    assert said["chat_id"] == "-100200"
    assert "parse_mode" not in said


def test_a_token_cannot_lead_elsewhere(server):
    with pytest.raises(ConfigError, match="token"):
        telegram.KIND.open(ChannelAccess({"token": "1:a/../../x?"}, {"chat": "1", "address": server.address}))


def test_a_text_message_goes_to_one_number(server):
    options = {"account": "AC1", "from": "+1500", "address": server.address}
    for several in ("+4915112345678,+4915112345679", "0151", ""):
        with pytest.raises(ConfigError):
            sms.KIND.open(ChannelAccess({"token": "t"}, {**options, "to": several}))


@pytest.mark.parametrize(
    "url", ["canary", "ftp://example.com/canary", "https:///canary", "http://[::1canary", "http://a:canary\n"]
)
def test_an_address_that_is_none_is_a_mistake_in_the_settings_and_not_quoted(url):
    notifier = webhook.KIND.open(ChannelAccess({"url": url}))
    with pytest.raises(ConfigError) as caught:
        notifier.send(sample_notice())
    assert "canary" not in str(caught.value)


def test_a_redirect_is_not_followed(server, monkeypatch):
    monkeypatch.setattr(server, "answer", lambda request: (302, {"Location": "http://127.0.0.1:1/elsewhere"}))
    with pytest.raises(NotifyError, match="302") as caught:
        webhook.KIND.open(ChannelAccess({"url": server.address})).send(sample_notice())
    assert caught.value.is_lasting


@pytest.mark.parametrize(
    ("headers", "wait_s"),
    [
        ({"Retry-After": "12"}, 12.0),
        ({"Retry-After": "Wed, 21 Oct 2015 07:28:30 GMT", "Date": "Wed, 21 Oct 2015 07:28:00 GMT"}, 30.0),
        ({"Retry-After": "soon"}, None),
        ({"Retry-After": "-3"}, None),
        ({"Retry-After": "nan"}, None),
        ({"Retry-After": "9e9"}, 86_400.0),
    ],
)
def test_the_wait_that_is_asked_for_is_read(headers, wait_s):
    import httpx

    from tradewright.adapters.notify.web import _retry_after_s

    assert _retry_after_s(httpx.Response(429, headers=headers)) == wait_s


def test_a_server_that_drips_holds_nobody_longer_than_one_that_is_silent(monkeypatch):
    import httpx

    from tradewright.adapters.notify import web

    now = iter(range(100))
    monkeypatch.setattr(web.time, "monotonic", lambda: float(next(now)))
    parts = []

    def drip():
        while True:
            parts.append(b".")
            yield b"."

    answer = httpx.Response(200, content=drip())
    with pytest.raises(TimeoutError):
        web._body(answer, ends=5.0)
    assert len(parts) < 10


def test_the_library_of_the_web_is_loaded_with_the_first_message():
    import subprocess
    import sys

    told = "import sys, tradewright.adapters.notify.slack as s; print('httpx' in sys.modules)"
    said = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True).stdout
    assert said.strip() == "False"


def test_no_line_of_a_library_shows_the_address(server, caplog):
    with caplog.at_level(logging.DEBUG):
        sent_by(slack.KIND, server, {"url": f"{server.address}/services/canary-slack"})
    assert "canary-slack" not in caplog.text


# ---------------------------------------------------------------- mail


def mail(stage, notice=None, secrets=None, **options):
    """Send over a stage."""
    access = ChannelAccess(stage.secrets() if secrets is None else secrets, {**stage.options(), **options}, 30.0)
    email.KIND.open(access).send(notice or sample_notice())
    return stage.server.taken[-1]


def test_mail_is_encrypted_where_that_is_offered_and_before_the_password():
    with mail_stage() as stage:
        taken = mail(stage)
        assert taken.was_secure
        assert taken.user == USER
        assert stage.server.passwords == [(PASSWORD, True)]


def test_mail_may_be_encrypted_from_the_start():
    with mail_stage(is_secure_from_start=True) as stage:
        assert mail(stage, tls="from_start").was_secure


def plain_stage():
    return MailServer(None)


def test_a_password_never_goes_out_in_the_clear():
    with MailServer() as server:
        stage = MailStage(server)
        with pytest.raises(NotifyError, match="no encryption") as caught:
            mail(stage)
        assert caught.value.is_lasting
        assert server.passwords == []


def test_mail_without_a_password_goes_to_a_server_that_offers_nothing():
    with MailServer(takes_passwords=False) as server:
        assert not mail(MailStage(server), secrets={}).was_secure


def test_encryption_may_be_required():
    with MailServer(takes_passwords=False) as server, pytest.raises(NotifyError, match="no encryption"):
        mail(MailStage(server), secrets={}, tls="required")


def test_a_mail_has_a_name_by_which_a_second_is_known():
    with mail_stage() as stage:
        message = mail(stage).message
        assert message["Message-ID"] == "<notice-1@example.com>"
        assert message["Auto-Submitted"] == "auto-generated"


def test_no_line_of_an_alert_becomes_a_header():
    with mail_stage() as stage:
        message = mail(stage, sample_notice("x\r\nBcc: all@example.com\n\nbody")).message
        assert message["Bcc"] is None
        assert message["Subject"] == "Tradewright: CRITICAL: x Bcc: all@example.com body"


def test_who_has_the_mail_does_not_get_it_again_because_of_one_who_has_not():
    with mail_stage(refuses=frozenset({"gone@example.com"})) as stage:
        with pytest.raises(NotifyError, match="1 of 2 recipients") as caught:
            mail(stage, to="me@example.com, gone@example.com")
        assert caught.value.is_lasting
        assert [each.to for each in stage.server.taken] == [["me@example.com"]]


@pytest.mark.parametrize(
    "options",
    [
        {"to": "nobody"}, {"to": "a@b.c,"}, {"from": "x"}, {"from": "a@b.c\nBcc: d@e.f"}, {"port": "0"},
        {"port": "smtp"}, {"tls": "maybe"},
    ],
)  # fmt: skip
def test_options_of_mail_that_cannot_be_used_are_refused(options):
    good = {"host": "localhost", "from": "a@b.c", "to": "d@e.f"}
    with pytest.raises(ConfigError):
        email.KIND.open(ChannelAccess({}, {**good, **options}))


# ---------------------------------------------------------------- words


def test_a_title_says_that_it_is_over():
    assert headline(sample_notice(kind=NoticeKind.RESOLVED)) == "RESOLVED: The feed of 'alpha' is stale."


def test_the_title_of_a_digest_counts():
    notice = sample_notice(kind=NoticeKind.DIGEST)
    assert headline(notice) == "CRITICAL: 2 alerts held back during the quiet hours"
    assert "1 alert held" in headline(dataclasses.replace(notice, alerts=notice.alerts[:1]))
