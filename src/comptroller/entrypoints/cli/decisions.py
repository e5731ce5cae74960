"""`comptroller decide`: ask any DMN model for a decision, and why."""

import json
import sys
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any

import typer

from comptroller import dmn
from comptroller.domain.feel import parse_temporal
from comptroller.domain.feel.text import literal_text
from comptroller.entrypoints.cli.output import ERRORS, Exit, fail, print_json, say
from comptroller.entrypoints.cli.workplace import read_file


def decide(
    model: Annotated[Path, typer.Argument(help="A DMN file.")],
    decision: Annotated[str, typer.Option(help="Its name; or that of a decision service or business knowledge model.")],
    given: Annotated[Path, typer.Option("--input", help="A JSON object of inputs; `-` reads standard input.")],
    imports: Annotated[list[Path] | None, typer.Option("--import", help="A model that it imports.")] = None,
    explain: Annotated[
        bool, typer.Option("--explain", help="Tell what was decided on the way, and by which rules.")
    ] = False,
    why_not: Annotated[str, typer.Option(help="Tell why a rule (its id, or its number) did not hit.")] = "",
    at: Annotated[
        str, typer.Option(help="The time that `now()` tells, such as 2026-03-27T08:00:00Z; else it is now.")
    ] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print facts as JSON.")] = False,
) -> None:
    """Ask a model for a decision.

    Numbers are read exactly; a text of an input declared as a date, a time or a duration is read as one.
    """
    loaded = dmn.load(read_file(model), [read_file(path) for path in imports or ()])
    invocables = (*loaded.service_names, *loaded.knowledge_names)
    if decision not in (*loaded.decision_names, *invocables):
        for fault in loaded.faults:
            tell(fault)
        known = ", ".join(f"`{name}`" for name in (*loaded.decision_names, *invocables)) or "none"
        fail("DMN-DECISION-01", f"the model has no decision `{decision}`", Exit.NOT_FOUND, help=f"it has {known}")
    inputs = _inputs(sys.stdin.buffer.read() if str(given) == "-" else read_file(given))
    ask = loaded.decide if decision in loaded.decision_names else loaded.invoke
    outcome = ask(decision, dmn.as_declared(loaded, decision, inputs), _instant(at))
    if as_json:
        print_json(_facts(decision, outcome, why_not, explain=explain))
    else:
        _say(decision, outcome, why_not, explain=explain)
    raise typer.Exit(Exit.NO if has_error(outcome.faults) else Exit.DONE)


def has_error(faults: tuple[dmn.Fault, ...]) -> bool:
    """Whether one of them is more than a warning."""
    return any(fault.severity is dmn.Severity.ERROR for fault in faults)


def fault_facts(fault: dmn.Fault) -> dict[str, str]:
    """A fault for programs."""
    return {
        "severity": fault.severity,
        "code": fault.code,
        "path": fault.path,
        "message": fault.message,
        "help": fault.help,
    }


def tell(fault: dmn.Fault) -> None:
    """A fault for people, beside what is answered."""
    ERRORS.out(dmn.fault_text(fault), highlight=False)


def _facts(decision: str, outcome: dmn.Outcome, why_not: str, *, explain: bool) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "decision": decision,
        "value": dmn.json_value(outcome.value),
        "faults": [fault_facts(fault) for fault in outcome.faults],
    }
    if explain:
        facts["explanation"] = [step.to_json() for step in outcome.explanation]
    if why_not:
        facts["why_not"] = dmn.why_not_text(outcome, why_not)
    return facts


def _say(decision: str, outcome: dmn.Outcome, why_not: str, *, explain: bool) -> None:
    say(f"{decision}: {literal_text(outcome.value)}")
    if explain:
        say("\n" + dmn.explain_text(outcome))
    else:
        for fault in outcome.faults:
            tell(fault)
    if why_not:
        say(("\n" if explain else "") + dmn.why_not_text(outcome, why_not))


def _instant(text: str) -> datetime:
    if not text:
        return datetime.now(UTC)
    read = parse_temporal(text)
    if isinstance(read, datetime):
        return read if read.tzinfo is not None else read.replace(tzinfo=UTC)
    if isinstance(read, date):
        return datetime(read.year, read.month, read.day, tzinfo=UTC)
    return fail("TIME-FORM-01", f"`{text}` is no point in time", help="write 2026-03-27T08:00:00Z, or 2026-03-27")


def _inputs(text: bytes) -> Mapping[str, Any]:
    try:
        read = json.loads(text, parse_float=Decimal, parse_int=Decimal)
    except (ValueError, RecursionError) as error:
        fail("JSON-SYNTAX-01", f"the input is no JSON: {error}", Exit.REFUSED, help="write one JSON object")
    if not isinstance(read, dict):
        fail("JSON-TYPE-01", "the input is no JSON object", Exit.REFUSED, help="write the inputs by their names")
    return read
