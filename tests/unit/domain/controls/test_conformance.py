"""Event logs against a process: each question that a deviation asks, from both sides."""

from typing import Any

import pytest

from comptroller.domain.controls.conformance import LogCase, LogEvent, LogProcess, deviations, folded, read_process

STEPS = {name: [name.upper()] for name in ("order", "receipt", "invoice", "paid", "set", "lifted", "price")}


def process(**rule: Any) -> LogProcess:
    told = {"kind": "k", "clause": "C-1", "owner": "o", "text": "t", **rule}
    attributes = {"user": ["org:resource"], "amount": ["net"], "category": ["Item Category"]}
    found, faults = read_process(
        {"steps": STEPS, "attributes": attributes, "people": {"not": ["batch_*"]}, "deviation": [told]}
    )
    assert faults == ()
    assert found is not None
    return found


def case(way: str, **attributes: str) -> LogCase:
    """A case from words `step` or `step:person`."""
    events = []
    for place, word in enumerate(way.split(), start=1):
        step, _, person = word.partition(":")
        events.append(LogEvent(str(place), step.upper(), f"2026-03-{place:02}", {folded("org:resource"): person}))
    return LogCase("c", {folded(name): value for name, value in attributes.items()}, events)


@pytest.mark.parametrize(
    ("rule", "way", "shown"),
    [
        pytest.param({"event": ["paid"], "without_before": ["receipt"]}, "order paid", ["2"], id="nothing before"),
        pytest.param({"event": ["paid"], "without_before": ["receipt"]}, "receipt paid", [], id="received before"),
        pytest.param({"event": ["paid"], "without_before": ["receipt"]}, "paid receipt", ["1"], id="received later"),
        pytest.param({"event": ["price"], "after": ["receipt"]}, "receipt price price", ["2", "3"], id="twice after"),
        pytest.param({"event": ["price"], "after": ["receipt"]}, "price receipt", [], id="before"),
        pytest.param({"event": ["paid"], "after": ["paid"]}, "paid order paid", ["1", "3"], id="again: both are shown"),
        pytest.param({"event": ["invoice"], "then": ["order"]}, "invoice order", ["1"], id="and then"),
        pytest.param({"event": ["invoice"], "then": ["order"]}, "order invoice", [], id="and not then"),
        pytest.param({"event": ["receipt"], "without": ["invoice"]}, "receipt paid", ["1"], id="never"),
        pytest.param({"event": ["receipt"], "without": ["invoice"]}, "receipt invoice", [], id="at some time"),
        pytest.param({"event": ["set"], "having": ["paid"]}, "paid set", ["2"], id="in a case that has it"),
        pytest.param({"event": ["set"], "having": ["paid"]}, "set", [], id="in a case that has it not"),
        pytest.param(
            {"event": ["paid"], "while_set": "set", "unless": "lifted"}, "set paid", ["2"], id="while blocked"
        ),
        pytest.param({"event": ["paid"], "while_set": "set", "unless": "lifted"}, "set lifted paid", [], id="lifted"),
        pytest.param(
            {"event": ["paid"], "while_set": "set", "unless": "lifted"}, "set lifted set paid", ["4"], id="set anew"
        ),
        pytest.param(
            {"event": ["receipt"], "same_user_as": ["order"]}, "order:a receipt:a", ["1", "2"], id="one person"
        ),
        pytest.param({"event": ["receipt"], "same_user_as": ["order"]}, "order:a receipt:b", [], id="two people"),
        pytest.param({"event": ["receipt"], "same_user_as": ["order"]}, "order receipt", [], id="nobody known"),
        pytest.param(
            {"event": ["receipt"], "same_user_as": ["order"]}, "order:batch_1 receipt:batch_1", [], id="no person"
        ),
    ],
)
def test_a_deviation(rule: dict[str, Any], way: str, shown: list[str]) -> None:
    found = list(deviations(case(way), process(**rule)))
    assert [event.ref for each in found for event in each.events] == shown


@pytest.mark.parametrize(
    ("values", "category", "shown"),
    [
        pytest.param(["Consignment"], "consignment", True, id="the value, in any case"),
        pytest.param(["Consignment"], "Standard", False, id="another value"),
        pytest.param(["Consignment"], "", False, id="not told"),
        pytest.param(["not", "Consignment"], "", True, id="anything but it"),
        pytest.param(["not", "Consignment"], "Consignment", False, id="excluded"),
    ],
)
def test_a_deviation_of_some_cases(values: list[str], category: str, shown: bool) -> None:
    how = process(event=["invoice"], where={"category": values})
    assert bool(list(deviations(case("invoice", **{"Item Category": category}), how))) == shown


def test_a_deviation_tells_people_amount_and_how_often() -> None:
    events = [
        LogEvent("1", "Order", "1", {folded("org:resource"): "a", "net": "7"}),
        LogEvent("2", "receipt", "2", {folded("org:resource"): "a"}),
        LogEvent("3", " RECEIPT ", "3", {folded("org:resource"): "a"}),
    ]
    (found,) = deviations(LogCase("c", {}, events), process(event=["receipt"], same_user_as=["order"]))
    assert (found.users, found.amount, found.times) == (("a",), "7", 2)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        pytest.param({}, "CONTROL-PROCESS-01", id="no deviation"),
        pytest.param({"steps": {"a": "A"}, "deviation": []}, "CONTROL-PROCESS-02", id="names are no list"),
        pytest.param({"deviation": [{"kind": "k"}]}, "CONTROL-PROCESS-03", id="no clause"),
        pytest.param({"deviation": [{"unknown": 1}]}, "CONTROL-PROCESS-04", id="not understood"),
        pytest.param({"deviation": [{"event": ["b"]}]}, "CONTROL-PROCESS-05", id="no such step"),
        pytest.param({"deviation": [{}]}, "CONTROL-PROCESS-05", id="no event"),
    ],
)
def test_faults_of_a_process(content: dict[str, Any], code: str) -> None:
    told = {"kind": "k", "clause": "C-1", "owner": "o", "text": "t"}
    if content.get("deviation") and content["deviation"] != [{"kind": "k"}]:
        content = {**content, "deviation": [{**told, **entry} for entry in content["deviation"]]}
    found, faults = read_process({"steps": {"a": ["A"]}, **content})
    assert found is None
    assert faults[0].code == code
