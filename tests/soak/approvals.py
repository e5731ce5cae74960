"""One approval, and everybody at once: approve, reject, send back, withdraw, hand over, be away, stand in, let it lie.

A Hypothesis state machine drives the application on SQLite. Answers wait some seconds before they count, so that those
of several people are on their way together. The route is two of a committee of three, beside the CFO, then the CEO; a
no of one of the committee can be outvoted. After every step: one final outcome, once, and nothing asked after it; whose
names stand under a case are as many people as signatures, with everybody who was signed for; none of them handed it in;
what was posted was signed by as many as the route says.

    python -m tests.soak.approvals --budget 600 [--seed 1] [--start 0] [--json]
"""

import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, chdir, contextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any, ClassVar, Final

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from tests.acceptance.company import ROOT, TENANT, Company, Databases, Snapshot, demo_bytes, make_company, set_undo
from tests.acceptance.test_quorum import OUTVOTED, ROUTING, Rows, rows
from tests.acceptance.versions import put_in_force
from tests.soak import command_line

from comptroller.adapters.surroundings import TenantClock, machine_time
from comptroller.application.act import ActOnTask
from comptroller.application.acting.cancelling import CancelCase
from comptroller.application.acting.handing import ReassignTask
from comptroller.application.catalogue import USE_CASES
from comptroller.application.dispatcher import Dispatcher, Request
from comptroller.application.people.absences import EndAbsence, RecordAbsence
from comptroller.application.people.delegations import RecordDelegation
from comptroller.application.ports.store import UnitOfWork
from comptroller.application.records import CaseRow, TaskRow
from comptroller.application.submit import SubmitDocument
from comptroller.application.work import work_until_idle
from comptroller.domain.kernel.canonical_json import decode
from comptroller.domain.kernel.fault import Rejection
from comptroller.entrypoints.cli.demo import Demonstration

EXAMPLES: Final = 10
"""Cases of one round."""

STEPS: Final = 20
UNDO_S: Final = 10
FIRST_DAY: Final = date(2026, 3, 27)
CLERK: Final = "tomasz.zielinski"
SIGNERS: Final = ("clara.weiss", "ruth.sommer", "ingrid.falk", "nadia.okafor", "henrik.lindqvist", "elif.demir")
NEEDED: Final = {"cost-centre-owner": 2, "cfo": 1, "ceo": 1}
ROUTE: Final[Rows] = {
    "step-cost-centre": {**OUTVOTED["step-cost-centre"], "stage": '"all"'},
    "step-finance-legal": {"stage": '"all"'},
    "step-chief": {"must open": "false"},
}
FINAL: Final = frozenset({"posted", "rejected", "cancelled", "returned"})
WHY: Final = "It is not what we agreed."


@dataclass(frozen=True, slots=True)
class Stage:
    """The company in which every case begins."""

    databases: Databases
    snapshot: Snapshot


@contextmanager
def stage() -> Iterator[Stage]:
    """Found the company with the route in force; gone afterwards."""
    with tempfile.TemporaryDirectory() as home:
        databases = Databases("sqlite", Path(home))
        snapshot = databases.empty()
        with chdir(ROOT), databases.platform(snapshot) as platform:
            Demonstration(platform, quiet=True).found()
            set_undo(platform.environment.store, UNDO_S)
            route = rows(ROUTE)
            put_in_force(
                make_company(platform), {ROUTING: lambda text: route(text).replace("&gt; 1000000.00", "&gt; 1000.00")}
            )
        yield Stage(databases, snapshot)


class Approval(RuleBasedStateMachine):
    """One case, and what people do about it."""

    stage: ClassVar[Stage]
    counts: ClassVar[Counter[str]]

    def __init__(self) -> None:
        super().__init__()
        self._open = ExitStack()
        self._company: Company = self._open.enter_context(self.stage.databases.company(self.stage.snapshot))
        self._span = timedelta()
        clock = TenantClock(lambda: machine_time() + self._span)
        environment = replace(self._company.platform.environment, clock=clock)
        self._dispatcher = Dispatcher(environment, USE_CASES)
        content = demo_bytes("D17")
        read = environment.read_document(content, "application/json")
        answer = self._do(CLERK, SubmitDocument(content, "application/json", read))
        assert not isinstance(answer, Rejection), answer
        self._case_id = str(answer["case_id"])
        self._absences: dict[str, str] = {}
        self._outcome = ""

    # ---- what people do ---------------------------------------------------------------------------------------------

    @precondition(lambda self: self._asked)
    @rule(against=st.integers(0, 9), comes_true=st.booleans())
    def everybody_answers(self, against: int, comes_true: bool) -> None:
        """Everybody who is asked approves at once, but for one who may say no."""
        for place, task in enumerate(self._asked):
            self._act(task.person, task, "reject" if place == against else "approve")
        if comes_true:
            self.let_it_happen()

    @precondition(lambda self: self._asked)
    @rule(place=st.integers(0, 9), action=st.sampled_from(["approve", "approve", "approve", "reject", "send back"]))
    def answer(self, place: int, action: str) -> None:
        """Somebody who is asked answers."""
        task = self._asked[place % len(self._asked)]
        self._act(task.person or CLERK, task, action)

    @precondition(lambda self: self._asked)
    @rule(place=st.integers(0, 9), person=st.sampled_from(SIGNERS), action=st.sampled_from(["approve", "reject"]))
    def answer_for_another(self, place: int, person: str, action: str) -> None:
        """Somebody tries, whoever is asked."""
        self._act(person, self._asked[place % len(self._asked)], action)

    @precondition(lambda self: self._asked)
    @rule(place=st.integers(0, 9), step=st.sampled_from(sorted(NEEDED)))
    def send_back(self, place: int, step: str) -> None:
        """Somebody who is asked has an earlier step asked again."""
        task = self._asked[place % len(self._asked)]
        self._act(task.person, task, "send back", to=step)

    @precondition(lambda self: any(task.kind == "correction" for task in self._tasks))
    @rule()
    def correct(self) -> None:
        """The clerk hands the document in again as it is."""
        task = next(task for task in self._tasks if task.kind == "correction")
        self._do(task.person or CLERK, ActOnTask(task.task_id, "resubmit", task.content_hash, "It is right."))

    @precondition(lambda self: self._asked)
    @rule(place=st.integers(0, 9), person=st.sampled_from(SIGNERS))
    def hand_over(self, place: int, person: str) -> None:
        """Who leads accounts payable hands a task over."""
        task = self._asked[place % len(self._asked)]
        self._do("priya.nair", ReassignTask(task.task_id, person, WHY))

    @rule(chance=st.integers(0, 19))
    def withdraw(self, chance: int) -> None:
        """Now and then the case is withdrawn."""
        if chance == 0:
            self._do("priya.nair", CancelCase(self._case_id, WHY))

    @rule(person=st.sampled_from(SIGNERS), to=st.sampled_from(SIGNERS), passes=st.booleans())
    def be_away(self, person: str, to: str, passes: bool) -> None:
        """Somebody names a stand-in, and is away from today."""
        today = FIRST_DAY + self._span
        until = (today + timedelta(days=30)).isoformat()
        self._do(person, RecordDelegation(person, to, today.isoformat(), until, may_pass_on=passes))
        answer = self._do(person, RecordAbsence(person, today.isoformat(), until))
        if not isinstance(answer, Rejection):
            self._absences[person] = str(answer["key"])

    @precondition(lambda self: self._absences)
    @rule(place=st.integers(0, 9))
    def be_back(self, place: int) -> None:
        """Somebody who was away is there again."""
        person = sorted(self._absences)[place % len(self._absences)]
        self._do(person, EndAbsence(person, self._absences.pop(person)))

    @rule(hours=st.sampled_from([9, 24, 72]))
    def let_it_lie(self, hours: int) -> None:
        """Time passes: what is on its way happens, what is late goes up."""
        self._span += timedelta(hours=hours)
        work_until_idle(self._dispatcher, "soak")

    @rule()
    def let_it_happen(self) -> None:
        """Everything that is on its way happens together."""
        self._span += timedelta(seconds=UNDO_S + 1)
        work_until_idle(self._dispatcher, "soak")

    # ---- what must hold ---------------------------------------------------------------------------------------------

    @invariant()
    def outcome_is_one_and_stays(self) -> None:
        """A case ends once, as one thing; who ended it last does not matter."""
        status = self._case.status
        assert self._outcome in {"", status}, f"{self._outcome} became {status}"
        self._outcome = status if status in FINAL else ""
        journals = self._company.read(lambda uow: list(uow.journals(self._case_id)))
        assert len(journals) == (status == "posted")
        if status in FINAL:
            assert not self._asked

    @invariant()
    def names_are_as_many_people_as_signatures(self) -> None:
        """Nobody counts twice, also not by who stands in for them, and nobody who handed it in."""
        dossier: Any = decode(self._case.state)
        answers = [*dossier["dossier"].get("signatures", ()), *dossier["dossier"].get("against", ())]
        people = [person for given in answers for person in (given["person"], *given.get("chain", ()))]
        assert len(people) == len(set(people)), people
        assert CLERK not in people
        asked = [task.person for task in self._asked if task.person]
        assert len(asked) == len(set(asked)), asked
        assert set(asked).isdisjoint(people), (asked, people)

    @invariant()
    def what_is_posted_is_signed_by_as_many_as_the_route_says(self) -> None:
        """Two of the committee, the CFO's step and the CEO's, each by other people."""
        case = self._case
        if case.status == "posted":
            state: Any = decode(case.state)
            steps = Counter(given["step"] for given in state["dossier"]["signatures"])
            assert all(steps[step] >= needed for step, needed in NEEDED.items()), steps

    def teardown(self) -> None:
        """Count how it ended."""
        self.counts["cases"] += 1
        self.counts[self._case.status] += 1
        self._open.close()

    # ---- the case as it stands --------------------------------------------------------------------------------------

    @property
    def _case(self) -> CaseRow:
        case = self._company.read(lambda uow: uow.case(self._case_id))
        assert case is not None
        return case

    @property
    def _tasks(self) -> list[TaskRow]:
        def read(uow: UnitOfWork) -> list[TaskRow]:
            return [task for task in uow.case_tasks(self._case_id) if task.status == "open"]

        return self._company.read(read)

    @property
    def _asked(self) -> list[TaskRow]:
        return [task for task in self._tasks if task.kind == "approval"]

    def _act(self, person: str, task: TaskRow, action: str, to: str = "") -> None:
        reason = "" if action == "approve" else WHY
        answer = self._do(person, ActOnTask(task.task_id, action, task.content_hash, reason, to=to))
        self.counts["refused" if isinstance(answer, Rejection) else "answers"] += 1

    def _do(self, person: str, command: object) -> Any:
        return self._dispatcher.execute(TENANT, Request(person, command))


def run(
    budget: float, run_seed: int, start: int = 0, rounds: int | None = None, examples: int = EXAMPLES
) -> dict[str, Any]:
    """Play rounds until the time is over, or so many are done; the counts reached, and what did not hold."""
    until = time.monotonic() + budget
    counts: Counter[str] = Counter()
    number, violation = start, ""
    with stage() as made:
        while not violation and time.monotonic() < until and (rounds is None or number < start + rounds):
            violation = _round(f"{run_seed}/{number}", made, counts, examples)
            number += 1
    return {"seed": run_seed, "start": start, "next": number, **counts, "violation": violation}


def _round(name: str, made: Stage, counts: Counter[str], examples: int) -> str:
    """Play the cases of one round; the first violation, made small."""

    @seed(Random(name).getrandbits(64))
    class Played(Approval):
        stage = made

    Played.counts = counts
    try:
        run_state_machine_as_test(
            Played,
            settings=settings(
                max_examples=examples,
                stateful_step_count=STEPS,
                database=None,
                deadline=None,
                phases=[Phase.generate, Phase.shrink],
                suppress_health_check=list(HealthCheck),
                report_multiple_bugs=False,
            ),
        )
    except Exception as violation:  # noqa: BLE001 - whatever it is, it is told with what led to it
        return "\n".join([f"round {name}: {violation!r}", *getattr(violation, "__notes__", [])])
    return ""


if __name__ == "__main__":
    sys.exit(command_line.main("approvals", run, "violation"))
