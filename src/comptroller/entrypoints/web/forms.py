"""What forms have in common: reading what was sent, and giving it back with what is wrong beside the fields."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from fastapi.responses import Response
from starlette.datastructures import UploadFile
from starlette.requests import Request

from comptroller.application.views.forms import FormView
from comptroller.domain.kernel import limits
from comptroller.domain.kernel.fault import Rejection
from comptroller.entrypoints.web.pages import html
from comptroller.entrypoints.web.visitor import Visitor

FIELDS_MAX: Final = 2_000
TEXT_MAX: Final = 4_000
EMPTY: Final = "this is needed"
PART_BYTES_MAX: Final = 1024 * 1024
NOTHING_LONGER: Final[Mapping[str, int]] = {}


@dataclass(frozen=True, slots=True)
class Sent:
    """A form as it was sent: texts by name, and files with name, media type and content."""

    form_token: str
    typed: dict[str, str]
    files: dict[str, tuple[str, str, bytes]] = field(default_factory=dict, repr=False)


async def form_of(request: Request, *, whole: Mapping[str, int] = NOTHING_LONGER) -> Sent:
    """Read a form; what is longer than a field may hold is cut, and so is a file. `whole`: fields that hold more."""
    typed, files = {}, {}
    part_bytes_max = max(PART_BYTES_MAX, *whole.values(), 0)
    async with request.form(
        max_fields=FIELDS_MAX, max_part_size=part_bytes_max
    ) as form:  # closed files free their place on the disk
        for name, value in form.items():
            if isinstance(value, UploadFile):
                if value.filename:
                    content = await value.read(limits.DOCUMENT_BYTES_MAX + 1)
                    media_type = (value.content_type or "").partition(";")[0].strip().lower()
                    files[name] = (value.filename[:200], media_type, content)
            elif value:
                typed[name] = value.replace("\x00", "")[: whole.get(name, TEXT_MAX)]
    return Sent(typed.pop("form_token", ""), typed, files)


def form_page(visitor: Visitor, view: FormView, status: int = 200) -> Response:
    """A form as a page."""
    return html("form.html", visitor.chrome(view.place), view, status)


def typed_of(view: FormView, typed: dict[str, str], rejection: Rejection, beside: str = "") -> FormView:
    """The form with what was typed: the refusal beside its field, where it has one."""
    recorded = " The attempt is recorded." if rejection.breach else ""
    message = f"{rejection.message}.{recorded}" if recorded else rejection.message
    if beside:
        return view.filled(typed, {beside: message}, help=rejection.help)
    told = "; ".join(fault.message for fault in rejection.faults[:5])
    return view.filled(typed, problem=f"{message}: {told}" if told else message, help=rejection.help)
