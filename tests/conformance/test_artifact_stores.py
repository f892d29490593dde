"""Every store of artifacts keeps what the suite promises, in a folder and in a bucket of a real S3 server."""

from __future__ import annotations

import http.server
import itertools
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import obstore
import pytest
from tests.child_processes import kill_9
from tests.s3_server import KEY_ID, SECRET, OwnS3, Stalling

import tradewright as tw
from tradewright.adapters.storage.folder.artifacts import FolderArtifacts
from tradewright.adapters.storage.moved import MovedArtifacts
from tradewright.adapters.storage.s3.address import S3Address
from tradewright.adapters.storage.s3.artifacts import S3Artifacts, S3Credentials
from tradewright.bootstrap.artifacts import artifacts_line
from tradewright.bootstrap.run_archive import run_archive
from tradewright.domain.errors import ConfigError, DataNotAvailableError, StorageError
from tradewright.testing import ArtifactConformance

OWN = S3Credentials(KEY_ID, SECRET)


@pytest.fixture(scope="module")
def s3() -> Iterator[OwnS3]:
    server = OwnS3()
    yield server
    server.close()


class TestFolder(ArtifactConformance):
    @pytest.fixture(autouse=True)
    def where(self, tmp_path):
        numbers = itertools.count()
        type(self).opened = staticmethod(lambda: FolderArtifacts(tmp_path / str(next(numbers))))
        type(self).reopened = staticmethod(lambda store: FolderArtifacts(store._folder))
        type(self).names = staticmethod(lambda store: [each.name for each in store._files()])
        type(self).spoil = staticmethod(lambda store, name, content: store._path(name).write_bytes(content))


def in_bucket(address: str, folder: str = "artifacts-0") -> S3Artifacts:
    return S3Artifacts(S3Address.parse(address), folder, lambda: OWN)


def names(store: S3Artifacts) -> list[str]:
    return [each["path"].rpartition("/")[2] for piece in obstore.list(store._store()) for each in piece]


class TestBucket(ArtifactConformance):
    @pytest.fixture(autouse=True)
    def where(self, s3):
        type(self).opened = staticmethod(lambda: in_bucket(s3.bucket()))
        type(self).reopened = staticmethod(lambda store: S3Artifacts(store._address, store._folder, lambda: OWN))
        type(self).names = staticmethod(names)
        type(self).spoil = staticmethod(
            lambda store, name, content: obstore.put(store._store(), f"{name[:2]}/{name}", content)
        )


class TestMoved(ArtifactConformance):
    """Kept in a folder once, and in a bucket from now on."""

    @pytest.fixture(autouse=True)
    def where(self, s3, tmp_path):
        numbers = itertools.count()
        TestBucket.where.__wrapped__(self, s3)
        bucket = {name: getattr(type(self), name) for name in ("opened", "reopened", "names", "spoil")}
        type(self).opened = staticmethod(
            lambda: MovedArtifacts(bucket["opened"](), FolderArtifacts(tmp_path / str(next(numbers))))
        )
        type(self).reopened = staticmethod(
            lambda store: MovedArtifacts(bucket["reopened"](store._store), store._before)
        )
        type(self).names = staticmethod(lambda store: bucket["names"](store._store))
        type(self).spoil = staticmethod(lambda store, *words: bucket["spoil"](store._store, *words))


def test_a_store_that_believes_names_is_caught(tmp_path):
    class Trusting(FolderArtifacts):
        def get(self, digest):
            return self._path(digest).read_bytes()

    suite = ArtifactConformance.of(
        opened=lambda: Trusting(tmp_path),
        spoil=lambda store, name, content: store._path(name).write_bytes(content),
    )
    with pytest.raises(AssertionError, match="read as if it were whole"):
        suite.check("test_what_was_changed_is_noticed")


def test_two_databases_in_one_bucket_do_not_free_each_other(s3):
    address = s3.bucket()
    first, second = in_bucket(address, "artifacts-1"), in_bucket(address, "artifacts-11")
    digest = first.put(b"record")
    assert second.retain(()) == 0
    assert first.get(digest) == b"record"


def test_what_was_kept_before_the_move_is_read_and_freed_where_it_is(s3, tmp_path):
    before = FolderArtifacts(tmp_path)
    digest = before.put(b"from the old days")
    moved = MovedArtifacts(in_bucket(s3.bucket()), before)
    assert moved.get(digest) == b"from the old days"
    assert moved.retain(()) == 1
    with pytest.raises(DataNotAvailableError, match="s3://"):
        moved.get(digest)


UPLOAD = """
import sys
from tradewright.adapters.storage.s3.address import S3Address
from tradewright.adapters.storage.s3.artifacts import S3Artifacts, S3Credentials
store = S3Artifacts(S3Address.parse(sys.argv[1]), "artifacts-0", lambda: S3Credentials("k", "s"))
store.put(bytes(range(256)) * 64_000)
"""


@pytest.mark.slow
def test_an_upload_that_is_killed_leaves_nothing(s3):
    address = s3.bucket()
    slow = Stalling(s3.endpoint, 4_000_000)
    try:
        child = subprocess.Popen([sys.executable, "-c", UPLOAD, address.replace(s3.endpoint, slow.endpoint)])
        assert slow.stalled.wait(60)
        kill_9(child.pid)
        child.wait()
    finally:
        slow.close()
    store = in_bucket(address)
    assert names(store) == []
    content = bytes(range(256)) * 64_000
    assert store.get(store.put(content)) == content


# ---------------------------------------------------------------- what goes wrong is a sentence without secrets


@contextmanager
def answering(status: int) -> Iterator[str]:
    """A server that says the same to everybody, and quotes what it was shown."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def _answer(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            said = f"<Error><Code>No</Code><Message>{self.headers.get('Authorization')}</Message></Error>".encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(said)

        do_GET = do_PUT = do_HEAD = do_POST = _answer  # noqa: N815 - names of the library

        def log_message(self, *_: object) -> None:
            """Nothing."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join(60)


def attempts(store: S3Artifacts) -> list[StorageError]:
    found = []
    for act in (lambda: store.put(b"x"), lambda: store.get("ab" * 32), lambda: store.retain(())):
        with pytest.raises(StorageError) as refused:
            act()
        found.append(refused.value)
    return found


@pytest.mark.parametrize("status", [401, 403])
def test_refused_credentials_are_said_and_not_quoted(status):
    with answering(status) as endpoint:
        for error in attempts(in_bucket(f"s3://runs?endpoint={endpoint}")):
            assert error.message == "The service of s3://runs refuses the credentials."
            assert KEY_ID not in f"{error}{error.hint}{error.__cause__}"
            assert SECRET not in f"{error}{error.hint}{error.__cause__}"


def test_a_bucket_that_is_not_there_is_a_sentence(s3):
    store = in_bucket(f"s3://nobody-made-it?endpoint={s3.endpoint}")
    for error in attempts(store):
        assert error.message == "There is no bucket 'nobody-made-it' where s3://nobody-made-it is looked for."


def test_a_service_that_is_away_is_a_sentence(monkeypatch):
    monkeypatch.setattr("tradewright.adapters.storage.s3.artifacts._RETRIES", 0)
    store = in_bucket("s3://runs/kept?endpoint=http://127.0.0.1:1")
    for error in attempts(store):
        assert "s3://runs/kept cannot be used: http://127.0.0.1:1 cannot be reached" in error.message


@pytest.mark.parametrize(
    "said",
    [
        "http://runs", "s3://", "s3://Runs", "s3://key:word@runs", "s3://runs?endpont=x", "s3://runs?endpoint=ftp://x",
        "s3://runs?endpoint=https://key:word@host", "s3://runs/a b", "runs",
    ],
)  # fmt: skip
def test_what_is_no_address_is_refused_and_not_quoted(said):
    with pytest.raises(ConfigError) as refused:
        S3Address.parse(said)
    assert "word" not in f"{refused.value}"


def test_credentials_do_not_show_themselves():
    assert (repr(OWN), f"{OWN}") == ("S3Credentials(…)", "S3Credentials(…)")


# ---------------------------------------------------------------- by one setting


@pytest.fixture
def configured(s3, monkeypatch) -> str:
    address = s3.bucket()
    monkeypatch.setenv("TRADEWRIGHT_STORAGE__ARTIFACTS", address)
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    return address


def a_result() -> tw.Result:
    bars = tw.synthetic_bars("ACME", bars=60, seed=3)
    return tw.backtest(lambda ctx: ctx.buy(1) if not ctx.has_position() else None, bars, engine="python")


def test_one_setting_keeps_runs_in_the_bucket(configured, storage, monkeypatch):
    monkeypatch.setenv("TRADEWRIGHT_CREDENTIALS__S3_KEY", KEY_ID)
    monkeypatch.setenv("TRADEWRIGHT_CREDENTIALS__S3_SECRET", SECRET)
    result = a_result()
    run_id = tw.keep_run(result)
    assert not list(storage.rglob("artifacts*"))
    assert tw.load_run(run_id).record.hash == result.record.hash
    assert {each.place for each in run_archive().found(run_id).artifacts} == {"s3"}
    assert artifacts_line() == f"{S3Address.parse(configured).shown} takes, gives and frees"
    tw.delete_run(run_id)
    whole = S3Artifacts(replace(S3Address.parse(configured), prefix=""), "a/prefix", lambda: OWN)
    assert names(whole) == []


def test_the_usual_variables_will_do(configured, monkeypatch):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", KEY_ID)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET)
    assert artifacts_line() is not None


def test_missing_credentials_are_one_sentence(configured):
    with pytest.raises(ConfigError) as refused:
        tw.keep_run(a_result())
    assert refused.value.message == "'storage.artifacts' names a bucket, and its credentials are not set."
    assert "credentials.s3_key" in (refused.value.hint or "")


def test_changed_credentials_are_taken_up_while_the_program_runs(s3):
    said = [S3Credentials("first", "x")]
    store = S3Artifacts(S3Address.parse(s3.bucket()), "a", lambda: said[-1])
    store.put(b"record")
    before = store._store()
    said.append(S3Credentials("second", "x"))
    assert store._store() is not before
    assert store._store() is store._store()


def test_the_folder_stays_the_default(storage):
    tw.keep_run(a_result())
    assert artifacts_line() is None
    assert list((Path(storage) / "runs" / "artifacts").glob("??/*"))
