"""The words of notices: the product's own, or the company's in their place, looked at with invented fields in."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from comptroller.application.casework.gathering.reading import body_of
from comptroller.application.notices.composing import filled, texts_of
from comptroller.application.notices.own import TITLES
from comptroller.application.notices.wishes import TEMPLATE_KIND
from comptroller.application.reference_kinds.notices import template_check
from comptroller.application.session import Refused, Session
from comptroller.domain.kernel.fault import Rejection, RejectionKind
from comptroller.domain.notices import DEFAULTS, SAMPLE, VOCABULARY, NoticeKind
from comptroller.domain.notices.defaults import Texts
from comptroller.domain.notices.kinds import LANGUAGES, Vocabulary

LANGUAGE_NAMES: Final = {"en": "English", "de": "German", "fr": "French", "it": "Italian", "nl": "Dutch"}
"""What the languages are called that people of a company may have; of others their code."""


@dataclass(frozen=True, slots=True)
class ListNoticeTexts:
    """In whose words each notice goes out, in each language that the product or somebody of the company has."""


@dataclass(frozen=True, slots=True)
class ShowNoticeText:
    """The words of one notice in one language, as they go out."""

    kind: str
    language: str


@dataclass(frozen=True, slots=True)
class PreviewNotice:
    """Show what a notice would look like: the texts in force, or others that are being written."""

    kind: str
    language: str
    subject: str = ""
    text: str = ""
    html: str = ""


@dataclass(frozen=True, slots=True)
class NoticeTextItem:
    """One notice in one language."""

    kind: str
    title: str
    language: str
    language_name: str
    whose: str


@dataclass(frozen=True, slots=True)
class NoticeTextView:
    """The words of one notice in one language; `version` 0 says that the product's own are in force."""

    kind: str
    title: str
    language: str
    language_name: str
    version: int
    texts: Texts
    product: Texts  # to go back to
    fields: tuple[str, ...]


def list_notice_texts(session: Session, _command: ListNoticeTexts) -> Sequence[NoticeTextItem]:
    """Every notice in every language that counts here."""
    own = {row.key: row.version for row in session.uow.reference_list(TEMPLATE_KIND)}
    spoken = [str(body_of(row).get("language", "")) for row in session.uow.reference_list("person")]
    languages = dict.fromkeys([*LANGUAGES, *sorted({*spoken, *(key.partition("/")[2] for key in own)} - {""})])
    return tuple(
        NoticeTextItem(kind, TITLES[kind], language, _name(language), _whose(kind, language, own))
        for kind in NoticeKind
        for language in languages
    )


def show_notice_text(session: Session, command: ShowNoticeText) -> NoticeTextView | Refused:
    """The words in force, and the product's to go back to."""
    kind = NoticeKind(command.kind) if command.kind in set(NoticeKind) else None
    key = f"{command.kind}/{command.language}"
    if kind is None or any(fault.code == "REFERENCE-KEY-02" for fault in template_check(key, {})):
        message = f"there is no notice `{command.kind}` in a language `{command.language}`"
        return Refused(Rejection(RejectionKind.NOT_FOUND, "NOTICE-UNKNOWN-01", message))
    alias = f"{TEMPLATE_KIND}/{key}"
    rows = session.uow.references([alias])[alias]
    texts, _ = next(texts_of(session, kind, command.language))
    product = DEFAULTS.get((kind, command.language), DEFAULTS[kind, "en"])
    return NoticeTextView(
        kind=kind,
        title=TITLES[kind],
        language=command.language,
        language_name=_name(command.language),
        version=rows[0].version if rows else 0,
        texts=texts,
        product=product,
        fields=tuple(_fields(VOCABULARY[kind])),
    )


def preview_notice(session: Session, command: PreviewNotice) -> dict[str, Any] | Refused:
    """The three texts with invented fields in, or every fault of the template."""
    given = {"subject": command.subject, "text": command.text, "html": command.html}
    kind = NoticeKind(command.kind) if command.kind in set(NoticeKind) else None
    if kind is None or any(given.values()):
        faults = template_check(f"{command.kind}/{command.language}", given)
        if faults:
            text = f"the template has {len(faults)} fault{'' if len(faults) == 1 else 's'}"
            return Refused(Rejection(RejectionKind.INVALID, "NOTICE-PREVIEW-01", text, faults))
    assert kind is not None  # an unknown kind is a fault of its key
    texts = Texts(**given) if any(given.values()) else next(texts_of(session, kind, command.language))[0]
    done = filled(kind, texts, SAMPLE)
    assert done is not None  # checked above, or when it was written
    return {"kind": kind, "language": command.language, **done._asdict()}


def _whose(kind: NoticeKind, language: str, own: dict[str, int]) -> str:
    if version := own.get(f"{kind}/{language}"):
        return f"your company's, version {version}"
    if (kind, language) in DEFAULTS:
        return "the product's"
    return "none in this language: English goes out"


def _name(language: str) -> str:
    return LANGUAGE_NAMES.get(language, language)


def _fields(vocabulary: Vocabulary) -> Sequence[str]:
    """The names that the words may use; those of a list's rows behind the list."""
    names: list[str] = []
    for name, inside in vocabulary.items():
        names.append(name if inside is None else f"{name} ({', '.join(inside)})")
    return names
