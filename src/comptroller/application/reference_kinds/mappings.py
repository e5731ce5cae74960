"""Mappings: how the tables of a sender are read."""

from typing import Final

from comptroller.application.reference_kinds.checks import Body, ReferenceKind
from comptroller.domain.documents.table_mapping import mapping_of
from comptroller.domain.identity import Duty
from comptroller.domain.kernel.fault import Fault


def _check(_key: str, body: Body) -> tuple[Fault, ...]:
    made = mapping_of(body)
    return made if isinstance(made, tuple) else ()


KINDS: Final = (ReferenceKind("mapping", _check, frozenset({Duty.REFERENCE_IMPORT, Duty.DOCUMENT_KEY})),)
