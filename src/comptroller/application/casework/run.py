"""Drives one case through its process within one unit of work.

The machine in `domain.workflow` is pure: it says what it wants by events. Here each event is applied, its rows are
written, and the decisions and services it asks for are answered at once, until the case ends or waits. Everything is
told to the audit stream on the way, and `close` writes the case's row.

INVARIANT 2: a decision that errs or gives nothing has the outcome `review`, which no process takes for a grant.
"""

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any, Final

from comptroller.application.casework.decision_record import RecordedInputs, outcome_text, record_text
from comptroller.application.casework.dossier import Dossier
from comptroller.application.casework.gathering import Material
from comptroller.application.casework.milestones import mark, mark_findings, mark_waiting
from comptroller.application.casework.moves import event_to_json
from comptroller.application.casework.record import headed, know_case, stream_of
from comptroller.application.casework.tasks import TaskBook
from comptroller.application.outbox import timer_id, timer_row
from comptroller.application.policy import Policy
from comptroller.application.records import CaseRow, DecisionRow, WaitRow
from comptroller.application.search.indexing import request_index
from comptroller.application.session import Session
from comptroller.domain import workflow
from comptroller.domain.controls.content import content_hash, shown_fields
from comptroller.domain.controls.context import InvoiceContext
from comptroller.domain.controls.posting import Accounts
from comptroller.domain.decisions import Outcome
from comptroller.domain.documents.model import Invoice
from comptroller.domain.feel import Value
from comptroller.domain.kernel.canonical_json import decode, encode
from comptroller.domain.kernel.fault import Fault, Rejection, Severity
from comptroller.domain.workflow import Process, State, events

VALIDITY: Final = "document validity"
"""The decision whose instant is kept as a milestone of its own."""

ENDINGS: Final = {"Cancelled": "cancelled", "Refused": "rejected"}
"""What an end event's name means for a case that no service has given a status."""

Service = Callable[["CaseRun"], Mapping[str, Value]]
"""What a service task calls; its answer becomes variables of the process."""

FollowUp = Callable[["CaseRun", Any], Mapping[str, Value]]
"""What is made of an outcome once a decision has been taken; its answer becomes variables of the process."""


Job = events.DecisionRequested | events.ServiceRequested


@dataclass(frozen=True, slots=True)
class Handlers:
    """The platform's side of a process: its services by name, and what follows from outcomes by decision."""

    services: Mapping[str, Service]
    follow_ups: Mapping[str, FollowUp]


EVENTS_PER_ENTRY: Final = 200
"""So many machine events fit into one audit entry with room to spare."""


WATCH: Final = "posted.watch"
"""What a posted case goes on waiting under: changes of its order."""


class CaseRun:
    """One case being worked on. `facts` hold what decisions are asked with: gathered afresh in every run."""

    def __init__(
        self,
        session: Session,
        handlers: Handlers,
        *,
        row: CaseRow,
        pinned: Policy,
        state: State | None,
        dossier: Dossier,
    ) -> None:
        self.session = session
        self.row = row
        self.dossier = dossier
        self.facts: dict[str, Any] = {}
        self.outcomes: dict[str, Any] = {}
        self.material: Material | None = None  # what the last gathering read
        self.stream = stream_of(row.case_id)
        self.tasks = TaskBook(self)
        self._handlers = handlers
        self._pinned = pinned
        self._process: Process = pinned.processes[row.process]
        self._state = state
        self._is_new = state is None
        self._says_more = False  # words by which the case is to be found
        self._invoice: Invoice | None = None
        self._faults: tuple[Fault, ...] = ()
        self._moves: list[Any] = []
        self._recorded = RecordedInputs()

    @classmethod
    def resume(cls, session: Session, handlers: Handlers, row: CaseRow) -> "CaseRun":
        """Take up a case where it waits, with the policy version it keeps (INVARIANT 8)."""
        know_case(session.evidence, row)
        stored: Any = decode(row.state)
        return cls(
            session,
            handlers,
            row=row,
            pinned=session.environment.policies.version(session.uow, row.policy_hash),
            state=State.from_json(stored["process"]),
            dossier=Dossier.from_json(stored["dossier"]),
        )

    @property
    def state(self) -> State:
        """Where the process stands."""
        assert self._state is not None
        return self._state

    @property
    def handlers(self) -> Handlers:
        """The platform's side of processes, for a service that takes up another case."""
        return self._handlers

    @property
    def process(self) -> Process:
        """The process version of this case."""
        return self._process

    @property
    def invoice(self) -> Invoice:
        """The document in force of an invoice case."""
        assert self._invoice is not None
        return self._invoice

    @property
    def has_document(self) -> bool:
        """Whether the case is one of a document that was read."""
        return self._invoice is not None

    @property
    def faults(self) -> tuple[Fault, ...]:
        """The faults that the readers and rules found in the document in force."""
        return self._faults

    @property
    def context(self) -> InvoiceContext:
        """What the last gathering found around the document."""
        assert self.material is not None
        return self.material.context

    @property
    def accounts(self) -> Accounts:
        """The ledger accounts of the policy in force."""
        return self.session.policy.pack.accounts

    @property
    def cost_centre_owner(self) -> str:
        """Who owns the cost centre that the document is charged to; empty when nobody is known."""
        return self.material.cost_centre_owner if self.material is not None else ""

    @property
    def barred(self) -> set[str]:
        """Who may not sign or clear on this case, whatever their limits: requester, enterers, orderer, receivers."""
        people = {self.dossier.requester, self.dossier.enterer, *self.dossier.keyers}
        if self.material is not None:
            order, receipts = self.material.context.order, self.material.context.receipts or ()
            people |= {order.created_by} if order else set()
            people |= {receipt.received_by for receipt in receipts}
        return people - {""}

    def hash_of_fields(self, route: Any) -> str:
        """The hash of the fields that a signer is shown; the route's reason is one of them."""
        return content_hash(shown_fields(self.invoice, self.context, str(route.get("text") or "")))

    def gather(self) -> None:
        """Gather the facts outside the process, for what is asked between two of its steps."""
        self._handlers.services["facts.gather"](self)

    def describe(self, **changes: Any) -> None:
        """Change what the case's row says of it."""
        self.row = replace(self.row, **changes)

    def take_document(self, invoice: Invoice, faults: tuple[Fault, ...]) -> None:
        """Judge this document from now on."""
        self._invoice, self._faults = invoice, faults

    def tell(self, kind: str, data: dict[str, Any]) -> int:
        """Append an entry to the case's stream."""
        self._says_more = self._says_more or kind.startswith(("document.", "order.")) or bool(data.get("reason"))
        return self.session.evidence.tell(self.stream, kind, data)

    def knows(self, decision: str) -> bool:
        """Whether the case's policy, or the one in force, has a decision."""
        return decision in self._pinned.models or decision in self.session.policy.models

    def send(self, command: workflow.Command) -> Rejection | None:
        """Give the machine a command and carry out all that follows from it."""
        refused = self._command(command)
        if refused is not None:
            return refused
        self._tell_moves()
        return None

    def decide(self, name: str, more: Mapping[str, Value] | None = None) -> Outcome:
        """Ask a decision with the facts at hand and record it; see `take_outcome` for what the process is told.

        `more` are facts for this one question.
        """
        answering, facts = self._answering(name), {**self.facts, **more} if more else self.facts
        model, now = answering.models[name], self.session.now
        outcome = model.decide(name, facts, now)
        policy = model.policy(name)
        inputs = self._recorded.of(model.input_names(name), facts)
        zones = self.session.environment.time_zones
        record = record_text(answering.hash, policy, time_zones=zones, inputs=inputs, now=now, outcome=outcome)
        seq = self.tell(
            "decision.taken",
            {
                "decision": name,
                "number": policy.number,
                "model": model.hash,
                "outcome": _brief(outcome.value),
                "rules": outcome.rule_ids,
                "record": sha256(record.encode()).hexdigest(),
            },
        )
        self.session.uow.insert(
            DecisionRow(self.row.case_id, seq, name, model.hash, outcome_text(outcome.value), record)
        )
        self.dossier.decided[name] = seq
        if name == VALIDITY:
            mark(self, seq, "validity decided", control=name)
        return outcome

    def close(self) -> CaseRow:
        """Write the case's row and return it."""
        mark_waiting(self)
        state = encode({"process": self.state.to_json(), "dossier": self.dossier.to_json()}).decode()
        row = headed(self.session.evidence, replace(self.row, state=state), self.session.now)
        if self._is_new:
            self.session.uow.insert(row)
        else:
            self.session.uow.update(row)
        if self._says_more:
            request_index(self.session, row.case_id, row.entry_seq)
            self._says_more = False
        self.row = row
        return row

    def _answering(self, decision: str) -> Policy:
        """The version that answers: what is checked again at effect is asked of the policy in force."""
        model = self._pinned.models.get(decision)  # a case may be older than the decision
        return self.session.policy if model is None or model.policy(decision).recheck else self._pinned

    def _command(self, command: workflow.Command) -> Rejection | None:
        jobs: deque[Job] = deque()
        advance = workflow.advance(self._process, self._state, command, self.session.now)
        if isinstance(advance, Rejection):
            return advance
        self._take(advance, jobs)
        while jobs:
            job = jobs.popleft()
            answer = workflow.CompleteJob(job.token, self._perform(job))
            advance = workflow.advance(self._process, self._state, answer, self.session.now)
            if isinstance(advance, Rejection):
                raise RuntimeError(f"the process refused its own job: {advance.message}")
            self._take(advance, jobs)
        return None

    def _take(self, advance: workflow.Advance, jobs: "deque[Job]") -> None:
        self._state = advance.state
        for event in advance.events:
            self._moves.append(event_to_json(event))
            if isinstance(event, events.DecisionRequested | events.ServiceRequested):
                jobs.append(event)
            else:
                self._react(event)

    def _perform(self, job: Job) -> Mapping[str, Value]:
        if isinstance(job, events.ServiceRequested):
            return self._handlers.services[job.service](self)
        return self.take_outcome(job.decision, self.decide(job.decision))

    def take_outcome(self, name: str, outcome: Outcome) -> Mapping[str, Value]:
        """Keep an outcome and do what follows from it; answers the variables that the process needs."""
        value = self.keep_outcome(name, outcome)
        follow_up = self._handlers.follow_ups.get(name)
        return {} if follow_up is None else follow_up(self, value)

    def keep_outcome(self, name: str, outcome: Outcome) -> Any:
        """Keep an outcome among the facts of later decisions; one that failed counts as `review`."""
        value: Value = outcome.value
        errors = [fault for fault in outcome.faults if fault.severity is Severity.ERROR]
        if value is None or errors:
            text = "; ".join(fault.message for fault in errors) or "the decision gave no outcome"
            value = {"outcome": "review", "reason": "POLICY-ERROR-01", "text": f"`{name}` could not decide: {text}"}
        self.facts[name] = value
        self.outcomes[name] = value
        return value

    def _react(self, event: workflow.Event) -> None:
        """Write the rows that follow from an event; moves that only the machine's own record needs have none."""
        match event:
            case events.TaskOffered():
                self.tasks.offer(event)
            case events.TaskWithdrawn():
                self.tasks.withdraw(event)
            case events.MessageAwaited() | events.MessageForgotten() | events.MessageReceived():
                self._react_to_message(event)
            case events.TimerSet() | events.TimerCancelled():
                self._react_to_timer(event)
            case events.IncidentRaised() | events.CaseEnded() | events.CaseCancelled():
                self._react_to_end(event)
            case _:
                pass

    def _react_to_message(
        self, event: events.MessageAwaited | events.MessageForgotten | events.MessageReceived
    ) -> None:
        uow, case_id = self.session.uow, self.row.case_id
        if isinstance(event, events.MessageAwaited):
            uow.insert(
                *(WaitRow(event.message, subject, case_id, event.token) for subject in self.subjects(event.message))
            )
            return
        for wait in uow.case_waits(case_id):
            if wait.token == event.token and wait.message == event.message:
                uow.delete(wait)

    def _react_to_timer(self, event: events.TimerSet | events.TimerCancelled) -> None:
        uow, case_id = self.session.uow, self.row.case_id
        if isinstance(event, events.TimerSet):
            uow.insert(timer_row(self.session, case_id, token=event.token, timer=event.timer, due=event.due))
            return
        pending = uow.outbox(timer_id(case_id, event.token, event.timer))
        if pending is not None and pending.status != "done":
            uow.update(replace(pending, status="cancelled"))

    def _react_to_end(self, event: events.IncidentRaised | events.CaseEnded | events.CaseCancelled) -> None:
        match event:
            case events.IncidentRaised():
                self.describe(status="waiting", outcome="incident")
                self.tell("case.incident", {"node": event.node, "code": event.code, "message": event.message})
            case events.CaseEnded():
                if self.row.status == "waiting":  # ended without an effect of its own: by a person's word
                    ending = ENDINGS.get(event.name, "done")
                    self.describe(status=ending, outcome=ending)
                self.describe(exceptions="")
                self._stop_waiting()
                self.tasks.void_questions()
                if self.row.status != "posted":  # what blocks a payment stays open until it is lifted
                    mark_findings(self, self.dossier.findings, [])
                told = {"end": event.end, "name": event.name, "outcome": self.row.outcome}
                mark(self, self.tell("case.ended", told), "ended", detail=self.row.outcome)
            case events.CaseCancelled():
                self.describe(status="cancelled", outcome="cancelled")
                self._stop_waiting()
                self.tasks.void_questions()
                self.tell("case.cancelled", {"reason": event.reason})

    def _stop_waiting(self) -> None:
        for wait in self.session.uow.case_waits(self.row.case_id):
            if wait.message != WATCH:
                self.session.uow.delete(wait)

    def subjects(self, message: str) -> tuple[str, ...]:
        """What a message to this case can be about: the case itself, and for changes all that its facts rest on."""
        own = f"case/{self.row.case_id}"
        if message != "case.changed" or self.material is None:
            return (own,)
        asked = [f"person/{step['person']}" for step in self.facts.get("open steps") or () if step.get("person")]
        return (own, *dict.fromkeys([*self.material.subjects, *asked]))

    def _tell_moves(self) -> None:
        for start in range(0, len(self._moves), EVENTS_PER_ENTRY):
            self.tell("process.advanced", {"events": self._moves[start : start + EVENTS_PER_ENTRY]})
        self._moves.clear()


def _brief(value: Any) -> Any:
    """The part of an outcome that the entry itself names; the rest is in the record whose digest it carries."""
    if isinstance(value, dict):
        return {name: value[name] for name in ("outcome", "reason", "text") if name in value}
    return None
