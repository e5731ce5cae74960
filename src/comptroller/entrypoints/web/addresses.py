"""What an address or a form may hold, said once: a part with another form leads to a page that says so, never further.

A key in a path is part of the route: where it has not the form of a key there is no page.
"""

from typing import Annotated, Final
from urllib.parse import urlsplit

from fastapi import Depends, Form, Query
from starlette.convertors import StringConvertor, register_url_convertor
from starlette.requests import Request

from comptroller.application.presenting.decisions import AskedRule

_STORABLE: Final = r"^[^\x00]*\z"  # PostgreSQL takes no NUL in a text

Text = Annotated[str, Query(max_length=200)]
Value = Annotated[str, Query(max_length=200, pattern=_STORABLE)]
"""A text that the store is asked for."""

Address = Annotated[str, Query(max_length=2000)]
Field = Annotated[str, Form(max_length=4000)]
Told = Annotated[str, Form(max_length=4000, pattern=_STORABLE)]
"""A text that is kept."""

Page = Annotated[int, Query(ge=1, le=10_000)]
Seen = Annotated[int, Form(ge=0)]


def _asked(decision: Value = "", rule: Value = "") -> AskedRule:
    return AskedRule(decision, rule)


Asked = Annotated[AskedRule, Depends(_asked)]
NOTHING_ASKED: Final = AskedRule()


class Key(StringConvertor):
    """A case or a task in a path, as `{case_id:key}`."""

    regex = r"[0-9A-Za-z._~-]{1,100}"


class Sheet(StringConvertor):
    """The form of a list for a spreadsheet, as `/cases.{form:sheet}`."""

    regex = "csv|xlsx"


register_url_convertor("key", Key())
register_url_convertor("sheet", Sheet())


def local(path: str) -> str:
    """A path of this site; anything that leads elsewhere, or nowhere, becomes the start.

    >>> local("/cases?q=a"), local("//elsewhere.example"), local("http://[x")
    ('/cases?q=a', '/', '/')
    """
    try:
        parts = urlsplit(path)
    except ValueError:
        return "/"
    is_local = not parts.scheme and not parts.netloc and path.startswith("/") and not path.startswith(("//", "/\\"))
    return path if is_local else "/"


def is_ahead_of_time(request: Request) -> bool:
    """Whether a browser fetches a page that nobody looks at yet, and maybe never will."""
    purposes = (request.headers.get(name, "") for name in ("sec-purpose", "purpose", "x-moz"))
    return any(word in purpose.lower() for purpose in purposes for word in ("prefetch", "prerender"))
