"""Files looked through once: what is kept, and what a change costs."""

from concurrent.futures import ThreadPoolExecutor

from tests.unit.application.studio.fares import EXAMPLES, FARES

from comptroller.application.packs import Kept
from comptroller.bootstrap import open_packs

PATH, SITUATIONS = "decisions/fares.dmn", "examples/fares.yaml"
FILES = {PATH: FARES, SITUATIONS: EXAMPLES}


def test_a_file_tells_its_findings_and_how_far_its_examples_reach() -> None:
    file = open_packs().study(FILES).file(PATH)
    assert {finding.kind.value for finding in file.findings} == {"gap"}
    assert [(rule.rule, rule.fires, rule.misses) for rule in file.coverage.rules] == [("child", 1, 1), ("adult", 1, 1)]
    assert [witness.situation.title for witness in file.witnesses] == ["a child pays half", "an adult pays in full"]


def test_the_same_content_is_looked_through_once() -> None:
    kept = open_packs()
    assert kept.study(FILES).file(PATH) is kept.study(dict(FILES)).file(PATH)


def test_a_changed_model_or_example_is_looked_through_anew_and_the_old_one_stays() -> None:
    kept = open_packs()
    before = kept.study(FILES).file(PATH)
    dearer = kept.study({**FILES, PATH: FARES.replace(b"<text>10<", b"<text>12<")}).file(PATH)
    longer = kept.study({**FILES, SITUATIONS: EXAMPLES.replace(b"age: 40", b"age: 41")}).file(PATH)
    assert [len(file.coverage.wrong) for file in (before, dearer, longer)] == [0, 1, 0]
    assert longer is not before
    assert kept.study(FILES).file(PATH) is before


def test_a_file_that_cannot_be_read_is_a_fault_and_the_others_stand() -> None:
    study = open_packs().study({**FILES, "decisions/torn.dmn": b"<definitions"})
    assert list(study.definitions) == [PATH]
    assert len(study.faults) == 1


def test_nobody_waits_for_what_somebody_else_is_making_but_who_wants_the_same() -> None:
    kept, made = Kept(2), list[str]()

    def make(name: str) -> str:
        made.append(name)
        return name

    with ThreadPoolExecutor(2) as others:

        def slowly() -> str:
            assert others.submit(kept.get, "other", lambda: make("other")).result(timeout=20) == "other"
            others.submit(kept.get, "same", lambda: make("same"))  # waits, and then finds it
            return make("same")

        assert kept.get("same", slowly) == "same"
    assert made == ["other", "same"]


def test_the_oldest_of_what_is_kept_goes_first() -> None:
    kept, made = Kept(2), list[str]()
    for name in ("first", "second", "first", "third", "first", "second"):
        kept.get(name, lambda: made.append(name) or name)  # type: ignore[func-returns-value]  # noqa: B023 - called here
    assert made == ["first", "second", "third", "second"]
