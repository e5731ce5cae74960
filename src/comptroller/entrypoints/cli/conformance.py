"""`comptroller dmn tck`: run the conformance kit, or a part of it, and count what passes."""

from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from comptroller.dmn import tck
from comptroller.entrypoints.cli.output import Exit, fail, print_json, print_table, say

_RULE: Final = (
    "numbers pass within 1e-8, as in the kit's own runner; "
    "`exact` counts the result nodes that are equal to the last digit"
)


def run_kit(
    directory: Annotated[Path, typer.Argument(help="The kit, a level of it, or one of its directories.")],
    failures: Annotated[
        bool, typer.Option("--failures", help="List every test case that fails, with what it gave.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print facts as JSON.")] = False,
) -> None:
    """Run the DMN Technology Compatibility Kit: test cases and result nodes passed, of each directory and in all.

    `valued` counts those that expect another value than null. Ends with 0 when everything passes, else with 1.
    """
    if not directory.is_dir():
        fail("FILE-READ-01", f"`{directory}` is no directory", Exit.NOT_FOUND, help="name the kit or a part of it")
    results = list(tck.run(directory, datetime.now(UTC)))
    if not results:
        fail("TCK-FILES-01", f"no test file is in `{directory}`", Exit.NOT_FOUND, help="name the kit or a part of it")
    total = sum((result.counts for result in results), tck.Counts())
    unread = [(path, fault) for result in results for path, fault in result.unread]
    if as_json:
        facts: dict[str, Any] = {
            "comparison": _RULE,
            "directories": [{"directory": result.name, **_counts(result.counts)} for result in results],
            "total": _counts(total),
            "unread": [{"file": str(path), "message": fault} for path, fault in unread],
        }
        if failures:
            facts["failures"] = [
                {"directory": name, "file": file, "case": case, "message": message}
                for name, file, case, message in _failures(results)
            ]
        print_json(facts)
    else:
        _print(results, total)
        for name, file, case, message in _failures(results) if failures else ():
            say(f"{name}/{file} {case}: {message}")
        for path, fault in unread:
            say(f"{path}: {fault}")
        say(_RULE)
    all_pass = total.nodes_passed == total.nodes_total and total.cases_passed == total.cases_total and not unread
    raise typer.Exit(Exit.DONE if all_pass else Exit.NO)


def _counts(counts: tck.Counts) -> dict[str, int]:
    return asdict(counts)


def _print(results: list[tck.DirectoryResult], total: tck.Counts) -> None:
    rows = [(result.name, result.counts) for result in results] + [("in all", total)]
    print_table(
        "",
        ["directory", ">cases", ">nodes", ">valued cases", ">valued nodes", ">exact"],
        [
            (
                name,
                f"{counts.cases_passed}/{counts.cases_total}",
                f"{counts.nodes_passed}/{counts.nodes_total}",
                f"{counts.valued_cases_passed}/{counts.valued_cases_total}",
                f"{counts.valued_nodes_passed}/{counts.valued_nodes_total}",
                f"{counts.nodes_exact}/{counts.nodes_total}",
            )
            for name, counts in rows
        ],
    )


def _failures(results: list[tck.DirectoryResult]) -> list[tuple[str, str, str, str]]:
    return [
        (result.name, case.file.name, case.id, node.complaint)
        for result in results
        for case in result.cases
        for node in case.nodes
        if node.complaint
    ]
