"""How a case moves within one command: the draft of its state, the events so far, and the steps still to be taken.

Steps are a queue, so that branches go on in the order in which they are drawn and no process, however long, nests a
call. What is here knows tokens and scopes, but no element of BPMN; those are told by the modules beside it.
"""

from collections import deque
from collections.abc import Iterable, Mapping
from datetime import datetime

from msgspec import Struct

from comptroller.domain.controls.service_hours import ServiceCalendar
from comptroller.domain.feel import Evaluation, Expression, Value
from comptroller.domain.workflow import events
from comptroller.domain.workflow.applier import Draft
from comptroller.domain.workflow.model import Activity, CallActivity, EndEvent, Job, PersonTask, StartEvent, SubProcess
from comptroller.domain.workflow.process import ROOT, Flow, Library, Place, Plan, Process
from comptroller.domain.workflow.state import State, Token, chain, visible


class Step(Struct, frozen=True):
    """A token on its way to a node: over a flow, to where no flow leads, as an instance, or to undo."""

    scope: str
    flow: str
    target: str
    instance: int = 0
    item: Value = None
    undoes: bool = False


class Surroundings(Struct, frozen=True):
    """What the caller knows: the instant, the calendar of those who work, the processes that can be called."""

    now: datetime
    calendar: ServiceCalendar | None
    library: Library


class Movement:
    """One command being worked off."""

    __slots__ = (
        "_definitions",
        "_process",
        "draft",
        "emit",
        "end",
        "steps",
        "surroundings",
        "tokens",
        "touched",
        "varied",
    )

    def __init__(self, definition: Process, state: State | None, surroundings: Surroundings) -> None:
        self.draft = Draft(definition, state)
        self.emit = self.draft.absorb
        """Let an event happen."""
        self.tokens = self.draft.tokens  # as they stand now
        self.steps: deque[Step] = deque()
        self.touched: deque[str] = deque()  # scopes in which a token has ended
        self.varied = False  # whether a condition may have changed
        self.end: EndEvent | None = None  # the last that was reached
        self.surroundings = surroundings
        self._process = definition
        self._definitions: dict[str, Process] = {}

    @property
    def now(self) -> datetime:
        """The instant of the command."""
        return self.surroundings.now

    def park(self, token: str, code: str, message: str) -> None:
        """Leave a token where it stands, for good: it cannot go on and nothing is guessed."""
        self.emit(events.IncidentRaised(token, self.tokens[token].node, code, message))

    def stop(self, token: str, code: str, message: str) -> None:
        """Park a token in the midst of its work: what it asks and waits for is withdrawn, and nothing moves it on."""
        self.abandon_all(token)
        self._withdraw(token)
        self.park(token, code, message)

    # Where a token is

    def definition_of(self, scope: str) -> Process:
        """The process that the nodes of a scope belong to."""
        if not scope:
            return self._process
        found = self._definitions.get(scope)
        if found is None:
            at = self.tokens[scope]
            called = self.surroundings.library.version(at.inside.process) if at.inside.process else None
            found = self._definitions[scope] = called or self.definition_of(at.scope)
        return found

    def place(self, token: str) -> Place:
        """The place where a token stands."""
        at = self.tokens[token]
        definition = self.definition_of(at.scope) if at.scope else self._process
        return definition.places[at.node]

    def plan(self, scope: str) -> Plan | None:
        """The plan of a scope; None when the token that is the scope only holds instances, or undoes them."""
        if not scope:
            return self._process.plans[ROOT]
        if self.tokens[scope].tasks is not None or self._undoes_instances(scope):
            return None
        match self.place(scope).node:
            case CallActivity():
                return self.definition_of(scope).plans[ROOT]
            case SubProcess(id=key):
                return self.definition_of(scope).plans[key]
        return None

    def _undoes_instances(self, token: str) -> bool:
        """Whether the token undoes an activity that was done in instances: each comes as a token inside of it."""
        at, node = self.tokens[token], self.place(token).node
        if not at.inside.undoes or not isinstance(node, Activity) or node.instances is None:
            return False
        return not at.scope or self.tokens[at.scope].node != at.node

    def inside(self, scope: str) -> list[str]:
        """The tokens of a scope, those that only watch for an event sub-process among them."""
        return [key for key, at in self.tokens.items() if at.scope == scope]

    def is_alive(self, scope: str) -> bool:
        """Whether anything still goes on in a scope."""
        if any(step.scope == scope for step in self.steps):
            return True
        return any(at.scope == scope and not self.watches(key) for key, at in self.tokens.items())

    def watches(self, token: str) -> bool:
        """Whether the token waits for an event sub-process to begin: only such a token stands at a start event."""
        return not self.tokens[token].incident and isinstance(self.place(token).node, StartEvent)

    def asks(self, token: str) -> bool:
        """Whether people are asked by the token itself, not by instances inside it."""
        at, place = self.tokens[token], self.place(token)
        has_inner = place.instances is not None and place.has_own_variables and not at.instance
        return isinstance(place.node, PersonTask) and not has_inner

    # Variables

    def variables(self, token: str) -> Mapping[str, Value]:
        """What a token, or with its name a scope, sees."""
        if not token:
            return self.draft.variables
        return visible(self.tokens, self.draft.variables, token)

    def evaluate(self, expression: Expression, token: str) -> tuple[Value, Evaluation]:
        """The value of an expression as a token sees it, and what FEEL noted on the way."""
        evaluation = Evaluation(self.now)
        return expression.evaluate(self.variables(token), evaluation), evaluation

    def assign(self, scope: str, values: Mapping[str, Value]) -> None:
        """Give variables their values: each in the innermost scope that has it, the others in the process itself."""
        if not values:
            return
        self.varied = True
        rest = dict(values)
        for token in chain(self.tokens, scope) if scope else ():
            own = {name: value for name, value in rest.items() if self._has(token, name)}
            if own:
                self.emit(events.LocalVariablesSet(token, own))
                rest = {name: value for name, value in rest.items() if name not in own}
        if rest:
            self.emit(events.VariablesSet(rest))

    def assign_local(self, token: str, values: Mapping[str, Value]) -> None:
        """Give a token variables that are seen inside it alone."""
        if values:
            self.varied = True
            self.emit(events.LocalVariablesSet(token, values))

    def _has(self, token: str, name: str) -> bool:
        at = self.tokens[token]
        if at.inside.process or name in at.inside.variables:
            return True
        plan = self.plan(token)
        return plan is not None and name in plan.variables

    # Ways

    def send(self, scope: str, node: str) -> None:
        """Put a new token on its way to a node that is not come to by a flow."""
        self.steps.append(Step(scope, "", node))

    def follow(self, scope: str, flows: Iterable[Flow]) -> None:
        """Put a new token on each flow."""
        for flow in flows:
            self.steps.append(Step(scope, flow.id, flow.target))

    def enter(self, step: Step) -> str:
        """Let the token of a step arrive; answers its name."""
        token = str(self.draft.entered + 1)
        if step.instance:
            self.emit(events.InstanceStarted(token, step.target, step.scope, step.instance))
        elif step.undoes:
            self.emit(events.CompensationStarted(token, step.target, step.scope))
        elif step.scope:
            self.emit(events.InnerNodeEntered(token, step.target, step.scope, step.flow))
        else:
            self.emit(events.NodeEntered(token, step.target, step.flow))
        return token

    def leave(self, token: str) -> None:
        """Consume the token and close what it has open, except a job: see `abandon`."""
        at = self.tokens[token]
        if at.tasks is not None or at.conditions or at.waits:
            self._close(token, at)
        self.emit(events.NodeLeft(token, at.node))

    def _close(self, token: str, at: Token) -> None:
        if at.tasks is not None and self.asks(token):
            for instance in at.tasks.open:
                self.emit(events.TaskWithdrawn(token, at.node, instance))
        if at.waits or at.conditions:
            self._wait_no_more(token, at)

    def _wait_no_more(self, token: str, at: Token) -> None:
        for timer in at.timers:
            self.emit(events.TimerCancelled(token, at.node, timer.id))
        for message in at.messages:
            self.emit(events.MessageForgotten(token, at.node, message))
        for signal in at.signals:
            self.emit(events.SignalForgotten(token, at.node, signal))
        for condition in at.conditions:
            self.emit(events.ConditionForgotten(token, at.node, condition))

    def abandon(self, token: str) -> None:
        """Consume the token, and all inside it, before its work is done."""
        for inner in self.inside(token):
            self.abandon(inner)
        self._withdraw(token)
        self.emit(events.NodeLeft(token, self.tokens[token].node))

    def _withdraw(self, token: str) -> None:
        at = self.tokens[token]
        if at.tasks is None and not at.incident and isinstance(self.place(token).node, Job):
            self.emit(events.JobWithdrawn(token, at.node))
        self._close(token, at)

    def abandon_all(self, scope: str) -> None:
        """Consume every token of a scope, on nodes and under way."""
        self.steps = deque(step for step in self.steps if step.scope != scope)
        for token in self.inside(scope):
            self.abandon(token)
