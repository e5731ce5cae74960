"""Places in an invoice's XML, written one way by every engine: `/Invoice/cac:InvoiceLine[2]/cbc:ID[1]`.

Prefixes are the usual ones of the two syntaxes, whatever the document itself declares, and every step below the root
carries its position, so that equal places are equal texts.
"""

import re
from functools import cache
from typing import Final

from lxml import etree

UBL_INVOICE: Final = "urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"
UBL_CREDIT_NOTE: Final = "urn:oasis:names:specification:ubl:schema:xsd:CreditNote-2"
CII: Final = "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100"

PREFIXES: Final = {
    "cac": "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2",
    "cbc": "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2",
    "ext": "urn:oasis:names:specification:ubl:schema:xsd:CommonExtensionComponents-2",
    "rsm": CII,
    "ram": "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100",
    "udt": "urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100",
    "qdt": "urn:un:unece:uncefact:data:standard:QualifiedDataType:100",
}
_PREFIX_OF: Final = {uri: f"{prefix}:" for prefix, uri in PREFIXES.items()} | {UBL_INVOICE: "", UBL_CREDIT_NOTE: ""}

_SCHEMATRON_STEP: Final = re.compile(r"/\*:([^\[/]+)\[namespace-uri\(\)='([^']*)'\]\[(\d+)\]")


@cache
def clark(path: str) -> str:
    """Write a prefixed path as `Element.find` wants it; computed once a path.

    >>> clark("cbc:ID")
    '{urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2}ID'
    """
    steps = (step.partition(":") for step in path.split("/"))
    return "/".join(f"{{{PREFIXES[prefix]}}}{name}" for prefix, _, name in steps)


def place_of(element: etree._Element) -> str:
    """Say where an element stands in its document."""
    steps: list[str] = []
    at: etree._Element | None = element
    while at is not None:
        parent = at.getparent()
        step = step_of(str(at.tag))
        if parent is not None:
            step += f"[{1 + sum(1 for _ in at.itersiblings(at.tag, preceding=True))}]"
        steps.append(step)
        at = parent
    return "/" + "/".join(reversed(steps))


def place_of_location(location: str) -> str:
    """Write the location that a compiled Schematron reports as `place_of` writes it."""

    def step(match: re.Match[str]) -> str:
        name, namespace, position = match.groups()
        index = f"[{position}]" if match.start() else ""
        return f"/{_PREFIX_OF.get(namespace, '*:')}{name}{index}"

    return _SCHEMATRON_STEP.sub(step, location)


def element_at(root: etree._Element, place: str) -> etree._Element | None:
    """Find the element that a place of `place_of` names."""
    steps = place.split("/")[2:]
    found: etree._Element | None = root
    for step in steps:
        name, _, position = step.rstrip("]").partition("[")
        if found is None or not position or name.partition(":")[0] not in PREFIXES:
            return None
        same = found.findall(clark(name))
        found = same[int(position) - 1] if int(position) <= len(same) else None
    return found


def step_of(tag: str) -> str:
    """Write an element's name in Clark notation as a step."""
    namespace, brace, name = tag[1:].partition("}")
    return f"{_PREFIX_OF.get(namespace, '*:')}{name}" if brace else tag
