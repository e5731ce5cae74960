"""What became of the demonstration's documents against what its data says: document by document, totals and counts."""

from collections import Counter
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from comptroller.entrypoints.cli.output import OUT, print_table

POSTED: Final = "posted"


def compare(rows: Sequence[dict[str, Any]], documents: Sequence[Mapping[str, Any]]) -> Counter[str]:
    """Say in each row what was expected and whether it came; answers how often each outcome was expected.

    Of two documents that do not both fit one receipt, either may be posted: exactly one of them is.
    """
    wanted = {facts["id"]: facts["expected"] for facts in documents}
    counts: Counter[str] = Counter()
    racing: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        told = wanted[row["document"]]
        row["actual"] = _words(row["outcome"], row["exceptions"])
        if "or" in told["status"].split():
            racing.setdefault(told["outcome"], []).append(row)
        else:
            row["expected"] = _words(told["outcome"], told["exceptions"])
            row["equal"] = (row["status"], row["actual"]) == (told["status"], row["expected"])
            counts[told["outcome"]] += 1
    for outcome, pair in racing.items():
        held = _words("exception", wanted[pair[0]["document"]]["exceptions"])
        is_equal = sorted(row["actual"] for row in pair) == sorted([POSTED, held])
        for row in pair:
            row |= {"expected": outcome, "equal": is_equal}
        counts.update((POSTED, "exception"))
    return counts


def comparison(
    rows: Sequence[Mapping[str, Any]],
    counts: Counter[str],
    totals: Sequence[Mapping[str, Any]],
    wanted_totals: Sequence[Mapping[str, Any]],
) -> dict[str, Any]:
    """The verdict over all documents, their control totals and their counts by outcome."""
    names = ("net", "tax", "gross")
    stated = [[row["currency"], row["documents"], *(Decimal(row[name]) for name in names)] for row in totals]
    wanted = [[row["currency"], row["documents"], *(Decimal(row[name]) for name in names)] for row in wanted_totals]
    actual = Counter(row["outcome"] for row in rows)
    return {
        "documents": len(rows),
        "as_expected": sum(row["equal"] for row in rows),
        "totals_equal": stated == wanted,
        "counts_equal": actual == counts,
        "counts": {name: [counts[name], actual[name]] for name in sorted(counts | actual)},
    }


def is_whole(verdict: Mapping[str, Any]) -> bool:
    """Whether everything came as expected."""
    equal = verdict["as_expected"] == verdict["documents"]
    return bool(equal and verdict["totals_equal"] and verdict["counts_equal"])


def show(verdict: Mapping[str, Any]) -> None:
    """Print the counts side by side, and the verdict in one line."""
    print_table(
        "Outcomes",
        ("outcome", ">expected", ">actual"),
        [(name, str(expected), str(actual)) for name, (expected, actual) in verdict["counts"].items()],
    )
    totals = "equal" if verdict["totals_equal"] else "DIFFERENT"
    counts = "equal" if verdict["counts_equal"] else "DIFFERENT"
    OUT.print(
        f"{verdict['as_expected']} of {verdict['documents']} as expected; totals {totals}; counts {counts}",
        markup=False,
    )


def _words(outcome: str, exceptions: Sequence[str]) -> str:
    return f"{outcome}: {', '.join(sorted(exceptions))}" if exceptions else outcome
