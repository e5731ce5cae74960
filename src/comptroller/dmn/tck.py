"""Running the OMG's DMN Technology Compatibility Kit, and counting what passes.

The kit's own runner takes numbers for equal within 1e-8, so a pass here means the same; how many results are equal to
the last digit is counted beside it. A null is easily answered by an engine that understands nothing: what expects
another value is counted by itself.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from datetime import datetime
from decimal import Decimal
from itertools import groupby
from pathlib import Path
from typing import Final

from comptroller.adapters.dmn_tck import Case, Expectation, Models, TestFile, Unread, test_files
from comptroller.dmn.loading import load
from comptroller.domain.decisions import Model
from comptroller.domain.feel import Value
from comptroller.domain.feel.text import literal_text

TOLERANCE: Final = Decimal("1e-8")


@dataclass(frozen=True, slots=True)
class NodeResult:
    """What came of one result node; `complaint` is empty for one that passed, `exact` says that no digit differs."""

    expects_null: bool
    complaint: str
    exact: bool


@dataclass(frozen=True, slots=True)
class CaseResult:
    """What came of one test case."""

    directory: Path
    file: Path
    id: str
    nodes: tuple[NodeResult, ...]

    @property
    def passed(self) -> bool:
        """Whether every result node did."""
        return not any(node.complaint for node in self.nodes)

    @property
    def expects_null(self) -> bool:
        """Whether nothing but null is expected."""
        return all(node.expects_null for node in self.nodes)


@dataclass(frozen=True, slots=True)
class Counts:
    """Passes and totals of test cases and result nodes; `valued` are those that expect another value than null."""

    cases_passed: int = 0
    cases_total: int = 0
    nodes_passed: int = 0
    nodes_total: int = 0
    valued_cases_passed: int = 0
    valued_cases_total: int = 0
    valued_nodes_passed: int = 0
    valued_nodes_total: int = 0
    nodes_exact: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(*(getattr(self, field.name) + getattr(other, field.name) for field in fields(Counts)))

    @classmethod
    def of(cls, cases: Iterable[CaseResult]) -> "Counts":
        """Count the cases and their nodes."""
        cases = list(cases)
        nodes = [node for case in cases for node in case.nodes]
        valued = [node for node in nodes if not node.expects_null]
        return cls(
            cases_passed=sum(case.passed for case in cases),
            cases_total=len(cases),
            nodes_passed=sum(not node.complaint for node in nodes),
            nodes_total=len(nodes),
            valued_cases_passed=sum(case.passed for case in cases if not case.expects_null),
            valued_cases_total=sum(not case.expects_null for case in cases),
            valued_nodes_passed=sum(not node.complaint for node in valued),
            valued_nodes_total=len(valued),
            nodes_exact=sum(node.exact for node in nodes),
        )


@dataclass(frozen=True, slots=True)
class DirectoryResult:
    """What came of one directory: its name below the one that was run, its cases, and the files that are no tests."""

    name: str
    cases: tuple[CaseResult, ...]
    unread: tuple[tuple[Path, str], ...]

    @property
    def counts(self) -> Counts:
        """The directory's numbers."""
        return Counts.of(self.cases)


def run(directory: Path, now: datetime | None = None) -> Iterator[DirectoryResult]:
    """Run every test file of the kit, of a level of it, or of one of its directories, directory by directory."""
    for parent, files in groupby(test_files(directory), lambda file: file.path.parent):
        models = Models(parent)
        cases: list[CaseResult] = []
        unread: list[tuple[Path, str]] = []
        for file in files:
            if file.fault:
                unread.append((file.path, file.fault))
            cases += _file_results(file, models, now)
        name = parent.resolve().name if parent == directory else parent.relative_to(directory).as_posix()
        yield DirectoryResult(name, tuple(cases), tuple(unread))


def _file_results(file: TestFile, models: Models, now: datetime | None) -> Iterator[CaseResult]:
    path = models.find(file.model_name, file.path)
    model, trouble = None, f"the model `{file.model_name}` is not there"
    if path is not None:
        try:
            model = load(path, models.imported(path))
        except Exception as defect:  # noqa: BLE001 - a kit is run to learn what fails, defects of the engine included
            trouble = f"the model `{path.name}` cannot be loaded: {defect!r}"
    for case in file.cases:
        nodes = tuple(
            NodeResult(_expects_null(node), trouble, exact=False)
            if model is None
            else _node_result(model, case, node, now)
            for node in case.expected
        )
        yield CaseResult(file.path.parent, file.path, case.id, nodes)


def _expects_null(expected: Expectation) -> bool:
    return expected.is_error or expected.value is None


def _node_result(model: Model, case: Case, expected: Expectation, now: datetime | None) -> NodeResult:
    is_null = _expects_null(expected)
    wanted = None if is_null else expected.value
    for name, given in (*case.inputs.items(), (expected.node, wanted)):
        if isinstance(given, Unread):
            return NodeResult(is_null, f"{name}: {given.reason}", exact=False)
    assert not isinstance(wanted, Unread)
    try:
        value = _answer(model, case, expected.node, now)
    except Exception as defect:  # noqa: BLE001 - as above
        return NodeResult(is_null, f"{expected.node}: {defect!r}", exact=False)
    if same(wanted, value, TOLERANCE):
        return NodeResult(is_null, "", exact=same(wanted, value, Decimal(0)))
    return NodeResult(is_null, f"{expected.node}: expected {_shown(wanted)}, got {_shown(value)}", exact=False)


def _answer(model: Model, case: Case, node: str, now: datetime | None) -> Value:
    """Ask for a result node: a decision, or one of the outputs of what the case invokes."""
    inputs = {name: value for name, value in case.inputs.items() if not isinstance(value, Unread)}
    invocable = case.invocable or ("" if node in model.decision_names else node)
    if not invocable:
        return model.decide(node, inputs, now).value
    value = model.invoke(invocable, inputs, now).value
    several = invocable in model.service_names and len(model.output_names(invocable)) > 1
    return value.get(node) if several and isinstance(value, dict) and node != invocable else value


def same(expected: Value, value: Value, tolerance: Decimal) -> bool:
    """Compare as the kit does: numbers within a tolerance, everything else exactly and of one type."""
    if isinstance(expected, Decimal) and isinstance(value, Decimal):
        return expected == value or (bool(tolerance) and abs(expected - value) <= tolerance)
    if isinstance(expected, list):
        return (
            isinstance(value, list)
            and len(expected) == len(value)
            and all(same(wanted, item, tolerance) for wanted, item in zip(expected, value, strict=True))
        )
    if isinstance(expected, dict):
        return (
            isinstance(value, dict)
            and expected.keys() == value.keys()
            and all(same(wanted, value[name], tolerance) for name, wanted in expected.items())
        )
    return expected.__class__ is value.__class__ and expected == value


def _shown(value: Value) -> str:
    text = literal_text(value)
    return text if len(text) <= 120 else text[:117] + "..."
