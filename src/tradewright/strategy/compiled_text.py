"""Reads of the past found in compiled code, for functions whose text is not to be had.

The instructions are followed from top to bottom with a stack of what is known about each value. Whatever the reader
does not know it treats as unknown, so that on code it does not understand it finds nothing rather than something wrong.
"""

from __future__ import annotations

import dis
import operator
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import CodeType

    from .reads import Reads

__all__ = ["read_code"]

_SELF, _ARGUMENT = "self", "argument"
_BINARY = {"+": operator.add, "-": operator.sub, "*": operator.mul}
_QUIET = frozenset({"CACHE", "RESUME", "NOP", "PRECALL", "EXTENDED_ARG", "COPY_FREE_VARS", "MAKE_CELL"})


class _Attribute(NamedTuple):
    """``owner.name``; the owner is `_SELF`, `_ARGUMENT`, another attribute or None."""

    owner: Any
    name: str


def read_code(code: CodeType, owner: Any, names: Mapping[str, Any], reads: Reads) -> None:
    """Note in `reads` what a code object reads of the past; see `reads_of`."""
    _Reader(code, owner, names, reads).read()


class _Reader:
    def __init__(self, code: CodeType, owner: Any, names: Mapping[str, Any], reads: Reads) -> None:
        self._code, self._owner, self._names, self._reads = code, owner, names, reads
        self._stack: list[Any] = []
        self._locals: dict[str, Any] = {}
        self._words: tuple[str, ...] = ()
        arguments = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
        for name in arguments:
            value = self._plain(names.get(name))
            self._locals[name] = _SELF if name == "self" else _ARGUMENT if value is None else value

    def read(self) -> None:
        for instruction in dis.get_instructions(self._code):
            if instruction.opname not in _QUIET:
                act = getattr(self, f"_on_{instruction.opname.lower()}", None)
                if act is not None:
                    act(instruction)
                else:
                    self._pass(instruction)

    def _push(self, value: Any) -> None:
        self._stack.append(value)

    def _pop(self) -> Any:
        return self._stack.pop() if self._stack else None

    def _pass(self, instruction: dis.Instruction) -> None:
        """Keep the stack as deep as the instruction leaves it; what it put there is unknown."""
        effect = dis.stack_effect(instruction.opcode, instruction.arg, jump=False)
        for _ in range(-effect):
            self._pop()
        self._stack.extend([None] * effect)
        if effect <= 0 and self._stack and not instruction.opname.startswith(("POP", "STORE", "RETURN")):
            self._stack[-1] = None

    def _on_load_const(self, instruction: dis.Instruction) -> None:
        self._push(instruction.argval)

    _on_load_small_int = _on_load_const

    def _on_load_fast(self, instruction: dis.Instruction) -> None:
        names = instruction.argval if isinstance(instruction.argval, tuple) else (instruction.argval,)
        for name in names:
            self._push(self._locals.get(name))

    _on_load_fast_check = _on_load_fast_borrow = _on_load_fast_load_fast = _on_load_fast
    _on_load_fast_borrow_load_fast_borrow = _on_load_fast

    def _on_load_global(self, instruction: dis.Instruction) -> None:
        effect = dis.stack_effect(instruction.opcode, instruction.arg)
        self._stack.extend([None] * (effect - 1))
        self._push(self._plain(self._names.get(instruction.argval)))

    def _on_load_deref(self, instruction: dis.Instruction) -> None:
        name = instruction.argval
        self._push(self._locals[name] if name in self._locals else self._plain(self._names.get(name)))

    def _plain(self, value: Any) -> Any:
        return value if isinstance(value, (int, str)) else None

    def _on_store_fast(self, instruction: dis.Instruction) -> None:
        value = self._pop()
        before = self._locals.get(instruction.argval)
        both = isinstance(value, int) and isinstance(before, int)
        self._locals[instruction.argval] = max(value, before) if both else value

    def _on_load_attr(self, instruction: dis.Instruction) -> None:
        owner = self._pop()
        name = instruction.argval
        value = getattr(self._owner, name, None) if owner == _SELF else None
        number = isinstance(value, int) and not isinstance(value, bool)
        self._push(value if number else _Attribute(owner, name))
        # A method comes with the object it belongs to, or with nothing, above or below it.
        self._stack.extend([None] * dis.stack_effect(instruction.opcode, instruction.arg))

    _on_load_method = _on_load_attr

    def _on_unary_negative(self, _: dis.Instruction) -> None:
        value = self._pop()
        self._push(-value if isinstance(value, int) else None)

    def _on_binary_op(self, instruction: dis.Instruction) -> None:
        right, left = self._pop(), self._pop()
        if instruction.argrepr == "[]":
            return self._subscript(left, right)
        act = _BINARY.get(instruction.argrepr)
        known = act is not None and isinstance(left, int) and isinstance(right, int)
        return self._push(act(left, right) if known and act is not None else None)

    def _on_binary_subscr(self, _: dis.Instruction) -> None:
        index, holder = self._pop(), self._pop()
        self._subscript(holder, index)

    def _subscript(self, holder: Any, index: Any) -> None:
        if isinstance(index, int) and index < 0:
            self._note(holder, -index - 1)
        self._push(holder if isinstance(holder, _Attribute) else None)

    def _on_binary_slice(self, _: dis.Instruction) -> None:
        self._pop()
        first, holder = self._pop(), self._pop()
        self._subscript(holder, first)

    def _on_build_slice(self, instruction: dis.Instruction) -> None:
        parts = [self._pop() for _ in range(instruction.arg or 2)]
        self._push(parts[-1])

    def _on_kw_names(self, instruction: dis.Instruction) -> None:
        self._words = self._code.co_consts[instruction.arg or 0]

    def _on_call_kw(self, instruction: dis.Instruction) -> None:
        self._words = self._pop() or ()
        self._on_call(instruction)

    def _on_call(self, instruction: dis.Instruction) -> None:
        values = [self._pop() for _ in range(instruction.arg or 0)][::-1]
        callee = [self._pop(), self._pop()]
        split = len(values) - len(self._words)
        words = dict(zip(self._words, values[split:], strict=True))
        self._words = ()
        method = next((each for each in callee if isinstance(each, _Attribute)), None)
        if method is not None:
            self._called(method, values[:split], words)
        self._push(None)

    def _called(self, method: _Attribute, values: list[Any], words: dict[str, Any]) -> None:
        if method.name in ("crossed_above", "crossed_below"):
            for line in (method.owner, *values[:1]):
                self._note(line, 1)
        elif method.name == "ago" and values and isinstance(values[0], int):
            self._note(method.owner, values[0])
        elif method.name == "history":
            self._reads.note_history(values, words)
        elif method.owner == _ARGUMENT:
            self._reads.note_study(method.name, values, words)

    def _note(self, holder: Any, bars: int) -> None:
        while isinstance(holder, _Attribute):
            if holder.owner == _SELF:
                self._reads.note_attribute(holder.name, bars)
                return
            holder = holder.owner
