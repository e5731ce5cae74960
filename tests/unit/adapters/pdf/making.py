"""Small PDFs for tests: text on pages, files inside, and a few that mean harm."""

import io
from collections.abc import Mapping, Sequence

from pypdf import PdfWriter
from pypdf.generic import DictionaryObject, NameObject, StreamObject


def make_pdf(
    lines: Sequence[str] = (), files: Mapping[str, bytes] | None = None, *, pages: int = 1, password: str = ""
) -> bytes:
    """A PDF that shows lines of text and holds files."""
    writer = PdfWriter()
    for _ in range(pages):
        page = writer.add_blank_page(595, 842)
        font = DictionaryObject(
            {
                NameObject("/Type"): NameObject("/Font"),
                NameObject("/Subtype"): NameObject("/Type1"),
                NameObject("/BaseFont"): NameObject("/Helvetica"),
                NameObject("/Encoding"): NameObject("/WinAnsiEncoding"),
            }
        )
        page[NameObject("/Resources")] = DictionaryObject(
            {NameObject("/Font"): DictionaryObject({NameObject("/F1"): font})}
        )
        stream = StreamObject()
        shown = b"".join(b"(" + _escaped(line) + b") Tj 0 -15 Td " for line in lines)
        stream.set_data(b"BT /F1 10 Tf 50 800 Td " + shown + b"ET")
        page[NameObject("/Contents")] = writer._add_object(stream)
    for name, data in (files or {}).items():
        writer.add_attachment(name, data)
    if password:
        writer.encrypt(password)
    made = io.BytesIO()
    writer.write(made)
    return made.getvalue()


def _escaped(line: str) -> bytes:
    return line.encode("cp1252").replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")
