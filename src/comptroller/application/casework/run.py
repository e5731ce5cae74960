"""Drives one case through its process within one unit of work.

The machine in `domain.workflow` is pure: it says what it wants by events. Here each event is applied, its rows are
written, and the decisions and services it asks for are answered at once, until the case ends or waits. Everything is
told to the audit stream on the way, and `close` writes the case's row.

INVARIANT 2: a decision that errs or gives nothing has the outcome `review`, which no process takes for a grant.
"""

from collections import deque
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from functools import partial
from hashlib import sha256
from typing import Any, Final

from comptroller.application.casework.clock import calendar_of, today_of
from comptroller.application.casework.decision_record import RecordedInputs, outcome_text, record_text
from comptroller.application.casework.dossier import Dossier
from comptroller.application.casework.gathering import Material
from comptroller.application.casework.halting import say_where_it_halts
from comptroller.application.casework.milestones import mark, mark_waiting
from comptroller.application.casework.moves import event_to_json
from comptroller.application.casework.reacting import react
from comptroller.application.casework.record import headed, know_case, stream_of
from comptroller.application.casework.standing import standing_text
from comptroller.application.casework.tasks import TaskBook
from comptroller.application.casework.waits import Waits
from comptroller.application.policy import Policy
from comptroller.application.records import CaseRow, DecisionRow, WaitRow, revised
from comptroller.application.releasing.timeline import policy_of, timeline_of, version_bound
from comptroller.application.search.indexing import request_index
from comptroller.application.session import Session
from comptroller.domain import workflow
from comptroller.domain.controls.content import content_hash, shown_fields
from comptroller.domain.controls.context import InvoiceContext
from comptroller.domain.controls.posting import Accounts
from comptroller.domain.controls.service_hours import ServiceCalendar
from comptroller.domain.decisions import Outcome
from comptroller.domain.decisions.handing import kept
from comptroller.domain.documents.model import Invoice
from comptroller.domain.feel import Value
from comptroller.domain.kernel import plain_json
from comptroller.domain.kernel.canonical_json import encode
from comptroller.domain.kernel.fault import Fault, Rejection
from comptroller.domain.workflow import Process, State, events
from comptroller.domain.workflow.migration import migrate

DONE_ALREADY: Final = "EFFECT-DONE-01"
"""The error of a service whose effect the case has had already, by which way ever it is asked for it again."""

VALIDITY: Final = "document validity"
"""The decision whose instant is kept as a milestone of its own."""


@dataclass(frozen=True, slots=True)
class Failed:
    """A service could not do its work for a reason that the process may handle: an error event takes its code."""

    error: str
    outputs: Mapping[str, Value] = field(default_factory=dict)


Service = Callable[["CaseRun"], Mapping[str, Value] | Failed]
"""What a service task calls; its answer becomes variables of the process."""

FollowUp = Callable[["CaseRun", Any], Mapping[str, Value]]
"""What is made of an outcome once a decision has been taken; its answer becomes variables of the process."""


Job = events.DecisionRequested | events.ServiceRequested

Document = tuple[Invoice | None, tuple[Fault, ...]]
"""A document as it was read, and what was found in it; no invoice where there is none, or none could be read."""


@dataclass(frozen=True, slots=True)
class Handlers:
    """The platform's side of a process: its services by name, and what follows from outcomes by decision."""

    services: Mapping[str, Service]
    follow_ups: Mapping[str, FollowUp]
    effects: frozenset[str] = frozenset()  # the services of which nothing is taken back


EVENTS_PER_ENTRY: Final = 200
"""So many machine events fit into one audit entry with room to spare."""


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
        self._handlers = handlers
        self._pinned = pinned
        self._process: Process = pinned.processes[row.process]
        self._state = state
        self._is_new = state is None
        self._says_more = False  # words by which the case is to be found
        self._document: Document | None = None
        self._read_document: Callable[[], Document] = lambda: (None, ())
        self._moves: list[Any] = []
        self._recorded = RecordedInputs()
        self._taken: dict[Hashable, Outcome] = {}  # by version, decision and inputs
        self._in_force: tuple[tuple[str, str], Policy] | None = None
        self.wait_rows: list[WaitRow] | None = [] if state is None else None  # None: not read yet

    @classmethod
    def resume(
        cls, session: Session, handlers: Handlers, row: CaseRow, read_document: Callable[[], Document]
    ) -> "CaseRun":
        """Take up a case where it waits, with the policy version it keeps (INVARIANT 8).

        `read_document` holds what the case is judged by, and answers its document in force.
        """
        know_case(session.evidence, row)
        stored: Any = plain_json.decode(row.state)
        run = cls(
            session,
            handlers,
            row=row,
            pinned=session.environment.policies.version(session.uow, row.policy_hash),
            state=State.from_json(stored["process"]),
            dossier=Dossier.from_json(stored["dossier"]),
        )
        run._read_document = read_document
        return run

    @property
    def state(self) -> State:
        """Where the process stands."""
        assert self._state is not None
        return self._state

    @property
    def tasks(self) -> TaskBook:
        """The tasks of the case; kept nowhere, as `waits`, or no run would go before the collector finds it."""
        return TaskBook(self)

    @property
    def waits(self) -> Waits:
        """What the case waits for outside."""
        return Waits(self)

    @property
    def handlers(self) -> Handlers:
        """The platform's side of processes, for a service that takes up another case."""
        return self._handlers

    @property
    def process(self) -> Process:
        """The process version of this case."""
        return self._process

    def hold(self) -> Document:
        """Hold what the case is judged by, and answer its document in force.

        INVARIANT 9: nothing is asked of the document, decided or done by a service before that.
        """
        if self._document is None:
            self._document = self._read_document()
        return self._document

    @property
    def invoice(self) -> Invoice:
        """The document in force of an invoice case."""
        invoice, _ = self.hold()
        assert invoice is not None
        return invoice

    @property
    def has_document(self) -> bool:
        """Whether the case is one of a document that was read."""
        return self.hold()[0] is not None

    @property
    def faults(self) -> tuple[Fault, ...]:
        """The faults that the readers and rules found in the document in force."""
        return self.hold()[1]

    @property
    def context(self) -> InvoiceContext:
        """What the last gathering found around the document."""
        assert self.material is not None
        return self.material.context

    @property
    def in_force(self) -> Policy:
        """The policy in force for the case, as its entity has it."""
        asked = self.row.entity, self.row.policy_hash
        if self._in_force is None or self._in_force[0] != asked:
            self._in_force = asked, policy_of(self.session, self.row)
        return self._in_force[1]

    @property
    def accounts(self) -> Accounts:
        """The ledger accounts of the policy in force, which are the group's."""
        return self.session.policy.pack.accounts

    @property
    def cost_centre_owner(self) -> str:
        """Who owns the cost centre that the document is charged to; empty when nobody is known."""
        return self.material.cost_centre_owner if self.material is not None else ""

    @property
    def barred(self) -> set[str]:
        """Who may not sign or clear on this case, whatever their limits: requester, enterers, orderer, receivers."""
        people = self.dossier.people
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
        self.row = revised(self.row, **changes)

    def take_document(self, invoice: Invoice, faults: tuple[Fault, ...]) -> None:
        """Judge this document from now on."""
        self._document = invoice, faults

    def tell(self, kind: str, data: dict[str, Any]) -> int:
        """Append an entry to the case's stream."""
        self._says_more = (
            self._says_more or kind.startswith(("document.", "order.", "case.begun")) or bool(data.get("reason"))
        )
        return self.session.evidence.tell(self.stream, kind, data)

    def knows(self, decision: str) -> bool:
        """Whether the case's policy, or the one in force, has a decision."""
        return decision in self._pinned.models or decision in self.in_force.models

    def send(self, command: workflow.Command) -> Rejection | None:
        """Give the machine a command and carry out all that follows from it."""
        refused = self._command(command)
        if refused is not None:
            return refused
        self._tell_moves()
        return None

    def follow(self, entity: str) -> None:
        """Go on as a case of an entity, by what it decides otherwise than the one that it was taken for (INVARIANT 8).

        The process stays what it was: no entity overrides it.
        """
        if entity == self.row.entity:
            return
        self.describe(entity=entity)
        before = self.row.policy_hash
        version = timeline_of(self.session.uow, self._pinned.pack.key).for_entity(before, entity)
        if version != before:
            self._pinned = self.session.environment.policies.version(self.session.uow, version)
            self.describe(policy_hash=version)
            self.tell("policy.followed", {"entity": entity, "from_policy": before, "to_policy": version})

    def take_over(self, policy: Policy, nodes: Mapping[str, str]) -> Rejection | None:
        """Go on by another version of the process, from where the case stands (INVARIANT 8)."""
        process = policy.processes[self.row.process]
        more: Any = {"calendar": self._calendar(), "library": self._library()}
        advance = migrate(self._process, process, nodes, self.state, self.session.now, **more)
        if isinstance(advance, Rejection):
            return advance
        self._pinned, self._process = policy, process
        self.describe(policy_hash=policy.hash, process_hash=process.hash)
        self._carry_out(advance)
        self.tasks.follow()
        self._tell_moves()
        return None

    def decide(self, name: str, more: Mapping[str, Value] | None = None) -> Outcome:
        """Ask a decision with the facts at hand and record it; see `take_outcome` for what the process is told.

        `more` are facts for this one question. What is asked twice in one unit of work, at its one instant, of the same
        version and about the very same inputs is the same (INVARIANT 3): it is taken once, and recorded each time.
        """
        answering, facts = self._answering(name), {**self._known, **more} if more else self._known
        model, now = answering.models[name], self.session.now
        policy, names = model.policy(name), model.input_names(name)
        inputs = self._recorded.of(names, facts)
        asked = answering.hash, name, bytes(inputs), frozenset(facts.keys() & names)
        outcome = self._taken.get(asked)
        if outcome is None:
            outcome = self._taken[asked] = model.decide(name, facts, now)
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

    def consider(self, name: str) -> Any:
        """Ask a decision without recording it; who makes use of what it says asks it by `decide`."""
        return self._answering(name).models[name].decide(name, self._known, self.session.now).value

    @property
    def _known(self) -> Mapping[str, Any]:
        """What decisions are asked with; of a case that an event began its variables, for nothing is gathered there."""
        if not self.dossier.begun:
            return self.facts
        return {**self.state.variables, "decision date": today_of(self), **self.facts}

    def close(self) -> CaseRow:
        """Write the case's row and return it."""
        say_where_it_halts(self)
        mark_waiting(self)
        process, dossier = plain_json.encode(self.state.to_json()), encode(self.dossier.to_json())
        state = f'{{"dossier":{dossier.decode()},"process":{process.decode()}}}'
        standing = standing_text(self.state, self.row.standing, self.session.now)
        row = headed(self.session.evidence, revised(self.row, state=state, standing=standing), self.session.now)
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
        """The version that answers, as the case's own says: what is checked again is asked of the policy in force."""
        model = self._pinned.models.get(decision)  # a case may be older than the decision
        if model is None or model.policy(decision).recheck:
            return self.in_force
        bound = version_bound(self.session.uow, self._pinned, model.policy(decision), self._known, self.row.entity)
        if bound == self._pinned.hash:
            return self._pinned
        policy = self.session.environment.policies.version(self.session.uow, bound)
        return policy if decision in policy.models else self._pinned

    def _command(self, command: workflow.Command) -> Rejection | None:
        advance = self._advance(command)
        if isinstance(advance, Rejection):
            return advance
        self._carry_out(advance)
        return None

    def _carry_out(self, advance: workflow.Advance) -> None:
        jobs: deque[Job] = deque()
        self._take(advance, jobs)
        while jobs:
            job = jobs.popleft()
            if not self._is_wanted(job):
                continue  # withdrawn by what an earlier one led to
            following = self._advance(self._perform(job))
            if isinstance(following, Rejection):
                raise RuntimeError(f"the process refused its own job: {following.message}")
            self._take(following, jobs)

    def _advance(self, command: workflow.Command) -> workflow.Advance | Rejection:
        more: Any = {"calendar": self._calendar(), "library": self._library()}
        return workflow.advance(self._process, self._state, command, self.session.now, **more)

    def _calendar(self) -> ServiceCalendar | None:
        return calendar_of(self) if self._process.counts_service_hours else None

    def _library(self) -> workflow.Library:
        """What the process may call: a call goes on with the version that it began with (INVARIANT 8)."""
        if not self._process.calls:
            return workflow.NO_CALLS
        policies, uow, pack = self.session.environment.policies, self.session.uow, self._pinned.pack.key
        others = partial(policies.process, uow, pack)
        return workflow.Library(self._pinned.processes, self.in_force.processes, others)

    def _is_wanted(self, job: Job) -> bool:
        at = self.state.tokens.get(job.token)
        return at is not None and not at.incident

    def _take(self, advance: workflow.Advance, jobs: "deque[Job]") -> None:
        self._state = advance.state
        for event in advance.events:
            self._moves.append(event_to_json(event))
            if isinstance(event, Job):
                jobs.append(event)
            else:
                react(self, event)

    def _perform(self, job: Job) -> workflow.CompleteJob | workflow.FailJob:
        self.hold()
        if isinstance(job, events.DecisionRequested):
            return workflow.CompleteJob(job.token, self.take_outcome(job.decision, self.decide(job.decision)))
        if job.service in self.dossier.effects:  # INVARIANT 4
            return workflow.FailJob(job.token, DONE_ALREADY)
        answer = self._handlers.services[job.service](self)
        if isinstance(answer, Failed):
            return workflow.FailJob(job.token, answer.error, answer.outputs)
        if job.service in self._handlers.effects and answer.get("in effect") is not False:
            self.dossier.effects.append(job.service)
        return workflow.CompleteJob(job.token, answer)

    def take_outcome(self, name: str, outcome: Outcome) -> Mapping[str, Value]:
        """Keep an outcome and do what follows from it; answers the variables that the process needs.

        A case that an event began has its variables alone: there the outcome is one of them.
        """
        value = self.keep_outcome(name, outcome)
        if self.dossier.begun:
            return {name: value}
        follow_up = self._handlers.follow_ups.get(name)
        return {} if follow_up is None else follow_up(self, value)

    def keep_outcome(self, name: str, outcome: Outcome) -> Any:
        """Keep an outcome among the facts of later decisions; one that failed counts as `review`."""
        value = kept(name, outcome)
        self.facts[name] = value
        self.outcomes[name] = value
        return value

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
