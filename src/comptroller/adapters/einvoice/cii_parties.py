"""The parties of a Cross Industry Invoice: all of them have one shape there."""

from comptroller.adapters.einvoice.node import Node
from comptroller.adapters.einvoice.values import Values
from comptroller.domain.documents.model import Address, Contact, Party


def read_party(values: Values, party: Node | None) -> Party | None:
    """Read a seller, buyer, payee or tax representative."""
    if party is None:
        return None
    identifiers = (values.identifier_in(i) for i in party.findall("ram:ID") + party.findall("ram:GlobalID"))
    vat_id, tax_registration = _tax_registrations(values, party)
    return Party(
        name=values.text(party, "ram:Name"),
        trading_name=values.text(party, "ram:SpecifiedLegalOrganization/ram:TradingBusinessName"),
        identifiers=tuple(identifier for identifier in identifiers if identifier is not None),
        legal_registration=values.identifier(party, "ram:SpecifiedLegalOrganization/ram:ID"),
        vat_id=vat_id,
        tax_registration=tax_registration,
        legal_form=values.text(party, "ram:Description"),
        electronic_address=values.identifier(party, "ram:URIUniversalCommunication/ram:URIID"),
        address=read_address(values, party.find("ram:PostalTradeAddress")),
        contact=_contact(values, party.find("ram:DefinedTradeContact")),
    )


def _tax_registrations(values: Values, party: Node) -> tuple[str, str]:
    """The VAT identifier (scheme VA) and the local tax number (scheme FC)."""
    vat_id = other = ""
    for registration in party.findall("ram:SpecifiedTaxRegistration/ram:ID"):
        match registration.get("schemeID", ""):
            case "VA" | "VAT":
                vat_id = vat_id or values.content(registration)
            case _:
                other = other or values.content(registration)
    return vat_id, other


def read_address(values: Values, address: Node | None) -> Address | None:
    """Read a postal address."""
    if address is None:
        return None
    return Address(
        line_1=values.text(address, "ram:LineOne"),
        line_2=values.text(address, "ram:LineTwo"),
        line_3=values.text(address, "ram:LineThree"),
        city=values.text(address, "ram:CityName"),
        post_code=values.text(address, "ram:PostcodeCode"),
        subdivision=values.text(address, "ram:CountrySubDivisionName"),
        country=values.text(address, "ram:CountryID"),
    )


def _contact(values: Values, contact: Node | None) -> Contact | None:
    if contact is None:
        return None
    return Contact(
        name=values.text(contact, "ram:PersonName") or values.text(contact, "ram:DepartmentName"),
        telephone=values.text(contact, "ram:TelephoneUniversalCommunication/ram:CompleteNumber"),
        email=values.text(contact, "ram:EmailURIUniversalCommunication/ram:URIID"),
    )
