"""Who bears a document as a whole: as it says, as its order does, as a person coded it, or by its supplier's rule."""

from typing import TYPE_CHECKING

from comptroller.application.casework.gathering.reading import Found, body_of
from comptroller.domain.documents.model import Invoice, Order, Supplier

if TYPE_CHECKING:
    from comptroller.domain.controls.context import EntityFacts


def coding_names(invoice: Invoice, entity: "EntityFacts | None", supplier: Supplier | None) -> list[str]:
    """The codings of this very document and of its supplier; a document that names its cost centre needs none."""
    if invoice.accounting_reference or entity is None or supplier is None:
        return []
    of = f"coding/{entity.code}/{supplier.id}"
    return [*([f"{of}/{invoice.number}"] if invoice.number else []), of]


def cost_centre_named(invoice: Invoice, order: Order | None, coded: Found) -> str:
    """The cost centre of the document; empty where nobody names one."""
    if invoice.accounting_reference:
        return invoice.accounting_reference
    if order is not None:
        return next((line.cost_centre for line in order.lines), "")
    return next((str(body_of(row)["cost_centre"]) for rows in coded.values() for row in rows), "")
