"""Files looked through once: what is kept, and what a change costs."""

from tests.unit.application.studio.fares import EXAMPLES, FARES

from comptroller.adapters.dmn_xml import read, write
from comptroller.adapters.yaml_writing import write_yaml
from comptroller.application.studio.study import Studies
from comptroller.bootstrap import read_situations

PATH, SITUATIONS = "decisions/fares.dmn", "examples/fares.yaml"
FILES = {PATH: FARES, SITUATIONS: EXAMPLES}


def studies() -> Studies:
    return Studies(read, read_situations, write, write_yaml)


def test_a_file_tells_its_findings_and_how_far_its_examples_reach() -> None:
    file = studies().of(FILES).file(PATH)
    assert {finding.kind.value for finding in file.findings} == {"gap"}
    assert [(rule.rule, rule.fires, rule.misses) for rule in file.coverage.rules] == [("child", 1, 1), ("adult", 1, 1)]
    assert [witness.situation.title for witness in file.witnesses] == ["a child pays half", "an adult pays in full"]


def test_the_same_content_is_looked_through_once() -> None:
    kept = studies()
    assert kept.of(FILES).file(PATH) is kept.of(dict(FILES)).file(PATH)


def test_a_changed_model_or_example_is_looked_through_anew_and_the_old_one_stays() -> None:
    kept = studies()
    before = kept.of(FILES).file(PATH)
    dearer = kept.of({**FILES, PATH: FARES.replace(b"<text>10<", b"<text>12<")}).file(PATH)
    longer = kept.of({**FILES, SITUATIONS: EXAMPLES.replace(b"age: 40", b"age: 41")}).file(PATH)
    assert [len(file.coverage.wrong) for file in (before, dearer, longer)] == [0, 1, 0]
    assert longer is not before
    assert kept.of(FILES).file(PATH) is before


def test_a_file_that_cannot_be_read_is_a_fault_and_the_others_stand() -> None:
    study = studies().of({**FILES, "decisions/torn.dmn": b"<definitions"})
    assert list(study.definitions) == [PATH]
    assert len(study.faults) == 1
