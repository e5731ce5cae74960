"""The decision engine from the command line: ask a model for a decision, or FEEL for a value."""

import json
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any

import typer

from comptroller import dmn
from comptroller.domain.decisions.explanation import json_value
from comptroller.domain.feel import Evaluation, Value, compile_expression
from comptroller.domain.kernel.fault import Fault, Severity
from comptroller.entrypoints.cli.output import ERRORS, OUT, Exit, fail, print_json
from comptroller.entrypoints.cli.workplace import read_file


def decide(
    model: Annotated[Path, typer.Argument(help="A DMN file.")],
    decision: Annotated[str, typer.Option(help="The decision's name.")],
    given: Annotated[Path, typer.Option("--input", help="A JSON object of inputs; `-` reads standard input.")],
    imports: Annotated[list[Path] | None, typer.Option("--import", help="A model that it imports.")] = None,
    explain: Annotated[bool, typer.Option("--explain", help="Tell the rules that hit, and what they saw.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print facts as JSON.")] = False,
) -> None:
    """Ask a model for a decision.

    Numbers are read exactly; a text of an input declared as a date, a time or a duration is read as one.
    """
    loaded = dmn.load(read_file(model), [read_file(path) for path in imports or ()])
    if decision not in loaded.decision_names:
        for fault in loaded.faults:
            _tell(fault)
        known = ", ".join(f"`{name}`" for name in loaded.decision_names) or "none"
        fail("DMN-DECISION-01", f"the model has no decision `{decision}`", Exit.NOT_FOUND, help=f"it has {known}")
    inputs = _inputs(sys.stdin.buffer.read() if str(given) == "-" else read_file(given))
    outcome = loaded.decide(decision, dmn.as_declared(loaded, decision, inputs), datetime.now(UTC))
    if as_json:
        answer: dict[str, Any] = {"decision": decision, "value": json_value(outcome.value)}
        answer["faults"] = [{"code": f.code, "path": f.path, "message": f.message} for f in outcome.faults]
        print_json(answer | ({"explanation": [step.to_json() for step in outcome.explanation]} if explain else {}))
    else:
        OUT.print(f"{decision}: {_text(outcome.value)}", markup=False)
        for step in outcome.explanation if explain else ():
            OUT.print(f"{step.name}: {_text(step.value)}", markup=False)
            for hit in step.hits:
                notes = "; ".join(note for note in hit.annotations.values() if note)
                OUT.print(f"  rule {hit.number} ({hit.rule_id}) {notes}".rstrip(), markup=False)
        for fault in outcome.faults:
            _tell(fault)
    raise typer.Exit(Exit.NO if any(fault.severity is Severity.ERROR for fault in outcome.faults) else Exit.DONE)


def feel(
    expression: Annotated[str, typer.Argument(help="Without one, each line of the input is evaluated.")] = "",
) -> None:
    """Evaluate FEEL: one expression, or line by line; `name = expression` keeps a value under a name."""
    scope: dict[str, Value] = {}
    if expression:
        raise typer.Exit(Exit.DONE if _evaluate(expression, scope) else Exit.NO)
    for line in sys.stdin:
        if line.strip():
            name, assigned, rest = line.partition(" = ")
            if assigned and name.strip().isidentifier():
                _evaluate(rest, scope, keep=name.strip())
            else:
                _evaluate(line, scope)


def _evaluate(text: str, scope: dict[str, Value], keep: str = "") -> bool:
    compiled = compile_expression(text.strip(), tuple(scope))
    evaluation = Evaluation(datetime.now(UTC))
    value = compiled.evaluate(scope, evaluation)
    for fault in evaluation.faults:
        _tell(fault)
    if keep:
        scope[keep] = value
    OUT.print(_text(value), markup=False)
    return not compiled.faults


def _inputs(text: bytes) -> Mapping[str, Any]:
    try:
        read = json.loads(text, parse_float=Decimal, parse_int=Decimal)
    except (ValueError, RecursionError) as error:
        fail("JSON-SYNTAX-01", f"the input is no JSON: {error}", Exit.REFUSED, help="write one JSON object")
    if not isinstance(read, dict):
        fail("JSON-TYPE-01", "the input is no JSON object", Exit.REFUSED, help="write the inputs by their names")
    return read


def _tell(fault: Fault) -> None:
    ERRORS.print(f"{fault.code} {fault.path}: {fault.message}", markup=False)


def _text(value: Value) -> str:
    """A value as FEEL writes it, dates and the like as texts."""
    match value:
        case Decimal():
            return str(value)
        case list():
            return f"[{', '.join(map(_text, value))}]"
        case dict():
            return f"{{{', '.join(f'{name}: {_text(entry)}' for name, entry in value.items())}}}"
    return json.dumps(json_value(value), ensure_ascii=False)
