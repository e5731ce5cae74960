"""Camunda's models, written for another engine: each is read, its faults are those by design, the rest decides.

`camunda_faults.txt` lists the codes of the errors that each file has here: mostly other languages than FEEL, and types
that the standard does not know. Camunda's models take their inputs from process variables; here a decision looks at
what it requires, so the names that the engine tells to be nowhere are drawn as inputs before a model is decided. Run
this file as a program to print the list as it should be.
"""

import os
import sys
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Final

import pytest
from lxml import etree

from comptroller.adapters.dmn_xml import read, write
from comptroller.domain.decisions import Definitions, Model, compile_model
from comptroller.domain.decisions.definitions import Decision, InformationItem, InputData, Reference
from comptroller.domain.feel import Value
from comptroller.domain.kernel.fault import Severity

FAULTS: Final = Path(__file__).with_name("camunda_faults.txt")
DATA: Final = Path(os.environ.get("CONFORMANCE_DATA", "/nowhere"))
MODELS: Final = DATA / "camunda_dmn"
FILES: Final = sorted(path.relative_to(MODELS).as_posix() for path in MODELS.rglob("*.dmn"))
ENGINE: Final = "engine-dmn/engine/src/test/resources/org/camunda/bpm/dmn/engine/"
AN_EMPTY_REQUIREMENT: Final = f"{ENGINE}api/NoInformationRequirementAttribute.dmn"

pytestmark = [
    pytest.mark.conformance,
    pytest.mark.skipif(not FILES, reason="set CONFORMANCE_DATA to the directory that holds camunda_dmn"),
]


def definitions(file: str) -> Definitions:
    found, _ = read((MODELS / file).read_bytes())
    assert found is not None
    return found


def errors(model: Model) -> list[str]:
    return sorted({fault.code for fault in model.faults if fault.severity is Severity.ERROR})


def completed(source: Definitions) -> Model:
    """The model with an input for each name that its decisions look at and that is nowhere."""
    told = [(fault.path, fault.message.split("`")[1]) for fault in compile_model(source).faults if fault.by == "dmn"]
    names = sorted({name for path, name in told if path.startswith("decision[")})
    inputs = tuple(InputData(name, name, InformationItem(name)) for name in names if name.isidentifier())
    required = tuple(Reference(source.namespace, item.id) for item in inputs)
    elements = tuple(
        replace(element, required_inputs=(*element.required_inputs, *required))
        if isinstance(element, Decision)
        else element
        for element in source.elements
    )
    return compile_model(replace(source, elements=(*inputs, *elements)))


def listed() -> dict[str, list[str]]:
    lines = FAULTS.read_text(encoding="utf-8").splitlines()
    return {file: codes.split() for file, _, codes in (line.partition(": ") for line in lines)}


@pytest.mark.parametrize("file", FILES)
def test_each_model_is_read_and_has_the_faults_that_are_listed(file: str) -> None:
    model = compile_model(definitions(file))
    assert errors(model) == listed().get(file, [])
    assert all(
        fault.code and fault.path and fault.message and fault.help for fault in model.faults if fault.by == "dmn"
    )
    for name in model.decision_names:
        outcome = model.decide(name, {})
        touching = {fault.code for fault in model.faults if f"{fault.path}/".startswith(f"decision[{name}]/")}
        if touching & set(errors(model)) - {"DMN-NAME-02"}:
            assert outcome.value is None
            assert {fault.code for fault in outcome.faults} & touching


def test_there_are_as_many_models_as_are_known() -> None:
    assert len(FILES) == 123
    assert set(listed()) <= set(FILES)


@pytest.mark.parametrize("file", FILES)
def test_each_model_is_written_as_valid_dmn_1_5_that_says_the_same(file: str) -> None:
    schema = etree.XMLSchema(etree.parse(DATA / "dmn-tck" / "DMN15.xsd"))
    source = definitions(file)
    for original in (None, (MODELS / file).read_bytes()):
        written = write(source, original)
        assert read(written)[0] == source
        if original is not None:
            assert parts(written) == parts(original)
        if original is None or file != AN_EMPTY_REQUIREMENT:  # not valid before either
            schema.assertValid(etree.fromstring(written))


def parts(data: bytes) -> list[str]:
    """Everything in a file by its plain name: drawing, extensions and notes as well."""
    return [etree.QName(element).localname for element in etree.fromstring(data).iter(etree.Element)]


NOON: Final = datetime(2014, 11, 30, 12, tzinfo=UTC).replace(tzinfo=None)


@pytest.mark.parametrize(
    ("file", "decision", "given", "value"),
    [
        *((f"api/{folder}NoInput", "decision", {}, "ok") for folder in ("", "dmn12/", "dmn13/")),
        *(
            (f"api/MissingIds.missing{kind}Id", name, {}, "okay")
            for kind, name in [
                ("Decision", "Decision With Missing Id"),
                ("Drd", "Decision"),
                ("Input", "Decision With Missing Input Id"),
                ("Output", "Decision With Missing Output Id"),
                ("Rule", "Decision With Missing Rule Id"),
            ]
        ),
        ("api/OneRule", "decision", {"input": "ok"}, "ok"),
        ("api/OneRule", "decision", {"input": "ko"}, None),
        ("api/ReturnBlankTableOutputAsNull", "Decision 1", {"name": "A"}, None),
        ("api/ReturnBlankTableOutputAsNull", "Decision 1", {"name": "B"}, None),
        ("api/ReturnBlankTableOutputAsNull", "Decision 1", {"name": "C"}, ""),
        ("api/ReturnBlankTableOutputAsNull", "Decision 1", {"name": "D"}, None),
        ("el/ExpressionLanguageTest.emptyExpressions", "decision1", {}, {"out1": None, "out2": None, "out3": True}),
        ("el/ExpressionLanguageTest.emptyExpressions", "decision2", {}, None),
        ("el/ExpressionLanguageTest.decisionLiteralExpression", "Decision", {"a": "x", "b": "y"}, "xy"),
        ("el/FeelTest", "decision", {"stringInput": "camunda", "numberInput": 12, "booleanInput": True}, True),
        ("el/FeelTest", "decision", {"stringInput": "camunda", "numberInput": 11, "booleanInput": True}, None),
        ("feel/scala_compare_date_untyped", "Decision 1", {"date1": NOON}, "ok"),
        ("feel/scala_compare_date_untyped", "Decision 1", {"date1": NOON.replace(hour=13)}, "not ok"),
        (
            "feel/scala_compare_date_with_time_zone_non_typed",
            "Decision 1",
            {"date1": datetime(2019, 9, 12, 11, tzinfo=UTC)},
            "foo",
        ),
        (
            "feel/scala_compare_date_with_time_zone_non_typed",
            "Decision 1",
            {"date1": datetime(2019, 9, 12, 11, 1, tzinfo=UTC)},
            "bar",
        ),
        ("feel/scala_input_expression", "Decision 1", {"date1": NOON.replace(hour=13), "date2": NOON}, "foo"),
        ("feel/scala_input_expression", "Decision 1", {"date1": NOON, "date2": NOON}, "bar"),
        ("feel/scala_input_expression_builtin_function", "Decision 1", {"date1": NOON}, "bar"),
        ("feel/scala_literal_expression_date_typed", "Decision 1", {"date1": NOON.date()}, NOON.date()),
        ("feel/scala_literal_expression_date_typed", "Decision 1", {"date1": "2014-11-30"}, None),
        ("feel/scala_output_expression_double", "Decision 1", {"myVariable": Decimal("1.5")}, Decimal("1.5")),
    ],
)
def test_what_a_model_decides_by_reading_it(file: str, decision: str, given: Mapping[str, Value], value: Value) -> None:
    model = completed(definitions(f"{ENGINE}{file}.dmn"))
    assert errors(model) == []
    assert model.decide(decision, given).value == value


def test_a_process_model_is_told_to_be_none_of_dmn() -> None:
    found, faults = read((MODELS / ENGINE / "api" / "NotADmnFile.bpmn").read_bytes())
    assert found is None
    assert [fault.code for fault in faults] == ["DMN-READ-01"]


if __name__ == "__main__":
    for name in FILES:
        if told := errors(compile_model(definitions(name))):
            sys.stdout.write(f"{name}: {' '.join(told)}\n")
