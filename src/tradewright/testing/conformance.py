"""What every suite shares: its checks, the subject they are made on, and running them with or without pytest."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from typing import Self

__all__ = ["Conformance", "require"]


class Conformance:
    """A suite: each method whose name begins with ``test_`` is one check of the subject, named by class attributes.

    Under pytest a subclass whose name begins with ``Test`` is collected as it stands. Without it, `check` runs all.

    Examples
    --------
    >>> class EvenNumber(Conformance):
    ...     number: int
    ...     def test_is_even(self):
    ...         require(self.subject("number") % 2 == 0, "The number is odd.")
    >>> EvenNumber.of(number=4).check()
    >>> EvenNumber.of(number=3).check()
    Traceback (most recent call last):
    AssertionError: The number is odd.
    """

    @classmethod
    def of(cls, **subject: Any) -> type[Self]:
        """The suite with a subject in place."""
        return type(cls.__name__, (cls,), subject)

    @classmethod
    def checks(cls) -> tuple[str, ...]:
        """Names of the checks, in order."""
        return tuple(sorted(name for name in dir(cls) if name.startswith("test_")))

    @classmethod
    def check(cls, *names: str) -> None:
        """Make the named checks, or all.

        Raises
        ------
        AssertionError
            At the first promise that is not kept, in one sentence.
        """
        for name in names or cls.checks():
            getattr(cls(), name)()

    def subject(self, name: str) -> Any:
        """A class attribute as it was written: a function does not become a method of the suite.

        Raises
        ------
        AssertionError
            When the suite was not given it.
        """
        try:
            value = inspect.getattr_static(type(self), name)
        except AttributeError:
            raise AssertionError(f"{type(self).__name__} needs '{name} = …' in its body.") from None
        return value.__func__ if isinstance(value, staticmethod) else value


def require(holds: object, sentence: str) -> None:
    """Fail with a sentence where something does not hold; unlike a statement it also speaks under ``python -O``.

    Raises
    ------
    AssertionError
    """
    if not holds:
        raise AssertionError(sentence)
