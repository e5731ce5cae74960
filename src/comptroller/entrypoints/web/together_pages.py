"""Approving several items of one's queue at once: ticked there, summed up before, told one by one after.

The same address says what would be approved and, with `do`, approves it; nothing of it needs a script.
"""

from dataclasses import dataclass, replace
from typing import Annotated, Final

from fastapi import FastAPI, Form
from fastapi.responses import Response
from pydantic import StringConstraints
from starlette.requests import Request

from comptroller.application.act import ActOnTask, judged_anew
from comptroller.application.acting.bulk import Review, ReviewApprovals, Reviewed, Shown
from comptroller.domain.kernel import limits
from comptroller.domain.kernel.fault import Rejection
from comptroller.entrypoints.web.addresses import Field
from comptroller.entrypoints.web.pages import html
from comptroller.entrypoints.web.visitor import Door, Visitor

Ticked = Annotated[
    list[Annotated[str, StringConstraints(max_length=200, pattern=r"^[^\x00]*\z")]],
    Form(max_length=limits.PAGE_SIZE_MAX),
]
"""Tasks as they were shown, `<task>:<hash of what stood there>`."""

NOTHING: Final[list[str]] = []


@dataclass(frozen=True, slots=True)
class TogetherView:
    """What is ticked: to be approved, or what became of it."""

    review: Review
    done: bool = False
    later: bool = False  # it can still be taken back


def add_together_pages(app: FastAPI, door: Door) -> None:
    """Put the approval of several beside the queue."""
    pages = TogetherPages(door)
    app.add_api_route("/queue/approvals", pages.approve, methods=["POST"], include_in_schema=False)


class TogetherPages:
    """The sum of what is ticked, and its approval."""

    def __init__(self, door: Door) -> None:
        self._door = door

    def approve(self, request: Request, item: Ticked = NOTHING, do: Field = "", form_token: Field = "") -> Response:
        """Approve what is ticked, each for itself; without `do` say what would be approved."""
        visitor = self._door.acting(request, form_token)
        wanted = tuple(Shown(task, seen) for task, _, seen in (each.rpartition(":") for each in item))
        review: Review = visitor.need(ReviewApprovals(wanted))
        view = _approved(visitor, review) if do else TogetherView(review)
        return html("together.html", visitor.chrome("queue"), view)


def _approved(visitor: Visitor, review: Review) -> TogetherView:
    done: list[Reviewed] = []
    later = False
    for each in review.items:
        if each.left_out is None:
            answer = visitor.ask(ActOnTask(each.shown.task_id, "approve", each.shown.content_hash, together=True))
            refused = answer if isinstance(answer, Rejection) else judged_anew(answer)
            later = later or (refused is None and "undo_until" in answer)
            done.append(replace(each, left_out=refused))
        else:
            done.append(each)
    return TogetherView(Review(tuple(done)), done=True, later=later)
