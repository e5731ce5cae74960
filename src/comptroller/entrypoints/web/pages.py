"""The Jinja environment: templates with the formats as filters, and nothing that a template could decide with.

A missing name in a template is a defect, not an empty string. Every page gets `chrome` (what surrounds it) and `view`
(what it shows); times are written in the chrome's zone and ages against its clock.
"""

from datetime import datetime
from pathlib import Path
from typing import Final

from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context

from comptroller.application.views import Chrome
from comptroller.domain.packs.backtest import otherwise
from comptroller.entrypoints.web import formats
from comptroller.entrypoints.web.cell_words import breaking, cell_words
from comptroller.entrypoints.web.colour import accent
from comptroller.entrypoints.web.diagrams import element_marks, load_marks, token_marks
from comptroller.entrypoints.web.grid_head import grid_head

HERE: Final = Path(__file__).parent
STATIC: Final = HERE / "static"

CONTENT_SECURITY_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""What every page is sent with: no inline script, no inline style, nothing from elsewhere."""

HEADERS: Final = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
}


def _chrome(context: Context) -> Chrome:
    chrome = context["chrome"]
    if not isinstance(chrome, Chrome):
        raise TypeError("a page is rendered with its chrome")
    return chrome


@pass_context
def _instant(context: Context, value: datetime | None) -> str:
    return formats.instant(value, _chrome(context).time_zone)


@pass_context
def _clock(context: Context, value: datetime) -> str:
    return formats.clock(value, _chrome(context).time_zone)


@pass_context
def _value(context: Context, given: object) -> str:
    return formats.value(given, _chrome(context).time_zone)


@pass_context
def _age(context: Context, value: datetime) -> str:
    return formats.age(value, _chrome(context).now)


@pass_context
def _until(context: Context, value: datetime) -> str:
    return formats.until(value, _chrome(context).now)


def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {
        "account": formats.account,
        "age": _age,
        "amount": formats.amount,
        "breaking": breaking,
        "cell_words": cell_words,
        "clock": _clock,
        "day": formats.day,
        "digest": formats.digest,
        "document_type": formats.document_type,
        "initials": formats.initials,
        "element_marks": element_marks,
        "grid_head": grid_head,
        "iso_day": formats.iso_day,
        "instant": _instant,
        "dated": formats.dated,
        "load_marks": load_marks,
        "lower_first": formats.lower_first,
        "media": formats.media,
        "money": formats.money,
        "month": formats.month,
        "number": formats.number,
        "otherwise": otherwise,
        "percent": formats.percent,
        "prose": formats.prose,
        "quoted": formats.quoted,
        "sentence": formats.sentence,
        "size": formats.size,
        "span": formats.span,
        "stopped": formats.stopped,
        "token_marks": token_marks,
        "tax_category": formats.tax_category,
        "unit": formats.unit,
        "until": _until,
        "value": _value,
    }
    return made


_PAGES: Final = _environment()


def page(template: str, chrome: Chrome, view: object) -> str:
    """Render a page, such as `case.html`, from its chrome and its view."""
    return _PAGES.get_template(template).render(chrome=chrome, view=view)


def html(template: str, chrome: Chrome, view: object, status: int = 200) -> HTMLResponse:
    """A page as a response."""
    return HTMLResponse(page(template, chrome, view), status, HEADERS)


def tenant_style(colour: str) -> str:
    """Write the style sheet that carries a tenant's colour, for light and for dark."""
    return _PAGES.get_template("tenant.css").render(light=accent(colour), dark=accent(colour, dark=True))
