"""What a rule of EN 16931 says in our own words, and the list that the rules write their findings to.

The texts are kept apart from the rules: a rule names its code and its place, the text is looked up only when there is
something to tell. `RULES` is the whole catalogue and feeds the reference page.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from comptroller.domain.kernel.fault import Fault, Severity

BY: Final = "canonical"


@dataclass(frozen=True, slots=True)
class RuleText:
    """What a broken rule means and what to do about it."""

    message: str
    help: str = ""
    severity: Severity = Severity.ERROR


class Findings:
    """The faults found in one document."""

    __slots__ = ("faults",)

    def __init__(self) -> None:
        self.faults: list[Fault] = []

    def add(self, code: str, path: str, detail: str = "") -> None:
        """Tell a broken rule at a place of the canonical document; `detail` gives the figures."""
        rule = RULES[code]
        message = f"{rule.message}: {detail}" if detail else rule.message
        self.faults.append(Fault(code, path, message, rule.severity, BY, rule.help))

    def require(self, value: object, code: str, path: str) -> None:
        """Tell the rule when a value is missing: None or empty, but not zero."""
        if value is None or value == "":
            self.add(code, path)


def _missing(what: str, term: str) -> RuleText:
    return RuleText(f"{what} ({term}) is missing", f"give {what}")


_PRESENCE: Final = {
    "BR-01": _missing("the specification identifier", "BT-24"),
    "BR-02": _missing("the invoice number", "BT-1"),
    "BR-03": _missing("the issue date", "BT-2"),
    "BR-04": _missing("the type code", "BT-3"),
    "BR-05": _missing("the currency", "BT-5"),
    "BR-06": _missing("the seller's name", "BT-27"),
    "BR-07": _missing("the buyer's name", "BT-44"),
    "BR-08": _missing("the seller's postal address", "BG-5"),
    "BR-09": _missing("the seller's country", "BT-40"),
    "BR-10": _missing("the buyer's postal address", "BG-8"),
    "BR-11": _missing("the buyer's country", "BT-55"),
    "BR-12": _missing("the sum of the line amounts", "BT-106"),
    "BR-13": _missing("the total without VAT", "BT-109"),
    "BR-14": _missing("the total with VAT", "BT-112"),
    "BR-15": _missing("the amount due", "BT-115"),
    "BR-16": _missing("any invoice line", "BG-25"),
    "BR-17": RuleText(
        "the payee (BG-10) has no name of its own", "name the payee (BT-59) only when it is not the seller"
    ),
    "BR-18": _missing("the tax representative's name", "BT-62"),
    "BR-19": _missing("the tax representative's postal address", "BG-12"),
    "BR-20": _missing("the tax representative's country", "BT-69"),
    "BR-21": _missing("the line's identifier", "BT-126"),
    "BR-22": _missing("the invoiced quantity", "BT-129"),
    "BR-23": _missing("the unit of the invoiced quantity", "BT-130"),
    "BR-24": _missing("the line's net amount", "BT-131"),
    "BR-25": _missing("the item's name", "BT-153"),
    "BR-26": _missing("the item's net price", "BT-146"),
    "BR-27": RuleText("the item's net price (BT-146) is negative", "make the quantity negative instead"),
    "BR-28": RuleText("the item's gross price (BT-148) is negative", "make the quantity negative instead"),
    "BR-29": RuleText("the invoicing period ends (BT-74) before it starts (BT-73)", "swap or correct the days"),
    "BR-30": RuleText("the line's period ends (BT-135) before it starts (BT-134)", "swap or correct the days"),
    "BR-31": _missing("the amount of the document allowance", "BT-92"),
    "BR-32": _missing("the VAT category of the document allowance", "BT-95"),
    "BR-33": _missing("the reason of the document allowance", "BT-97 or BT-98"),
    "BR-36": _missing("the amount of the document charge", "BT-99"),
    "BR-37": _missing("the VAT category of the document charge", "BT-102"),
    "BR-38": _missing("the reason of the document charge", "BT-104 or BT-105"),
    "BR-41": _missing("the amount of the line allowance", "BT-136"),
    "BR-42": _missing("the reason of the line allowance", "BT-139 or BT-140"),
    "BR-43": _missing("the amount of the line charge", "BT-141"),
    "BR-44": _missing("the reason of the line charge", "BT-144 or BT-145"),
    "BR-45": _missing("the taxable amount of the VAT category", "BT-116"),
    "BR-46": _missing("the tax amount of the VAT category", "BT-117"),
    "BR-47": _missing("the code of the VAT category", "BT-118"),
    "BR-48": _missing("the rate of the VAT category", "BT-119"),
    "BR-49": _missing("the payment means code", "BT-81"),
    "BR-50": _missing("the payee's account", "BT-84"),
    "BR-51": RuleText(
        "the card number (BT-87) shows more than ten digits",
        "write the last four to six digits only",
        Severity.WARNING,
    ),
    "BR-52": _missing("the reference of the supporting document", "BT-122"),
    "BR-53": _missing("the tax total in the accounting currency", "BT-111"),
    "BR-54": RuleText("an item attribute (BG-32) lacks its name or its value", "give both"),
    "BR-55": _missing("the number of the preceding invoice", "BT-25"),
    "BR-56": _missing("the tax representative's VAT identifier", "BT-63"),
    "BR-57": _missing("the country of the delivery address", "BT-80"),
    "BR-61": RuleText("a credit transfer names no account (BT-84)", "give the IBAN to pay to"),
    "BR-62": _missing("the scheme of the seller's electronic address", "BT-34-1"),
    "BR-63": _missing("the scheme of the buyer's electronic address", "BT-49-1"),
    "BR-64": _missing("the scheme of the item's standard identifier", "BT-157-1"),
    "BR-65": _missing("the scheme of the item's classification", "BT-158-1"),
}

_CONDITIONS: Final = {
    "BR-CO-03": RuleText(
        "the tax point date (BT-7) and its code (BT-8) exclude each other", "keep the one that applies"
    ),
    "BR-CO-04": _missing("the VAT category of the line", "BT-151"),
    "BR-CO-09": RuleText("a VAT identifier does not start with a country code", "write it as `DE123456789`"),
    "BR-CO-10": RuleText("the sum of the line amounts (BT-106) is wrong", "add up the net amounts of the lines"),
    "BR-CO-11": RuleText("the sum of the allowances (BT-107) is wrong", "add up the document allowances"),
    "BR-CO-12": RuleText("the sum of the charges (BT-108) is wrong", "add up the document charges"),
    "BR-CO-13": RuleText("the total without VAT (BT-109) is wrong", "it is lines - allowances + charges"),
    "BR-CO-14": RuleText("the total VAT (BT-110) is wrong", "add up the tax amounts of the VAT breakdown"),
    "BR-CO-15": RuleText("the total with VAT (BT-112) is wrong", "it is the total without VAT plus the total VAT"),
    "BR-CO-16": RuleText("the amount due (BT-115) is wrong", "it is the total with VAT - paid + rounding"),
    "BR-CO-17": RuleText("the tax amount (BT-117) of a VAT category is wrong", "it is taxable amount x rate / 100"),
    "BR-CO-18": _missing("the VAT breakdown", "BG-23"),
    "BR-CO-19": RuleText("the invoicing period (BG-14) has neither start nor end", "give one or both days"),
    "BR-CO-20": RuleText("the line's period (BG-26) has neither start nor end", "give one or both days"),
    "BR-CO-21": _missing("the reason of the document allowance", "BT-97 or BT-98"),
    "BR-CO-22": _missing("the reason of the document charge", "BT-104 or BT-105"),
    "BR-CO-23": _missing("the reason of the line allowance", "BT-139 or BT-140"),
    "BR-CO-24": _missing("the reason of the line charge", "BT-144 or BT-145"),
    "BR-CO-25": RuleText(
        "something is due, but neither a due date (BT-9) nor payment terms (BT-20) are given",
        "give one of them",
        Severity.WARNING,  # the text has the rule, the published artefacts dropped it
    ),
    "BR-CO-26": RuleText(
        "nothing identifies the seller: no identifier (BT-29), registration (BT-30) or VAT identifier (BT-31)",
        "give at least one",
    ),
    "DOC-PRICE-01": RuleText(
        "the price's base quantity (BT-149) is not above zero",
        "give the quantity that the price is for, or leave it out",
    ),
    "DOC-LINE-01": RuleText(
        "the line's net amount (BT-131) is not quantity x price + charges - allowances",
        "correct the line; the price is for the base quantity (BT-149)",
        Severity.WARNING,
    ),
}


def _code_list(what: str, term: str, name: str) -> RuleText:
    return RuleText(f"{what} ({term}) is not in {name}", f"use a code of {name}")


_CODE_LISTS: Final = {
    "BR-CL-01": _code_list("the type code", "BT-3", "UNTDID 1001"),
    "BR-CL-04": _code_list("the currency", "BT-5", "ISO 4217"),
    "BR-CL-05": _code_list("the accounting currency", "BT-6", "ISO 4217"),
    "BR-CL-06": _code_list("the tax point code", "BT-8", "UNTDID 2005"),
    "BR-CL-14": _code_list("a country", "BT-40, BT-55, BT-69, BT-80", "ISO 3166-1"),
    "BR-CL-15": _code_list("the item's country of origin", "BT-159", "ISO 3166-1"),
    "BR-CL-16": _code_list("the payment means", "BT-81", "UNTDID 4461"),
    "BR-CL-17": _code_list("a VAT category", "BT-95, BT-102, BT-118", "UNTDID 5305"),
    "BR-CL-18": _code_list("the line's VAT category", "BT-151", "UNTDID 5305"),
    "BR-CL-19": _code_list("the reason code of an allowance", "BT-98, BT-140", "UNTDID 5189"),
    "BR-CL-24": _code_list("the media type of an attachment", "BT-125-1", "the media types of EN 16931"),
}

_DECIMALS: Final = {
    f"BR-DEC-{number}": RuleText(f"{what} ({term}) has more than two decimals", "round it to two decimals")
    for number, what, term in (
        ("01", "the amount of a document allowance", "BT-92"),
        ("02", "the base amount of a document allowance", "BT-93"),
        ("05", "the amount of a document charge", "BT-99"),
        ("06", "the base amount of a document charge", "BT-100"),
        ("09", "the sum of the line amounts", "BT-106"),
        ("10", "the sum of the allowances", "BT-107"),
        ("11", "the sum of the charges", "BT-108"),
        ("12", "the total without VAT", "BT-109"),
        ("13", "the total VAT", "BT-110"),
        ("14", "the total with VAT", "BT-112"),
        ("15", "the total VAT in the accounting currency", "BT-111"),
        ("16", "the paid amount", "BT-113"),
        ("17", "the rounding amount", "BT-114"),
        ("18", "the amount due", "BT-115"),
        ("19", "the taxable amount of a VAT category", "BT-116"),
        ("20", "the tax amount of a VAT category", "BT-117"),
        ("23", "the line's net amount", "BT-131"),
        ("24", "the amount of a line allowance", "BT-136"),
        ("25", "the base amount of a line allowance", "BT-137"),
        ("27", "the amount of a line charge", "BT-141"),
        ("28", "the base amount of a line charge", "BT-142"),
    )
}

VAT_FAMILIES: Final = MappingProxyType(
    {
        "S": "standard rated",
        "Z": "zero rated",
        "E": "exempt",
        "AE": "reverse charge",
        "IC": "intra-community supply",
        "G": "export outside the EU",
        "O": "not subject to VAT",
        "AF": "Canary Islands IGIC",
        "AG": "Ceuta and Melilla IPSI",
    }
)
"""The rule families of the VAT categories, by the letters in their codes."""

_VAT_RULES: Final = {
    "01": ("the VAT breakdown does not fit the use of the category", "give the category its row in the breakdown"),
    "02": ("a line has the category, but the parties' tax identifiers do not fit it", "check seller, buyer, agent"),
    "03": ("an allowance has the category, but the parties' tax identifiers do not fit it", "check seller and buyer"),
    "04": ("a charge has the category, but the parties' tax identifiers do not fit it", "check seller and buyer"),
    "05": ("the line's VAT rate does not fit the category", "correct the rate (BT-152) or the category (BT-151)"),
    "06": ("the allowance's VAT rate does not fit the category", "correct the rate (BT-96) or the category (BT-95)"),
    "07": ("the charge's VAT rate does not fit the category", "correct the rate (BT-103) or the category (BT-102)"),
    "08": ("the taxable amount (BT-116) is not what lines, allowances and charges add up to", "add them up again"),
    "09": ("the tax amount (BT-117) does not fit the category", "correct the amount or the rate"),
    "10": ("the exemption reason (BT-120, BT-121) does not fit the category", "give or drop the reason"),
}

_VAT: Final = {
    f"BR-{family}-{number}": RuleText(f"{name}: {message}", advice)
    for family, name in VAT_FAMILIES.items()
    for number, (message, advice) in _VAT_RULES.items()
} | {
    "BR-IC-11": RuleText(
        "intra-community supply: neither a delivery date (BT-72) nor a period (BG-14)", "say when it was delivered"
    ),
    "BR-IC-12": RuleText(
        "intra-community supply: the country delivered to (BT-80) is missing", "say where it was delivered"
    ),
    "BR-O-11": RuleText("not subject to VAT: the breakdown has another category as well", "split the invoice"),
    "BR-O-12": RuleText("not subject to VAT: a line has another category", "split the invoice"),
    "BR-O-13": RuleText("not subject to VAT: an allowance has another category", "split the invoice"),
    "BR-O-14": RuleText("not subject to VAT: a charge has another category", "split the invoice"),
    "BR-B-01": RuleText("split payment (B) is for domestic Italian invoices only", "use another VAT category"),
    "BR-B-02": RuleText("split payment (B) and standard rated (S) exclude each other", "split the invoice"),
}

RULES: Final[Mapping[str, RuleText]] = MappingProxyType(_PRESENCE | _CONDITIONS | _CODE_LISTS | _DECIMALS | _VAT)
"""Every rule of the canonical engine by its code."""
