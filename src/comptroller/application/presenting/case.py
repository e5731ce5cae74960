"""A case as one person sees it: the document, the verdicts, what this person may do, and the story."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

from comptroller.application.casework.approval_steps import wanted_steps
from comptroller.application.casework.record import stream_of
from comptroller.application.open_tasks import unopened
from comptroller.application.presenting.acting import side_acts, talk_view
from comptroller.application.presenting.attempts import breach_attempts
from comptroller.application.presenting.brief import brief_view
from comptroller.application.presenting.controls_evidence import evidence_trail
from comptroller.application.presenting.decisions import AskedRule, controls_shown, decision_views, latest_decisions
from comptroller.application.presenting.line_assignment import naming_act
from comptroller.application.presenting.match import match_view
from comptroller.application.presenting.proposals import proposal_view
from comptroller.application.presenting.reading import is_marked, reading_view
from comptroller.application.presenting.signing_limits import judged
from comptroller.application.presenting.story import TITLES, process_view, timeline
from comptroller.application.presenting.task import limited, quorum_views, signer_views, task_view
from comptroller.application.presenting.words import (
    Names,
    action_title,
    decision_title,
    gross_of,
    net_of,
    standing_of_case,
    summary_of,
    task_title,
)
from comptroller.application.queries import visible_case
from comptroller.application.records import CaseRow, DocumentRow, TaskRow
from comptroller.application.session import Refused, Session
from comptroller.application.views import (
    ActorKind,
    CaseTab,
    CaseView,
    ExceptionLine,
    JournalLineView,
    JournalView,
    NextStep,
    OriginalView,
    ProofView,
    RefusalView,
    ShownAs,
    TimelineItem,
)
from comptroller.domain.documents.json_form import from_json
from comptroller.domain.documents.model import DocumentKind, Invoice
from comptroller.domain.identity import Duty
from comptroller.domain.kernel import limits
from comptroller.domain.kernel.canonical_json import decode
from comptroller.domain.kernel.fault import Fault, Rejection, RejectionKind, Severity
from comptroller.domain.kernel.money import Money, parse_decimal


@dataclass(frozen=True, slots=True)
class ShowCase:
    """A case, opened at a tab."""

    case_id: str
    tab: CaseTab = CaseTab.MATCH
    shown_as: ShownAs = ShownAs.INVOICE
    asked: AskedRule = field(default_factory=AskedRule)
    reason: str = ""  # as typed before a refusal
    problem: str = ""  # with that reason
    refused: Rejection | None = None  # an act that was just refused
    seen: int = 0  # the newest entry when the page was opened that was acted from
    task: str = ""  # of several, the one to show


def show_case(session: Session, command: ShowCase) -> CaseView | Refused:
    """Everything that the page of a case shows."""
    row = visible_case(session, command.case_id)
    if isinstance(row, Refused):
        return row
    uow, names = session.uow, Names(session)
    state: Any = decode(row.state)
    dossier: dict[str, Any] = state["dossier"]
    document = uow.document(row.document) if row.document else None
    invoice = from_json(Invoice, decode(document.canonical))[0] if document is not None else None
    tasks = uow.case_tasks(row.case_id)
    decisions = uow.decisions(row.case_id)
    decided = latest_decisions(decisions, dossier.get("decided", {}))
    entries = uow.stream(stream_of(row.case_id))
    policy = session.environment.policies.version(uow, row.policy_hash)
    story = timeline(session, names, entries)
    process = policy.processes[row.process]
    brief = brief_view(session, names, row, invoice or Invoice(), decided)
    shown, faults = controls_shown(process), faults_of(document)
    wanted = wanted_steps(state["process"])
    is_read = invoice is not None and invoice.kind is not DocumentKind.UNKNOWN
    limits = limited(session, row, tasks, wanted, decisions)
    match = match_view(session, names, row, invoice, decided) if invoice is not None and is_read else None
    return CaseView(
        case_id=row.case_id,
        number=row.number,
        supplier=row.supplier_name or row.supplier,
        entity=row.entity,
        entity_name=names.entity(row.entity),
        status=row.status,
        summary=summary_of(row),
        standing=standing_of_case(row),
        received_at=row.received_at,
        received_by=_channel(dossier) or names.person(document.received_by if document else dossier.get("enterer", "")),
        document=invoice or Invoice(),
        original=_original(uow.document(dossier["transcribed"]) if dossier.get("transcribed") else document),
        proof=_proof(session, row, dossier),
        process=process_view(process, entries, state["process"]),
        net=net_of(row),
        gross=gross_of(row),
        brief=brief,
        trail=evidence_trail(session, names, policy, decided, shown, entries, judged(session, decisions))
        if command.tab is CaseTab.EVIDENCE
        else None,
        next_step=_next_step(names, tasks),
        proposal=proposal_view(session, names, row, dossier),
        task=task_view(
            session,
            names,
            row,
            tasks,
            reason=command.reason,
            problem=command.problem,
            chosen=command.task,
            limits=limits,
        ),
        acts=(*side_acts(session, row, tasks, chosen=command.task), *naming_act(session, row, match)),
        talk=talk_view(session, names, row, tasks, entries),
        faults=tuple(fault for fault in faults if not is_marked(fault)),
        decisions=decision_views(session, names, decided, shown, row.currency, command.asked),
        may_record=Duty.POLICY_AUTHOR in session.caller.duties,
        may_amend=Duty.ORDER_AMEND in session.caller.duties,
        may_receive=Duty.RECEIPT_RECORD in session.caller.duties,
        not_run=tuple(decision_title(name) for name in shown if name not in decided),
        exceptions=_exceptions(names, row, tasks),
        match=match,
        signers=(
            *signer_views(names, dossier, tasks, wanted, limits),
            *breach_attempts(names, entries),
        ),
        quorums=quorum_views(names, dossier, tasks, wanted),
        timeline=story,
        journals=tuple(_journals(session, row)),
        tab=command.tab,
        shown_as=command.shown_as,
        reading=reading_view(uow, names, row, faults, entries),
        requester=names.person(invoice.buyer_reference or "") if invoice is not None else "",
        refusal=_refusal(names, command, story),
        is_new=Duty.TASK_READ in session.caller.duties and bool(unopened(session, row, tasks)),
    )


def _channel(dossier: dict[str, Any]) -> str:
    """The channel that says itself when it received the document; empty where a person handed it in."""
    arrival = dossier.get("arrival", {})
    return str(arrival["channel"]) if arrival.get("received_at") else ""


def _original(document: DocumentRow | None) -> OriginalView:
    if document is None:
        return OriginalView("", "application/json", 0)
    suffix = next((end for end in ("json", "pdf", "xml") if document.media_type.endswith(end)), "bin")
    try:
        text = document.original.decode()
    except UnicodeDecodeError:
        text = ""
    return OriginalView(
        document.digest, document.media_type, len(document.original), text, f"{document.digest[:12]}.{suffix}"
    )


def _proof(session: Session, row: CaseRow, dossier: dict[str, Any]) -> ProofView:
    checkpoint, stream = session.uow.checkpoint(), stream_of(row.case_id)
    pending = session.uow.unsequenced(limits.SEQUENCE_BATCH_MAX)
    return ProofView(
        document_digest=row.document,
        content_hash=dossier.get("content_hash", ""),
        process_hash=row.process_hash,
        policy_hash=row.policy_hash,
        entries=row.entry_seq,
        last_entry_hash=row.entry_hash,
        is_sequenced=len(pending) < limits.SEQUENCE_BATCH_MAX and all(entry.stream != stream for _, entry in pending),
        tree_size=checkpoint.size if checkpoint else None,
        root=checkpoint.root.hex() if checkpoint else "",
    )


def _next_step(names: Names, tasks: Sequence[TaskRow]) -> NextStep | None:
    open_tasks = sorted((task for task in tasks if task.status == "open"), key=lambda task: task.due)
    if not open_tasks:
        return None
    first = open_tasks[0]
    who = tuple(dict.fromkeys(names.person_or_role(task.person, task.role) for task in open_tasks))
    return NextStep(names.told(task_title(first)), who[0], first.due, others=who[1:])


def _refusal(names: Names, command: ShowCase, story: Sequence[TimelineItem]) -> RefusalView | None:
    rejection = command.refused
    if rejection is None:
        return None
    is_conflict = rejection.kind is RejectionKind.CONFLICT
    recorded = " The attempt is recorded." if rejection.breach else ""
    return RefusalView(
        "Something has changed, so nothing was done" if is_conflict else "You may not do this",
        f"{names.told(rejection.message)}.{recorded}",
        "Below is the case as it stands now." if is_conflict else rejection.help,
        _since(story, command.seen) if is_conflict else (),
    )


_UNDONE: Final = {TITLES["command.refused"], TITLES["task.opened"]}


def _since(story: Sequence[TimelineItem], seen: int) -> tuple[TimelineItem, ...]:
    """What was done after an entry: neither what was refused or only looked at, nor a rule that repeats itself."""
    if not seen:
        return ()
    known = {(item.title, item.text) for item in story if item.seq <= seen and item.actor_kind is ActorKind.RULE}
    later = (item for item in story if item.seq > seen and item.title not in _UNDONE)
    return tuple(item for item in later if (item.title, item.text) not in known)


def faults_of(document: DocumentRow | None) -> tuple[Fault, ...]:
    """What was found in a document when it was read."""
    stored: Any = decode(document.faults) if document is not None else []
    return tuple(
        Fault(code, path, message, Severity(severity), by, help_text)
        for code, path, message, severity, by, help_text in stored
    )


def _exceptions(names: Names, row: CaseRow, tasks: Sequence[TaskRow]) -> tuple[ExceptionLine, ...]:
    lines = []
    for task in tasks:
        if task.kind != "exception" or task.status == "void":
            continue
        detail: Any = decode(task.detail)
        item = detail["item"]
        amount = parse_decimal(str(item.get("amount") or ""))
        text = str(item.get("text") or task.title)
        lines.append(
            ExceptionLine(
                type=str(item.get("type", "")),
                text=names.told(text),
                mentions=names.mentioned(text),
                remedy=str(item.get("remedy") or ""),
                owner=names.person_or_role(task.person, task.role),
                line=str(item.get("line") or ""),
                amount=Money(amount, row.currency) if amount is not None else None,
                percent=_percent(item.get("percent")),
                reason=str(item.get("reason") or ""),
                due=task.due,
                resolutions=tuple(action_title(name) for name in item.get("resolutions") or ()),
                settled=task.status == "done",
            )
        )
    return tuple(lines)


def _percent(value: Any) -> Decimal | None:
    return parse_decimal(str(value)) if value is not None else None


def _journals(session: Session, row: CaseRow) -> Iterator[JournalView]:
    for journal, lines in session.uow.journals(row.case_id):
        local = journal.local_currency if journal.local_currency != journal.currency else ""
        yield JournalView(
            journal.journal_id,
            journal.posted_at,
            journal.period,
            tuple(
                JournalLineView(
                    line.account,
                    line.text,
                    Money(line.amount, journal.currency),
                    line.cost_centre,
                    Money(line.local_amount, local) if local else None,
                )
                for line in lines
            ),
            journal.payment_block,
            journal.rate if local else None,
        )
