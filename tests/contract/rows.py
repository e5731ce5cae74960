"""Example rows for the store's contract, each whole and unlike its neighbours."""

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

from comptroller.application import records
from comptroller.application.records import revised

NOW = datetime(2026, 3, 27, 8, 0, 0, 123456, tzinfo=UTC)
HASH = bytes(range(32))

DOCUMENT = records.DocumentRow(
    digest="d1",
    case_id="c1",
    media_type="application/xml",
    profile="ubl",
    original=b"<Invoice/>\x00\xff",
    canonical='{"a":"\\u0041 ä 😀"}',
    faults="[]",
    received_at=NOW,
    received_by="lena.vogt",
)
CASE = records.CaseRow(
    case_id="c1",
    process="invoice",
    process_hash="p1",
    policy_hash="h1",
    kind="invoice",
    status="waiting",
    outcome="hold",
    entity="DE01",
    supplier="S-1",
    supplier_name='Müller "& Söhne" \\ {a,b}',
    number="RE-1",
    document="d1",
    currency="EUR",
    net=Decimal("100.50"),
    gross=None,
    exceptions="price,quantity",
    received_at=NOW,
    updated_at=NOW,
    version=1,
    entry_seq=0,
    entry_hash="",
    state="{}",
)
TASK = records.TaskRow(
    task_id="t1",
    case_id="c1",
    kind="approval",
    node="Approve",
    token="1",
    title="Approve",
    role="approver",
    person="",
    content_hash="x",
    offered_at=NOW,
    due=NOW + timedelta(hours=16),
    status="open",
    opened_at=None,
    closed_at=NOW,
    closed_by="",
    action="",
    detail="{}",
)
CANDIDATE = records.CandidateRow(
    number_normalised="RE1",
    case_id="c1",
    number="RE-1",
    supplier="S-1",
    vat_id="DE1",
    account="DE32",
    entity="DE01",
    currency="EUR",
    net=Decimal("-0.10"),
    gross=None,
    issue_date="2026-03-01",
    type_code="380",
    cost_centre="DE-1000",
    requester="lena.vogt",
    order_number="PO-1",
    amount=Decimal("0.10"),
    corporate_group="Brennhof",
    period="2026-03-01/2026-03-31",
    lines='[["copper tube","PO-1/1","0.10"]]',
)
CANDIDATE_KEY = records.CandidateKeyRow("vat/DE1/number/RE1", "2026-03-01", "c1", "RE1")
WAIT = records.WaitRow("case.changed", "order/PO-1", "c1", "7")
BALANCE = records.BalanceRow("order-line/PO-1/1", 2**62)
JOURNAL = records.JournalRow(
    "j1", "c1", "c1/post", "DE01", "2026-03", NOW, "EUR", Decimal("1.0825"), "RE-1", "",
    kind="invoice", posted_on="2026-03-27", local_currency="GBP", supplier="S-1", document="RE-1", order_number="PO-1",
)  # fmt: skip
OPEN_ITEM = records.OpenItemRow(
    item_id="j1",
    case_id="c1",
    entity="DE01",
    supplier="S-1",
    supplier_name="Müller",
    number="RE-1",
    currency="EUR",
    amount=Decimal("100.50"),
    local_currency="GBP",
    local_amount=Decimal("108.79"),
    posted_on="2026-03-27",
    issued_on="2026-03-20",
    due_on="2026-04-19",
    discount_on="2026-03-30",
    discount=Decimal("2.01"),
    payment_block="",
    status="open",
    run="",
    cleared_on="",
    version=1,
)
JOURNAL_LINE = records.JournalLineRow("j1", 1, "4400", "CC1", Decimal("1E+2"), Decimal("108.250"), "line")
OUTBOX = records.OutboxRow(
    outbox_id="o1",
    case_id="c1",
    lane="delivery/erp",
    kind="delivery",
    target="erp",
    idempotency_key="c1/post",
    payload="{}",
    status="pending",
    not_before=NOW,
    attempts=0,
    lease_owner="",
    lease_until=None,
    fence=0,
    error="",
)
ENTRY = records.EntryRow("case/c1", 1, "case.opened", NOW, b'{"a":1}', HASH)
DECISION = records.DecisionRow("c1", 1, "line match", "m1", '{"outcome":"matched"}', "{}")
PRIVATE_TEXT = records.PrivateTextRow("commitment", "salt", "reason\nof a person")
COMMAND = records.CommandRow("lena.vogt", "key-1", "r1", "{}", NOW)
REFERENCE = records.ReferenceRow("supplier", "S-1", 1, "{}", "d", NOW, "lena.vogt", ("vat/DE1", "iban/DE32"))
POLICY = records.PolicyRow("h1", "accounts-payable", "{}", NOW, "lena.vogt")
API_KEY = records.ApiKeyRow("k1", "lena.vogt", NOW, None)
TREE_NODE = records.TreeNodeRow(3, 2**40, HASH)
CHECKPOINT = records.CheckpointRow(4, HASH, "note\n— sig", NOW)

MILESTONE = records.MilestoneRow("c1", 3, "waiting", NOW, "DE01", "supplier", "lena.vogt", "t1", "line match", "{}")
PAYMENT_BLOCK = records.PaymentBlockRow("b1", "S-1", "c1", "bank details", "k", NOW, "x", "placed", None, "", NOW, "y")
ATTACHMENT = records.AttachmentRow("c1", "d9", "photo.jpg", "image/jpeg", b"\x00\xff", NOW, "karim.benali")

INTAKE = records.IntakeRow(
    "i1", "mail", "a@b.example", "no", "m.eml", "message/rfc822", "d8", b"\x00\xff", "DE", "", NOW, "x", "failed", "{}"
)

AMOUNTS = (
    Decimal("0.10"),
    Decimal("-0.00000000000000000000000000000001"),
    Decimal(9999999999999999999999999999999999),
    Decimal("1E+20"),
    Decimal("123456789012345678.123456"),
)
ELSEWHERE = timezone(timedelta(hours=5, minutes=30))


def case(number: int, **changes: object) -> records.CaseRow:
    """Return the n-th example case, received n seconds after the first."""
    row = revised(CASE, case_id=f"c{number}", received_at=NOW + timedelta(seconds=number))
    return revised(row, **changes)  # type: ignore[arg-type] # the tests name fields


def entry(stream: str, seq: int) -> records.EntryRow:
    """Return an example entry."""
    return revised(ENTRY, stream=stream, seq=seq, leaf_hash=bytes([seq % 256]) * 32)
