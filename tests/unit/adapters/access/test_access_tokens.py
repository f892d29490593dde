"""Access tokens: read only when they are ours, whole and in time; and the keys that sign them."""

from __future__ import annotations

import base64
import itertools
import json
import stat
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import jwt
import pytest

from tradewright.adapters.access.access_tokens import SignedAccessTokens
from tradewright.adapters.access.signing_keys import SigningKeys
from tradewright.domain.control.access import AccessClaims
from tradewright.domain.errors import MissingExtraError, StorageError

SECOND = 1_000_000_000
NOW = 1_763_700_000 * SECOND
CLAIMS = AccessClaims("u1", "f1", NOW, NOW + 900 * SECOND)
_numbers = itertools.count(1)


def draw(count: int) -> bytes:
    return next(_numbers).to_bytes(4, "big") * (count // 4)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "access" / "keys.json"


@pytest.fixture
def tokens(path: Path) -> SignedAccessTokens:
    return SignedAccessTokens(SigningKeys(path, draw))


def again(path: Path) -> SignedAccessTokens:
    return SignedAccessTokens(SigningKeys(path, draw))


def test_a_token_says_what_it_was_given(tokens: SignedAccessTokens) -> None:
    assert tokens.read(tokens.issue(CLAIMS), NOW) == CLAIMS


def test_a_token_is_good_until_it_runs_out(tokens: SignedAccessTokens) -> None:
    token = tokens.issue(CLAIMS)
    assert tokens.read(token, CLAIMS.expires_ns - 1) is not None
    assert tokens.read(token, CLAIMS.expires_ns) is None
    assert tokens.read(token, NOW - 2 * SECOND) is None, "one from the future is not believed"


def test_a_token_that_was_changed_is_none(tokens: SignedAccessTokens) -> None:
    head, body, mark = tokens.issue(CLAIMS).split(".")
    said = json.loads(base64.urlsafe_b64decode(body + "=="))
    other = base64.urlsafe_b64encode(json.dumps(said | {"sub": "u2"}).encode()).rstrip(b"=").decode()
    assert tokens.read(f"{head}.{other}.{mark}", NOW) is None


def forged(tokens: SignedAccessTokens, key: bytes | None, algorithm: str, **changes: object) -> str:
    token = tokens.issue(CLAIMS)
    said = jwt.decode(token, options={"verify_signature": False}) | changes
    named = jwt.get_unverified_header(token)["kid"]
    return jwt.encode({name: each for name, each in said.items() if each is not None}, key, algorithm, {"kid": named})


def own_key(path: Path) -> bytes:
    return SigningKeys(path, draw).signing().secret


def test_the_way_of_forging_gives_a_token_where_nothing_is_forged(tokens: SignedAccessTokens, path: Path) -> None:
    tokens.issue(CLAIMS)
    assert tokens.read(forged(tokens, own_key(path), "HS256"), NOW) == CLAIMS


@pytest.mark.parametrize(
    "changes",
    [{"aud": "other"}, {"iss": "other"}, {"exp": None}, {"sid": None}, {"iat": None}, {"sub": None}, {"sub": 7},
     {"sid": ["f1"]}, {"exp": "9999999999"}, {"exp": 9999999999.5}],
)  # fmt: skip
def test_a_token_that_lacks_something_is_none(tokens: SignedAccessTokens, path: Path, changes: dict) -> None:
    tokens.issue(CLAIMS)
    assert tokens.read(forged(tokens, own_key(path), "HS256", **changes), NOW) is None


@pytest.mark.filterwarnings("ignore::jwt.InsecureKeyLengthWarning")
def test_another_key_or_way_of_signing_is_not_believed(tokens: SignedAccessTokens, path: Path) -> None:
    tokens.issue(CLAIMS)
    assert tokens.read(forged(tokens, b"another key of thirty-two bytes!", "HS256"), NOW) is None
    assert tokens.read(forged(tokens, own_key(path), "HS512"), NOW) is None
    assert tokens.read(forged(tokens, None, "none"), NOW) is None
    unnamed = jwt.encode(jwt.decode(tokens.issue(CLAIMS), options={"verify_signature": False}), own_key(path), "HS256")
    assert tokens.read(unnamed, NOW) is None


@pytest.mark.parametrize("token", ["", ".", "..", "a.b.c", "é.é.é", "x" * 9000, "e30.e30.e30", "bnVsbA.bnVsbA.bnVsbA"])
def test_what_is_no_token_is_none(tokens: SignedAccessTokens, token: str) -> None:
    assert tokens.read(token, NOW) is None


# ---------------------------------------------------------------- keys


def test_the_keys_are_made_at_the_first_use_for_their_owner_alone(tokens: SignedAccessTokens, path: Path) -> None:
    assert not path.parent.exists()
    token = tokens.issue(CLAIMS)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert [each.name for each in path.parent.iterdir()] == [path.name]
    assert again(path).read(token, NOW) == CLAIMS


def test_several_that_begin_at_once_share_one_key(path: Path) -> None:
    with ThreadPoolExecutor(6) as threads:
        made = list(threads.map(lambda _: again(path).issue(CLAIMS), range(12)))
    assert [again(path).read(token, NOW) for token in made] == [CLAIMS] * 12
    assert len(list(path.parent.iterdir())) == 1


def test_after_a_rotation_old_tokens_are_read_until_they_run_out(tokens: SignedAccessTokens, path: Path) -> None:
    running = again(path)
    old = running.issue(CLAIMS)
    tokens.rotate(NOW + 60 * SECOND, 900 * SECOND)
    new = running.issue(AccessClaims("u1", "f1", NOW + 60 * SECOND, NOW + 9000 * SECOND))
    assert running.read(old, NOW + 61 * SECOND) == CLAIMS, "a server that runs sees the new key and knows the old one"
    assert jwt.get_unverified_header(old)["kid"] != jwt.get_unverified_header(new)["kid"]
    assert running.read(old, CLAIMS.expires_ns) is None
    assert running.read(new, CLAIMS.expires_ns) is not None
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_key_is_read_no_longer_than_its_tokens(tokens: SignedAccessTokens, path: Path) -> None:
    lasting = tokens.issue(AccessClaims("u1", "f1", NOW, NOW + 10**6 * SECOND))
    tokens.rotate(NOW, 900 * SECOND)
    assert tokens.read(lasting, NOW + 899 * SECOND) is not None
    assert tokens.read(lasting, NOW + 900 * SECOND) is None
    tokens.rotate(NOW + 900 * SECOND, 900 * SECOND)
    assert len(json.loads(path.read_text())["keys"]) == 2


def test_a_file_that_others_may_read_is_refused(tokens: SignedAccessTokens, path: Path) -> None:
    token = tokens.issue(CLAIMS)
    path.chmod(0o640)
    with pytest.raises(StorageError, match="others than its owner may use it"):
        again(path).read(token, NOW)


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{}",
        '{"keys": []}',
        '{"keys": [{"id": "a", "key": "c2hvcnQ=", "until_ns": null}]}',
        '{"keys": [{"id": "a"}]}',
    ],
)
def test_a_damaged_file_is_a_sentence_without_the_keys(path: Path, content: str) -> None:
    path.parent.mkdir(mode=0o700)
    path.touch(mode=0o600)
    path.write_text(content)
    with pytest.raises(StorageError, match="does not hold the keys of sign-ins") as caught:
        again(path).issue(CLAIMS)
    assert "c2hvcnQ" not in str(caught.value)


def test_a_folder_that_cannot_be_made_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "access").write_text("a file stands here")
    with pytest.raises(StorageError, match=r"keys of sign-ins cannot be kept|cannot be read"):
        again(tmp_path / "access" / "keys.json").issue(CLAIMS)


def test_a_library_that_is_not_installed_names_the_extra(monkeypatch: pytest.MonkeyPatch, path: Path) -> None:
    monkeypatch.setitem(sys.modules, "jwt", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'tradewright\[server\]'"):
        again(path)
