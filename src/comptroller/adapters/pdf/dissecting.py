"""What a PDF holds: its embedded files and its visible text, or the fault that says why it cannot be told.

The PDF is taken apart by `dissector.py` in a process of its own with little memory and little time, so that a hostile
one costs what one process may cost and nothing else. At most `PROCESSES_MAX` of them run at once.
"""

import base64
import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any, Final

from comptroller.domain.kernel import limits
from comptroller.domain.kernel.fault import Fault

BY: Final = "reader"
PROCESSES_MAX: Final = 4

_DISSECTOR: Final = Path(__file__).with_name("dissector.py")
_TURN: Final = BoundedSemaphore(PROCESSES_MAX)


@dataclass(frozen=True, slots=True)
class EmbeddedFile:
    """A file inside a PDF."""

    name: str
    relationship: str  # ISO 32000-2, 7.11.3: Data, Source, Alternative, Supplement, Unspecified
    data: bytes


@dataclass(frozen=True, slots=True)
class PdfContent:
    """What was taken out of a PDF."""

    pages: int
    files: tuple[EmbeddedFile, ...]
    text: str
    text_is_whole: bool


def dissect(data: bytes, *, seconds_max: int = limits.PDF_SECONDS_MAX) -> PdfContent | Fault:
    """Take a PDF apart within `seconds_max` of processor time, or say why that is not possible."""
    command = [sys.executable, "-I", str(_DISSECTOR), str(seconds_max)]
    with _TURN:
        try:
            done = subprocess.run(  # noqa: S603 - our own program, with no argument of a caller's
                command, input=data, capture_output=True, timeout=4 * seconds_max, check=False, env={}
            )
        except subprocess.TimeoutExpired:
            return _fault("time", "")
    if done.returncode < 0:  # killed by its own limit of processor time
        return _fault("time", "")
    if done.returncode and b"MemoryError" in done.stderr:
        return _fault("size", "")
    if done.returncode:  # what a PDF can do wrong is answered; this program itself does not run
        raise RuntimeError(f"the PDF reader does not work: {done.stderr[-500:].decode(errors='replace')}")
    answer: Any = json.loads(done.stdout)
    if "problem" in answer:
        return _fault(answer["problem"], answer.get("why", ""))
    files = tuple(
        EmbeddedFile(each["name"], each["relationship"], base64.b64decode(each["data"])) for each in answer["files"]
    )
    return PdfContent(answer["pages"], files, answer["text"], answer["text_is_whole"])


_FAULTS: Final = {
    "encrypted": (
        "PDF-ENCRYPTED-01",
        "the PDF is encrypted and does not open without a password",
        "send it without a password",
    ),
    "broken": ("PDF-BROKEN-01", "the PDF cannot be read", "make the PDF again and check that it arrived whole"),
    "size": (
        "PDF-SIZE-01",
        "the PDF unpacks to more than is read here",
        "send the invoice's own PDF without large attachments",
    ),
    "time": (
        "PDF-TIME-01",
        "the PDF takes longer to read than is spent on one document",
        "print the PDF to a new one and send that",
    ),
}


def _fault(problem: str, why: str) -> Fault:
    code, message, what_to_do = _FAULTS[problem]
    return Fault(code, "", f"{message}: {why}" if why else message, by=BY, help=what_to_do)
