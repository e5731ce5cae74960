"""What a mapping makes of a file, before anything is handed in: for the one who builds or mends a mapping."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from comptroller.application.session import Refused, Session
from comptroller.domain.documents.json_form import to_json
from comptroller.domain.documents.table_cells import DAY_STYLES, DECIMAL_STYLES
from comptroller.domain.documents.table_fields import FIELDS
from comptroller.domain.documents.table_mapping import ENCODINGS, SEPARATORS
from comptroller.domain.kernel.fault import Fault, Rejection, RejectionKind

DOCUMENTS_MAX = 20
"""Documents that a preview shows: enough to see whether the mapping is right."""


@dataclass(frozen=True, slots=True)
class PreviewMapping:
    """A file, and a mapping's record for it; where it says no columns, they are suggested by the heads."""

    content: bytes
    mapping: Mapping[str, Any] | None = None


def preview_mapping(session: Session, command: PreviewMapping) -> dict[str, Any] | Refused:
    """Show columns, sample rows, documents and faults of a file under a mapping; nothing is kept."""
    shown = session.environment.tables.preview(command.content, command.mapping)
    if isinstance(shown, tuple):
        first = shown[0]
        return Refused(Rejection(RejectionKind.INVALID, first.code, first.message, shown, help=first.help))
    return {
        "mapping": shown.mapping.to_body(),
        "columns": list(shown.heads),
        "sample": [list(row) for row in shown.sample],
        "sheets": list(shown.sheets),
        "encoding": shown.encoding,
        "separator": shown.separator,
        "documents": [
            {
                "number": part.number,
                "rows": list(part.rows),
                "canonical": None if part.read.invoice is None else to_json(part.read.invoice),
                "faults": [_told(fault) for fault in part.read.faults],
            }
            for part in shown.documents[:DOCUMENTS_MAX]
        ],
        "documents_in_all": len(shown.documents),
        "faults": [_told(fault) for fault in shown.faults],
        "choices": {
            "fields": {name: field.kind.value for name, field in FIELDS.items()},
            "decimals": list(DECIMAL_STYLES),
            "days": list(DAY_STYLES),
            "encodings": list(ENCODINGS),
            "separators": list(SEPARATORS),
        },
    }


def _told(fault: Fault) -> dict[str, Any]:
    return {
        "code": fault.code,
        "path": fault.path,
        "message": fault.message,
        "severity": fault.severity.value,
        "by": fault.by,
        "help": fault.help,
    }
