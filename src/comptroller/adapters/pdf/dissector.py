"""Takes a PDF apart: a program of its own, which reads the PDF from its input and writes JSON to its output.

PDF is a format in which a few bytes can ask for hours and gigabytes, so nothing but this process reads one. It limits
its own memory and processor time before it looks at the first byte, knows neither the platform nor any secret, and
writes nothing but its answer. `dissecting.py` starts it.
"""

import base64
import io
import json
import logging
import resource
import signal
import sys
from collections.abc import Iterator
from typing import Any, Final

import pypdf
from pypdf.errors import LimitReachedError

MEMORY_BYTES_MAX: Final = 1024 * 1024 * 1024
"""Address space; the library itself unpacks no stream beyond 75 MB."""

FILES_MAX: Final = 50
FILE_BYTES_MAX: Final = 10 * 1024 * 1024
TEXT_PAGES_MAX: Final = 40
TEXT_CHARACTERS_MAX: Final = 500_000


class _OutOfTime(Exception):
    """The time for reading is over."""


def _stop(_signal: int, _frame: object) -> None:
    raise _OutOfTime


def main() -> None:
    """Answer what the PDF on the standard input holds."""
    seconds = int(sys.argv[1])
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES_MAX, MEMORY_BYTES_MAX))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    logging.disable()
    signal.signal(signal.SIGALRM, _stop)
    signal.setitimer(signal.ITIMER_REAL, seconds * 0.6)  # the rest is for reading the text and for the answer
    answer = _answer(sys.stdin.buffer.read(), seconds)
    signal.setitimer(signal.ITIMER_REAL, 0)
    sys.stdout.write(json.dumps(answer))


def _answer(data: bytes, seconds: int) -> dict[str, Any]:
    try:
        reader = pypdf.PdfReader(io.BytesIO(data), strict=False)
        if reader.is_encrypted and not reader.decrypt(""):
            return {"problem": "encrypted"}
        pages = len(reader.pages)
        if not pages:
            return {"problem": "broken", "why": "it has no page"}
        found = list(_files(reader))
    except _OutOfTime:
        return {"problem": "time"}
    except (LimitReachedError, MemoryError):
        return {"problem": "size"}
    except Exception as error:  # noqa: BLE001 - whatever a broken PDF makes of the library, it is the PDF that is broken
        if "password" in str(error).lower() or "crypt" in type(error).__name__.lower():
            return {"problem": "encrypted"}
        return {"problem": "broken", "why": f"{type(error).__name__}: {error}"[:200]}
    signal.setitimer(signal.ITIMER_REAL, max(seconds * 0.3, 0.1))
    text, is_whole = _text(reader)
    return {"pages": pages, "files": found, "text": text, "text_is_whole": is_whole}


def _files(reader: pypdf.PdfReader) -> Iterator[dict[str, str]]:
    """The files of the name tree and those that the catalogue or the pages only associate."""
    seen: set[tuple[str, int]] = set()
    for name, specification in _specifications(reader):
        stream = _stream(specification)
        if stream is None:
            continue
        data = stream.get_data()
        known = (name, hash(data))
        if known in seen:
            continue
        seen.add(known)
        if len(seen) > FILES_MAX or len(data) > FILE_BYTES_MAX:
            raise LimitReachedError("too much is embedded")
        relationship = str(specification.get("/AFRelationship", "")).lstrip("/")
        yield {"name": name, "relationship": relationship, "data": base64.b64encode(data).decode()}


def _specifications(reader: pypdf.PdfReader) -> Iterator[tuple[str, Any]]:
    catalogue = reader.trailer["/Root"].get_object()
    names = _get(_get(catalogue, "/Names"), "/EmbeddedFiles")
    yield from _tree(names, set(), 0)
    holders = [catalogue, *reader.pages[:TEXT_PAGES_MAX]]
    for holder in holders:
        listed = _get(holder, "/AF")
        entries: list[Any] = listed if isinstance(listed, list) else [listed] if isinstance(listed, dict) else []
        for entry in entries:
            specification = entry.get_object() if hasattr(entry, "get_object") else None
            if isinstance(specification, dict):
                yield _name(specification, ""), specification
        annotations = _get(holder, "/Annots")
        for entry in annotations if isinstance(annotations, list) else []:
            annotation = entry.get_object()
            specification = _get(annotation, "/FS") if isinstance(annotation, dict) else None
            if isinstance(specification, dict) and annotation.get("/Subtype") == "/FileAttachment":
                yield _name(specification, ""), specification


def _tree(node: Any, seen: set[int], depth: int) -> Iterator[tuple[str, Any]]:
    if not isinstance(node, dict) or id(node) in seen or depth > 20 or len(seen) > 1_000:
        return
    seen.add(id(node))
    names = _get(node, "/Names")
    if isinstance(names, list):
        for key, value in zip(names[::2], names[1::2], strict=False):
            specification = value.get_object()
            if isinstance(specification, dict):
                yield _name(specification, str(key)), specification
    kids = _get(node, "/Kids")
    for kid in kids if isinstance(kids, list) else ():
        yield from _tree(kid.get_object(), seen, depth + 1)


def _get(holder: Any, name: str) -> Any:
    value = holder.get(name) if isinstance(holder, dict) else None
    return value.get_object() if value is not None else None


def _name(specification: Any, fallback: str) -> str:
    return str(specification.get("/UF") or specification.get("/F") or fallback)[:255]


def _stream(specification: Any) -> Any:
    embedded = _get(specification, "/EF")
    stream = _get(embedded, "/UF") or _get(embedded, "/F")
    return stream if hasattr(stream, "get_data") else None


def _text(reader: pypdf.PdfReader) -> tuple[str, bool]:
    """The text of the pages; False when not all of it could be had."""
    parts: list[str] = []
    length, is_whole = 0, len(reader.pages) <= TEXT_PAGES_MAX
    try:
        for page in reader.pages[:TEXT_PAGES_MAX]:
            try:
                part = page.extract_text()
            except _OutOfTime:
                raise
            except Exception:  # noqa: BLE001 - as above; a page that cannot be read says nothing
                is_whole = False
                continue
            parts.append(part)
            length += len(part)
            if length > TEXT_CHARACTERS_MAX:
                return "\n".join(parts)[:TEXT_CHARACTERS_MAX], False
    except _OutOfTime:
        is_whole = False
    return "\n".join(parts), is_whole


if __name__ == "__main__":
    main()
