"""Artifacts in a folder: whole or not there, once each, held to their digest."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from tradewright.adapters.storage.folder import artifacts as module
from tradewright.adapters.storage.folder.artifacts import FolderArtifacts
from tradewright.domain.errors import DataError, DataNotAvailableError, ResourceError, StorageError


@pytest.fixture
def store(tmp_path: Path) -> FolderArtifacts:
    return FolderArtifacts(tmp_path / "artifacts")


def files(store: FolderArtifacts) -> list[str]:
    return [path.name for path in store._files()]


def test_what_is_kept_is_read(store: FolderArtifacts) -> None:
    assert store.get(store.put(b"record")) == b"record"


def test_equal_content_is_kept_once(store: FolderArtifacts) -> None:
    assert files(store) == []
    assert store.put(b"same") == store.put(b"same")
    assert len(files(store)) == 1


def test_a_cut_file_under_a_right_name_is_written_again(store: FolderArtifacts) -> None:
    digest = store.put(b"whole")
    store._path(digest).write_bytes(b"wh")
    assert store.get(store.put(b"whole")) == b"whole"


def test_what_is_gone_is_a_sentence(store: FolderArtifacts) -> None:
    with pytest.raises(DataNotAvailableError, match="is gone, and a kept run needs it"):
        store.get("ab" * 32)


def test_what_was_changed_is_noticed(store: FolderArtifacts) -> None:
    digest = store.put(b"record")
    store._path(digest).write_bytes(b"recorD")
    with pytest.raises(DataError, match="is not what was written"):
        store.get(digest)


def test_only_what_is_needed_stays(store: FolderArtifacts) -> None:
    kept, lost = store.put(b"kept"), store.put(b"lost")
    (store._path(kept).parent / "0123.partial").write_bytes(b"an interrupted writing")
    assert store.retain({kept}) == 2
    assert files(store) == [kept]
    assert lost not in files(store)


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_leaves_nothing(store: FolderArtifacts, monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    def full(path: Path, content: bytes) -> None:
        path.write_bytes(content[:2])
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(module, "_write", full)
    with pytest.raises(ResourceError, match="The disk is full"):
        store.put(b"record")
    assert files(store) == []


def test_a_place_that_cannot_be_written_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "artifacts").write_text("a file stands here")
    with pytest.raises(StorageError, match="cannot be used"):
        FolderArtifacts(tmp_path / "artifacts").put(b"record")
