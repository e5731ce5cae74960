"""Holds the analysis of a table against trying everything: what each says must be what the other says."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from tests.reference.analysis_tables import NO_ANSWER, NOTHING, Points, TriedTable, try_all

from comptroller.domain.decisions.analysis import Finding, FindingKind, analyse, compare
from comptroller.domain.decisions.definitions import HitPolicy
from comptroller.domain.feel import Evaluation, Value, compile_unary_tests


def differences(table: TriedTable) -> list[str]:
    """What the analysis says otherwise than trying everything does; nothing where they agree."""
    model = table.model
    assert not [fault for fault in model.faults if fault.severity == "error"], model.faults
    findings, tried = analyse(model), try_all(table)
    told = {kind: [each for each in findings if each.kind is kind] for kind in FindingKind}
    wrong = []
    inside = table.usual & _union(table, [gap.region for gap in told[FindingKind.GAP]])
    if (inside != tried.gaps).any():
        wrongly, untold = table.shown(inside & ~tried.gaps), table.shown(tried.gaps & ~inside)
        wrong.append(f"gaps: {wrongly} told wrongly, {untold} not told")
    pairs = {
        FindingKind.OVERLAP: tried.overlaps if table.policy is HitPolicy.UNIQUE else frozenset(),
        FindingKind.CONTRADICTION: tried.contradictions if table.policy is HitPolicy.ANY else frozenset(),
    }
    wrong += _compared("unreachable", {each.rules[0] for each in told[FindingKind.UNREACHABLE]}, tried.unreachable)
    masked = tried.never_first if table.policy is HitPolicy.FIRST else frozenset()
    wrong += _compared("masked", {each.rules[0] for each in told[FindingKind.MASKED]}, masked)
    for kind, meant in pairs.items():
        wrong += _compared(kind, {each.rules for each in told[kind]}, meant)
    wrong += _compared("not analysed", {each.message for each in told[FindingKind.NOT_ANALYSED]}, set())
    wrong += _regions(table, findings)
    wrong += _simpler(table, told[FindingKind.SUBSUMED])
    wrong += _proposed(table, told[FindingKind.GAP])
    return wrong


def disagreements(old: TriedTable, new: TriedTable) -> list[str]:
    """What the comparison of two versions says otherwise than trying every point does; nothing where they agree."""
    (found,) = compare(old.model, new.model)
    wrong = [f"undecided: {found.undecided}"] if found.undecided else []
    differs = old.said != new.said
    if found.is_equal and differs.any():
        wrong.append(f"{new.shown(differs)} change, and the versions are said to be equal")
    usual = old.usual & new.usual
    told: dict[tuple[str, str], list[Mapping[str, str]]] = {}
    for each in found.differences:
        told.setdefault((each.before, each.after), []).append(each.region)
    meant = {
        (_word(before), _word(after)): usual & (old.said == before) & (new.said == after)
        for before, after in {*zip(old.said[usual & differs], new.said[usual & differs], strict=True)}
    }
    nowhere = np.zeros_like(usual)
    for change in told.keys() | meant.keys():
        is_told = usual & _union(new, told.get(change, []))
        wrongly, untold = is_told & ~meant.get(change, nowhere), meant.get(change, nowhere) & ~is_told
        if wrongly.any() or untold.any():
            wrong.append(f"{change}: {new.shown(wrongly)} told wrongly, {new.shown(untold)} not told")
    return wrong[:3]


def _word(said: int) -> str:
    return {NOTHING: "nothing", NO_ANSWER: "no answer"}.get(said, str(said))


def _compared(kind: str, told: Collection[Any], meant: Collection[Any]) -> Iterator[str]:
    if told != meant:
        yield f"{kind}: {told} told, {meant} meant"


def _regions(table: TriedTable, findings: Sequence[Finding]) -> Iterator[str]:
    """Where rules are said to meet, to be masked or to be one, they do so everywhere and nowhere else."""
    for finding in findings:
        rules = table.hits[[number - 1 for number in finding.rules]]
        match finding.kind:
            case FindingKind.OVERLAP | FindingKind.CONTRADICTION:
                meant = rules.all(axis=0)
            case FindingKind.MASKED:
                meant = rules[0]
            case FindingKind.MERGEABLE:
                of_others = {f"c{at}": cell.text for at, cell in enumerate(table.rules[finding.rules[0] - 1][0])}
                meant, told = rules.any(axis=0), _union(table, [{**of_others, **finding.region}])
                if (table.usual & (told ^ meant)).any():
                    yield f"{finding.message}, and it does not: {table.shown(table.usual & (told ^ meant))}"
                continue
            case _:
                continue
        wrong = table.usual & (_union(table, [finding.region]) ^ meant)
        if wrong.any():
            yield f"{finding.message}, in another region than {finding.region}: {table.shown(wrong)}"


def _simpler(table: TriedTable, subsumed: Sequence[Finding]) -> Iterator[str]:
    """A rule that is said to be able to go changes no answer when it does: without it the same is said."""
    for finding in subsumed:
        rule = finding.rules[0] - 1
        left = table.hits.copy()
        left[rule] = False
        alike = [conclusion == table.rules[rule][1] for _, conclusion in table.rules]
        decides = table.hits[rule] & ~left[alike].any(axis=0)
        if table.policy is HitPolicy.FIRST:
            decides = table.said_by(left) != table.said
        if decides.any():
            yield f"rule {rule + 1} is said to be able to go, and decides {table.shown(decides)}"


def _proposed(table: TriedTable, gaps: Sequence[Finding]) -> Iterator[str]:
    """A row that is proposed accepts points that no rule accepts, and its example is one of them."""
    for gap in gaps:
        taken = table.usual & table.where([_accepts(cell) for cell in gap.proposal])
        if not taken.any() or (taken & table.hits.any(axis=0)).any():
            yield f"the row {gap.proposal} is proposed, and takes {table.shown(taken)}"


def _union(table: TriedTable, regions: Sequence[Mapping[str, str]]) -> Points:
    """The combinations that lie in one of some regions."""
    found = np.zeros_like(table.usual)
    for region in regions:
        found |= table.where([_accepts(region.get(f"c{place}", "-")) for place in range(len(table.kinds))])
    return found


@lru_cache(1024)
def _accepts(text: str) -> Callable[[Value], bool]:
    tests = compile_unary_tests(text)
    return lambda value: tests.matches(value, {}, Evaluation()) is True
