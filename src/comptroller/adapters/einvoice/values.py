"""Leaf values out of XML elements: what cannot be read becomes a fault with its place, and reading goes on."""

from datetime import date
from decimal import Decimal
from typing import Final

from comptroller.adapters.einvoice.node import Node
from comptroller.domain.documents import lexical
from comptroller.domain.documents.model import Identifier
from comptroller.domain.kernel.fault import Fault

BY: Final = "reader"

_BOOLEANS: Final = {"true": True, "1": True, "false": False, "0": False}


class Values:
    """The values of one document, with the faults found while they were read."""

    __slots__ = ("currencies", "faults")

    def __init__(self) -> None:
        self.faults: list[Fault] = []
        self.currencies: dict[str, Node] = {}  # currencyID -> the first amount that named it

    def refuse(self, element: Node, code: str, message: str, help: str) -> None:  # noqa: A002 - Fault's own field
        """Tell a fault at an element."""
        self.faults.append(Fault(code, element.place, message, by=BY, help=help))

    def content(self, element: Node | None) -> str:
        """The text of an element without the white space around it; empty when there is no element."""
        return "" if element is None else self._kept(element, element.text)

    def attribute(self, element: Node | None, name: str) -> str:
        """The value of an attribute; empty when there is none."""
        return "" if element is None else self._kept(element, element.get(name))

    def _kept(self, element: Node, text: str) -> str:
        problem = lexical.text_problem(text)
        if problem is not None:
            self.refuse(element, *problem)
            return ""
        return text

    def text(self, parent: Node | None, path: str) -> str:
        """The text at a prefixed path below an element."""
        return "" if parent is None else self.content(parent.find(path))

    def decimal_in(self, element: Node | None) -> Decimal | None:
        """The decimal in an element; an empty element holds none."""
        text = "" if element is None else element.text
        if element is None or not text:
            return None
        value = lexical.decimal_of(text)
        if value is None:
            self.refuse(element, "DOC-DECIMAL-01", lexical.decimal_message(text), lexical.DECIMAL_HELP)
        return value

    def decimal(self, parent: Node | None, path: str) -> Decimal | None:
        """The decimal at a path: a quantity, rate or percentage."""
        return None if parent is None else self.decimal_in(parent.find(path))

    def amount_in(self, element: Node | None) -> Decimal | None:
        """The amount in an element; the currency it names is noted."""
        if element is None:
            return None
        currency = element.get("currencyID")
        if currency:
            self.currencies.setdefault(currency, element)
        return self.decimal_in(element)

    def amount(self, parent: Node | None, path: str) -> Decimal | None:
        """The amount at a path."""
        return None if parent is None else self.amount_in(parent.find(path))

    def day(self, parent: Node | None, path: str) -> date | None:
        """The calendar day at a path, as XML Schema writes it; a time zone changes nothing and is dropped."""
        element = None if parent is None else parent.find(path)
        text = "" if element is None else element.text
        if element is None or not text:
            return None
        day = lexical.day_of(text) or (lexical.day_of(text[:10]) if _is_zone(text[10:]) else None)
        if day is None:
            self.refuse(element, "DOC-DATE-01", lexical.day_message(text), lexical.DAY_HELP)
        return day

    def compact_day(self, parent: Node | None, path: str) -> date | None:
        """The calendar day at a path, as UN/EDIFACT 2379 format 102 writes it: `20260331`."""
        element = None if parent is None else parent.find(path)
        text = "" if element is None else element.text
        if element is None or not text:
            return None
        is_compact = len(text) == 8 and element.get("format", "102") == "102"
        day = lexical.day_of(f"{text[:4]}-{text[4:6]}-{text[6:]}" if is_compact else "")
        if day is None:
            self.refuse(element, "DOC-DATE-01", lexical.day_message(text), "write the day as YYYYMMDD, format 102")
        return day

    def boolean(self, parent: Node, path: str) -> bool | None:
        """The truth value at a path."""
        element = parent.find(path)
        text = "" if element is None else element.text
        value = _BOOLEANS.get(text)
        if value is None:
            place = parent if element is None else element
            self.refuse(place, "DOC-CODE-02", f"`{text[:40]}` says neither true nor false", "write true or false")
        return value

    def identifier(self, parent: Node | None, path: str, scheme: str = "schemeID") -> Identifier | None:
        """The identifier at a path with its scheme; None when there is none."""
        element = None if parent is None else parent.find(path)
        return None if element is None else self.identifier_in(element, scheme)

    def identifier_in(self, element: Node, scheme: str = "schemeID") -> Identifier | None:
        """The identifier in an element; None when the element is empty."""
        value = self.content(element)
        return Identifier(value, self.attribute(element, scheme)) if value else None

    def check_currencies(self, document_currency: str, accounting_currency: str) -> None:
        """Tell amounts that are in a currency other than the document's (the accounting currency is for BT-111)."""
        if not document_currency:
            return
        for currency, element in self.currencies.items():
            if currency not in (document_currency, accounting_currency):
                self.refuse(
                    element,
                    "DOC-CURRENCY-01",
                    f"an amount is in `{currency}`, the document in `{document_currency}`",
                    "write every amount in the document's currency",
                )


def _is_zone(text: str) -> bool:
    return text == "Z" or (len(text) == 6 and text[0] in "+-" and text[3] == ":" and (text[1:3] + text[4:]).isdigit())
