"""What a policy pack must hold beyond being executable: every row says which clause it is, whose, since when, and why.

A table that decides right but cannot be cited is no policy. The lint reads the models as written and collects faults;
it runs nothing. Reason codes are unique over the pack, so that a code found in a case leads to one row.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from comptroller.domain.decisions.definitions import (
    BusinessKnowledgeModel,
    Decision,
    DecisionTable,
    Definitions,
    Rule,
)
from comptroller.domain.kernel.fault import Fault
from comptroller.domain.kernel.instant import parse_day
from comptroller.domain.packs.validity import validity_text

ANNOTATIONS: Final = ("clause", "owner", "valid from", "valid to", "text")
"""The annotation columns of every table."""

REQUIRED: Final = ("clause", "owner", "valid from", "text")
"""Those of them that no row may leave empty."""

ASSERTIONS: Final = frozenset(
    {
        *("occurrence", "completeness", "accuracy", "cut-off", "classification", "presentation"),
        *("existence", "rights and obligations", "valuation"),
    }
)
"""What management asserts of the accounts (SOURCE: ISA 315, A190)."""

DATE_BASES: Final = ("tax", "match", "posting", "now")
"""Which date's policy counts for a decision."""

BINDINGS: Final = ("deployment", "date")
"""Which version of policy answers a running case; the hash of a version names one for all."""

_VERSION: Final = re.compile(r"[0-9a-f]{64}\Z")
_DATED: Final = re.compile(r'\bdate\("')
_REASON: Final = re.compile(r'"([A-Z]+(?:-[A-Z0-9]+)+)"\Z')


@dataclass(frozen=True, slots=True)
class TableAt:
    """A decision table and where it stands: file and element."""

    path: str
    table: DecisionTable


def tables(models: Mapping[str, Definitions]) -> Iterator[TableAt]:
    """List every decision table of a pack, those inside business knowledge models included; `models` by file."""
    for path, model in models.items():
        for element in model.elements:
            body = None
            if isinstance(element, Decision):
                body = element.expression
            elif isinstance(element, BusinessKnowledgeModel) and element.logic is not None:
                body = element.logic.body
            if isinstance(body, DecisionTable):
                yield TableAt(f"{path}/{element.name}", body)


def lint(
    models: Mapping[str, Definitions],
    asked: Mapping[str, Collection[str]],
    roles: Collection[str],
    *,
    overridable: Collection[str] = (),
) -> tuple[Fault, ...]:
    """Check a pack: its models by file, the decisions that each process asks for, and the keys of its roles.

    `overridable` are the decisions and functions that an entity may say otherwise.
    """
    faults: list[Fault] = []
    rule_at: dict[str, str] = {}
    reason_at: dict[str, str] = {}
    for place in tables(models):
        absent = [name for name in ANNOTATIONS if name not in place.table.annotations]
        if absent:
            faults.append(_fault("PACK-RULE-01", place.path, f"no annotation column `{'`, `'.join(absent)}`"))
            continue
        for number, rule in enumerate(place.table.rules, start=1):
            path = f"{place.path}/{rule.id or number}"
            faults += _rule_faults(path, place.table, rule, roles)
            _unique(rule_at, rule.id, path, "PACK-RULE-04", "rule id", faults)
            _unique(reason_at, stated_reason(place.table, rule), path, "PACK-RULE-05", "reason code", faults)
    faults += _decision_faults(models, asked, roles)
    faults += _override_faults(models, overridable)
    return tuple(faults)


def _unique(seen: dict[str, str], key: str, path: str, code: str, what: str, faults: list[Fault]) -> None:
    if key and key in seen:
        faults.append(_fault(code, path, f"{what} `{key}` is also at `{seen[key]}`"))
    seen.setdefault(key, path)


def _rule_faults(path: str, table: DecisionTable, rule: Rule, roles: Collection[str]) -> Iterator[Fault]:
    if not rule.id:
        yield _fault("PACK-RULE-02", path, "the rule has no id")
    told = dict(zip(table.annotations, rule.annotations, strict=False))
    for name in REQUIRED:
        if not told.get(name, "").strip():
            yield _fault("PACK-RULE-03", path, f"the annotation `{name}` is empty")
    owner = told.get("owner", "")
    if owner and owner not in roles:
        yield _fault("PACK-RULE-06", path, f"the owner `{owner}` is no role of the pack")
    start, end = told.get("valid from", ""), told.get("valid to", "")
    first, last = parse_day(start), parse_day(end) if end else date.max
    if start and (first is None or last is None or last < first):
        yield _fault("PACK-RULE-07", path, f"`{start}` to `{end}` is no span of days")
    validity = validity_text(start, end)
    for cell in rule.inputs:
        if _DATED.search(cell.text) and cell.text.strip() != validity:
            yield _fault(
                "PACK-RULE-08", path, f"the cell `{cell.text}` is not the validity that the row is annotated with"
            )


def stated_reason(table: DecisionTable, rule: Rule) -> str:
    """Read a row's reason code where the row states one in so many words."""
    for column, entry in zip(table.outputs, rule.outputs, strict=False):
        match = _REASON.match(entry.text.strip()) if column.name == "reason" else None
        if match is not None:
            return match[1]
    return ""


def _decision_faults(
    models: Mapping[str, Definitions], asked: Mapping[str, Collection[str]], roles: Collection[str]
) -> Iterator[Fault]:
    found: dict[str, tuple[str, Decision]] = {}
    for path, model in models.items():
        for element in model.elements:
            if not isinstance(element, Decision):
                continue
            if element.name in found:
                other = found[element.name][0]
                yield _fault("PACK-DECISION-02", path, f"decision `{element.name}` is also in `{other}`")
            found[element.name] = (path, element)
    for process, names in asked.items():
        for name in names:
            if name not in found:
                yield _fault("PACK-DECISION-01", process, f"the process asks for decision `{name}`, which no file has")
                continue
            path, decision = found[name]
            policy = decision.policy
            if not policy.number or policy.date_basis not in DATE_BASES or policy.owner not in roles:
                message = f"decision `{name}` lacks its number, a known date basis or an owner that is a role"
                yield _fault("PACK-DECISION-03", path, message)
            is_bound = policy.binding in BINDINGS or _VERSION.match(policy.binding) is not None
            if not is_bound or (policy.recheck and policy.binding != "deployment"):
                message = f"decision `{name}` is bound to `{policy.binding}`, which is no binding"
                if is_bound:
                    message = f"decision `{name}` is checked again by what is in force, so it is bound to nothing else"
                yield _fault("PACK-DECISION-05", path, message)
            if not policy.risk or policy.assertion not in ASSERTIONS:
                message = f"decision `{name}` does not say which risk it answers and which assertion it supports"
                yield _fault("PACK-DECISION-04", path, message)


def _override_faults(models: Mapping[str, Definitions], overridable: Collection[str]) -> Iterator[Fault]:
    elements = [element for model in models.values() for element in model.elements]
    for name in sorted(overridable):
        named = [each for each in elements if each.name == name and isinstance(each, Decision | BusinessKnowledgeModel)]
        if not named:
            message = f"an entity may override `{name}`, which is no decision and no function of the pack"
            yield _fault("PACK-OVERRIDE-02", name, message)
        if any(isinstance(each, Decision) and each.policy.recheck for each in named):
            message = (
                f"`{name}` is checked again by what is in force, as what guards money is: no entity may override it"
            )
            yield _fault("PACK-OVERRIDE-03", name, message)


def _fault(code: str, path: str, message: str) -> Fault:
    return Fault(code, path, message, by="pack")
