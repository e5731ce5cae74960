"""Repairing many cases: chosen by cause, by version and step, or by name, each in a unit of work of its own.

One that is refused keeps no other back, and nothing here may more than its steps: each is a use case with its duty. A
trial asks every case and forgets the answer. What is long is a job (`jobs/repairs.py`), a few are done at once.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from comptroller.application.acting.cancelling import CancelCase
from comptroller.application.acting.holding import words_of
from comptroller.application.casework import halting
from comptroller.application.dispatcher import Dispatcher, Request
from comptroller.application.records import CaseRow
from comptroller.application.repairing import SUSPENDED, RepairCase, RepairKind, standing_of
from comptroller.application.session import Refused, Session
from comptroller.domain.feel import Value
from comptroller.domain.kernel import limits
from comptroller.domain.kernel.fault import Rejection, RejectionKind
from comptroller.domain.kernel.ids import TenantId

CANCEL: Final = "cancel"
"""To lay a case aside is no repair and takes a duty of its own; of many it is done in the same way."""

KINDS: Final = (*RepairKind, CANCEL)
LOOKED_AT_MAX: Final = 10 * limits.PAGE_SIZE_MAX
"""Open cases that one question goes through; the next one goes on behind them."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which cases are meant: those named, or the open ones of a process, narrowed by what is not empty."""

    case_ids: tuple[str, ...] = ()
    process: str = ""
    version: str = ""  # hash of the process
    node: str = ""  # where a token stands
    code: str = ""  # of the incident there
    entity: str = ""


@dataclass(frozen=True, slots=True)
class RepairCases:
    """One repair of many cases."""

    chosen: Chosen
    kind: str
    reason: str
    to_node: str = ""
    variables: Mapping[str, Value] = field(default_factory=dict)
    is_trial: bool = False


@dataclass(frozen=True, slots=True)
class FindChosen:
    """The chosen cases, page by page."""

    chosen: Chosen
    after: str = ""
    limit: int = limits.PAGE_SIZE_MAX


def find_chosen(session: Session, command: FindChosen) -> dict[str, Any] | Refused:
    """A page of the chosen cases that the caller works for; `next` asks for the one behind it."""
    chosen = command.chosen
    if not chosen.case_ids and not chosen.process:
        message, help_ = "no case is chosen", "name cases, or a process and what narrows it down"
        return Refused(Rejection(RejectionKind.INVALID, "REPAIR-CHOICE-01", message, help=help_))
    if len(chosen.case_ids) > limits.PAGE_SIZE_MAX:
        message, help_ = f"{len(chosen.case_ids)} cases are named", f"name at most {limits.PAGE_SIZE_MAX} at once"
        return Refused(Rejection(RejectionKind.INVALID, "REPAIR-CHOICE-02", message, help=help_))
    if chosen.case_ids:
        names = list(dict.fromkeys(chosen.case_ids))
        place = names.index(command.after) + 1 if command.after in names else 0
        page = names[place : place + command.limit]
        return {"cases": page, "next": page[-1] if place + len(page) < len(names) else ""}
    found: list[str] = []
    after, looked_at, page_size = command.after, 0, limits.PAGE_SIZE_MAX
    outcome = "" if not chosen.code else halting.SUSPENDED if chosen.code == SUSPENDED else halting.INCIDENT
    of: Any = {"status": "" if outcome else "waiting", "entities": session.caller.among(chosen.entity)}
    while looked_at < LOOKED_AT_MAX:
        rows = session.uow.cases(outcome=outcome, **of, after=after, limit=page_size)
        for row in rows:
            looked_at, after = looked_at + 1, row.case_id
            if _is_chosen(row, chosen):
                found.append(row.case_id)
                if len(found) == command.limit:
                    return {"cases": found, "next": after}
        if len(rows) < page_size:
            return {"cases": found, "next": ""}
    return {"cases": found, "next": after}


def _is_chosen(row: CaseRow, chosen: Chosen) -> bool:
    wanted = (chosen.process, chosen.version or row.process_hash, chosen.entity or row.entity)
    if (row.process, row.process_hash, row.entity) != wanted:
        return False
    if not chosen.node and chosen.code in {"", SUSPENDED}:
        return True
    return any(
        chosen.node in {"", token.node} and chosen.code in {"", SUSPENDED, token.incident}
        for token in standing_of(row).tokens.values()
    )


def order_for(wish: RepairCases, case_id: str) -> RepairCase | CancelCase:
    """What is asked for one of the cases."""
    if wish.kind == CANCEL:
        return CancelCase(case_id, wish.reason)
    return RepairCase(case_id, wish.kind, wish.reason, "", wish.to_node, wish.variables)


def refusal_of(wish: RepairCases) -> Rejection | None:
    """Why a wish is none for any case: without a reason, or of no kind that there is."""
    if wish.kind not in KINDS:
        message = f"`{wish.kind}` is no repair"
        return Rejection(RejectionKind.INVALID, "CASE-REPAIR-03", message, help=f"say one of: {', '.join(KINDS)}")
    return words_of(wish.reason, "reason")


def repair_cases(
    dispatcher: Dispatcher, tenant: TenantId, principal: str, wish: RepairCases, *, after: str = ""
) -> dict[str, Any] | Rejection:
    """Repair a page of the chosen cases at once, or try it; tells what became of each, and in `next` where to go on."""
    page = dispatcher.execute(tenant, Request(principal, FindChosen(wish.chosen, after)))
    refused = page if isinstance(page, Rejection) else refusal_of(wish)
    if refused is not None:
        return refused
    told = list(_done(dispatcher, tenant, principal, wish, page["cases"]))
    return {"repaired": sum("code" not in each for each in told), "cases": told, "next": page["next"]}


def _done(
    dispatcher: Dispatcher, tenant: TenantId, principal: str, wish: RepairCases, case_ids: list[str]
) -> Iterator[dict[str, Any]]:
    ask = dispatcher.rehearse if wish.is_trial else dispatcher.execute
    for case_id in case_ids:
        yield told_of(case_id, ask(tenant, Request(principal, order_for(wish, case_id))))


def told_of(case_id: str, answer: Any) -> dict[str, Any]:
    """What became of one case, or would become of it."""
    if isinstance(answer, Rejection):
        return {"case_id": case_id, "code": answer.code, "message": answer.message}
    return {"case_id": case_id, "status": answer["status"], "outcome": answer["outcome"]}
