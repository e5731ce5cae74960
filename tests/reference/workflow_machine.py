"""A slow, obvious interpreter of the token rules of BPMN 2.0.2 (chapter 13), for comparison with the token machine.

A run is a scope at work: its visits are the tokens that stand in it, and a visit may have a run inside it. One rule at
a time: as long as anything can move, the thing that has waited longest is moved, and everything is looked for anew. It
runs on the models as drawn, faults and all, and knows a handful of expressions by heart instead of FEEL. There are no
events and no commands: the test calls what the world does.

Where the standard leaves the order open, this is it: tokens move in the order in which they were sent, branches in the
order drawn; only when none is on its way are scopes closed, one at a time in the order in which tokens ended in them,
then conditions looked at, then inclusive gateways.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from tests.reference.workflow_texts import COMPLETIONS, CONDITIONS, VALUES, Variables, lacks_a_fact
from tests.reference.workflow_visits import (
    Deed,
    Move,
    Run,
    Visit,
    asks_people,
    by_event,
    can_come,
    compensates,
    declared,
    deeds_of,
    incoming,
    interrupts,
    interrupts_all,
    is_cancel,
    is_task_only,
    landing,
    loop_of,
    message_of,
    nodes_of,
    outgoing,
    signal_of,
)

from comptroller.domain.workflow import model as bpmn
from comptroller.domain.workflow.model import Node, SequenceFlow

STEPS_MAX: Final = 2_000

_MISSING: Final = object()


class ReferenceCase:
    """One case on one drawn process; `library` are those that it may call."""

    def __init__(
        self, model: bpmn.ProcessModel, variables: Variables, library: Mapping[str, bpmn.ProcessModel] | None = None
    ) -> None:
        self.variables: dict[str, Any] = dict(variables)
        self.library = library or {}
        self.status = "running"
        self.joined: set[str] = set()  # joins that have fired
        self.moves: list[Move] = []
        self.ended_in: list[Run] = []
        self.changed = False
        self.root = Run(model, None)
        self._open(self.root)
        self.settle()

    # ---- what the world does -----------------------------------------------------------------------------------------

    def answer(self, visit: Visit, outputs: Variables) -> None:
        """The job is done, or the message that the node itself waits for has come."""
        visit.asked = False
        self._complete(visit, outputs)
        self.settle()

    def fail(self, visit: Visit, error: str, outputs: Variables) -> None:
        """The job has failed."""
        visit.asked = False
        self._set(visit.run, outputs)
        self._throw_error(visit, error)
        self.settle()

    def finish(self, visit: Visit, instance: int, outputs: Variables) -> None:
        """A person has done an instance of a task."""
        visit.open.remove(instance)
        visit.done += 1
        if visit.instance or loop_of(visit.node) is None:
            self._complete(visit, outputs)
        else:
            self._set(visit.run, outputs)
            self._count(visit)
        self.settle()

    def deliver(self, visit: Visit, message: str, outputs: Variables) -> None:
        """A message has come."""
        del visit.messages[message]
        event = next(each for each in self._events(visit) if message_of(each) == message)
        self._happen(visit, event, outputs)
        self.settle()

    def fire(self, visit: Visit, timer: str) -> None:
        """A timer is due."""
        left = visit.timers.pop(timer)
        event = next(each for each in self._events(visit) if each.id == timer)
        if left and not interrupts(event):
            visit.timers[timer] = left - 1
        self._happen(visit, event, {})
        self.settle()

    def hear(self, signal: str, outputs: Variables) -> None:
        """A signal has been sent by somebody else."""
        self._hear(signal, outputs)
        self.settle()

    def cancel(self) -> None:
        """The case is ended from outside."""
        self._end_all(self.root)
        self.status = "cancelled"

    # ---- looking -----------------------------------------------------------------------------------------------------

    def everywhere(self, run: Run | None = None) -> Iterator[Visit]:
        """Every visit, the outer before the inner ones."""
        for visit in (run or self.root).visits:
            yield visit
            if visit.inside is not None:
                yield from self.everywhere(visit.inside)

    def _by_age(self) -> list[Visit]:
        """Every visit, the oldest first: what happens to several happens to them in the order in which they came."""
        return sorted(self.everywhere(), key=lambda visit: visit.number)

    def standing(self) -> list[str]:
        """What is to be seen of the whole case."""
        return [repr(deeds_of(self.root.done)), *sorted(repr(visit.description()) for visit in self.root.visits)]

    def seen(self, visit: Visit) -> dict[str, Any]:
        """The variables that a visit sees: its own before those around it, up to the process it is in."""
        if visit.called:
            return dict(visit.own)
        around = self.variables if visit.run.owner is None else self.seen(visit.run.owner)
        return {**around, **visit.own}

    # ---- moving ------------------------------------------------------------------------------------------------------

    def settle(self) -> None:
        """Move whatever can move, one thing at a time."""
        for _ in range(STEPS_MAX):
            if self.status != "running" or not self._move_something():
                break
        else:
            raise RecursionError("the reference machine does not come to rest")
        if self.status != "running":
            return
        if not self.root.alive:
            self._end_all(self.root)
            self.status = "ended"
        else:
            self._find_deadlock()

    def _move_something(self) -> bool:
        if self.moves:
            move = self.moves.pop(0)
            if not move.run.over:
                self._arrive(move)
            return True
        while self.ended_in:
            run = self.ended_in.pop(0)
            if run.owner is not None and not run.over and not run.alive:
                self._close(run, run.owner)
                return True
        return self._see_conditions() or self._open_inclusive()

    def _arrive(self, move: Move) -> None:
        visit = Visit(move.node, move.home, move.run, move.flow, move.instance)
        move.run.visits.append(visit)
        node = move.node
        if isinstance(node, bpmn.Activity):
            if move.deed is not None:
                visit.undoes = True
            if move.deed is not None and not node.for_compensation:
                self._undo_inside(visit, move.deed)
            elif move.instance:
                self._begin_instance(visit, move.item)
            else:
                self._begin(visit)
        elif isinstance(node, bpmn.ExclusiveGateway):
            self._choose(visit, node)
        elif isinstance(node, bpmn.ParallelGateway):
            self._join(visit)
        elif isinstance(node, bpmn.InclusiveGateway):
            if len(incoming(visit)) < 2:
                self._divide(visit, node)
        elif isinstance(node, bpmn.EventBasedGateway):
            for event in self._events(visit):
                self._await(visit, event)
        elif isinstance(node, bpmn.CatchEvent) and not isinstance(node.definition, bpmn.LinkDefinition):
            self._await(visit, node)
        elif isinstance(node, bpmn.ThrowEvent | bpmn.EndEvent):
            self._throw(visit, node)
        else:
            self._go_on(visit)

    def _send(self, run: Run, node: Node, home: bpmn.Scope, flow: str = "") -> None:
        self.moves.append(Move(run, node, home, flow))

    def _go_on(self, visit: Visit) -> None:
        """The visit is over, and a token goes on each way out."""
        run, node = visit.run, visit.node
        handler = next((each.handler for each in self._attached(visit) if each.handler), "")
        undoes_itself = isinstance(node, bpmn.SubProcess) and any(map(compensates, node.nodes))
        inner = visit.inside.done if visit.inside and isinstance(node, bpmn.SubProcess) else []
        if not visit.undoes and (handler or inner or (undoes_itself and not visit.total)):
            by = nodes_of(visit.home)[handler] if handler else node
            run.done.append(Deed(node, by, visit.home, {} if visit.called else dict(visit.own), inner))
        run.visits.remove(visit)
        before = len(self.moves)
        if not visit.undoes:
            self._leave_by_flows(visit)
        if len(self.moves) == before:
            self.ended_in.append(run)

    def _leave_by_flows(self, visit: Visit) -> None:
        node, nodes = visit.node, nodes_of(visit.home)
        if isinstance(node, bpmn.ThrowEvent) and isinstance(node.definition, bpmn.LinkDefinition):
            self._send(visit.run, landing(visit.home, node.definition.link), visit.home, node.id)
        for flow in outgoing(visit):
            self._send(visit.run, nodes[flow.target], visit.home, flow.id)

    def _end(self, visit: Visit) -> None:
        """The visit is over before its work is done, and so is all inside it."""
        if visit.inside is not None:
            self._end_all(visit.inside)
            visit.inside.over = True
        visit.run.visits.remove(visit)

    def _stop(self, visit: Visit) -> None:
        """The visit is stuck in the midst of its work: nothing of it goes on, nobody is asked or heard any more.

        Instances that are more than a task stay counted as begun.
        """
        if visit.inside is not None:
            self._end_all(visit.inside)
        else:
            visit.open.clear()
        visit.asked, visit.stuck = False, True
        for waits in (visit.timers, visit.messages, visit.signals, visit.conditions):
            waits.clear()

    def _end_all(self, run: Run) -> None:
        self.moves = [move for move in self.moves if move.run is not run]
        for visit in list(run.visits):
            self._end(visit)

    # ---- gateways ----------------------------------------------------------------------------------------------------

    def _choose(self, visit: Visit, gateway: bpmn.ExclusiveGateway) -> None:
        for flow in outgoing(visit):
            if not flow.condition and flow.id == gateway.default:
                continue
            said = CONDITIONS[flow.condition](self.seen(visit)) if flow.condition else True
            if said is True:
                self._take(visit, [flow])
            elif said is not False:
                visit.stuck = True
            if said is not False:
                return
        default = [flow for flow in outgoing(visit) if flow.id == gateway.default]
        if default:
            self._take(visit, default)
        else:
            visit.stuck = True

    def _take(self, visit: Visit, flows: list[SequenceFlow]) -> None:
        visit.run.visits.remove(visit)
        for flow in flows:
            self._send(visit.run, nodes_of(visit.home)[flow.target], visit.home, flow.id)

    def _waiting(self, visit: Visit) -> dict[str, Visit]:
        """The oldest visit of each incoming flow at the gateway of a visit."""
        oldest: dict[str, Visit] = {}
        for other in visit.run.visits:
            if other.node is visit.node and not other.stuck:
                oldest.setdefault(other.flow, other)
        return oldest

    def _join(self, visit: Visit) -> None:
        oldest = self._waiting(visit)
        if len(oldest) < len(incoming(visit)):
            return
        self.joined.add(visit.node.id)
        for other in oldest.values():
            other.run.visits.remove(other)
        for flow in outgoing(visit):
            self._send(visit.run, nodes_of(visit.home)[flow.target], visit.home, flow.id)

    def _open_inclusive(self) -> bool:
        for visit in list(self.everywhere()):
            if not isinstance(visit.node, bpmn.InclusiveGateway) or visit.stuck:
                continue
            oldest = self._waiting(visit)
            if visit not in oldest.values() or self._is_held(visit, set(oldest)):
                continue
            first, *others = sorted(oldest.values(), key=visit.run.visits.index)
            for other in others:
                other.run.visits.remove(other)
            self._divide(first, visit.node)
            return True
        return False

    def _is_held(self, visit: Visit, arrived: set[str]) -> bool:
        """SOURCE: clause 13.4.3: who may come to an empty flow, and to none that is not empty, holds the join."""
        for other in visit.run.visits:
            if other.node is visit.node:
                continue
            leads_to = {flow.id for flow in incoming(visit) if can_come(visit.home, other.node.id, flow, visit.node.id)}
            if leads_to and not leads_to & arrived:
                return True
        return False

    def _divide(self, visit: Visit, gateway: bpmn.InclusiveGateway) -> None:
        said = {flow.id: CONDITIONS[flow.condition](self.seen(visit)) for flow in outgoing(visit) if flow.condition}
        if any(value is not True and value is not False for value in said.values()):
            visit.stuck = True
            return
        plain = [flow for flow in outgoing(visit) if not flow.condition and flow.id != gateway.default]
        taken = [flow for flow in outgoing(visit) if said.get(flow.id) is True or flow in plain]
        taken = taken or [flow for flow in outgoing(visit) if flow.id == gateway.default]
        if taken:
            self._take(visit, taken)
        else:
            visit.stuck = True

    # ---- activities --------------------------------------------------------------------------------------------------

    def _begin(self, visit: Visit) -> None:
        keys = self._keys(visit, self._attached(visit))
        if keys is None:
            return
        loop = loop_of(visit.node)
        begun = self._plan(visit, loop) if loop else self._do(visit)
        if begun and visit in visit.run.visits:
            for event in self._attached(visit):
                self._await(visit, event, keys)

    def _plan(self, visit: Visit, loop: bpmn.MultiInstance) -> bool:
        items = VALUES[loop.collection](self.seen(visit))
        if loop.counted and isinstance(items, int):
            items = list(range(1, items + 1))
        if not isinstance(items, list) or (not items and asks_people(visit.node)):
            visit.stuck = True
            return False
        visit.total, visit.queue = len(items), list(items)
        if not is_task_only(visit.node):
            visit.inside = Run(None, visit)
        for number in range(1, min(2, len(items) + 1) if loop.sequential else len(items) + 1):
            self._begin_next(visit, number)
        if not items:
            self._count(visit)
        return True

    def _begin_next(self, visit: Visit, number: int) -> None:
        item = visit.queue.pop(0)
        if visit.inside is None:
            visit.open.add(number)
        else:
            self.moves.append(Move(visit.inside, visit.node, visit.home, "", number, item))

    def _begin_instance(self, visit: Visit, item: Any) -> None:
        loop, body = loop_of(visit.node), visit.run.owner
        assert loop is not None
        assert body is not None
        body.open.add(visit.instance)
        visit.own["loopCounter"] = visit.instance
        if loop.item:
            visit.own[loop.item] = item
        if loop.result:
            visit.own.setdefault(loop.result_item, None)
        self.changed = True
        self._do(visit)

    def _do(self, visit: Visit) -> bool:
        node: Any = visit.node
        handed = {each.target: VALUES[each.source](self.seen(visit)) for each in node.inputs}
        if isinstance(node, bpmn.SendTask):
            self._complete(visit, {})
            return True
        if isinstance(node, bpmn.ReceiveTask):
            keys = self._keys(visit, [node])
            if keys is None:
                return False
            visit.own |= handed
            self._await(visit, node, keys)
            return True
        if isinstance(node, bpmn.CallActivity):
            return self._call(visit, node, handed)
        visit.own |= handed
        self.changed = True
        match node:
            case bpmn.ServiceTask() | bpmn.BusinessRuleTask():
                visit.asked = True
            case bpmn.UserTask() | bpmn.ManualTask():
                visit.total, visit.open = 1, {1}
            case bpmn.ScriptTask():
                self._complete(visit, {node.result: VALUES[node.script](self.seen(visit))})
            case bpmn.SubProcess():
                visit.inside = Run(node, visit)
                self._open(visit.inside)
        return True

    def _call(self, visit: Visit, node: bpmn.CallActivity, handed: dict[str, Any]) -> bool:
        called = self.library.get(node.called)
        if called is None:
            visit.stuck = True
            return False
        visit.own |= handed
        visit.called = True
        visit.inside = Run(called, visit)
        self._open(visit.inside)
        return True

    def _open(self, run: Run) -> None:
        """Begin a scope: its event sub-processes watch, its start event fires."""
        assert run.drawn is not None
        for sub, start in by_event(run):
            if isinstance(
                start.definition, bpmn.ErrorDefinition | bpmn.EscalationDefinition | bpmn.CompensateDefinition
            ):
                continue
            watcher = Visit(start, sub, run)
            run.visits.append(watcher)
            self._await(watcher, start)
        is_handler = isinstance(run.drawn, bpmn.SubProcess) and run.drawn.by_event
        starts = [each for each in run.drawn.nodes if isinstance(each, bpmn.StartEvent)]
        start = next(each for each in starts if is_handler or each.definition is None)
        self._send(run, start, run.drawn)

    def _complete(self, visit: Visit, outputs: Variables) -> None:
        """The work at a node is done."""
        assigned = getattr(visit.node, "outputs", ())
        if assigned:
            visit.own |= outputs
            outputs = {each.target: VALUES[each.source](self.seen(visit)) for each in assigned}
        self._set(visit.run, outputs, visit if visit.instance else None)
        if not visit.instance:
            self._go_on(visit)
            return
        body, loop = visit.run.owner, loop_of(visit.node)
        assert body is not None
        assert loop is not None
        if loop.result:
            body.results[visit.instance] = self.seen(visit).get(loop.result_item)
        undoes_itself = isinstance(visit.node, bpmn.SubProcess) and any(map(compensates, visit.node.nodes))
        inner = visit.inside.done if visit.inside and isinstance(visit.node, bpmn.SubProcess) else []
        if undoes_itself or inner:
            visit.run.done.append(Deed(visit.node, visit.node, visit.home, dict(visit.own), inner))
        visit.run.visits.remove(visit)
        body.open.remove(visit.instance)
        body.done += 1
        self._count(body)

    def _count(self, body: Visit) -> None:
        """See whether enough instances are done, or whose turn it is."""
        loop = loop_of(body.node)
        assert loop is not None
        if body.done == body.total or COMPLETIONS[loop.completion](self.seen(body), body.done) is True:
            if body.inside is not None:
                self._end_all(body.inside)
            if loop.result:
                results = [body.results.get(number) for number in range(1, body.total + 1)]
                self._set(body.run, {loop.result: results})
            self._go_on(body)
        elif loop.sequential:
            self._begin_next(body, body.done + 1)

    # ---- variables ---------------------------------------------------------------------------------------------------

    def _set(self, run: Run, values: Variables, first: Visit | None = None) -> None:
        """Each variable in the innermost scope that has it, else in the process."""
        for name, value in values.items():
            self.changed = True
            here = first or run.owner
            while here is not None and not (here.called or name in here.own or name in declared(here)):
                here = here.run.owner
            (self.variables if here is None else here.own)[name] = value

    # ---- events ------------------------------------------------------------------------------------------------------

    def _keys(self, visit: Visit, events: list[Any]) -> dict[str, str] | None:
        """The keys of messages that are awaited; None, and the visit is stuck, where one is no text."""
        found = {}
        for event in events:
            definition = event if isinstance(event, bpmn.ReceiveTask) else event.definition
            if isinstance(definition, bpmn.MessageDefinition | bpmn.ReceiveTask) and definition.key:
                key = VALUES[definition.key](self.seen(visit))
                if not isinstance(key, str) or not key:
                    visit.stuck = True
                    return None
                found[event.id] = key
        return found

    def _await(self, visit: Visit, event: Any, keys: dict[str, str] | None = None) -> None:
        definition = event if isinstance(event, bpmn.ReceiveTask) else event.definition
        match definition:
            case bpmn.MessageDefinition(message=message) | bpmn.ReceiveTask(message=message):
                known = keys if keys is not None else self._keys(visit, [event])
                if known is not None:
                    visit.messages[message] = known.get(event.id, "")
            case bpmn.SignalDefinition(signal):
                visit.signals.add(signal)
            case bpmn.TimerDefinition(text):
                visit.timers[event.id] = int(text[1]) - 1 if text.startswith("R") else 0
            case bpmn.ConditionalDefinition():
                visit.conditions.add(event.id)
                self.changed = True

    def _events(self, visit: Visit) -> list[Any]:
        """The events that a visit may wait for."""
        if isinstance(visit.node, bpmn.EventBasedGateway):
            return [nodes_of(visit.home)[flow.target] for flow in outgoing(visit)]
        own = [visit.node] if isinstance(visit.node, bpmn.CatchEvent | bpmn.ReceiveTask | bpmn.StartEvent) else []
        return own + ([] if visit.instance or visit.undoes else list(self._attached(visit)))

    def _attached(self, visit: Visit) -> list[bpmn.BoundaryEvent]:
        nodes = visit.home.nodes
        return [each for each in nodes if isinstance(each, bpmn.BoundaryEvent) and each.attached_to == visit.node.id]

    def _happen(self, visit: Visit, event: Any, outputs: Variables) -> None:
        """An event that a visit waits for has happened."""
        run, node = visit.run, visit.node
        if event is node and not isinstance(node, bpmn.StartEvent):
            self._complete(visit, outputs)
        elif isinstance(node, bpmn.EventBasedGateway):
            run.visits.remove(visit)
            following = Visit(event, visit.home, run)
            run.visits.append(following)
            self._complete(following, outputs)
        else:
            self._set(run, outputs)
            if not interrupts(event) and isinstance(event.definition, bpmn.MessageDefinition | bpmn.SignalDefinition):
                self._await(visit, event)
            if isinstance(node, bpmn.StartEvent):
                assert isinstance(visit.home, bpmn.SubProcess)
                self._begin_by_event(run, visit.home, event)
            else:
                if interrupts(event):
                    self._end(visit)
                self._send(run, event, visit.home)

    def _begin_by_event(self, run: Run, sub: bpmn.SubProcess, start: bpmn.StartEvent) -> None:
        assert run.drawn is not None
        if interrupts(start):
            self._end_all(run)
        self._send(run, sub, run.drawn)

    def _see_conditions(self) -> bool:
        """What has become true since a variable changed happens; what was false again is waited for again."""
        if not self.changed:
            return False
        self.changed = False
        found = False
        for visit in self._by_age():
            for event in self._events(visit):
                definition = getattr(event, "definition", None)
                if not isinstance(definition, bpmn.ConditionalDefinition) or visit.stuck or not self._stands(visit):
                    continue
                said = CONDITIONS[definition.condition](self.seen(visit))
                is_true, looks = said is True, event.id in visit.conditions or not interrupts(event)
                if looks and said is not True and said is not False and not lacks_a_fact(definition.condition, said):
                    self._stop(visit)
                elif is_true and event.id in visit.conditions:
                    visit.conditions.remove(event.id)
                    self._happen(visit, event, {})
                    found = True
                elif not is_true and not interrupts(event):
                    visit.conditions.add(event.id)
        return found

    def _stands(self, visit: Visit) -> bool:
        return any(each is visit for each in self.everywhere())

    def _hear(self, signal: str, outputs: Variables) -> None:
        for visit in [each for each in self._by_age() if signal in each.signals]:
            if self._stands(visit) and signal in visit.signals:
                visit.signals.remove(signal)
                event = next(each for each in self._events(visit) if signal_of(each) == signal)
                self._happen(visit, event, outputs)

    # ---- throwing ----------------------------------------------------------------------------------------------------

    def _throw(self, visit: Visit, node: "bpmn.ThrowEvent | bpmn.EndEvent") -> None:
        match node.definition:
            case bpmn.SignalDefinition(signal):
                self._hear(signal, {each.target: VALUES[each.source](self.seen(visit)) for each in node.inputs})
            case bpmn.EscalationDefinition(code):
                self._throw_escalation(visit, code)
            case bpmn.ErrorDefinition(code):
                self._throw_error(visit, code)
                return
            case bpmn.CompensateDefinition(activity):
                self._throw_compensation(visit, activity)
                return
            case bpmn.CancelDefinition():
                self._cancel_transaction(visit)
                return
            case bpmn.TerminateDefinition():
                self._end_all(visit.run)
                self.ended_in.append(visit.run)
                return
        if self._stands(visit):
            self._go_on(visit)

    def _takers(self, visit: Visit, word: str, code: str) -> Iterator[tuple[Visit | None, Run, Any]]:
        """Who might take what is thrown, from the inside out; those who name the code before those who take all."""

        def fits(event: Any) -> bool:
            return getattr(event.definition, word, None) in {"", code}

        def named_first(event: Any) -> bool:
            return not getattr(event.definition, word)

        here: Visit | None = visit
        while here is not None:
            if not here.instance and not here.undoes:
                for event in sorted(filter(fits, self._attached(here)), key=named_first):
                    yield here, here.run, event
            run = here.run
            pairs = [pair for pair in by_event(run) if fits(pair[1])]
            out_of_one = isinstance(here.node, bpmn.SubProcess) and here.node.by_event and interrupts_all(here.node)
            if not out_of_one:
                for sub, start in sorted(pairs, key=lambda pair: named_first(pair[1])):
                    yield None, run, (sub, start)
            here = run.owner

    def _throw_error(self, visit: Visit, code: str) -> None:
        taker = next(self._takers(visit, "error", code), None)
        if taker is None:
            visit.stuck = True
            return
        self._end(visit)
        self._let_take(*taker)

    def _throw_escalation(self, visit: Visit, code: str) -> None:
        taker = next(self._takers(visit, "escalation", code), None)
        if taker is not None:
            self._let_take(*taker)

    def _let_take(self, host: Visit | None, run: Run, event: Any) -> None:
        if host is None:
            self._begin_by_event(run, *event)
            return
        if interrupts(event) and self._stands(host):
            self._end(host)
        self._send(run, event, host.home)

    # ---- undoing -----------------------------------------------------------------------------------------------------

    def _throw_compensation(self, visit: Visit, activity: str) -> None:
        run = visit.run
        owner = run.owner
        is_by_event = owner is not None and isinstance(owner.node, bpmn.SubProcess) and owner.node.by_event
        if owner is not None and is_by_event and activity not in nodes_of(visit.home):
            run = owner.run
        visit.undo = [deed for deed in run.done if activity in {"", deed.node.id}]
        run.done = [deed for deed in run.done if deed not in visit.undo]
        self._undo_next(visit)

    def _cancel_transaction(self, visit: Visit) -> None:
        run, owner = visit.run, visit.run.owner
        assert owner is not None
        self._end_all(run)
        owner.leaves_by = next(each.id for each in self._attached(owner) if is_cancel(each))
        owner.undo, run.done = run.done, []
        self.ended_in.append(run)

    def _undo_inside(self, visit: Visit, deed: Deed) -> None:
        """Undo a sub-process that was done: by its own event sub-process for that, else each activity in it."""
        assert isinstance(visit.node, bpmn.SubProcess)
        visit.own = dict(deed.own)
        own = [each for each in visit.node.nodes if compensates(each)]
        of_instances = any(inner.node is deed.node for inner in deed.done)
        visit.inside = Run(None if of_instances else visit.node, visit, done=list(deed.done))
        if own and not of_instances:
            self._send(visit.inside, own[0], visit.node)
        else:
            visit.undo, visit.inside.done = visit.inside.done, []
            self._undo_next(visit)

    def _undo_next(self, visit: Visit) -> None:
        visit.inside = visit.inside or Run(None, visit)
        self.ended_in.append(visit.inside)

    def _close(self, run: Run, owner: Visit) -> None:
        """Nothing goes on in a scope any more."""
        if owner.stuck:
            return
        if owner.undo:
            deed = owner.undo.pop()
            self.moves.append(Move(run, deed.by, deed.home, deed=deed))
        elif owner.leaves_by:
            owner.run.visits.remove(owner)
            run.over = True
            self._send(owner.run, nodes_of(owner.home)[owner.leaves_by], owner.home)
        else:
            self._end_all(run)
            run.over = True
            if isinstance(owner.node, bpmn.SubProcess | bpmn.CallActivity) and not owner.undoes:
                self._complete(owner, {})
            else:
                self._go_on(owner)

    # ---- the end -----------------------------------------------------------------------------------------------------

    def _find_deadlock(self) -> None:
        """Every token waits for the others, and nobody outside can help: those who wait so are stuck."""
        stuck = []
        for visit in self.everywhere():
            if visit.stuck or visit.asked or visit.messages or visit.timers or visit.signals:
                return
            if isinstance(visit.node, bpmn.UserTask | bpmn.ManualTask) and visit.open and visit.inside is None:
                return
            if isinstance(visit.node, bpmn.ParallelGateway | bpmn.InclusiveGateway) or (
                visit.conditions and not isinstance(visit.node, bpmn.Activity)
            ):
                stuck.append(visit)
        for visit in stuck:
            visit.stuck = True
