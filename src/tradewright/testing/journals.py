"""The promises of journals: every record once, in order, under its epoch, by one writer, and none after a failure."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, ClassVar

from tradewright.domain.errors import JournalError, StaleEpochError
from tradewright.domain.live.journal import Record, RecordKind

from .conformance import Conformance, require

if TYPE_CHECKING:
    from collections.abc import Callable

    from tradewright.ports.journal import Journal

__all__ = ["JournalConformance", "sample_record"]


def sample_record(number: int) -> Record:
    """A record that is unlike every other."""
    return Record(
        RecordKind.OUTCOME, {"cid": f"order {number}", "to": "W", "text": "é×\n\x00", "list": [1, None, True]}
    )


class JournalConformance(Conformance):
    """What every journal promises.

    Attributes
    ----------
    opened : callable
        ``opened()`` gives a journal in which nothing is kept yet, not opened.
    reopened : callable
        ``reopened(journal)`` gives another journal over the same place, after the process of the first one has died.

    Examples
    --------
    >>> from tradewright.adapters.storage.memory.journal import MemoryJournal
    >>> def reopened(journal):
    ...     journal.close()
    ...     return MemoryJournal(journal.disk)
    >>> JournalConformance.of(opened=MemoryJournal, reopened=reopened).check()
    """

    opened: ClassVar[Callable[[], Journal]]
    reopened: ClassVar[Callable[[Journal], Journal]]

    def test_a_new_journal_is_empty(self) -> None:
        """Nothing is in it, and no epoch has written."""
        replay = self._journal().open()
        require((replay.entries, replay.tail_cut, replay.epoch) == ((), 0, 0), f"A new journal holds {replay}.")

    def test_records_come_back_as_they_were(self) -> None:
        """In their order, numbered from one, under the epoch that wrote them."""
        journal = self._begun()
        numbers = [journal.append(sample_record(number)) for number in range(5)]
        require(numbers == [1, 2, 3, 4, 5], f"Five records were numbered {numbers}.")
        asyncio.run(journal.durable(5))
        found = self._again(journal).open()
        require([entry.sequence for entry in found.entries] == numbers, "Numbers changed.")
        require(
            [dict(e.record.body) for e in found.entries] == [dict(sample_record(n).body) for n in range(5)], "Text."
        )
        require({entry.epoch for entry in found.entries} == {1}, "Epochs changed.")

    def test_durable_covers_what_came_before(self) -> None:
        """Waiting for a record is waiting for those before it, and nothing counts as safe until then."""
        journal = self._begun()
        last = [journal.append(sample_record(number)) for number in range(3)][-1]
        require(journal.durable_sequence < last, "A record was safe before it was asked to be.")
        asyncio.run(journal.durable(last))
        require(journal.durable_sequence >= last, "A record was not safe after it was waited for.")

    def test_a_new_epoch_goes_on_behind_the_old_one(self) -> None:
        """Numbers go on, and each record keeps the epoch that wrote it."""
        journal = self._begun()
        asyncio.run(journal.durable(journal.append(sample_record(1))))
        second = self._again(journal)
        second.open()
        second.begin_epoch(7)
        require(second.append(sample_record(2)) == 2, "The numbers did not go on.")
        asyncio.run(second.durable(2))
        found = self._again(second).open()
        require([entry.epoch for entry in found.entries] == [1, 7], "Epochs changed.")
        require(found.epoch == 7, f"The highest epoch is {found.epoch}.")

    def test_an_epoch_never_falls(self) -> None:
        """A number that has written, or a lower one, is refused."""
        journal = self._begun(3)
        asyncio.run(journal.durable(journal.append(sample_record(1))))
        second = self._again(journal)
        second.open()
        for stale in (2, 3):
            try:
                second.begin_epoch(stale)
            except StaleEpochError:
                continue
            require(False, f"Epoch {stale} wrote after epoch 3.")

    def test_nothing_is_written_before_an_epoch(self) -> None:
        """A journal that was only opened takes no record."""
        journal = self._journal()
        journal.open()
        try:
            journal.append(sample_record(1))
        except JournalError:
            return
        require(False, "A record was written without an epoch.")

    def test_one_process_holds_it(self) -> None:
        """A second journal over the same place is refused while the first one is held."""
        journal = self._begun()
        sibling = self._beside(journal)
        if sibling is None:
            return
        try:
            sibling.open()
        except JournalError:
            return
        require(False, "Two processes opened one journal.")

    def test_what_is_no_json_is_refused(self) -> None:
        """A record that could not be read back is not written, and the journal goes on."""
        journal = self._begun()
        try:
            journal.append(Record(RecordKind.OUTCOME, {"price": float("nan")}))
        except ValueError:
            require(journal.append(sample_record(1)) == 1, "A refused record took a number.")
            return
        require(False, "A record with NaN was written.")

    def _journal(self) -> Journal:
        return type(self).opened()

    def _begun(self, epoch: int = 1) -> Journal:
        journal = self._journal()
        journal.open()
        journal.begin_epoch(epoch)
        return journal

    def _again(self, journal: Journal) -> Journal:
        return type(self).reopened(journal)

    def _beside(self, journal: Journal) -> Journal | None:
        """Another journal over the same place while the first one lives; None where the suite was given no way."""
        beside: Callable[[Journal], Journal] | None = getattr(type(self), "beside", None)
        return None if beside is None else beside(journal)
