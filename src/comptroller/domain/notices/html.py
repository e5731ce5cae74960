"""The HTML that a template of a notice may hold: plain structure, no style, no script, nothing that is fetched.

What reads a mail must learn nothing of its reader and run nothing: no pictures, no forms, no attributes but the address
of a link. A field stands where text stands, or is the whole address of a link.
"""

import re
from html.parser import HTMLParser
from typing import Final

from comptroller.domain.kernel.fault import Fault
from comptroller.domain.notices.kinds import LINKS
from comptroller.domain.notices.template import BY

ELEMENTS: Final = frozenset(
    "html head title body p br hr div span strong em b i small a ul ol li table thead tbody tr th td h1 h2 h3".split()
)
_FIELD: Final = re.compile(r"\{\{\s*[#^/]?\s*([^{}]*?)\s*\}\}")
_MARK: Final = "\ue000"


def html_faults(text: str, *, path: str) -> tuple[Fault, ...]:
    """What is wrong with a template's HTML; the fields themselves are checked where the template is read."""
    reader = _Reader(path)
    reader.feed(_FIELD.sub(lambda found: f"{_MARK}{found[1]}{_MARK}", text))
    reader.close()
    return tuple(reader.faults)


class _Reader(HTMLParser):
    def __init__(self, path: str) -> None:
        super().__init__(convert_charrefs=False)
        self.faults: list[Fault] = []
        self._path = path

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take an element in."""
        if tag not in ELEMENTS:
            self._fault("07", f"`<{_shown(tag)}>` may not stand in a mail", "use paragraphs, lists, tables and links")
        for name, value in attrs:
            if tag == "a" and name == "href":
                self._check_address(value or "")
            else:
                self._fault("08", f"the attribute `{_shown(name)}` may not stand here", "only links have one: href")

    def handle_data(self, data: str) -> None:
        """A sign that opens an element must not be left to what a field holds."""
        if "<" in data:
            self._fault("07", "`<` stands alone", "write &lt; for the sign itself")

    def handle_decl(self, decl: str) -> None:
        """A document type is harmless."""

    def handle_comment(self, data: str) -> None:
        """A comment may hide what another reader of HTML takes for code."""
        self._fault("07", f"a comment may not stand in a mail: `{_shown(data[:40])}`", "leave it out")

    def unknown_decl(self, data: str) -> None:
        """So may a marked section."""
        self._fault("07", f"`{_shown(data[:40])}` may not stand in a mail", "leave it out")

    def handle_pi(self, data: str) -> None:
        """And a processing instruction."""
        self._fault("07", f"`{_shown(data[:40])}` may not stand in a mail", "leave it out")

    def _check_address(self, address: str) -> None:
        field = address.strip(_MARK)
        if address == f"{_MARK}{field}{_MARK}" and field in LINKS:
            return
        if _MARK in address or not address.startswith(("https://", "mailto:")):
            known = " or ".join(f"{{{{{name}}}}}" for name in sorted(LINKS))
            self._fault("09", f"a link may not lead to `{_shown(address)}`", f"use {known}, or an https address")

    def _fault(self, number: str, message: str, what: str) -> None:
        line, _ = self.getpos()
        self.faults.append(Fault(f"NOTICE-TEMPLATE-{number}", self._path, f"line {line}: {message}", by=BY, help=what))


def _shown(text: str) -> str:
    return re.sub(f"{_MARK}([^{_MARK}]*){_MARK}", r"{{\1}}", text)
