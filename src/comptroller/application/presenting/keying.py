"""What the form for keying a document needs: its case, the original beside it, and the own entities to choose from."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from comptroller.application.keying import header_of
from comptroller.application.presenting.case import ShowCase, faults_of, show_case
from comptroller.application.queries import GetOriginal, get_original
from comptroller.application.session import Refused, Session
from comptroller.application.views import CaseView
from comptroller.domain.documents.model import Invoice
from comptroller.domain.kernel.canonical_json import decode
from comptroller.domain.kernel.fault import Fault


@dataclass(frozen=True, slots=True)
class ShowKeyingForm:
    """The form for keying the document of a case, or for correcting what was read of it."""

    case_id: str


@dataclass(frozen=True, slots=True)
class KeyingForm:
    """A case that is keyed, with the bytes that came in and the own entities by key."""

    case: CaseView
    entities: Mapping[str, Mapping[str, Any]]
    original: bytes = field(repr=False)
    header: Invoice | None = None  # what a program read of it, where that was not all
    header_faults: tuple[Fault, ...] = ()


def show_keying_form(session: Session, command: ShowKeyingForm) -> KeyingForm | Refused:
    """Show it to who may key."""
    case = show_case(session, ShowCase(command.case_id))
    if isinstance(case, Refused):
        return case
    original = get_original(session, GetOriginal(command.case_id))
    if isinstance(original, Refused):
        return original
    entities: dict[str, Any] = {row.key: decode(row.body) for row in session.uow.reference_list("entity")}
    received = session.uow.document(case.original.digest)
    return KeyingForm(case, entities, original["content"], header_of(received), faults_of(received))
