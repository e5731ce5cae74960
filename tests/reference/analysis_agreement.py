"""Holds the analysis of a table against trying everything: what each says must be what the other says."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from tests.reference.analysis_tables import TriedTable, said, try_all

from comptroller.domain.decisions.analysis import Finding, FindingKind, analyse, compare
from comptroller.domain.decisions.definitions import HitPolicy
from comptroller.domain.feel import Evaluation, Value, compile_unary_tests


def differences(table: TriedTable) -> list[str]:
    """What the analysis says otherwise than trying everything does; nothing where they agree."""
    model = table.model()
    assert not [fault for fault in model.faults if fault.severity == "error"], model.faults
    findings, tried = analyse(model), try_all(table)
    told = {kind: [each for each in findings if each.kind is kind] for kind in FindingKind}
    wrong = []
    inside = {point for point in tried.tried if any(_lies_in(point, gap.region) for gap in told[FindingKind.GAP])}
    if inside != tried.gaps:
        wrong.append(f"gaps: {_shown(inside - tried.gaps)} told wrongly, {_shown(tried.gaps - inside)} not told")
    pairs = {
        FindingKind.OVERLAP: tried.overlaps if table.policy is HitPolicy.UNIQUE else frozenset(),
        FindingKind.CONTRADICTION: tried.contradictions if table.policy is HitPolicy.ANY else frozenset(),
    }
    wrong += _compared("unreachable", {each.rules[0] for each in told[FindingKind.UNREACHABLE]}, tried.unreachable)
    masked = tried.never_first if table.policy is HitPolicy.FIRST else frozenset()
    wrong += _compared("masked", {each.rules[0] for each in told[FindingKind.MASKED]}, masked)
    for kind, meant in pairs.items():
        wrong += _compared(kind, {each.rules for each in told[kind]}, meant)
    wrong += _simpler(table, told[FindingKind.SUBSUMED])
    wrong += _proposed(table, told[FindingKind.GAP])
    return wrong


def disagreements(old: TriedTable, new: TriedTable) -> list[str]:
    """What the comparison of two versions says otherwise than trying every point does; nothing where they agree."""
    (found,) = compare(old.model(), new.model())
    wrong = [f"undecided: {found.undecided}"] if found.undecided else []
    for point in new.points():
        before, after = said(old, point), said(new, point)
        if before != after and found.is_equal:
            wrong.append(f"{point}: {before} becomes {after}, and the versions are said to be equal")
        if not (old.is_usual(point) and new.is_usual(point)):
            continue
        told = {(each.before, each.after) for each in found.differences if _lies_in(point, each.region)}
        if told != ({(before, after)} if before != after else set()):
            wrong.append(f"{point}: {before} becomes {after}, told {told}")
    return wrong[:3]


def _compared(kind: str, told: Collection[Any], meant: Collection[Any]) -> Iterator[str]:
    if told != meant:
        yield f"{kind}: {told} told, {meant} meant"


def _simpler(table: TriedTable, subsumed: Sequence[Finding]) -> Iterator[str]:
    """A rule that is said to be able to go changes no answer when it does."""
    for finding in subsumed:
        rule = finding.rules[0]
        for point in table.points():
            hits = table.hits(point)
            left = [hit for hit in hits if hit != rule]
            if rule in hits and (not left or _said(table, hits) != _said(table, left)):
                yield f"rule {rule} is said to be able to go, and decides {point}"
                break


def _said(table: TriedTable, hits: Sequence[int]) -> object:
    said = [table.rules[hit - 1][1] for hit in hits]
    return said[0] if table.policy is HitPolicy.FIRST else set(said)


def _proposed(table: TriedTable, gaps: Sequence[Finding]) -> Iterator[str]:
    """A row that is proposed accepts points that no rule accepts, and its example is one of them."""
    for gap in gaps:
        tests = [compile_unary_tests(cell) for cell in gap.proposal]
        taken = [
            point
            for point in table.points()
            if table.is_usual(point)
            and all(each.matches(value, {}, Evaluation()) is True for each, value in zip(tests, point, strict=True))
        ]
        if not taken or any(table.hits(point) for point in taken):
            yield f"the row {gap.proposal} is proposed, and takes {_shown(taken)}"


def _lies_in(point: Sequence[Value], region: Mapping[str, str]) -> bool:
    return all(
        compile_unary_tests(cell).matches(point[int(name[1:])], {}, Evaluation()) is True
        for name, cell in region.items()
    )


def _shown(points: Iterable[Any]) -> str:
    return str(sorted(map(str, points))[:3])
