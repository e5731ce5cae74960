"""The names under which a document is found again: by its number and by its amount, at whatever tells its supplier.

Another copy of a document has the same number but for writing, or the same amount under a number that is merely near.
Both are looked up at each identity of the supplier (VAT id, account, group; the name where it has no VAT id), so that
copies sent to another entity or under another supplier record are found, and an ordinary number of thousands of other
suppliers costs nothing. A copy under yet another supplier has both number and amount in common.
"""

from collections.abc import Sequence
from decimal import Decimal

from comptroller.domain.controls import numbers, similarity
from comptroller.domain.documents.model import Invoice, Supplier


def identities(invoice: Invoice, supplier: Supplier | None) -> tuple[str, ...]:
    """What tells whose document this is."""
    seller = invoice.seller
    vat_ids = [supplier.vat_id if supplier is not None else "", seller.vat_id if seller is not None else ""]
    accounts = [payment.account for payment in invoice.payments if payment.account][:1]
    group = supplier.corporate_group if supplier is not None else ""
    name = seller.name if seller is not None else ""
    return identities_of(vat_ids, accounts[0] if accounts else "", group, name)


def identities_of(vat_ids: Sequence[str], account: str, group: str, name: str) -> tuple[str, ...]:
    """What tells whose document this is, from its parts; the name counts only where there is no VAT id."""
    told = [f"vat/{kept}" for vat_id in vat_ids if (kept := numbers.identifier(vat_id))]
    if not told and similarity.key(name):
        told.append(f"named/{similarity.key(name)}")
    if numbers.identifier(account):
        told.append(f"account/{numbers.identifier(account)}")
    if group:
        told.append(f"group/{group}")
    return tuple(dict.fromkeys(told))


def number_lookups(told: Sequence[str], number: str) -> tuple[str, ...]:
    """The names by the number's stem."""
    stem = numbers.stem(number)
    return tuple(f"{identity}/number/{stem}" for identity in told) if stem else ()


def amount_lookups(told: Sequence[str], currency: str, gross: Decimal | None) -> tuple[str, ...]:
    """The names by the amount, whatever digits it is written with."""
    return () if gross is None else tuple(f"{identity}/amount/{_amount(currency, gross)}" for identity in told)


def copy_lookup(number: str, currency: str, gross: Decimal | None) -> tuple[str, ...]:
    """The name that a copy under another supplier shares."""
    stem = numbers.stem(number)
    return () if gross is None or not stem else (f"number/{stem}/amount/{_amount(currency, gross)}",)


def spending_lookups(supplier: str, cost_centre: str, requester: str) -> tuple[str, ...]:
    """The names under which the parts of a purchase meet: supplier with cost centre, and with who asked for it."""
    parts = (("cost-centre", cost_centre), ("requester", requester))
    return tuple(f"spending/{supplier}/{kind}/{value}" for kind, value in parts if supplier and value)


def taking_lookup(balance: str) -> str:
    """The name under which a case is found that takes, or took, of a balance."""
    return f"taking/{balance}"


def _amount(currency: str, gross: Decimal) -> str:
    return f"{currency}/{abs(gross).normalize():f}"
