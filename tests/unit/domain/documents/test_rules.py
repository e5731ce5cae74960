"""The canonical engine: each rule by the document that breaks it, and the arithmetic against a second calculation."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.reference.invoice_arithmetic import Parts, breakdown_of, totals_of

from comptroller.domain.documents import rules
from comptroller.domain.documents.findings import RULES
from comptroller.domain.documents.model import (
    Address,
    AllowanceCharge,
    Attachment,
    DocumentKind,
    Identifier,
    Invoice,
    ItemAttribute,
    Line,
    Party,
    PaymentInstruction,
    Period,
    PrecedingInvoice,
    TaxCategory,
    TaxSubtotal,
    Totals,
)
from comptroller.domain.kernel.fault import Severity

Change = Callable[[Invoice], Invoice]

STANDARD_RATE = TaxCategory("S", Decimal(19))
GERMANY = Address(city="Bremen", country="DE")


def invoice(category: TaxCategory = STANDARD_RATE, **changes: Any) -> Invoice:
    """A valid invoice over 10 castings at 100.00 with everything it needs."""
    taxed = Decimal("190.00") if category.rate else Decimal("0.00")
    valid = Invoice(
        customization="urn:cen.eu:en16931:2017",
        number="GW-100",
        issue_date=date(2026, 3, 2),
        type_code="380",
        currency="EUR",
        due_date=date(2026, 4, 1),
        seller=Party(name="Gießerei Wümme", vat_id="DE999940301", address=GERMANY),
        buyer=Party(name="Hansewerk", vat_id="DE999940302", address=GERMANY),
        payments=(PaymentInstruction("58", account="DE02120300000000202051"),),
        totals=Totals(
            line_net=Decimal("1000.00"),
            net=Decimal("1000.00"),
            tax=taxed,
            gross=1000 + taxed,
            payable=1000 + taxed,
        ),
        tax_breakdown=(TaxSubtotal(Decimal("1000.00"), taxed, category, exemption_reason=_reason(category)),),
        lines=(
            Line(
                id="1",
                name="casting",
                quantity=Decimal(10),
                unit="C62",
                net_amount=Decimal("1000.00"),
                net_price=Decimal("100.00"),
                tax=category,
            ),
        ),
    )
    return replace(valid, **changes)


def _reason(category: TaxCategory) -> str:
    return "" if category.code in "SZLM" else "because of the law"


def codes(document: Invoice) -> set[str]:
    return {fault.code for fault in rules.check(document)}


def on_line(**changes: Any) -> Change:
    return lambda document: replace(document, lines=(replace(document.lines[0], **changes),))


def on_row(**changes: Any) -> Change:
    return lambda document: replace(document, tax_breakdown=(replace(document.tax_breakdown[0], **changes),))


def on_totals(**changes: Any) -> Change:
    return lambda document: replace(document, totals=replace(document.totals, **changes))


def on_seller(**changes: Any) -> Change:
    return lambda document: replace(document, seller=replace(document.seller or Party(), **changes))


def on_buyer(**changes: Any) -> Change:
    return lambda document: replace(document, buyer=replace(document.buyer or Party(), **changes))


def on_document(**changes: Any) -> Change:
    return lambda document: replace(document, **changes)


def entry(*, is_charge: bool = False, **changes: Any) -> AllowanceCharge:
    """An allowance or charge of nothing, so that no sum changes."""
    valid = AllowanceCharge(is_charge, Decimal("0.00"), tax=STANDARD_RATE, reason="agreed")
    return replace(valid, **changes)


def with_entry(*, is_charge: bool = False, **changes: Any) -> Change:
    side = "charges" if is_charge else "allowances"
    total = changes.get("amount") or Decimal("0.00")
    return lambda document: replace(
        document,
        allowances_charges=(entry(is_charge=is_charge, **changes),),
        totals=replace(document.totals, **{side: total}),
    )


def test_a_valid_invoice_has_no_faults() -> None:
    assert rules.check(invoice()) == ()


AGENT = Party(name="Fiskal BV", vat_id="NL999999999B01", address=Address(country="NL"))
PAYEE = Party(name="Factoring Nord")


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        pytest.param(on_document(customization=""), {"BR-01"}, id="no specification"),
        pytest.param(on_document(number=""), {"BR-02"}, id="no number"),
        pytest.param(on_document(issue_date=None), {"BR-03"}, id="no issue date"),
        pytest.param(on_document(type_code=""), {"BR-04"}, id="no type"),
        pytest.param(on_document(type_code="381"), {"BR-CL-01"}, id="credit note's type on an invoice"),
        pytest.param(on_document(currency=""), {"BR-05"}, id="no currency"),
        pytest.param(on_document(currency="EUX"), {"BR-CL-04"}, id="unknown currency"),
        pytest.param(on_document(accounting_currency="XX"), {"BR-CL-05", "BR-53"}, id="unknown accounting currency"),
        pytest.param(on_seller(name=""), {"BR-06"}, id="seller without a name"),
        pytest.param(on_buyer(name=""), {"BR-07"}, id="buyer without a name"),
        pytest.param(on_seller(address=None), {"BR-08"}, id="seller without an address"),
        pytest.param(on_seller(address=Address()), {"BR-09"}, id="seller without a country"),
        pytest.param(on_buyer(address=None), {"BR-10"}, id="buyer without an address"),
        pytest.param(on_buyer(address=Address()), {"BR-11"}, id="buyer without a country"),
        pytest.param(on_buyer(address=Address(country="UK")), {"BR-CL-14"}, id="a country that is none"),
        pytest.param(on_seller(vat_id="999940301"), {"BR-CO-09"}, id="VAT identifier without its country"),
        pytest.param(on_seller(vat_id="EL999999999"), set(), id="VAT identifier of Greece"),
        pytest.param(
            on_seller(electronic_address=Identifier("a@b.example")), {"BR-62"}, id="seller's address, no scheme"
        ),
        pytest.param(
            on_buyer(electronic_address=Identifier("a@b.example")), {"BR-63"}, id="buyer's address, no scheme"
        ),
        pytest.param(on_document(payee=Party()), {"BR-17"}, id="payee without a name"),
        pytest.param(on_document(payee=PAYEE), set(), id="payee with a name"),
        pytest.param(on_document(tax_representative=AGENT), set(), id="tax representative"),
        pytest.param(
            on_document(tax_representative=Party()), {"BR-18", "BR-19", "BR-56"}, id="tax representative, empty"
        ),
        pytest.param(
            on_document(tax_representative=replace(AGENT, address=Address())), {"BR-20"}, id="agent without a country"
        ),
        pytest.param(on_document(delivery_address=Address()), {"BR-57"}, id="delivered to no country"),
        pytest.param(on_document(period=Period()), {"BR-CO-19"}, id="period without days"),
        pytest.param(
            on_document(period=Period(date(2026, 3, 2), date(2026, 3, 1))), {"BR-29"}, id="period ends before it starts"
        ),
        pytest.param(on_document(due_date=None), {"BR-CO-25"}, id="neither due date nor terms"),
        pytest.param(on_document(due_date=None, payment_terms="net"), set(), id="payment terms"),
        pytest.param(
            on_document(tax_point=date(2026, 3, 1), tax_point_code="35"), {"BR-CO-03"}, id="tax point told twice"
        ),
        pytest.param(on_document(tax_point_code="29"), {"BR-CL-06"}, id="tax point code of another list"),
        pytest.param(on_document(payments=(PaymentInstruction(),)), {"BR-49"}, id="payment without means"),
        pytest.param(on_document(payments=(PaymentInstruction("30"),)), {"BR-61"}, id="transfer to nowhere"),
        pytest.param(
            on_document(payments=(PaymentInstruction("30", bank="COBADEFF"),)),
            {"BR-61", "BR-50"},
            id="bank, no account",
        ),
        pytest.param(on_document(payments=(PaymentInstruction("99"),)), {"BR-CL-16"}, id="unknown payment means"),
        pytest.param(
            on_document(payments=(PaymentInstruction("48", card_number="41111111111"),)), {"BR-51"}, id="card in full"
        ),
        pytest.param(on_document(attachments=(Attachment(),)), {"BR-52"}, id="attachment without a reference"),
        pytest.param(
            on_document(attachments=(Attachment("A", media_type="text/html"),)), {"BR-CL-24"}, id="a page as attachment"
        ),
        pytest.param(on_document(preceding=(PrecedingInvoice(),)), {"BR-55"}, id="preceding invoice without number"),
        pytest.param(on_document(accounting_currency="SEK"), {"BR-53"}, id="no VAT in the accounting currency"),
    ],
)
def test_what_a_document_must_say(change: Change, expected: set[str]) -> None:
    assert codes(change(invoice())) == expected


def test_nothing_identifies_the_seller() -> None:
    nameless = on_seller(vat_id="", identifiers=(Identifier("DE98ZZZ09999999999", "SEPA"),))(invoice())

    assert codes(nameless) == {"BR-CO-26", "BR-S-02"}


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        pytest.param(on_line(id=""), {"BR-21"}, id="no identifier"),
        pytest.param(on_line(quantity=None), {"BR-22"}, id="no quantity"),
        pytest.param(on_line(unit=""), {"BR-23"}, id="no unit"),
        pytest.param(on_line(name=""), {"BR-25"}, id="no name"),
        pytest.param(on_line(net_price=None), {"BR-26"}, id="no price"),
        pytest.param(
            on_line(net_price=Decimal("-100.00"), quantity=Decimal(-10)),
            {"BR-27"},
            id="negative price, negative quantity",
        ),
        pytest.param(on_line(gross_price=Decimal(-1)), {"BR-28"}, id="negative gross price"),
        pytest.param(on_line(period=Period()), {"BR-CO-20"}, id="period without days"),
        pytest.param(on_line(period=Period(date(2026, 3, 2), date(2026, 3, 1))), {"BR-30"}, id="period the wrong way"),
        pytest.param(on_line(standard_item_id=Identifier("4012345000009")), {"BR-64"}, id="article number, no scheme"),
        pytest.param(on_line(classifications=(Identifier("23"),)), {"BR-65"}, id="classification, no scheme"),
        pytest.param(on_line(attributes=(ItemAttribute("colour"),)), {"BR-54"}, id="attribute without a value"),
        pytest.param(on_line(origin_country="Deutschland"), {"BR-CL-15"}, id="origin in words"),
        pytest.param(on_line(tax=None), {"BR-CO-04", "BR-S-01", "BR-S-08"}, id="no VAT category"),
        pytest.param(
            on_line(tax=TaxCategory("XX")), {"BR-CL-18", "BR-S-01", "BR-S-08"}, id="a VAT category that is none"
        ),
        pytest.param(on_line(net_price=Decimal("99.99")), {"DOC-LINE-01"}, id="price does not give the amount"),
        pytest.param(
            on_line(net_price=Decimal("10000.00"), price_base_quantity=Decimal(100)), set(), id="price per hundred"
        ),
        pytest.param(on_line(price_base_quantity=Decimal(0)), {"DOC-PRICE-01"}, id="price per nothing"),
        pytest.param(
            on_line(allowances_charges=(AllowanceCharge(is_charge=False),)),
            {"BR-41", "BR-42", "BR-CO-23"},
            id="empty allowance",
        ),
        pytest.param(
            on_line(allowances_charges=(AllowanceCharge(is_charge=True),)),
            {"BR-43", "BR-44", "BR-CO-24"},
            id="empty charge",
        ),
        pytest.param(
            on_line(net_price=Decimal(101), allowances_charges=(entry(amount=Decimal(10)),)),
            set(),
            id="allowance of 10",
        ),
        pytest.param(
            on_line(net_price=Decimal(99), allowances_charges=(entry(is_charge=True, amount=Decimal(10)),)),
            set(),
            id="charge of 10",
        ),
        pytest.param(on_document(lines=()), {"BR-16", "BR-CO-10", "BR-S-01", "BR-S-08"}, id="no lines"),
    ],
)
def test_what_a_line_must_say(change: Change, expected: set[str]) -> None:
    assert codes(change(invoice())) == expected


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        pytest.param(on_totals(line_net=None), {"BR-12"}, id="no sum of lines"),
        pytest.param(on_totals(net=None), {"BR-13"}, id="no net"),
        pytest.param(on_totals(gross=None), {"BR-14"}, id="no gross"),
        pytest.param(on_totals(payable=None), {"BR-15"}, id="nothing payable"),
        pytest.param(on_totals(line_net=Decimal("999.99")), {"BR-CO-10", "BR-CO-13"}, id="lines a cent off"),
        pytest.param(on_totals(allowances=Decimal(1)), {"BR-CO-11", "BR-CO-13"}, id="allowances from nowhere"),
        pytest.param(on_totals(charges=Decimal(1)), {"BR-CO-12", "BR-CO-13"}, id="charges from nowhere"),
        pytest.param(on_totals(net=Decimal("1000.01")), {"BR-CO-13", "BR-CO-15"}, id="net a cent off"),
        pytest.param(on_totals(tax=Decimal("190.01")), {"BR-CO-14", "BR-CO-15"}, id="VAT a cent off"),
        pytest.param(on_totals(gross=Decimal("1190.01")), {"BR-CO-15", "BR-CO-16"}, id="gross a cent off"),
        pytest.param(on_totals(payable=Decimal("1190.01")), {"BR-CO-16"}, id="payable a cent off"),
        pytest.param(on_totals(prepaid=Decimal("0.01")), {"BR-CO-16"}, id="prepaid not taken off"),
        pytest.param(
            on_totals(prepaid=Decimal("1000.00"), rounding=Decimal("0.05"), payable=Decimal("190.05")),
            set(),
            id="prepaid and rounded",
        ),
        pytest.param(on_totals(payable=Decimal("1190.000")), {"BR-DEC-18"}, id="three decimals"),
        pytest.param(on_document(tax_breakdown=()), {"BR-CO-18", "BR-S-01"}, id="no VAT breakdown"),
        pytest.param(
            with_entry(amount=None, tax=None, reason=""), {"BR-31", "BR-32", "BR-33", "BR-CO-21"}, id="empty allowance"
        ),
        pytest.param(
            with_entry(is_charge=True, amount=None, tax=None, reason=""),
            {"BR-36", "BR-37", "BR-38", "BR-CO-22"},
            id="empty charge",
        ),
        pytest.param(with_entry(reason_code="1"), {"BR-CL-19"}, id="allowance for an unknown reason"),
        pytest.param(
            with_entry(amount=Decimal("0.000"), base_amount=Decimal("0.001")),
            {"BR-DEC-01", "BR-DEC-02"},
            id="allowance of three decimals",
        ),
        pytest.param(with_entry(tax=TaxCategory("XX")), {"BR-CL-17"}, id="allowance of an unknown category"),
        pytest.param(
            on_document(allowances_charges=(entry(),)), {"BR-CO-11"}, id="allowance that the totals do not know"
        ),
    ],
)
def test_what_totals_must_be(change: Change, expected: set[str]) -> None:
    assert codes(change(invoice())) == expected


EXEMPT = TaxCategory("E", Decimal(0))
REVERSED = TaxCategory("AE", Decimal(0))
EXPORT = TaxCategory("G", Decimal(0))
UNTAXED = TaxCategory("O")
ZERO_RATED = TaxCategory("Z", Decimal(0))
WITHIN_EU = TaxCategory("K", Decimal(0))
CANARY = TaxCategory("L", Decimal(19))
DELIVERED = on_document(delivery_date=date(2026, 3, 1), delivery_address=Address(country="FR"))
NOBODY_REGISTERED = on_document(
    seller=Party(name="Verein", address=GERMANY, identifiers=(Identifier("7"),)),
    buyer=Party(name="Hansewerk", address=GERMANY),
)


def both(*changes: Change) -> Change:
    def apply(document: Invoice) -> Invoice:
        for change in changes:
            document = change(document)
        return document

    return apply


@pytest.mark.parametrize(
    ("category", "change", "expected"),
    [
        pytest.param(
            STANDARD_RATE, on_seller(vat_id="", tax_registration="12/345"), {"BR-CO-26"}, id="S by local tax number"
        ),
        pytest.param(STANDARD_RATE, on_row(exemption_reason="none"), {"BR-S-10"}, id="S with a reason of exemption"),
        pytest.param(
            STANDARD_RATE,
            on_row(tax_amount=Decimal("191.00")),
            {"BR-CO-14", "BR-CO-17", "BR-S-09"},
            id="S with a tax amount one unit off",
        ),
        pytest.param(
            STANDARD_RATE,
            on_row(tax_amount=Decimal("190.99")),
            {"BR-CO-14"},
            id="S with a tax amount within the slack of the artefacts",
        ),
        pytest.param(STANDARD_RATE, on_row(tax_amount=None), {"BR-46", "BR-CO-14"}, id="S without a tax amount"),
        pytest.param(STANDARD_RATE, on_row(taxable_amount=None), {"BR-45"}, id="S without a taxable amount"),
        pytest.param(STANDARD_RATE, on_row(taxable_amount=Decimal("1001.00")), {"BR-S-08"}, id="S with another base"),
        pytest.param(STANDARD_RATE, on_row(category=None), {"BR-47", "BR-48", "BR-CO-17", "BR-S-01"}, id="no category"),
        pytest.param(
            STANDARD_RATE, on_row(category=TaxCategory("S")), {"BR-48", "BR-CO-17", "BR-S-09"}, id="S without a rate"
        ),
        pytest.param(
            STANDARD_RATE, on_line(tax=TaxCategory("S", Decimal(0))), {"BR-S-05", "BR-S-08"}, id="line S at nothing"
        ),
        pytest.param(STANDARD_RATE, with_entry(tax=TaxCategory("S")), {"BR-S-06"}, id="allowance S without a rate"),
        pytest.param(
            STANDARD_RATE, with_entry(is_charge=True, tax=TaxCategory("S")), {"BR-S-07"}, id="charge S without a rate"
        ),
        pytest.param(ZERO_RATED, on_document(), set(), id="Z"),
        pytest.param(ZERO_RATED, on_row(exemption_reason="x"), {"BR-Z-10"}, id="Z with a reason"),
        pytest.param(EXEMPT, on_document(), set(), id="E"),
        pytest.param(EXEMPT, on_row(exemption_reason=""), {"BR-E-10"}, id="E without a reason"),
        pytest.param(EXEMPT, on_row(taxable_amount=Decimal("1000.01")), {"BR-E-08"}, id="E with a base a cent off"),
        pytest.param(EXEMPT, on_row(tax_amount=Decimal("0.01")), {"BR-CO-14", "BR-E-09"}, id="E with a cent of tax"),
        pytest.param(EXEMPT, on_line(tax=TaxCategory("E", Decimal(7))), {"BR-E-05"}, id="line E at 7 %"),
        pytest.param(
            EXEMPT,
            lambda document: replace(document, tax_breakdown=document.tax_breakdown * 2),
            {"BR-E-01"},
            id="E twice in the breakdown",
        ),
        pytest.param(REVERSED, on_document(), set(), id="AE"),
        pytest.param(REVERSED, on_buyer(vat_id=""), {"BR-AE-02"}, id="AE to a buyer without an identifier"),
        pytest.param(
            REVERSED, on_buyer(vat_id="", legal_registration=Identifier("HRB 1")), set(), id="AE to a registered buyer"
        ),
        pytest.param(WITHIN_EU, DELIVERED, set(), id="K delivered to France"),
        pytest.param(WITHIN_EU, on_document(), {"BR-IC-11", "BR-IC-12"}, id="K delivered nowhere and never"),
        pytest.param(WITHIN_EU, both(DELIVERED, on_buyer(vat_id="")), {"BR-IC-02"}, id="K to a buyer without VAT id"),
        pytest.param(EXPORT, on_document(), set(), id="G"),
        pytest.param(
            EXPORT, on_seller(vat_id="", tax_registration="12/345"), {"BR-CO-26", "BR-G-02"}, id="G by local tax number"
        ),
        pytest.param(UNTAXED, NOBODY_REGISTERED, set(), id="O"),
        pytest.param(UNTAXED, on_document(), {"BR-O-02"}, id="O between registered parties"),
        pytest.param(
            UNTAXED, both(NOBODY_REGISTERED, on_line(tax=TaxCategory("O", Decimal(0)))), {"BR-O-05"}, id="line O at 0 %"
        ),
        pytest.param(
            UNTAXED,
            both(NOBODY_REGISTERED, with_entry(tax=ZERO_RATED)),
            {"BR-O-13", "BR-Z-01", "BR-Z-03"},
            id="O with a zero-rated allowance",
        ),
        pytest.param(
            UNTAXED,
            both(NOBODY_REGISTERED, with_entry(is_charge=True, tax=ZERO_RATED)),
            {"BR-O-14", "BR-Z-01", "BR-Z-04"},
            id="O with a zero-rated charge",
        ),
        pytest.param(
            UNTAXED,
            both(NOBODY_REGISTERED, on_line(tax=ZERO_RATED)),
            {"BR-O-08", "BR-O-12", "BR-Z-01", "BR-Z-02"},
            id="O with a zero-rated line",
        ),
        pytest.param(
            UNTAXED,
            lambda document: NOBODY_REGISTERED(
                replace(
                    document, tax_breakdown=(*document.tax_breakdown, TaxSubtotal(Decimal(0), Decimal(0), ZERO_RATED))
                )
            ),
            {"BR-O-11", "BR-Z-08"},
            id="O beside another row",
        ),
        pytest.param(CANARY, on_document(), set(), id="L"),
        pytest.param(CANARY, on_line(tax=TaxCategory("L")), {"BR-AF-05", "BR-AF-08"}, id="line L without a rate"),
        pytest.param(TaxCategory("B", Decimal(19)), on_document(), {"BR-B-01"}, id="split payment between Germans"),
        pytest.param(
            TaxCategory("B", Decimal(19)),
            both(
                on_seller(address=Address(country="IT")),
                on_buyer(address=Address(country="IT")),
                with_entry(tax=STANDARD_RATE),
            ),
            {"BR-B-02", "BR-S-01"},
            id="split payment with a standard-rated allowance",
        ),
    ],
)
def test_what_a_vat_category_asks(category: TaxCategory, change: Change, expected: set[str]) -> None:
    assert codes(change(invoice(category))) == expected


def test_a_credit_note_needs_no_due_date_and_has_its_own_types() -> None:
    note = invoice(kind=DocumentKind.CREDIT_NOTE, type_code="381", due_date=None)

    assert codes(note) == set()


def test_the_slack_of_the_artefacts_for_cii_includes_one_unit() -> None:
    off_by_one = on_row(tax_amount=Decimal("191.00"))(invoice())

    found = {fault.code for fault in rules.check(off_by_one, tax_slack_inclusive=True)}

    assert found == {"BR-CO-14", "BR-S-09"}


def test_missing_parts_never_stop_later_rules() -> None:
    fragment = Invoice(totals=Totals(gross=Decimal(100), payable=Decimal(99)))

    assert {"BR-01", "BR-06", "BR-12", "BR-16", "BR-CO-16", "BR-CO-18"} <= codes(fragment)


def test_a_fault_tells_code_place_figures_severity_engine_and_help() -> None:
    (fault,) = rules.check(on_totals(payable=Decimal("1.00"))(invoice()))

    assert (fault.code, fault.path, fault.severity, fault.by) == (
        "BR-CO-16",
        "/totals",
        Severity.ERROR,
        "canonical",
    )
    assert fault.message == "the amount due (BT-115) is wrong: 1.00, calculated 1190.00"
    assert fault.help == "it is the total with VAT - paid + rounding"


def test_figures_beyond_the_digits_of_the_context_are_faults_and_no_defects() -> None:
    huge = Decimal("9" * 18 + ".99")
    document = invoice(
        lines=(Line(quantity=huge, net_price=huge, net_amount=huge, price_base_quantity=Decimal("1e-34")),) * 3,
        tax_breakdown=(TaxSubtotal(huge, huge, TaxCategory("S", huge)),),
        totals=Totals(*[huge] * 10),
    )

    assert {"BR-CO-10", "BR-CO-17", "DOC-LINE-01"} <= codes(document)


def test_every_rule_has_a_message_and_a_help() -> None:
    assert [code for code, rule in RULES.items() if not (rule.message and rule.help)] == []


CENTS = st.integers(1, 10_000_000)
RATES = st.sampled_from([5, 7, 19, 21])
PARTS = st.builds(
    Parts,
    lines=st.lists(st.tuples(CENTS, RATES), min_size=1, max_size=6).map(tuple),
    allowances=st.lists(st.tuples(CENTS, RATES), max_size=3).map(tuple),
    charges=st.lists(st.tuples(CENTS, RATES), max_size=3).map(tuple),
    prepaid=st.integers(0, 10_000_000),
    rounding=st.integers(-99, 99),
)


def euros(cents: int) -> Decimal:
    return Decimal(cents).scaleb(-2)


def document_of(parts: Parts, totals: dict[str, int]) -> Invoice:
    def tax(rate: int) -> TaxCategory:
        return TaxCategory("S", Decimal(rate))

    entries = [(False, *allowance) for allowance in parts.allowances] + [(True, *charge) for charge in parts.charges]
    return invoice(
        lines=tuple(
            Line(str(i), "x", quantity=Decimal(1), unit="C62", net_amount=euros(c), net_price=euros(c), tax=tax(r))
            for i, (c, r) in enumerate(parts.lines)
        ),
        allowances_charges=tuple(AllowanceCharge(kind, euros(c), tax=tax(r), reason="x") for kind, c, r in entries),
        tax_breakdown=tuple(
            TaxSubtotal(euros(taxable), euros(amount), tax(rate))
            for rate, (taxable, amount) in breakdown_of(parts).items()
        ),
        totals=Totals(
            **{name: euros(cents) for name, cents in totals.items()},
            prepaid=euros(parts.prepaid),
            rounding=euros(parts.rounding),
        ),
        payment_terms="net",
    )


@given(PARTS)
def test_what_a_second_calculation_adds_up_has_no_faults(parts: Parts) -> None:
    assert codes(document_of(parts, totals_of(parts))) == set()


BREAKS = {
    "line_net": {"BR-CO-10", "BR-CO-13"},
    "allowances": {"BR-CO-11", "BR-CO-13"},
    "charges": {"BR-CO-12", "BR-CO-13"},
    "net": {"BR-CO-13", "BR-CO-15"},
    "tax": {"BR-CO-14", "BR-CO-15"},
    "gross": {"BR-CO-15", "BR-CO-16"},
    "payable": {"BR-CO-16"},
}


@given(PARTS, st.sampled_from(sorted(BREAKS)), st.integers(-5, 5).filter(bool))
def test_one_wrong_total_breaks_exactly_the_rules_that_name_it(parts: Parts, name: str, cents: int) -> None:
    totals = totals_of(parts)
    totals[name] += cents

    assert codes(document_of(parts, totals)) == BREAKS[name]
