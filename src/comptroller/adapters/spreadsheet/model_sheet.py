"""The book's first sheet: what the model holds and how its parts hang together. It is for reading only.

It is made anew from the definitions whenever a book comes back, so a change in it is seen and told, never taken over.
"""

from collections.abc import Iterable, Iterator, Sequence

from comptroller.adapters.spreadsheet.cells import says_the_same
from comptroller.adapters.spreadsheet.layout import MODEL_SHEET, Place
from comptroller.adapters.spreadsheet.opening import Sheet
from comptroller.domain.decisions.definitions import (
    BusinessKnowledgeModel,
    Decision,
    DecisionService,
    DecisionTable,
    Definitions,
    Element,
    InputData,
    Reference,
)
from comptroller.domain.kernel.fault import Fault, Severity

HASH_KEY = "source hash"
TABLES_KEY = "tables"
NEEDS_KEY = "requirements"

_KINDS = {
    InputData: "input data",
    Decision: "decision",
    BusinessKnowledgeModel: "business knowledge model",
    DecisionService: "decision service",
}


def page(definitions: Definitions, tables: Iterable[tuple[Place, DecisionTable]]) -> list[tuple[str, ...]]:
    """Lay out the sheet's rows; the first column is the hidden one."""
    return [
        ("model", "model", definitions.name),
        ("namespace", "namespace", definitions.namespace),
        (HASH_KEY, "version (SHA-256)", definitions.source_hash),
        (),
        (TABLES_KEY, "sheet", "decision", "hit policy", "aggregation", "rules"),
        *(
            (place.key, place.sheet, place.owner, table.hit_policy, table.aggregation, str(len(table.rules)))
            for place, table in tables
        ),
        (),
        (NEEDS_KEY, "element", "kind", "needs", "kind"),
        *_requirements(definitions),
    ]


def _requirements(definitions: Definitions) -> Iterator[tuple[str, ...]]:
    known = {Reference(definitions.namespace, element.id): element for element in definitions.elements}
    for element in definitions.elements:
        row = (element.id, element.name, _KINDS[type(element)])
        needs = list(_needs(element))
        for reference in needs:
            needed = known.get(reference)
            yield (*row, str(reference), "imported") if needed is None else (*row, needed.name, _KINDS[type(needed)])
        if not needs:
            yield row


def _needs(element: Element) -> Sequence[Reference]:
    match element:
        case Decision():
            return (*element.required_inputs, *element.required_decisions, *element.required_knowledge)
        case BusinessKnowledgeModel():
            return element.required_knowledge
        case DecisionService():
            return (*element.output_decisions, *element.encapsulated_decisions, *element.input_decisions)
    return ()


def check(sheet: Sheet | None, expected: Sequence[tuple[str, ...]]) -> Iterator[Fault]:
    """Compare the sheet that came back: a book of another version is a fault, another change a warning."""
    if sheet is None:
        message = f"the sheet `{MODEL_SHEET}` is missing, so it cannot be told which version the book was made from"
        yield Fault("SHEET-MODEL-01", "", message, by="spreadsheet", help="take the tables out anew")
        return
    for number, row in enumerate(expected, 1):
        for column, text in enumerate(row, 1):
            if says_the_same(text, sheet.at(number, column).plain):
                continue
            path = f"{sheet.name}!{'ABCDEF'[column - 1]}{number}"
            if row[0] == HASH_KEY and column > 1:
                message = (
                    "the book was made from another version of the model; bringing it back would undo what came after"
                )
                yield Fault("SHEET-MODEL-02", path, message, by="spreadsheet", help="take the tables out anew")
                continue
            message = f"a change in the sheet `{sheet.name}` is not taken over"
            yield Fault(
                "SHEET-MODEL-03",
                path,
                message,
                severity=Severity.WARNING,
                by="spreadsheet",
                help="change the tables' own sheets; names and requirements are changed in a modeller",
            )
            return
