"""What only a folder of artifacts has: disks that are full, and places that cannot be written."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from tradewright.adapters.storage.folder import artifacts as module
from tradewright.adapters.storage.folder.artifacts import FolderArtifacts
from tradewright.domain.errors import ResourceError, StorageError


@pytest.fixture
def store(tmp_path: Path) -> FolderArtifacts:
    return FolderArtifacts(tmp_path / "artifacts")


def files(store: FolderArtifacts) -> list[str]:
    return [path.name for path in store._files()]


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
