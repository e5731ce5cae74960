"""A state's JSON form: small, canonical, and read back to the same state with values of the same types."""

from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comptroller.domain.feel import (
    DaysDuration,
    FarDate,
    FarDateAndTime,
    FineTime,
    MonthsDuration,
    Range,
    Value,
    admit,
)
from comptroller.domain.feel.value_json import value_from_json, value_to_json
from comptroller.domain.kernel.canonical_json import decode, encode
from comptroller.domain.workflow import State, Status, Token
from comptroller.domain.workflow.state import Done, Inside, Tasks, Timer, with_values


@pytest.mark.parametrize(
    ("value", "text"),
    [
        pytest.param(None, "null", id="null"),
        pytest.param(True, "true", id="true is not one"),
        pytest.param("7", '"7"', id="a text of digits"),
        pytest.param(7, "7", id="an int"),
        pytest.param(Decimal(7), "7", id="a whole number"),
        pytest.param(Decimal("7.50"), '{"@number":"7.50"}', id="trailing zeros"),
        pytest.param(Decimal("-0"), '{"@number":"-0"}', id="negative zero"),
        pytest.param(Decimal(2**53), '{"@number":"9007199254740992"}', id="too large for a JSON integer"),
        pytest.param(Decimal("1E+3"), '{"@number":"1E+3"}', id="an exponent"),
        pytest.param(date(2026, 3, 27), '{"@date":"2026-03-27"}', id="a date"),
        pytest.param(
            datetime.fromisoformat("2026-03-27T08:00:00"),
            '{"@date-time":"2026-03-27T08:00:00"}',
            id="a local date and time",
        ),
        pytest.param(
            datetime(2026, 3, 27, 8, tzinfo=ZoneInfo("Europe/Berlin")),
            '{"@date-time":"2026-03-27T08:00:00@Europe/Berlin"}',
            id="a date and time in a named zone",
        ),
        pytest.param(
            datetime(2026, 3, 27, 8, tzinfo=timezone(timedelta(hours=2))),
            '{"@date-time":"2026-03-27T08:00:00+02:00"}',
            id="a date and time with an offset",
        ),
        pytest.param(time(8, tzinfo=UTC), '{"@time":"08:00:00+00:00"}', id="a time"),
        pytest.param(FineTime(time(8), 1), '{"@far":"08:00:00.000000001"}', id="a time finer than a microsecond"),
        pytest.param(FarDate(12026, 3, 27), '{"@far":"12026-03-27"}', id="a day after the year 9999"),
        pytest.param(
            FarDateAndTime(date(2026, 3, 27), FineTime(time(8, tzinfo=ZoneInfo("Europe/Berlin")), 1)),
            '{"@far":"2026-03-27T08:00:00.000000001@Europe/Berlin"}',
            id="a date and time finer than a microsecond",
        ),
        pytest.param(DaysDuration(Decimal("0.5")), '{"@days":"0.5"}', id="a duration"),
        pytest.param(MonthsDuration(-2), '{"@months":-2}', id="a duration of months"),
        pytest.param([1, []], "[1,[]]", id="a list in a list"),
        pytest.param({"a": {"b": None}}, '{"a":{"b":null}}', id="a context in a context"),
        pytest.param({"@date": "x"}, '{"@context":{"@date":"x"}}', id="a context that looks like a date"),
        pytest.param({"@context": {}}, '{"@context":{"@context":{}}}', id="a context that looks wrapped"),
        pytest.param({"@a": 1, "@b": 2}, '{"@a":1,"@b":2}', id="a context of two such names"),
    ],
)
def test_a_value_is_stored_and_read(value: Value, text: str) -> None:
    stored = encode(value_to_json(value))
    assert stored.decode() == text
    read = value_from_json(decode(stored))
    assert read == value
    assert str(read) == str(admit(value))


def test_what_only_a_decision_can_hold_is_a_defect() -> None:
    with pytest.raises(TypeError, match="Range"):
        value_to_json(Range(1, 2, start_included=True, end_included=True))


VALUES: st.SearchStrategy[Value] = st.recursive(
    st.none()
    | st.booleans()
    | st.text(max_size=5)
    | st.decimals(allow_nan=False, allow_infinity=False)
    | st.dates()
    | st.datetimes(timezones=st.none() | st.just(UTC))
    | st.times(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(max_size=3) | st.sampled_from(["@date", "@context", "@number"]), inner, max_size=2)
    ),
    max_leaves=8,
)

INSTANTS = st.datetimes(min_value=datetime.fromisoformat("1000-01-01"), timezones=st.just(UTC))

DONE: st.SearchStrategy[Done] = st.recursive(
    st.builds(Done, node=st.text(max_size=3), variables=st.dictionaries(st.text(max_size=3), VALUES, max_size=2)),
    lambda inner: st.builds(Done, node=st.text(max_size=3), done=st.lists(inner, max_size=2).map(tuple)),
    max_leaves=3,
)
DEEDS = st.lists(DONE, max_size=2).map(tuple)

TOKENS: st.SearchStrategy[Token] = st.builds(
    Token,
    node=st.text(max_size=3),
    flow=st.text(max_size=3),
    tasks=st.none()
    | st.builds(
        Tasks,
        total=st.integers(1, 9),
        open=st.lists(st.integers(1, 9), max_size=3).map(tuple),
        completed=st.integers(0, 9),
        queue=st.lists(VALUES, max_size=2).map(tuple),
        results=st.lists(st.tuples(st.integers(1, 9), VALUES), max_size=2).map(tuple),
    ),
    messages=st.lists(st.text(max_size=3), max_size=2).map(tuple),
    timers=st.lists(
        st.builds(
            Timer,
            st.text(max_size=3),
            INSTANTS,
            st.none() | st.integers(-1, 9),
        ),
        max_size=2,
        unique_by=lambda timer: timer.id,
    ).map(tuple),
    incident=st.sampled_from(["", "WORKFLOW-GATEWAY-01"]),
    scope=st.sampled_from(["", "7"]),
    instance=st.integers(0, 9),
    signals=st.lists(st.text(max_size=3), max_size=2).map(tuple),
    conditions=st.lists(st.text(max_size=3), max_size=2).map(tuple),
    keys=st.lists(st.tuples(st.text(max_size=3), st.text(max_size=3)), max_size=2).map(tuple),
    inside=st.builds(
        Inside,
        variables=st.dictionaries(st.text(max_size=3), VALUES, max_size=2),
        process=st.sampled_from(["", "f" * 64]),
        done=DEEDS,
        undo=DEEDS,
        undoes=st.booleans(),
        leaves_by=st.text(max_size=3),
    ),
)

STATES: st.SearchStrategy[State] = st.builds(
    State,
    tokens=st.dictionaries(st.integers(1, 99).map(str), TOKENS, max_size=4),
    variables=st.dictionaries(st.text(max_size=3), VALUES, max_size=3),
    entered=st.integers(0, 99),
    mark=st.integers(0, 99),
    status=st.sampled_from(Status),
    end=st.text(max_size=3),
    done=DEEDS,
)


@given(STATES)
def test_a_state_is_read_back_as_it_was(state: State) -> None:
    stored = decode(encode(state.to_json()))
    assert isinstance(stored, dict)
    read = State.from_json(stored)
    assert read == state
    assert list(read.tokens) == list(state.tokens)


VARIABLES = st.dictionaries(st.text(max_size=2), VALUES, max_size=3)


@given(VARIABLES, st.lists(VARIABLES, max_size=2), st.text(max_size=2))
def test_stored_variables_with_new_ones_are_what_they_are_as_read(
    before: dict[str, Value], new: list[dict[str, Value]], asked: str
) -> None:
    stored = decode(encode(State(variables=before).to_json()))
    assert isinstance(stored, dict)
    kept, plain = State.from_json(stored).variables, dict(before)
    for values in new:
        assert kept.get(asked) == plain.get(asked)  # what was read before does not stand in the way
        kept, plain = with_values(kept, values), {**plain, **values}
    assert (kept, len(kept), set(kept)) == (plain, len(plain), set(plain))
    assert encode(State(variables=kept).to_json()) == encode(State(variables=plain).to_json())


def test_a_token_that_has_just_arrived_costs_only_its_place() -> None:
    state = State(tokens={"7": Token("approve", "f1")}, entered=7)
    assert encode(state.to_json()) == b'{"entered":7,"tokens":[{"flow":"f1","id":"7","node":"approve"}]}'
