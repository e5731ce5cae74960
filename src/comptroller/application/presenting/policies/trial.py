"""Trying a decision: facts as a form, filled from an example, decided without any effect, with the explanation.

Facts are written as a person writes them where their kind is known (a text, a number, a day, yes or no), and as FEEL
where they are lists or anything else. An empty field is a fact that is not known.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from comptroller.application.packs import FileStudy
from comptroller.application.presenting.given import Amounts
from comptroller.application.presenting.near import erring_rules, near_rules, rule_that_hit
from comptroller.application.views import RuleView
from comptroller.application.views.policies import (
    ExampleView,
    TrialField,
    TrialGroup,
    TrialOutcome,
    TrialStep,
    TrialView,
)
from comptroller.domain.decisions import EvaluatedDecision, Outcome
from comptroller.domain.decisions.definitions import BusinessKnowledgeModel, Decision
from comptroller.domain.decisions.item_types import ConstrainedType, NamedType
from comptroller.domain.decisions.wording import table_name
from comptroller.domain.feel import Evaluation, Kind, Type, compile_expression
from comptroller.domain.feel.text import literal_text
from comptroller.domain.feel.types import ContextType, kind_named
from comptroller.domain.kernel.instant import parse_day
from comptroller.domain.packs.assessment import NOW

KINDS: Final = {Kind.STRING: "text", Kind.NUMBER: "number", Kind.DATE: "date", Kind.BOOLEAN: "truth"}
EMPTY_TEXT: Final = '""'
"""How the text without characters is written: an empty field is a fact that is not known."""

FIELDS_MAX: Final = 300


@dataclass(frozen=True, slots=True)
class Trial:
    """What somebody wants to try: the example that the form is filled from, or what was typed, by path."""

    example: int = -1
    typed: Mapping[str, str] | None = None


NOTHING_TRIED: Final = Trial()


class _Unread(Exception):  # leaves the reading of one field with what is wrong
    """A field that is not what it should be."""


def trial_view(file: FileStudy, element: Decision | BusinessKnowledgeModel, trial: Trial) -> TrialView:
    """The form, and where something was typed, what is decided of it."""
    examples = examples_of(file, element)
    chosen = next((each for each in examples if each.place == trial.example), None)
    if chosen is None and trial.typed is None:
        chosen = next((each for each in examples if not each.wrong), None)
    facts = dict(file.situations[chosen.place].inputs) if chosen is not None else {}
    types = _types(file, element)
    leaves = [leaf for name, kind in types.items() for leaf in _leaves((name,), kind, facts.get(name))]
    given, fields = dict[str, Any](), list[TrialField]()
    for path, kind, value in leaves[:FIELDS_MAX]:
        key, problem = "/".join(path), ""
        text = _written(kind, value) if trial.typed is None else trial.typed.get(key, "")
        try:
            _put(given, path, value if trial.typed is None else _read(kind, text))
        except _Unread as unread:
            problem = str(unread)
        fields.append(TrialField(key, " ".join(path[1:]) or path[0], kind, text, problem))
    if trial.typed is not None:
        given = {name: _as_known(value) for name, value in given.items()}
    wanted = trial.typed is not None or trial.example >= 0
    decided = _decide(file, element, given) if wanted and not any(field.problem for field in fields) else None
    return TrialView(
        groups=tuple(_groups(fields)),
        examples=examples,
        example=chosen.place if chosen is not None else -1,
        outcome=outcome_view(element.name, decided) if decided is not None else None,
    )


def examples_of(file: FileStudy, element: Decision | BusinessKnowledgeModel) -> tuple[ExampleView, ...]:
    """The examples whose facts a decision can be tried with: its own, else those that hold all that it looks at."""
    wanted = set(_types(file, element)) if isinstance(element, Decision) else set()
    found = [
        ExampleView(place, witness.situation.title, witness.situation.decision, witness.wrong)
        for place, witness in enumerate(file.witnesses)
        if witness.situation.decision == element.name or (wanted and wanted <= set(witness.situation.inputs))
    ]
    own = [each for each in found if each.decision == element.name]
    return tuple(own or found)


def _types(file: FileStudy, element: Decision | BusinessKnowledgeModel) -> Mapping[str, Type | None]:
    if isinstance(element, Decision):
        return file.model.input_types(element.name) if file.model.plan(element.name) is not None else {}
    return file.model.parameter_types(element.name) if element.name in file.model.knowledge_names else {}


def _decide(file: FileStudy, element: Decision | BusinessKnowledgeModel, given: Mapping[str, Any]) -> Outcome:
    decide = file.model.decide if isinstance(element, Decision) else file.model.invoke
    return decide(element.name, given, NOW)


# ---- the form --------------------------------------------------------------------------------------------------------

_Leaf = tuple[tuple[str, ...], str, Any]
"""A fact by its path, with its kind and its value."""


def _leaves(path: tuple[str, ...], kind: Type | None, value: Any) -> Iterator[_Leaf]:
    """The fields of an input: one, or one for each part of a record."""
    known = _bare(kind)
    parts: dict[str, Type | None] = dict(known.entries) if isinstance(known, ContextType) else {}
    if isinstance(value, Mapping) and known is not None and not parts:
        parts = dict.fromkeys(value)
    if isinstance(value, Mapping):
        parts |= {name: None for name in value if name not in parts}
    if parts and (value is None or isinstance(value, Mapping)):
        for name, part in parts.items():
            yield from _leaves((*path, name), part, value.get(name) if isinstance(value, Mapping) else None)
        return
    yield path, _kind(known, value), value


def _bare(kind: Type | None) -> Type | None:
    """A type without its allowed values and its name."""
    while isinstance(kind, ConstrainedType | NamedType):
        kind = kind.base if isinstance(kind, ConstrainedType) else kind.resolved[kind.key]
    return kind


def _kind(kind: Type | None, value: Any) -> str:
    """How a fact is written: by its type, where that says nothing by its value."""
    named = kind_named(kind) if kind is not None else Kind.OTHER
    if named in KINDS:
        return KINDS[named]
    if named is not Kind.OTHER:
        return "feel"
    match value:
        case bool():
            return "truth"
        case str():
            return "text"
        case Decimal() | int():
            return "number"
        case date():
            return "date"
        case _:
            return "feel"


def _written(kind: str, value: Any) -> str:
    match kind, value:
        case _, None:
            return ""
        case "text", str():
            return value or EMPTY_TEXT
        case "number", Decimal() | int():
            return f"{Decimal(value):f}"
        case "truth", bool():
            return "yes" if value else "no"
        case "date", date():
            return value.isoformat()
        case _:
            return literal_text(value)


def _read(kind: str, text: str) -> Any:
    text = text.strip()
    if not text:
        return None
    match kind:
        case "text":
            return "" if text == EMPTY_TEXT else text
        case "number":
            try:
                number = Decimal(text.replace(",", "") if text.count(".") else text)
            except InvalidOperation:
                raise _Unread("write a number, such as 1250.00") from None
            if not number.is_finite():
                raise _Unread("write a number, such as 1250.00")
            return number
        case "truth":
            return {"yes": True, "no": False}.get(text)
        case "date":
            day = parse_day(text)
            if day is None:
                raise _Unread("write a day, such as 2026-03-27")
            return day
        case _:
            run = Evaluation(NOW)
            expression = compile_expression(text, ())
            value = expression.evaluate({}, run)
            faults = (*expression.faults, *run.faults)
            if faults:
                raise _Unread(faults[0].message)
            return value


def _put(given: dict[str, Any], path: Sequence[str], value: Any) -> None:
    """Put a fact in its place."""
    *way, last = path
    for step in way:
        given = given.setdefault(step, {})
    given[last] = value


def _as_known(value: Any) -> Any:
    """What was typed; a record of which nothing is known is itself not known."""
    if not isinstance(value, dict):
        return value
    parts = {name: _as_known(part) for name, part in value.items()}
    return parts if any(part is not None for part in parts.values()) else None


def _groups(fields: Iterable[TrialField]) -> Iterator[TrialGroup]:
    of: dict[str, list[TrialField]] = {}
    for field in fields:
        of.setdefault(field.name.partition("/")[0], []).append(field)
    single = [each[0] for each in of.values() if len(each) == 1 and "/" not in each[0].name]
    for name, group in of.items():
        if group[0] not in single:
            yield TrialGroup(name, tuple(group))
    if single:
        yield TrialGroup("", tuple(single))


# ---- the outcome -----------------------------------------------------------------------------------------------------


def outcome_view(name: str, outcome: Outcome) -> TrialOutcome:
    """What was decided, each decision on the way with its rules and those that nearly hit."""
    near = near_rules(outcome, Amounts())
    *before, answer = outcome.explanation or (EvaluatedDecision(name, outcome.value, {}, (), ()),)
    return TrialOutcome(
        answer=_step(answer._replace(value=outcome.value), near),
        steps=tuple(_step(step, near) for step in before),
        faults=outcome.faults,
        fired=outcome.rule_ids,
    )


def _step(step: EvaluatedDecision, near: Sequence[RuleView]) -> TrialStep:
    value = step.value
    tables = {table_name(hit.table) for hit in step.hits} | {step.name}
    return TrialStep(
        name=step.name,
        values=tuple(value.items()) if isinstance(value, Mapping) else (("", value),),
        hits=tuple(rule_that_hit(hit) for hit in step.hits),
        near=tuple(rule for rule in near if rule.table in tables),
        erring=erring_rules((step,), Amounts()),
    )
