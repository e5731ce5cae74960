"""Regions of tables as people read them: those of which the same becomes are one where they lie side by side."""

from collections.abc import Iterable, Mapping

from comptroller.application.views.policies import RegionView


def gathered(told: Iterable[tuple[str, Mapping[str, str], str]]) -> tuple[RegionView, ...]:
    """Regions by decision, cells and what becomes of them; two that differ in one column alone become one."""
    regions: list[RegionView] = []
    for decision, where, what in told:
        new = RegionView(decision, tuple((column, (cell,)) for column, cell in where.items()), what)
        while (beside := next((each for each in regions if _column_apart(each, new) is not None), None)) is not None:
            place = _column_apart(beside, new)
            assert place is not None  # they lie side by side
            regions.remove(beside)
            column = beside.where[place][0]
            cells = (*beside.where[place][1], *new.where[place][1])
            where_both = (*new.where[:place], (column, cells), *new.where[place + 1 :])
            new = RegionView(decision, where_both, what)
        regions.append(new)
    return tuple(regions)


def _column_apart(one: RegionView, other: RegionView) -> int | None:
    """The only column in which two regions differ; None where there is not exactly one."""
    same = (one.decision, one.what, [column for column, _ in one.where])
    if same != (other.decision, other.what, [column for column, _ in other.where]):
        return None
    apart = [place for place, (a, b) in enumerate(zip(one.where, other.where, strict=True)) if a != b]
    return apart[0] if len(apart) == 1 else None
