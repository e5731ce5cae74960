"""`docs/feel.md` and the engine say the same: every example is true, every signature and every diagnostic is there."""

import re
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import pytest

from comptroller.domain import feel
from comptroller.domain.feel import BUILTINS, Evaluation, compile_expression, tree
from comptroller.domain.feel.builtins.signature import POINT
from comptroller.domain.feel.names import layer
from comptroller.domain.feel.parser import Vocabulary, read
from comptroller.domain.feel.values import Builtin, Overload
from comptroller.domain.kernel import limits

ROOT: Final = Path(__file__).parents[4]
PAGE: Final = (ROOT / "docs" / "feel.md").read_text("utf-8")
EXAMPLES: Final = [line for block in re.findall(r"```feel\n(.*?)```", PAGE, re.DOTALL) for line in block.splitlines()]
SIGNATURE: Final = re.compile(r"^- `((.+?)\(.*\))`$", re.MULTILINE)
CODE: Final = re.compile(r"FEEL-([A-Z]+)-(\d\d)((?:, -\d\d)*)")
NOW: Final = datetime(2026, 3, 27, 8, tzinfo=UTC)


def _signature(builtin: Builtin, overload: Overload) -> str:
    written = []
    for number, parameter in enumerate(overload.parameters, start=1):
        kinds = "point" if parameter.kinds == POINT else " or ".join(sorted(parameter.kinds)) or "Any"
        repeats = "..." if overload.variadic and number == len(overload.parameters) else ""
        null = " or null" if parameter.nullable and parameter.kinds else ""
        written.append(f"{parameter.name}{repeats}{'?' if parameter.optional else ''}: {kinds}{null}")
    return f"{builtin.name}({', '.join(written)})"


@pytest.mark.parametrize("text", EXAMPLES)
def test_example_is_true(text: str) -> None:
    expression = compile_expression(text)
    assert expression.faults == ()
    assert expression.evaluate({}, Evaluation(NOW)) is True


def test_every_signature_is_on_the_page_and_no_other() -> None:
    written = [match[1] for match in SIGNATURE.finditer(PAGE)]
    assert sorted(written) == sorted(
        _signature(builtin, overload) for builtin in BUILTINS.values() for overload in builtin.overloads
    )


def test_every_function_has_an_example() -> None:
    called = set()
    for text in EXAMPLES:
        pending = [node for node in (read(text, Vocabulary(), layer(BUILTINS), unary=False)[0],) if node is not None]
        while pending:
            node = pending.pop()
            if isinstance(node, tree.Call) and isinstance(node.callee, tree.Name):
                called.add(node.callee.name)
            pending += tree.children(node)
    assert called >= BUILTINS.keys()


def test_function_stands_under_its_clause() -> None:
    for section in re.split(r"^### ", PAGE, flags=re.MULTILINE)[1:]:
        clause = re.search(r"\((10\.3\.4\.\d+)\)", section)
        assert clause is not None
        for match in SIGNATURE.finditer(section):
            for overload in BUILTINS[match[2]].overloads:
                source = sys.modules[overload.call.__module__].__doc__ or ""
                assert re.search(rf"{re.escape(clause[1])}\b", source), match[2]


def test_diagnostics_are_those_of_the_code() -> None:
    sources = Path(feel.__file__).parent.rglob("*.py")
    used = {found for source in sources for found in re.findall(r'"(FEEL-[A-Z]+-\d\d)"', source.read_text("utf-8"))}
    written = set()
    for area, first, more in CODE.findall(PAGE):
        written |= {f"FEEL-{area}-{number}" for number in [first, *re.findall(r"\d\d", more)]}
    assert written == used


def test_limits_are_those_of_the_code() -> None:
    rows = dict(re.findall(r"^\| (FEEL-LIMIT-\d\d) \|.*?(\d[\d,]*\d)", PAGE, re.MULTILINE))
    assert rows == {
        "FEEL-LIMIT-01": f"{limits.FEEL_CHARACTERS_MAX:,}",
        "FEEL-LIMIT-02": f"{limits.FEEL_DEPTH_MAX:,}",
        "FEEL-LIMIT-03": f"{limits.FEEL_ITERATIONS_MAX:,}",
        "FEEL-LIMIT-04": f"{feel.evaluation.CALLS_MAX:,}",
        "FEEL-LIMIT-05": f"{feel.evaluation.TEXT_CHARACTERS_MAX:,}",
    }
