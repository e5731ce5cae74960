"""What is stuck, for the operator: by cause, with what each repair would do before it is done."""

from dataclasses import dataclass, replace
from typing import Final

from fastapi import FastAPI
from fastapi.responses import RedirectResponse, Response
from starlette.requests import Request

from comptroller.application.dispatcher import Dispatcher
from comptroller.application.jobs.repairs import StartRepairs
from comptroller.application.presenting.incidents import ShowIncidents
from comptroller.application.repairing_many import Chosen, RepairCases, repair_cases
from comptroller.domain.kernel.fault import Rejection, RejectionKind
from comptroller.entrypoints.web.addresses import Address, Field, Told, Value
from comptroller.entrypoints.web.pages import html
from comptroller.entrypoints.web.visitor import Door, Turned, Visitor

AT_ONCE_MAX: Final = 20
"""Cases that a press of the button repairs while the page waits; more are a job."""


def add_incident_pages(app: FastAPI, door: Door, dispatcher: Dispatcher) -> None:
    """Put the incidents beside the other pages."""
    pages = IncidentPages(door, dispatcher)
    app.add_api_route("/incidents", pages.incidents, methods=["GET"], include_in_schema=False)
    app.add_api_route("/incidents", pages.repair, methods=["POST"], include_in_schema=False)


@dataclass(frozen=True, slots=True)
class Tried:
    """What was just asked for about the cases of a cause, and what came of it, or would."""

    cause: str = ""
    kind: str = ""
    to_node: str = ""
    reason: str = ""
    refusal: Rejection | None = None
    is_done: bool = False

    @property
    def is_answered(self) -> bool:
        """Whether there is anything to tell of it."""
        return bool(self.cause) and self.refusal is None


NOTHING_TRIED: Final = Tried()
EVERY_CAUSE: Final = ShowIncidents()


class IncidentPages:
    """The list of causes, and the repair of all cases of one."""

    def __init__(self, door: Door, dispatcher: Dispatcher) -> None:
        self._door = door
        self._dispatcher = dispatcher

    def incidents(self, request: Request, cause: Address = "", after: Value = "") -> Response:
        """What is stuck, the oldest cause first; of one cause the cases behind one."""
        return self._page(self._door.visitor(request), NOTHING_TRIED, ShowIncidents((), cause, after))

    def repair(
        self,
        request: Request,
        cause: Told = "",
        kind: Field = "",
        to_node: Told = "",
        reason: Told = "",
        do: Field = "",
        form_token: Field = "",
    ) -> Response:
        """Repair the cases of a cause, each by itself; without `do` say what would become of each. Many are a job."""
        visitor = self._door.acting(request, form_token)
        process, version, node, code = (cause.split("/") + [""] * 4)[:4]
        wish = RepairCases(Chosen((), process, version, node, code), kind, reason, to_node, {}, not do)
        tried = Tried(cause, kind, to_node, reason)
        meant = [each for each in visitor.need(ShowIncidents()).incidents if each.cause == cause]
        if sum(each.count for each in meant) > AT_ONCE_MAX:
            started = visitor.ask(StartRepairs(wish))
            if not isinstance(started, Rejection):
                return RedirectResponse("/jobs", 303)
            return self._page(visitor, replace(tried, refusal=started), status=422)
        session = visitor.session
        answer = repair_cases(self._dispatcher, session.tenant, session.person, wish)
        if not isinstance(answer, Rejection):
            answered = replace(tried, is_done=bool(do))
            return self._page(visitor, answered, ShowIncidents(answer["cases"]))
        if answer.kind is RejectionKind.FORBIDDEN:
            raise Turned(visitor, answer)
        return self._page(visitor, replace(tried, refusal=answer), status=422)

    @staticmethod
    def _page(visitor: Visitor, tried: Tried, shown: ShowIncidents = EVERY_CAUSE, *, status: int = 200) -> Response:
        found = visitor.need(shown)
        page = {"found": found, "tried": tried, "untried": NOTHING_TRIED, "at_once": AT_ONCE_MAX}
        return html("incidents.html", visitor.chrome("incidents"), page, status)
