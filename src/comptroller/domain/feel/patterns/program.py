"""Reads a pattern and turns it into the program that the matcher runs.

Each form becomes a few instructions: `take` a character, `fork` to two places in order of preference, `jump`, `save` a
position, look at a line's `begin` or `end`, `repeat` what a group caught, `accept`. Counted repetition is written out,
within a limit on the size of the program.
"""

from dataclasses import dataclass
from enum import Enum, auto
from functools import lru_cache
from typing import Final

from comptroller.domain.feel.patterns import characters
from comptroller.domain.feel.patterns.characters import Test

INSTRUCTIONS_MAX: Final = 5_000
"""Instructions of one pattern: `(a{50}){50}` fits, repetitions that multiply further do not."""

PATTERN_CHARACTERS_MAX: Final = 1_000
"""Characters of one pattern."""

DEPTH_MAX: Final = 50
"""Nesting of groups."""

_REPEATS_MAX: Final = 1_000


class PatternError(ValueError):
    """A pattern that cannot be read, or is too large; with how many instructions had been made of it."""

    instructions = 0


class Step(Enum):
    """What an instruction does; a closed list."""

    TAKE = auto()
    FORK = auto()
    JUMP = auto()
    SAVE = auto()
    BEGIN = auto()
    END = auto()
    REPEAT = auto()
    ACCEPT = auto()


@dataclass(slots=True)
class Instruction:
    """One instruction; `first` and `second` are places in the program, or the number of a group or a slot."""

    step: Step
    first: int = 0
    second: int = 0
    test: Test = characters.anything


@dataclass(frozen=True, slots=True)
class Program:
    """A compiled pattern."""

    instructions: tuple[Instruction, ...]
    groups: int
    multiline: bool
    ignores_case: bool
    refers_back: bool


@lru_cache(maxsize=128)
def compile_pattern(pattern: str, flags: str = "") -> Program:
    """Compile a pattern; what cannot be read raises `PatternError`."""
    if len(pattern) > PATTERN_CHARACTERS_MAX:
        raise PatternError(f"a pattern has at most {PATTERN_CHARACTERS_MAX} characters")
    if set(flags) - set("smixq"):
        raise PatternError(f"`{flags[:20]}` are no flags; they are of `s`, `m`, `i`, `x`, `q`")
    reader = _Reader(pattern, flags)
    try:
        reader.whole()
    except PatternError as error:
        error.instructions = len(reader.made)
        raise
    return Program(tuple(reader.made), reader.groups, "m" in flags, "i" in flags, reader.refers_back)


class _Reader:
    """Reads a pattern by recursive descent and emits instructions on the way."""

    def __init__(self, pattern: str, flags: str) -> None:
        self._pattern = pattern
        self._flags = frozenset(flags)
        self._place = 0
        self._depth = 0
        self._closed: set[int] = set()
        self.groups = 0
        self.refers_back = False
        self.made: list[Instruction] = []

    def whole(self) -> None:
        """Read everything; slots 0 and 1 hold the bounds of the match."""
        self._emit(Step.SAVE, 0)
        if "q" in self._flags:
            for character in self._pattern:
                self._emit_test(self._literal(character))
        else:
            self._alternatives()
            if self._place < len(self._pattern):
                raise PatternError(f"`{self._pattern[self._place]}` at {self._place} closes nothing")
        self._emit(Step.SAVE, 1)
        self._emit(Step.ACCEPT)

    def _emit(self, step: Step, first: int = 0, second: int = 0) -> Instruction:
        instruction = Instruction(step, first, second)
        self.made.append(instruction)
        if len(self.made) > INSTRUCTIONS_MAX:
            raise PatternError("the pattern repeats too much")
        return instruction

    def _emit_test(self, test: Test) -> None:
        self._emit(Step.TAKE).test = test

    def _literal(self, character: str) -> Test:
        return characters.literal_in_any_case(character) if "i" in self._flags else characters.literal(character)

    def _peek(self) -> str:
        if "x" in self._flags:
            while self._place < len(self._pattern) and self._pattern[self._place] in " \t\n\r":
                self._place += 1
        return self._pattern[self._place] if self._place < len(self._pattern) else ""

    def _next(self) -> str:
        if self._place >= len(self._pattern):
            raise PatternError("the pattern ends too early")
        self._place += 1
        return self._pattern[self._place - 1]

    def _alternatives(self) -> None:
        self._depth += 1
        if self._depth > DEPTH_MAX:
            raise PatternError(f"groups nest deeper than {DEPTH_MAX}")
        ends: list[Instruction] = []
        while True:
            start = len(self.made)
            self._branch()
            if self._peek() != "|":
                break
            self._next()
            self._insert(start, Instruction(Step.FORK, start + 1, len(self.made) + 2))
            ends.append(self._emit(Step.JUMP))
        for end in ends:
            end.first = len(self.made)
        self._depth -= 1

    def _insert(self, at: int, instruction: Instruction) -> None:
        """Put an instruction before others and move their targets along."""
        self.made.insert(at, instruction)
        for moved in self.made[at + 1 :]:
            _shift(moved, 1)

    def _branch(self) -> None:
        while self._peek() not in {"", "|", ")"}:
            start, groups = len(self.made), self.groups
            self._atom()
            self._quantified(start, groups)

    def _quantified(self, start: int, groups: int) -> None:
        least, most = self._quantifier()
        if (least, most) == (1, 1):
            return
        greedy = self._peek() != "?"
        if not greedy:
            self._next()
        body = self.made[start:]
        del self.made[start:]
        if self.groups == groups and not body:
            return
        for _ in range(least):
            self._copy(body, start)
        if most is None:
            self._loop(body, start, greedy=greedy)
            return
        inside: list[int] = []
        for _ in range(most - least):
            self._emit(Step.FORK)
            inside.append(len(self.made))
            self._copy(body, start)
        after = len(self.made)
        for place in inside:
            fork = self.made[place - 1]
            fork.first, fork.second = (place, after) if greedy else (after, place)

    def _loop(self, body: list[Instruction], start: int, *, greedy: bool) -> None:
        place = len(self.made)
        fork = self._emit(Step.FORK)
        self._copy(body, start)
        self._emit(Step.JUMP, place)
        inside, after = place + 1, len(self.made)
        fork.first, fork.second = (inside, after) if greedy else (after, inside)

    def _copy(self, body: list[Instruction], start: int) -> None:
        distance = len(self.made) - start
        for instruction in body:
            copied = self._emit(instruction.step, instruction.first, instruction.second)
            copied.test = instruction.test
            _shift(copied, distance)

    def _quantifier(self) -> tuple[int, int | None]:
        match self._peek():
            case "?":
                self._next()
                return 0, 1
            case "*":
                self._next()
                return 0, None
            case "+":
                self._next()
                return 1, None
            case "{":
                self._next()
                return self._counts()
        return 1, 1

    def _counts(self) -> tuple[int, int | None]:
        written, brace, rest = self._pattern[self._place :].partition("}")
        least, comma, most = written.partition(",")
        if not brace or not least.isdecimal() or not (most.isdecimal() or not most) or not written.isascii():
            raise PatternError(f"`{{{written[:20]}` is no number of repetitions")
        self._place = len(self._pattern) - len(rest)
        low = int(least)
        high = low if not comma else int(most) if most else None
        if low > _REPEATS_MAX or (high is not None and not low <= high <= _REPEATS_MAX):
            raise PatternError(f"repetitions are at most {_REPEATS_MAX}, and in order")
        return low, high

    def _atom(self) -> None:
        character = self._next()
        match character:
            case "(":
                self._group()
            case "[":
                self._emit_test(self._class())
            case ".":
                self._emit_test(characters.anything if "s" in self._flags else characters.in_line)
            case "^":
                self._emit(Step.BEGIN)
            case "$":
                self._emit(Step.END)
            case "\\":
                self._escape()
            case "?" | "*" | "+" | "{" | "}" | "]":
                raise PatternError(f"`{character}` at {self._place - 1} stands for nothing")
            case _:
                self._emit_test(self._literal(character))

    def _group(self) -> None:
        if self._pattern.startswith("?:", self._place):
            self._place += 2
            self._alternatives()
        else:
            self.groups += 1
            number = self.groups
            self._emit(Step.SAVE, 2 * number)
            self._alternatives()
            self._emit(Step.SAVE, 2 * number + 1)
            self._closed.add(number)
        if self._peek() != ")":
            raise PatternError("a group is not closed")
        self._next()

    def _escape(self) -> None:
        if self._peek().isdecimal() and self._peek() != "0":
            number = int(self._next())
            while self._peek().isdecimal() and number * 10 + int(self._peek()) in self._closed:
                number = number * 10 + int(self._next())
            if number not in self._closed:
                raise PatternError(f"there is no group {number} before `\\{number}`")
            self.refers_back = True
            self._emit(Step.REPEAT, number)
        else:
            self._emit_test(self._escaped())

    def _escaped(self) -> Test:
        character = self._next()
        if character in characters.PLAIN:
            return self._literal(characters.PLAIN[character])
        known = characters.SETS.get(character.lower())
        if known is not None:
            return known if character.islower() else characters.none_of(known)
        if character in "pP" and self._next() == "{":
            name, brace, rest = self._pattern[self._place :].partition("}")
            test = characters.category(name) if brace else None
            if test is not None:
                self._place = len(self._pattern) - len(rest)
                return test if character == "p" else characters.none_of(test)
        raise PatternError(f"`\\{character}` is no escape")

    def _class(self) -> Test:
        """Read a class after its `[`."""
        self._depth += 1
        if self._depth > DEPTH_MAX:
            raise PatternError(f"classes nest deeper than {DEPTH_MAX}")
        negated = self._pattern.startswith("^", self._place)
        self._place += negated
        tests: list[Test] = []
        removed: Test | None = None
        while removed is None and (not tests or not self._pattern.startswith("]", self._place)):
            if tests and self._pattern.startswith("-[", self._place):
                self._place += 2
                removed = self._class()
            else:
                tests.append(self._class_item())
        if self._next() != "]":
            raise PatternError("nothing follows what is taken from a class")
        self._depth -= 1
        test = characters.one_of(tuple(tests))
        test = characters.none_of(test) if negated else test
        return test if removed is None else characters.without(test, removed)

    def _class_item(self) -> Test:
        first = self._class_character()
        if not isinstance(first, str):
            return first
        follows = self._pattern[self._place : self._place + 2]
        if len(follows) < 2 or follows[0] != "-" or follows[1] in "[]":
            return self._literal(first)
        self._place += 1
        last = self._class_character()
        if not isinstance(last, str) or last < first:
            raise PatternError("a class has a span that is none")
        if "i" in self._flags:
            return characters.span_in_any_case(first, last)
        return characters.span(first, last)

    def _class_character(self) -> str | Test:
        character = self._next()
        if character != "\\":
            if character in "[]":
                raise PatternError(f"`{character}` in a class wants a `\\` before it")
            return character
        escaped = self._pattern[self._place : self._place + 1]
        if escaped in characters.PLAIN:
            self._place += 1
            return characters.PLAIN[escaped]
        return self._escaped()


def _shift(instruction: Instruction, distance: int) -> None:
    if instruction.step is Step.FORK:
        instruction.first += distance
        instruction.second += distance
    elif instruction.step is Step.JUMP:
        instruction.first += distance
