"""Arguments of the language's functions: by every documented name, of wrong kinds, too many and too few."""

from typing import Final

import pytest
from tests.unit.domain.feel.feel_run import outcome, value_of

from comptroller.domain.feel import BUILTINS, Kind
from comptroller.domain.feel.values import Builtin, Overload, Parameter

SAMPLES: Final = {
    Kind.NUMBER: "1", Kind.STRING: '"x"', Kind.BOOLEAN: "true", Kind.DATE: '@"2026-03-27"', Kind.TIME: '@"10:00:00"',
    Kind.DATE_AND_TIME: '@"2026-03-27T10:00:00Z"', Kind.DAYS_DURATION: '@"PT1H"', Kind.MONTHS_DURATION: '@"P1Y"',
    Kind.LIST: "[1, 2]", Kind.CONTEXT: "{a: 1}", Kind.RANGE: "[1..3]", Kind.FUNCTION: "function(x, y) x < y",
    Kind.NULL: "null",
}  # fmt: skip
OVERLOADS: Final = [
    pytest.param(builtin, overload, id=f"{builtin.name}({', '.join(each.name for each in overload.parameters)})")
    for builtin in BUILTINS.values()
    for overload in builtin.overloads
]  # fmt: skip


def _fitting(parameter: Parameter) -> str:
    return SAMPLES[min(parameter.kinds)] if parameter.kinds else "1"


@pytest.mark.parametrize(("builtin", "overload"), OVERLOADS)
def test_names_are_those_of_the_places(builtin: Builtin, overload: Overload) -> None:
    values = [_fitting(parameter) for parameter in overload.parameters]
    named = [f"{parameter.name}: {value}" for parameter, value in zip(overload.parameters, values, strict=True)]
    by_place = outcome(f"{builtin.name}({', '.join(values)})")
    assert outcome(f"{builtin.name}({', '.join(named)})") == by_place
    assert outcome(f"{builtin.name}({', '.join(reversed(named))})") == by_place
    assert not {"FEEL-CALL-02", "FEEL-CALL-03"} & set(by_place[1])


@pytest.mark.parametrize(("builtin", "overload"), OVERLOADS)
def test_unknown_name_is_null(builtin: Builtin, overload: Overload) -> None:
    named = [f"{parameter.name}: {_fitting(parameter)}" for parameter in overload.parameters]
    assert outcome(f"{builtin.name}({', '.join([*named, 'nobody: 1'])})") == (None, ["FEEL-CALL-02"])


def _converts(parameter: Parameter, kind: Kind) -> bool:
    if kind is Kind.NULL:
        return parameter.optional or parameter.nullable
    return Kind.LIST in parameter.kinds or (kind is Kind.DATE and Kind.DATE_AND_TIME in parameter.kinds)


@pytest.mark.parametrize(("builtin", "overload"), OVERLOADS)
def test_wrong_kinds_are_null(builtin: Builtin, overload: Overload) -> None:
    for place, parameter in enumerate(overload.parameters):
        others = [other.parameters[place] for other in builtin.overloads if place < len(other.parameters)]
        for kind, sample in SAMPLES.items():
            if any(not other.kinds or kind in other.kinds or _converts(other, kind) for other in (parameter, *others)):
                continue
            arguments = [_fitting(other) for other in overload.parameters]
            arguments[place] = sample
            assert outcome(f"{builtin.name}({', '.join(arguments)})") == (None, ["FEEL-CALL-03"]), kind


@pytest.mark.parametrize(
    "text",
    [
        pytest.param('substring(["invoice"], [3], [5])', id="lists of one for their items"),
        pytest.param('string join("voice", "")', id="a string for a list of one"),
        pytest.param('substring(string: "invoice", start position: 3)', id="the last left out"),
        pytest.param('substring("invoice", 3, null)', id="the last null"),
        pytest.param('replace("voice", "x", "y", flags)', id="flags that are null"),
    ],
)
def test_arguments_that_fit(text: str) -> None:
    assert value_of(text, flags=None) == "voice"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        pytest.param("sum([[1, 2]])", None, id="a list of a list is not converted for a function of lists"),
        pytest.param("abs([-1])", 1, id="a list of one number"),
        pytest.param("abs([-1, -2])", None, id="a list of two"),
        pytest.param("abs([])", None, id="a list of none"),
        pytest.param("abs([null])", None, id="a list of null"),
        pytest.param("count([[1, 2]])", 1, id="a list stays where a list is wanted"),
        pytest.param('is(date and time(@"2026-03-27", "Etc/UTC").year, 2026)', True, id="a day for its midnight"),
        pytest.param("is(value1: null)", True, id="by name, what may be null may be left out"),
    ],
)  # fmt: skip
def test_conversion_of_arguments(text: str, value: object) -> None:
    assert value_of(text) == value
