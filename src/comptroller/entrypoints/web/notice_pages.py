"""The words of notices as pages: whose they are, what they look like with invented fields in, and writing one's own."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from fastapi import FastAPI
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse, Response
from markupsafe import Markup
from starlette.requests import Request

from comptroller.application.notices.templates import (
    ListNoticeTexts,
    NoticeTextItem,
    NoticeTextView,
    PreviewNotice,
    ShowNoticeText,
)
from comptroller.application.reference import PutReference
from comptroller.domain.kernel import limits
from comptroller.domain.kernel.fault import Rejection
from comptroller.entrypoints.http.problems import STATUS
from comptroller.entrypoints.web.forms import Sent, form_of
from comptroller.entrypoints.web.pages import html
from comptroller.entrypoints.web.visitor import Door, Visitor

PARTS: Final = {"subject": "Subject", "text": "Text", "html": "Text with structure (HTML)"}
PLACE: Final = "settings"


@dataclass(frozen=True, slots=True)
class TextsView:
    """Every notice in every language."""

    items: tuple[NoticeTextItem, ...]


@dataclass(frozen=True, slots=True)
class TextView:
    """The page of one notice: its words as typed, what is wrong with them, and what they make."""

    about: NoticeTextView
    parts: Mapping[str, str]  # what each part is called
    typed: Mapping[str, str]
    longest: int  # characters of one part
    problems: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # by part
    problem: str = ""
    help: str = ""
    preview: Mapping[str, Any] | None = None


def add_notice_pages(app: FastAPI, door: Door) -> None:
    """Put the words of notices behind the settings."""
    pages = NoticePages(door)
    one = "/settings/texts/{kind:key}/{language:key}"
    app.add_api_route("/settings/texts", pages.texts, methods=["GET"], include_in_schema=False)
    app.add_api_route(one, pages.text, methods=["GET"], include_in_schema=False)
    app.add_api_route(one, pages.write, methods=["POST"], include_in_schema=False)


class NoticePages:
    """The words of the tenant's notices."""

    def __init__(self, door: Door) -> None:
        self._door = door

    def texts(self, request: Request) -> Response:
        """All of them."""
        visitor = self._door.visitor(request)
        return html("notices.html", visitor.chrome(PLACE), TextsView(tuple(visitor.need(ListNoticeTexts()))))

    def text(self, request: Request, kind: str, language: str) -> Response:
        """The words of one notice as they go out."""
        visitor = self._door.visitor(request)
        about: NoticeTextView = visitor.need(ShowNoticeText(kind, language))
        return _page(visitor, about, about.texts._asdict())

    async def write(self, request: Request, kind: str, language: str) -> Response:
        """See what was typed filled in, go back to the product's words, or keep what was typed."""
        sent = await form_of(request, whole=dict.fromkeys(PARTS, limits.TEMPLATE_CHARACTERS_MAX + 1))
        visitor = self._door.acting(request, sent.form_token)
        return await run_in_threadpool(self._write, visitor, kind, language, sent)

    @staticmethod
    def _write(visitor: Visitor, kind: str, language: str, sent: Sent) -> Response:
        about: NoticeTextView = visitor.need(ShowNoticeText(kind, language))
        typed = {part: sent.typed.get(part, "").replace("\r\n", "\n") for part in PARTS}
        match sent.typed.get("do"):
            case "product":
                return _page(visitor, about, about.product._asdict())
            case "keep":
                seen = sent.typed.get("version", "")
                version = int(seen) if seen.isascii() and seen.isdigit() else about.version
                answer = visitor.ask(PutReference("template", f"{kind}/{language}", typed, version))
                if isinstance(answer, Rejection):
                    return _refused(visitor, about, typed, answer)
                return RedirectResponse("/settings/texts", 303)
            case _:
                return _page(visitor, about, typed)


def _page(visitor: Visitor, about: NoticeTextView, typed: Mapping[str, str]) -> Response:
    """The words with what they make, or with what is wrong with them."""
    made = visitor.ask(PreviewNotice(about.kind, about.language, **typed))
    if isinstance(made, Rejection):
        return _refused(visitor, about, typed, made)
    made["html"] = Markup(made["html"])  # noqa: S704 - of a template whose elements were checked, its fields escaped
    view = TextView(about, PARTS, typed, limits.TEMPLATE_CHARACTERS_MAX, preview=made)
    return html("notice.html", visitor.chrome(PLACE), view)


def _refused(visitor: Visitor, about: NoticeTextView, typed: Mapping[str, str], rejection: Rejection) -> Response:
    problems = {
        part: tuple(fault.message for fault in rejection.faults if fault.path.strip("/") == part) for part in PARTS
    }
    view = TextView(
        about,
        PARTS,
        typed,
        limits.TEMPLATE_CHARACTERS_MAX,
        problems={part: told for part, told in problems.items() if told},
        problem="" if any(problems.values()) else rejection.message,
        help=rejection.help,
    )
    return html("notice.html", visitor.chrome(PLACE), view, int(STATUS[rejection.kind]))
