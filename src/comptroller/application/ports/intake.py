"""What taking things in needs of the outside: mails taken apart, tables read by a mapping."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

from comptroller.application.ports.surroundings import ReadDocument
from comptroller.domain.documents.purchase import PurchaseDocument
from comptroller.domain.documents.response import InvoiceResponse
from comptroller.domain.documents.table_mapping import TableMapping
from comptroller.domain.kernel.fault import Fault

TYPES: Final[Mapping[str, str]] = {
    ".xml": "application/xml",
    ".json": "application/json",
    ".pdf": "application/pdf",
    ".csv": "text/csv",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
"""What a file is by the end of its name."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file in a mail, or a part of it that may hold documents and is not looked into."""

    name: str
    media_type: str
    content: bytes
    not_read: str = ""  # why it is not


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail taken apart. `verified`: the server that received it vouches for the sender's domain."""

    message_id: str
    sender: str
    verified: bool
    subject: str
    attachments: tuple[Attachment, ...]


MailOpener = Callable[[bytes], Mail]

PurchaseReader = Callable[[bytes], PurchaseDocument | tuple[Fault, ...] | None]
"""Reads a document of purchasing; None when the bytes are none, faults when it is one that is not taken in."""


ResponseWriter = Callable[[InvoiceResponse], bytes]
"""Writes an invoice response as the document that is sent."""


class TablePart(Protocol):
    """One document of a table."""

    @property
    def number(self) -> str: ...
    @property
    def rows(self) -> tuple[int, ...]: ...
    @property
    def original(self) -> bytes: ...
    @property
    def media_type(self) -> str: ...
    @property
    def read(self) -> ReadDocument: ...


class TablePreview(Protocol):
    """What a mapping makes of a file."""

    @property
    def mapping(self) -> TableMapping: ...
    @property
    def heads(self) -> tuple[str, ...]: ...
    @property
    def sample(self) -> tuple[tuple[str, ...], ...]: ...
    @property
    def sheets(self) -> tuple[str, ...]: ...
    @property
    def encoding(self) -> str: ...
    @property
    def separator(self) -> str: ...
    @property
    def documents(self) -> Sequence[TablePart]: ...
    @property
    def faults(self) -> tuple[Fault, ...]: ...


class Tables(Protocol):
    """Reads files of rows and columns."""

    def is_table(self, content: bytes, media_type: str) -> bool: ...
    def read(self, content: bytes, mapping: Mapping[str, Any]) -> tuple[Sequence[TablePart], tuple[Fault, ...]]: ...
    def preview(self, content: bytes, mapping: Mapping[str, Any] | None) -> TablePreview | tuple[Fault, ...]: ...
