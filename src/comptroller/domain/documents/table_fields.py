"""What a column of a table can be: the fields of the canonical invoice by the names that mappings use.

A field has the JSON path at which its value stands in the canonical form, and the kind of value that its cells hold.
Fields that begin with `line.` belong to a row, all others to the document and are the same in all of its rows.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class CellKind(StrEnum):
    """What the cells of a column hold."""

    TEXT = "text"
    DECIMAL = "decimal"
    DAY = "day"


@dataclass(frozen=True, slots=True)
class Field:
    """One field: where it stands, and what it holds. `*` in a path is the first entry of a list."""

    path: tuple[str, ...]
    kind: CellKind = CellKind.TEXT


def _fields(kind: CellKind, *names: str) -> dict[str, Field]:
    return {name: Field(tuple(name.split(".")), kind) for name in names}


def _party(name: str) -> dict[str, Field]:
    plain = [f"{name}.{field}" for field in ("name", "vat_id", "tax_registration")]
    address = [f"{name}.address.{field}" for field in ("line_1", "line_2", "city", "post_code", "country")]
    valued = {
        f"{name}.{field}": Field((name, field, "value")) for field in ("legal_registration", "electronic_address")
    }
    scheme = {f"{name}.electronic_scheme": Field((name, "electronic_address", "scheme"))}
    return _fields(CellKind.TEXT, *plain, *address) | valued | scheme


_TEXTS: Final = (
    "number type_code currency buyer_reference project contract order_number sales_order receipt_number "
    "despatch_number accounting_reference payment_terms customization"
).split()
_TOTALS: Final = "line_net allowances charges net tax gross prepaid rounding payable".split()

DOCUMENT_FIELDS: Final[Mapping[str, Field]] = {
    **_fields(CellKind.TEXT, *_TEXTS),
    **_fields(CellKind.DAY, "issue_date", "due_date", "tax_point", "delivery_date", "period.start", "period.end"),
    "note": Field(("notes", "*")),
    "preceding.number": Field(("preceding", "*", "number")),
    "preceding.issue_date": Field(("preceding", "*", "issue_date"), CellKind.DAY),
    **_party("seller"),
    **_party("buyer"),
    **_fields(CellKind.TEXT, "payee.name", "payee.vat_id"),
    **{
        f"payment.{name}": Field(("payments", "*", name))
        for name in "means_code remittance account account_name bank mandate".split()
    },
    **_fields(CellKind.DECIMAL, *(f"totals.{name}" for name in _TOTALS)),
    "exemption_reason": Field(("tax_breakdown", "*", "exemption_reason")),
    "exemption_reason_code": Field(("tax_breakdown", "*", "exemption_reason_code")),
}
"""The fields of the document as a whole."""

LINE_FIELDS: Final[Mapping[str, Field]] = {
    **{
        f"line.{name}": Field((name,))
        for name in (
            "id name description item_id buyer_item_id unit order_number order_line accounting_reference note"
        ).split()
    },
    **{
        f"line.{name}": Field((name,), CellKind.DECIMAL)
        for name in "quantity net_amount net_price gross_price price_base_quantity".split()
    },
    "line.tax_category": Field(("tax", "code")),
    "line.tax_rate": Field(("tax", "rate"), CellKind.DECIMAL),
    "line.period.start": Field(("period", "start"), CellKind.DAY),
    "line.period.end": Field(("period", "end"), CellKind.DAY),
}
"""The fields of one line: each row of a table is one."""

FIELDS: Final[Mapping[str, Field]] = {**DOCUMENT_FIELDS, **LINE_FIELDS}

HEADS: Final[Mapping[str, tuple[str, ...]]] = {
    "number": (
        *("invoice number", "invoice no", "number", "no", "invoice"),
        *("rechnungsnummer", "belegnummer", "rechnungsnr", "rechnung", "beleg", "nr", "facture"),
    ),
    "issue_date": ("invoice date", "issue date", "date", "rechnungsdatum", "belegdatum", "datum", "date facture"),
    "due_date": ("due date", "due", "fällig", "fälligkeit", "échéance", "zahlbar bis"),
    "currency": ("currency", "währung", "devise", "curr"),
    "type_code": ("type", "type code", "document type", "belegart"),
    "order_number": ("order", "order number", "po", "po number", "bestellnummer", "bestellung", "commande"),
    "buyer_reference": ("buyer reference", "reference", "requester", "besteller"),
    "accounting_reference": ("cost centre", "cost center", "kostenstelle", "account", "konto"),
    "delivery_date": ("delivery date", "lieferdatum", "leistungsdatum", "date de livraison"),
    "seller.name": ("supplier", "seller", "vendor", "lieferant", "kreditor", "fournisseur", "supplier name"),
    "seller.vat_id": ("supplier vat id", "vat id", "ust-idnr", "ustid", "seller vat id", "tva fournisseur"),
    "buyer.name": ("buyer", "customer", "kunde", "empfänger", "entity", "client"),
    "buyer.vat_id": ("buyer vat id", "customer vat id"),
    "payment.account": ("iban", "bank account", "bankverbindung"),
    "totals.net": ("net", "net amount", "netto", "nettobetrag", "total net", "montant ht"),
    "totals.tax": ("vat", "tax", "vat amount", "mwst", "ust", "steuer", "steuerbetrag", "tva"),
    "totals.gross": ("gross", "gross amount", "total", "brutto", "bruttobetrag", "montant ttc", "amount"),
    "line.id": ("line", "position", "pos", "ligne"),
    "line.name": ("item", "description", "bezeichnung", "artikel", "text", "désignation", "line name"),
    "line.quantity": ("quantity", "qty", "menge", "quantité"),
    "line.unit": ("unit", "einheit", "unité"),
    "line.net_price": ("price", "unit price", "preis", "einzelpreis", "prix"),
    "line.net_amount": ("line net", "line amount", "line total", "positionsbetrag", "zeilenbetrag"),
    "line.tax_rate": ("vat rate", "tax rate", "steuersatz", "mwst %", "ust %", "taux tva"),
    "line.tax_category": ("vat category", "tax category", "tax code", "steuerkennzeichen"),
    "line.order_line": ("order line", "po line", "bestellposition"),
}
"""The heads by which a field is suggested: the field's own name, and these."""
