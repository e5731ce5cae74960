"""The code lists of EN 16931 that are short enough to keep: what a code means is the standard's business, not ours.

SOURCE: EN 16931-1 with the code lists it names (UNTDID 1001, 2005, 4461, 5189, 5305; ISO 3166-1; ISO 4217).
"""

from typing import Final

from comptroller.domain.kernel.money import MINOR_UNITS

CREDIT_NOTE_TYPES: Final = frozenset("81 83 261 262 296 308 381 396 420 458 502 503 532".split())
"""Document types (UNTDID 1001) that reduce what is owed."""

INVOICE_TYPES: Final = frozenset(
    (
        "71 80 82 84 102 130 202 203 204 211 218 219 295 325 326 331 380 382 383 384 385 386 387 388 389 390 393 394 "
        "395 456 457 527 553 575 623 633 751 780 817 870 875 876 877 935"
    ).split()
)
"""Document types (UNTDID 1001) that raise what is owed."""

CURRENCIES: Final = frozenset(MINOR_UNITS)
"""ISO 4217 codes of money in use."""

TAX_CATEGORIES: Final = frozenset("AE E G K L M O S Z B".split())
"""VAT categories (UNTDID 5305) that EN 16931 knows; B is Italy's split payment."""

TAX_POINT_CODES: Final = frozenset(("3", "35", "432"))
"""When VAT falls due (UNTDID 2005): on the invoice's date, on delivery, on payment."""

PAYMENT_MEANS: Final = frozenset([str(code) for code in (*range(1, 71), *range(74, 79), *range(91, 99))] + ["ZZZ"])
"""Ways of paying (UNTDID 4461)."""

ALLOWANCE_REASONS: Final = frozenset("41 42 60 62 63 64 65 66 67 68 70 71 88 95 100 102 103 104 105".split())
"""Why something is taken off (UNTDID 5189)."""

ATTACHMENT_TYPES: Final = frozenset(
    (
        "application/pdf",
        "image/png",
        "image/jpeg",
        "text/csv",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "application/vnd.oasis.opendocument.spreadsheet",
    )
)
"""Media types that an attachment may have."""

COUNTRIES: Final = frozenset(
    (
        "1A AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW "
        "BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ "
        "FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ "
        "IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH "
        "MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL "
        "PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD "
        "TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS XI YE YT ZA ZM ZW"
    ).split()
)
"""ISO 3166-1 alpha-2, with XI (Northern Ireland) and 1A (Kosovo) as the standard adds them."""
