"""The same runs over the journal on a disk: what power tears off is cut, and the road goes on from the bytes."""

from __future__ import annotations

import errno
import os

import pytest

from tradewright.adapters.storage.journal.file_journal import FileJournal
from tradewright.adapters.storage.journal.forcing import Forcer
from tradewright.adapters.storage.journal.segments import read_all
from tradewright.domain.live.journal import JournalIdentity

from .script import scenario
from .verdict import breaches
from .world import World

IDENTITY = JournalIdentity("acct", "paper")
SEEDS = (3, 8, 11, 26, 41, 57, 60, 73, 88, 101, 129, 140)


class AtOnce(Forcer):
    """Forces where it is asked: virtual time knows no threads, and would pass while one works."""

    async def force(self, sync, handle):
        sync(handle)


class DiskWorld(World):
    """A world whose journal is a folder; losing power cuts the last file anywhere behind what was forced out."""

    def __init__(self, plan, folder):
        self.folder = folder
        self.journals = []
        self.safe = {}
        super().__init__(plan)

    def journal_of(self, name):
        self.journals.append(FileJournal(self.folder, IDENTITY, 3000, self.sync, AtOnce()))
        return self.journals[-1]

    def sync(self, handle):
        if self.disk.fails:
            raise OSError(errno.EIO, "could not be forced onto the disk")
        found = os.fstat(handle)
        self.safe[found.st_ino] = found.st_size

    def kill(self, trader, kind):
        was_alive = trader.process.is_alive
        super().kill(trader, kind)
        if was_alive:
            for journal in self.journals:
                journal.close()
        if was_alive and kind == "power":
            self.lose_power()

    def lose_power(self):
        last = max(self.folder.glob("*.journal"))
        found = last.stat()
        os.truncate(last, self.rng.randint(self.safe.get(found.st_ino, 0), found.st_size))

    def entries(self):
        return read_all(self.folder, IDENTITY).entries


@pytest.mark.parametrize("seed", SEEDS)
def test_a_run_over_files_comes_through(seed, tmp_path, monkeypatch):
    monkeypatch.setattr(os, "fsync", lambda handle: None)
    world = DiskWorld(scenario(seed, "road"), tmp_path)
    world.run()
    assert breaches(world) == []
    for journal in world.journals:
        journal.close()
