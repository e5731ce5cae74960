"""What a tenant says of its notices, and what each person wants to be told."""

from typing import Any, Final

from comptroller.application.reference_kinds.checks import Body, ReferenceKind, record_check, whole_between
from comptroller.domain.identity import Duty
from comptroller.domain.kernel.fault import Fault
from comptroller.domain.notices import VOCABULARY, NoticeKind, html_faults, read_template

_BY: Final = "reference"


def _are_words(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(word, str) and word.strip() for word in value)


def _are_kinds(value: Any) -> bool:
    return isinstance(value, list) and all(word in set(NoticeKind) for word in value)


_TRUTH: Final = (lambda value: isinstance(value, bool), "say true or false")
_KINDS: Final = (_are_kinds, f"list some of {', '.join(NoticeKind)}")

_SETTINGS: Final = record_check(
    {},
    {
        "digest_hour": (whole_between(0, 23), "give an hour of the tenant's clock, 0 to 23"),
        "remind_hours": (whole_between(1, 240), "give the hours before a task is due, 1 to 240"),
        "amounts": _TRUTH,
        "suppliers": _TRUTH,
        "language": (lambda value: isinstance(value, str) and value.isalpha(), "give a language such as `en`"),
        "silent": (_are_words, "list types of exceptions of which nothing is to leave the house"),
    },
)


def _settings_check(key: str, body: Body) -> tuple[Fault, ...]:
    faults = _SETTINGS(key, body)
    if key != "self":
        faults += (Fault("REFERENCE-KEY-02", "", f"`{key}` is no key here", by=_BY, help="use the key `self`"),)
    return faults


def template_check(key: str, body: Body) -> tuple[Fault, ...]:
    """Every fault of a template: its key, its fields, its HTML."""
    kind, _, language = key.partition("/")
    if kind not in set(NoticeKind) or not (language.isascii() and language.isalpha() and language.islower()):
        help_ = f"write <kind>/<language>, the kind one of {', '.join(NoticeKind)}"
        return (Fault("REFERENCE-KEY-02", "", f"`{key}` names no notice and language", by=_BY, help=help_),)
    text = (lambda value: isinstance(value, str), "give a text")
    faults = record_check({"subject": text, "text": text}, {"html": text})(key, body)
    if faults:
        return faults
    found: list[Fault] = []
    for part in ("subject", "text", "html"):
        read = read_template(body.get(part, ""), VOCABULARY[NoticeKind(kind)], path=f"/{part}")
        found += read if isinstance(read, tuple) else ()
    for part in ("subject", "text"):
        if not body[part].strip():
            found.append(
                Fault("NOTICE-TEMPLATE-10", f"/{part}", f"`{part}` is empty", by="notices", help="say something")
            )
    if any(ord(character) < 32 or ord(character) == 127 for character in body["subject"]):
        message = "a subject is one line without control characters"
        found.append(Fault("NOTICE-TEMPLATE-11", "/subject", message, by="notices", help="write it on one line"))
    return (*found, *html_faults(body.get("html", ""), path="/html"))


KINDS: Final = (
    ReferenceKind("notice-settings", _settings_check, frozenset({Duty.REFERENCE_IMPORT, Duty.PEOPLE_ADMINISTER})),
    ReferenceKind("template", template_check, frozenset({Duty.REFERENCE_IMPORT, Duty.NOTICE_WRITE})),
    ReferenceKind(
        "notice-wishes",
        record_check({}, {"mail": _KINDS, "push": _KINDS}),
        frozenset({Duty.PEOPLE_ADMINISTER}),
    ),
)
