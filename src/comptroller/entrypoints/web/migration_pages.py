"""Moving running cases to another version of their process: both diagrams, the mapping, who can go, and the move.

Looking and trying happen by GET and by a form that acts on nothing; the move itself is a POST with a reason.
"""

import json
from functools import partial
from typing import Any, Final
from urllib.parse import urlencode

from fastapi import FastAPI
from fastapi.responses import RedirectResponse, Response
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from comptroller.application.dispatcher import Dispatcher
from comptroller.application.jobs.migration import StartMigration
from comptroller.application.migrating.bulk import MigrateCases, migrate_cases
from comptroller.application.migrating.plan import PlanMigration
from comptroller.application.migrating.versions import ListVersions, Move
from comptroller.domain.kernel.fault import Rejection, RejectionKind
from comptroller.entrypoints.web.forms import form_of
from comptroller.entrypoints.web.pages import html
from comptroller.entrypoints.web.visitor import Door, Turned, Visitor

CASES_MAX: Final = 200
"""Cases that one press of the button moves: the page says how many are left."""


def add_migration_pages(app: FastAPI, door: Door, dispatcher: Dispatcher) -> None:
    """Put the move beside the processes."""
    pages = MigrationPages(door, dispatcher)
    app.add_api_route("/processes/{process:key}/migrate", pages.show, methods=["GET"], include_in_schema=False)
    app.add_api_route("/processes/{process:key}/migrate", pages.send, methods=["POST"], include_in_schema=False)


class MigrationPages:
    """The plan of a move, and the move."""

    def __init__(self, door: Door, dispatcher: Dispatcher) -> None:
        self._door = door
        self._dispatcher = dispatcher

    def show(self, request: Request, process: str) -> Response:
        """The plan, by the mapping that is proposed; without a version to leave, which there are."""
        asked = request.query_params
        move = Move(process, _version(asked.get("from")), _version(asked.get("to")))
        return _page(self._door.visitor(request), move)

    async def send(self, request: Request, process: str) -> Response:
        """Check the mapping as it was edited, or move the cases."""
        sent = await form_of(request)
        typed = sent.typed
        visitor = self._door.acting(request, sent.form_token)
        nodes = {name.removeprefix("node-"): target for name, target in typed.items() if name.startswith("node-")}
        move = Move(process, _version(typed.get("from")), _version(typed.get("to")), nodes)
        if "move" not in typed:
            return await run_in_threadpool(_page, visitor, move)
        wish = partial(self._move, visitor, move, typed.get("reason", ""), typed["move"])
        return await run_in_threadpool(wish)

    def _move(self, visitor: Visitor, move: Move, reason: str, how: str) -> Response:
        session = visitor.session
        if how != "yes":
            refused = visitor.ask(StartMigration(move, reason, is_trial=how == "try"))
            if not isinstance(refused, Rejection):
                return RedirectResponse("/jobs", 303)
            return _page(visitor, move, refusal=refused, reason=reason, status=422)
        done = migrate_cases(self._dispatcher, session.tenant, session.person, MigrateCases(move, reason, CASES_MAX))
        if not isinstance(done, Rejection):
            return _page(visitor, move, done=done, reason=reason)
        if done.kind is RejectionKind.FORBIDDEN:
            raise Turned(visitor, done)
        return _page(visitor, move, refusal=done, reason=reason, status=422)


def _page(
    visitor: Visitor,
    move: Move,
    *,
    done: dict[str, Any] | None = None,
    refusal: Rejection | None = None,
    reason: str = "",
    status: int = 200,
) -> Response:
    versions = visitor.need(ListVersions(move.process))
    leaving = move.from_policy or _only_other(versions)
    move = Move(move.process, leaving, move.to_policy, move.nodes)
    plan = visitor.need(PlanMigration(move)) if leaving else None
    view = {
        "process": move.process,
        "versions": versions,
        "plan": plan,
        "done": done,
        "refusal": refusal,
        "reason": reason,
        "most": CASES_MAX,
        "marks": _marks(plan) if plan else ("[]", "[]"),
        "back": urlencode({"from": plan["to"]["policy"], "to": plan["from"]["policy"]}) if plan else "",
    }
    return html("migration.html", visitor.chrome("processes"), view, status)


def _only_other(versions: dict[str, Any]) -> str:
    """The version to leave where there is only one that is not in force."""
    others = [each["policy"] for each in versions["versions"] if not each["is_in_force"] and each["cases"]]
    return others[0] if len(others) == 1 else ""


def _marks(plan: dict[str, Any]) -> tuple[str, str]:
    """What is marked on the two diagrams: what goes nowhere or elsewhere, what is new, where cases cannot leave."""
    stuck = {reason["node"]: reason["cases"] for reason in plan["cannot"] if reason["node"]}
    old = [_mark(each["node"], *_on_old(each, stuck.get(each["node"], 0))) for each in plan["nodes"]]
    gone_to = {each["to"] for each in plan["nodes"] if each["to"] != each["node"]}
    new = [
        _mark(each["node"], "incident" if each["is_new"] else "here" if each["node"] in gone_to else "done", "", "")
        for each in plan["targets"]
    ]
    return json.dumps(old), json.dumps(new)


def _on_old(each: dict[str, Any], stuck: int) -> tuple[str, str, str]:
    if stuck:
        return "incident", f"{stuck:,}", f"{stuck:,} cannot go"
    if not each["to"]:
        return "incident", "", ""
    return ("done" if each["to"] == each["node"] else "here"), "", ""


def _mark(node: str, state: str, text: str, label: str) -> dict[str, str]:
    return {"node": node, "state": state, "text": text, "label": label}


def _version(text: str | None) -> str:
    return (text or "").replace("\x00", "")[:200]
