"""An invoice response as UBL 2.1 ApplicationResponse in the profile of Peppol (T111)."""

from typing import Final

from lxml import etree

from comptroller.adapters.einvoice.xpath import PREFIXES
from comptroller.domain.documents.model import Identifier, Party
from comptroller.domain.documents.response import Clarification, InvoiceResponse, ResponseReason

_ROOT: Final = "urn:oasis:names:specification:ubl:schema:xsd:ApplicationResponse-2"
_CUSTOMIZATION: Final = "urn:fdc:peppol.eu:poacc:trns:invoice_response:3"
_PROFILE: Final = "urn:fdc:peppol.eu:poacc:bis:invoice_response:3"


def write_invoice_response(response: InvoiceResponse) -> bytes:
    """Write a response; its elements stand in the order of the schema."""
    names: dict[str | None, str] = {None: _ROOT, "cac": PREFIXES["cac"], "cbc": PREFIXES["cbc"]}
    root = etree.Element(f"{{{_ROOT}}}ApplicationResponse", nsmap=names)  # type: ignore[arg-type]  # the default namespace
    _text(root, "CustomizationID", _CUSTOMIZATION)
    _text(root, "ProfileID", _PROFILE)
    _text(root, "ID", response.id)
    _text(root, "IssueDate", response.issued_at.date().isoformat())
    _text(root, "IssueTime", response.issued_at.time().isoformat("seconds"))
    _text(root, "Note", response.note)
    _party(root, "SenderParty", response.sender)
    _party(root, "ReceiverParty", response.receiver)
    answer = _group(root, "DocumentResponse")
    said = _group(answer, "Response")
    _text(said, "ResponseCode", response.status.value, listID="UNCL4343OpSubset")
    _text(said, "EffectiveDate", response.effective.isoformat() if response.effective else "")
    for clarification in response.clarifications:
        _clarification(said, clarification)
    reference = _group(answer, "DocumentReference")
    _text(reference, "ID", response.number)
    _text(reference, "IssueDate", response.issue_date.isoformat() if response.issue_date else "")
    _text(reference, "DocumentTypeCode", response.type_code)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _clarification(said: etree._Element, clarification: Clarification) -> None:
    status = _group(said, "Status")
    is_reason = isinstance(clarification.code, ResponseReason)
    _text(
        status,
        "StatusReasonCode",
        clarification.code.value,
        listID="OPStatusReason" if is_reason else "OPStatusAction",
    )
    _text(status, "StatusReason", clarification.text)
    if clarification.field:
        condition = _group(status, "Condition")
        _text(condition, "AttributeID", clarification.field)
        _text(condition, "Description", clarification.value)


def _party(root: etree._Element, name: str, party: Party | None) -> None:
    group = _group(root, name)
    if party is None:
        return
    _identifier(group, "EndpointID", party.electronic_address)
    if party.legal_registration is not None:
        _identifier(_group(group, "PartyIdentification"), "ID", party.legal_registration)
    elif party.vat_id:
        _text(_group(group, "PartyIdentification"), "ID", party.vat_id)
    _text(_group(group, "PartyLegalEntity"), "RegistrationName", party.name)
    if party.contact is not None:
        contact = _group(group, "Contact")
        _text(contact, "Name", party.contact.name)
        _text(contact, "Telephone", party.contact.telephone)
        _text(contact, "ElectronicMail", party.contact.email)


def _identifier(parent: etree._Element, name: str, identifier: Identifier | None) -> None:
    if identifier is not None and identifier.scheme:
        _text(parent, name, identifier.value, schemeID=identifier.scheme)
    elif identifier is not None:
        _text(parent, name, identifier.value)


def _group(parent: etree._Element, name: str) -> etree._Element:
    return etree.SubElement(parent, f"{{{PREFIXES['cac']}}}{name}")


def _text(parent: etree._Element, name: str, text: str, **attributes: str) -> None:
    """Write a value; nothing is written of an empty one."""
    if text:
        etree.SubElement(parent, f"{{{PREFIXES['cbc']}}}{name}", attributes).text = text
