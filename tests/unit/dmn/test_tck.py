"""Running a kit: what passes, what fails and why, and nothing that a kit holds ends the run."""

from decimal import Decimal
from pathlib import Path

import pytest
from tests.unit.adapters.dmn_tck.kit import FAILING, PASSING, VALUES, write_kit

from comptroller.dmn import tck
from comptroller.domain.feel import Value


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tck.DirectoryResult]:
    return {result.name: result for result in tck.run(write_kit(tmp_path_factory.mktemp("kit")))}


def complaints(results: dict[str, tck.DirectoryResult], file: str) -> dict[str, list[str]]:
    cases = [case for result in results.values() for case in result.cases if case.file.name == file]
    return {case.id: [node.complaint for node in case.nodes if node.complaint] for case in cases}


def test_every_form_of_a_value_is_given_and_expected_alike(results: dict[str, tck.DirectoryResult]) -> None:
    assert complaints(results, "a.xml") == {name: [] for name in VALUES}


def test_what_is_right_passes(results: dict[str, tck.DirectoryResult]) -> None:
    found = complaints(results, "b-passing.xml")
    assert len(found) == len(PASSING)
    assert not any(found.values())


def test_what_is_wrong_fails_and_says_what_it_was(results: dict[str, tck.DirectoryResult]) -> None:
    assert complaints(results, "c-failing.xml") == {
        "unequal": ["echo: expected 5, got 4"],
        "another type": ['echo: expected 4, got "4"'],
        "another length": ['echo: expected ["a"], got []'],
        "another entry": ['echo: expected {b: "x"}, got {a: "x"}'],
        "outside the tolerance": ["third: expected 0.33333331, got 0.3333333333333333333333333333333333"],
        "unequal (2)": ["echo: expected null, got 4"],
        "no number": ["value: `four` is no number"],
        "no day": ["third: `today` is no date that is read here"],
        "not finite": ["third: `NaN` is no number of FEEL"],
    }


def test_counts_tell_nulls_and_exact_results_apart(results: dict[str, tck.DirectoryResult]) -> None:
    nulls_given = 3  # null, null as a list, nothing
    counts = results["level/1-spend"].counts
    total = len(VALUES) + len(PASSING) + len(FAILING)
    passed = len(VALUES) + len(PASSING)
    assert (counts.cases_passed, counts.cases_total) == (passed, total)
    assert (counts.nodes_passed, counts.nodes_total) == (passed, total)  # one case has two, one none
    # null is also expected of `error`, `no expectation` and, failing, of the second `unequal`
    assert (counts.valued_nodes_passed, counts.valued_nodes_total) == (
        passed - nulls_given - 2,
        total - nulls_given - 3,
    )
    # so it is of the case without a result node
    assert (counts.valued_cases_passed, counts.valued_cases_total) == (
        passed - nulls_given - 3,
        total - nulls_given - 4,
    )
    assert counts.nodes_exact == passed - 1


def test_what_cannot_be_run_is_told(results: dict[str, tck.DirectoryResult]) -> None:
    other = results["level/2-library"]
    assert complaints(results, "library-test-01.xml") == {"1": []}
    assert complaints(results, "gone.xml") == {"1": ["the model `gone.dmn` is not there"]}
    assert [(path.name, bool(fault)) for path, fault in other.unread] == [("broken.xml", True)]


@pytest.mark.parametrize("below", ["level", "level/2-library"], ids=["a level", "one directory"])
def test_a_part_of_the_kit_is_run_by_itself(tmp_path: Path, below: str) -> None:
    part = write_kit(tmp_path) / below
    names = [result.name for result in tck.run(part)]
    assert names == (["1-spend", "2-library"] if below == "level" else ["2-library"])


@pytest.mark.parametrize(
    ("value", "within", "exactly"),
    [
        pytest.param(Decimal("1.00000001"), True, False, id="at the tolerance"),
        pytest.param(Decimal("1.000000011"), False, False, id="beyond it"),
        pytest.param(Decimal("1.00"), True, True, id="the same with other digits"),
        pytest.param(True, False, False, id="a truth is no number"),
        pytest.param([Decimal("1.000000001")], False, False, id="a list is no number"),
    ],
)
def test_numbers_are_compared_as_the_kit_does_and_exactly(value: Value, within: bool, exactly: bool) -> None:
    assert tck.same(Decimal(1), value, tck.TOLERANCE) is within
    assert tck.same(Decimal(1), value, Decimal(0)) is exactly
