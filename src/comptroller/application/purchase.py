"""Taking in documents of purchasing: an order, its change or cancellation, a despatch or receipt advice.

The document says by names and numbers of its own whom it is about; the tenant's records say who that is, and what
they do not know is refused, never guessed. The record is then brought in as by hand, with the same duties: an import
counts as released by the system it comes from, a buyer's own order first runs through its release.
"""

from dataclasses import dataclass
from typing import Any, Final

from comptroller.application.reference import PutReference, put_reference
from comptroller.application.reference_kinds import (
    electronic_alias,
    entity_name_alias,
    registration_alias,
    supplier_name_alias,
    vat_alias,
)
from comptroller.application.session import Refused, Session
from comptroller.domain.documents.model import Party
from comptroller.domain.documents.purchase import PurchaseDocument, PurchaseKind
from comptroller.domain.kernel.canonical_json import decode
from comptroller.domain.kernel.fault import Fault, Rejection, RejectionKind, Severity

KEPT_OF_A_LINE: Final = ("material_group", "serialised", "account", "cost_centre", "tax")
"""What an order's record knows of a line and no document says."""


@dataclass(frozen=True, slots=True)
class TakePurchase:
    """A document of purchasing as it was read, and the digest of its bytes."""

    document: PurchaseDocument
    digest: str

    @property
    def fingerprint(self) -> str:
        """What makes two requests the same request."""
        return self.digest


def take_purchase(session: Session, command: TakePurchase) -> dict[str, Any] | Refused:
    """Bring the record in that a document of purchasing is about."""
    document = command.document
    errors = tuple(fault for fault in document.faults if fault.severity is Severity.ERROR)
    if errors:
        return Refused(Rejection(RejectionKind.INVALID, errors[0].code, errors[0].message, errors, help=errors[0].help))
    match document.kind:
        case PurchaseKind.RECEIPT_ADVICE:
            kind, made = "receipt", _delivery(session, document) | {"received_by": session.caller.id}
        case PurchaseKind.DESPATCH_ADVICE:
            kind, made = "despatch", _delivery(session, document)
        case _:
            kind, made = "order", _order(session, document)
    if "faults" in made:
        found: tuple[Fault, ...] = made["faults"]
        first = found[0]
        return Refused(Rejection(RejectionKind.INVALID, first.code, first.message, found, help=first.help))
    answer = put_reference(session, PutReference(kind, str(made["number"]), made))
    if isinstance(answer, Refused):
        return answer
    told = {"document": command.digest, "kind": document.kind.value, "number": document.number}
    session.evidence.tell(f"reference/{kind}/{made['number']}", "purchase.received", told)
    return {**answer, "record": f"{kind}/{made['number']}"}


def _delivery(session: Session, document: PurchaseDocument) -> dict[str, Any]:
    if _known(session, f"order/{document.order}") is None:
        return _faulty("PURCHASE-ORDER-01", f"there is no order `{document.order[:60]}`", "bring the order in first")
    return dict(document.body)


def _order(session: Session, document: PurchaseDocument) -> dict[str, Any]:
    known = _known(session, f"order/{document.order}")
    if document.kind is not PurchaseKind.ORDER and known is None:
        return _faulty("PURCHASE-ORDER-01", f"there is no order `{document.order[:60]}`", "bring the order in first")
    if document.kind is PurchaseKind.ORDER_CANCELLATION:
        return {**(known or {}), **document.body}
    supplier = _one(session, _supplier_aliases(document.seller))
    entity = _one(session, _entity_aliases(document.buyer))
    faults = []
    if not supplier:
        message = f"no one supplier is `{document.seller.name[:60] if document.seller else ''}` in the records"
        faults.append(_fault("PURCHASE-SUPPLIER-01", message, "bring the supplier in, with its VAT id"))
    elif known is not None and known["supplier"] != supplier:
        message = f"order `{document.order[:60]}` is with supplier `{known['supplier']}`"
        faults.append(_fault("PURCHASE-SUPPLIER-02", message, "use a number of its own for another supplier"))
    currencies = [str(body["currency"]) for body in (known or {}, document.body) if body.get("currency")]
    if document.kind is PurchaseKind.ORDER_CHANGE and len(set(currencies)) > 1:
        message = f"order `{document.order[:60]}` is in {currencies[0]}, its change in {currencies[1]}"
        help_text = "write the change in the order's currency, or send the whole order anew"
        faults.append(_fault("PURCHASE-CURRENCY-01", message, help_text))
    if not entity:
        message = f"no one entity is `{document.buyer.name[:60] if document.buyer else ''}` in the records"
        faults.append(_fault("PURCHASE-ENTITY-01", message, "name the entity by its VAT id or its exact name"))
    if faults:
        return {"faults": tuple(faults)}
    record = _known(session, f"supplier/{supplier}") or {}
    founded = {
        "category": record.get("category", ""),
        "created_by": _orderer(session, document.reference),
    }
    said = dict(document.body)
    if document.kind is PurchaseKind.ORDER_CHANGE:
        said.pop("order_date", None)  # a change does not move the day by which its order is judged
    body = {**founded, **(known or {}), **said, "supplier": supplier, "entity": entity}
    body["lines"] = _lines(document, known)
    return {name: value for name, value in body.items() if value not in ("", None)}


def _lines(document: PurchaseDocument, known: dict[str, Any] | None) -> list[Any]:
    """The lines as the document says them, with what the record knew of each; a change leaves the others alone."""
    before = {line["id"]: line for line in (known or {}).get("lines", ())}
    told = {line["id"]: line for line in document.body.get("lines", ())}
    kept = {
        key: {name: before[key][name] for name in KEPT_OF_A_LINE if name in before[key]} | line
        if key in before
        else line
        for key, line in told.items()
    }
    if document.kind is PurchaseKind.ORDER:
        return list(kept.values())
    merged = {**before, **kept}
    return [line for key, line in merged.items() if key not in document.removed]


def _orderer(session: Session, reference: str) -> str:
    """Who ordered: the person whom the document names by the tenant's convention, else whoever brings it in."""
    return reference if reference and _known(session, f"person/{reference}") else session.caller.id


def _supplier_aliases(party: Party | None) -> list[str]:
    if party is None:
        return []
    aliases = [vat_alias(party.vat_id)] if party.vat_id else []
    if party.legal_registration is not None:
        country = party.address.country if party.address is not None else ""
        aliases.append(registration_alias(country, party.legal_registration.value))
    if party.electronic_address is not None:
        aliases.append(electronic_alias(party.electronic_address.value))
    return [*aliases, *(supplier_name_alias(name) for name in (party.name, party.trading_name) if name)]


def _entity_aliases(party: Party | None) -> list[str]:
    if party is None:
        return []
    names = [entity_name_alias(name) for name in (party.name, party.trading_name) if name]
    return [*([vat_alias(party.vat_id, of="entity")] if party.vat_id else []), *names]


def _one(session: Session, aliases: list[str]) -> str:
    """The one record that the first alias finds, or that later ones single out of several; empty where none is."""
    found = session.uow.references(aliases) if aliases else {}
    candidates: set[str] = set()
    for alias in aliases:
        keys = {record.key for record in found[alias]}
        candidates = (candidates & keys or candidates) if candidates else keys
    return candidates.pop() if len(candidates) == 1 else ""


def _known(session: Session, alias: str) -> dict[str, Any] | None:
    records = session.uow.references([alias])[alias]
    body: Any = decode(records[0].body) if records else None
    return body if isinstance(body, dict) else None


def _faulty(code: str, message: str, help: str) -> dict[str, Any]:  # noqa: A002 - Fault's own field
    return {"faults": (_fault(code, message, help),)}


def _fault(code: str, message: str, help: str) -> Fault:  # noqa: A002 - Fault's own field
    return Fault(code, "", message, by="purchase", help=help)
