"""Runs a pattern's program over a text.

The ways through the program wait on a stack, the preferred one on top. The set of places (instruction, position) that
were tried is kept from one start to the next: what failed there once fails there always. Only a pattern that refers
back to its groups depends on more than the place, and remembers what the groups had caught as well; what they caught is
copied and compared whole, so that a pattern of many groups pays more for a step.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from comptroller.domain.feel.patterns.program import Program, Step

Charge = Callable[[int], None]
"""Pays for steps; raises where there is nothing left to pay with."""

_STEPS_AT_ONCE: Final = 64
_PRICE: Final = 2
_SLOTS_PER_STEP: Final = 16


@dataclass(frozen=True, slots=True)
class Match:
    """Where a pattern matched: bounds of the whole and of each group, -1 where a group caught nothing."""

    text: str
    slots: tuple[int, ...]

    @property
    def start(self) -> int:
        """Where the match begins."""
        return self.slots[0]

    @property
    def end(self) -> int:
        """Where the match ends."""
        return self.slots[1]

    def group(self, number: int) -> str:
        """Give what a group caught; group 0 is the whole; empty when it caught nothing."""
        first, last = self.slots[2 * number : 2 * number + 2]
        return self.text[first:last] if first >= 0 and last >= 0 else ""


def search(program: Program, text: str, charge: Charge, start: int = 0) -> Match | None:
    """Find the first match at or after a position."""
    tried: set[object] = set()
    for begin in range(start, len(text) + 1):
        slots = _run(program, text, begin, tried, charge)
        if slots is not None:
            return Match(text, slots)
    return None


def find_all(program: Program, text: str, charge: Charge) -> Iterator[Match]:
    """Find the matches one behind the other; the pattern must not match the empty text."""
    position = 0
    while (match := search(program, text, charge, position)) is not None:
        yield match
        position = match.end


def _run(  # noqa: C901  # one loop over the instructions; taken apart it would be several times slower
    program: Program, text: str, begin: int, tried: set[object], charge: Charge
) -> tuple[int, ...] | None:
    instructions, length = program.instructions, len(text)
    waiting: list[tuple[int, int, tuple[int, ...]]] = [(0, begin, (-1,) * (2 * program.groups + 2))]
    copying = 2 * program.groups // _SLOTS_PER_STEP
    price = 1 + (copying if program.refers_back else 0)
    steps = 0
    while waiting:
        place, position, slots = waiting.pop()
        while True:
            steps += price
            if steps >= _STEPS_AT_ONCE:
                charge(steps * _PRICE)
                steps = 0
            key: object = (place, position, slots) if program.refers_back else place * (length + 1) + position
            if key in tried:
                break
            tried.add(key)
            instruction = instructions[place]
            place += 1
            match instruction.step:
                case Step.TAKE:
                    if position >= length or not instruction.test(text[position]):
                        break
                    position += 1
                case Step.FORK:
                    waiting.append((instruction.second, position, slots))
                    place = instruction.first
                case Step.JUMP:
                    place = instruction.first
                case Step.SAVE:
                    slot = instruction.first
                    slots = (*slots[:slot], position, *slots[slot + 1 :])
                    steps += copying
                case Step.BEGIN:
                    begins_line = program.multiline and position < length and text[position - 1] == "\n"
                    if position and not begins_line:
                        break
                case Step.END:
                    if position < length and not (program.multiline and text[position] == "\n"):
                        break
                case Step.REPEAT:
                    caught = _caught(text, slots, instruction.first)
                    piece = text[position : position + len(caught)]
                    if piece != caught and not (program.ignores_case and piece.lower() == caught.lower()):
                        break
                    position += len(caught)
                case Step.ACCEPT:
                    charge(steps * _PRICE)
                    return slots
    charge(steps * _PRICE)
    return None


def _caught(text: str, slots: tuple[int, ...], number: int) -> str:
    first, last = slots[2 * number : 2 * number + 2]
    return text[first:last] if first >= 0 and last >= 0 else ""
