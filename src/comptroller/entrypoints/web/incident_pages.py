"""What is stuck, for the operator: by cause, with what each repair would do before it is done."""

from typing import Any, Final

from fastapi import FastAPI
from fastapi.responses import RedirectResponse, Response
from starlette.requests import Request

from comptroller.application.dispatcher import Dispatcher
from comptroller.application.jobs.repairs import StartRepairs
from comptroller.application.repairing import SUSPENDED, ListIncidents, RepairKind
from comptroller.application.repairing_many import CANCEL, Chosen, RepairCases, repair_cases
from comptroller.domain.kernel.fault import Rejection, RejectionKind
from comptroller.entrypoints.web.addresses import Field, Told
from comptroller.entrypoints.web.pages import html
from comptroller.entrypoints.web.visitor import Door, Turned, Visitor

OFFERED: Final = {
    RepairKind.RETRY: "Try again",
    RepairKind.MOVE_BACK: "Move back",
    RepairKind.SKIP: "Leave the step out",
    RepairKind.SUSPEND: "Stop",
    CANCEL: "Lay the case aside",
}
"""What can be done about a cause; what is to be corrected is corrected case by case, or from the command line."""

OFFERED_STOPPED: Final = {RepairKind.RESUME: "Let it go on", CANCEL: "Lay the case aside"}

AT_ONCE_MAX: Final = 20
"""Cases that a press of the button repairs while the page waits; more are a job."""


def add_incident_pages(app: FastAPI, door: Door, dispatcher: Dispatcher) -> None:
    """Put the incidents beside the other pages."""
    pages = IncidentPages(door, dispatcher)
    app.add_api_route("/incidents", pages.incidents, methods=["GET"], include_in_schema=False)
    app.add_api_route("/incidents", pages.repair, methods=["POST"], include_in_schema=False)


class IncidentPages:
    """The list of causes, and the repair of all cases of one."""

    def __init__(self, door: Door, dispatcher: Dispatcher) -> None:
        self._door = door
        self._dispatcher = dispatcher

    def incidents(self, request: Request) -> Response:
        """What is stuck, the oldest cause first."""
        return self._page(self._door.visitor(request))

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
        typed = {"cause": cause, "kind": kind, "to_node": to_node, "reason": reason}
        meant = [each for each in visitor.need(ListIncidents())["incidents"] if _cause(each) == cause]
        if sum(each["cases"] for each in meant) > AT_ONCE_MAX:
            started = visitor.ask(StartRepairs(wish))
            if not isinstance(started, Rejection):
                return RedirectResponse("/jobs", 303)
            return self._page(visitor, {"refusal": started, **typed}, 422)
        session = visitor.session
        answer = repair_cases(self._dispatcher, session.tenant, session.person, wish)
        if not isinstance(answer, Rejection):
            return self._page(visitor, {"answers": answer["cases"], "done": bool(do), **typed})
        if answer.kind is RejectionKind.FORBIDDEN:
            raise Turned(visitor, answer)
        return self._page(visitor, {"refusal": answer, **typed}, 422)

    @staticmethod
    def _page(visitor: Visitor, tried: dict[str, Any] | None = None, status: int = 200) -> Response:
        incidents = [
            each | {"cause": _cause(each), "offered": OFFERED_STOPPED if each["code"] == SUSPENDED else OFFERED}
            for each in visitor.need(ListIncidents())["incidents"]
        ]
        page = {"incidents": incidents, "tried": tried, "at_once": AT_ONCE_MAX}
        return html("incidents.html", visitor.chrome("incidents"), page, status)


def _cause(incident: dict[str, Any]) -> str:
    return "/".join(incident[part] for part in ("process", "version", "node", "code"))
