"""What is known of the parties to a document beyond their own records: screening, marks that lead to them, history."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Screening:
    """The newest screening of a supplier against the lists of sanctions, and what compliance made of its hit."""

    hit: bool
    confirmed: bool = False
    score: Decimal | None = None  # 0 to 1
    list_version: str = ""
    screened_on: date | None = None
    matched: tuple[str, ...] = ()  # name, country, date of birth, ...
    cleared_by: str = ""
    cleared_until: date | None = None


@dataclass(frozen=True, slots=True)
class SupplierMatch:
    """A supplier record that something on the document leads to; each mark is `same`, `other` or `none`.

    How the name is related is `same`, or what `similarity.relation` tells; None where one of the two has none.
    """

    supplier: str
    vat_id: str
    registration: str
    electronic_address: str
    account: str
    name: str | None


@dataclass(frozen=True, slots=True)
class EntityMarks:
    """The own companies that the buyer's VAT id, name and electronic address lead to; None for none of ours."""

    by_vat_id: str | None = None
    by_name: str | None = None
    by_electronic_address: str | None = None


@dataclass(frozen=True, slots=True)
class History:
    """The documents of a supplier that were posted before: their number, and the mean of the net amounts.

    The mean is of those in the document's currency, None where there is none.
    """

    posted: int
    mean_net: Decimal | None = None
