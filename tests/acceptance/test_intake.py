"""Mail, folder and tables: taken in part by part, nothing twice, nothing lost; what failed is seen."""

import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any, Final

import pytest
from tests.acceptance.company import TENANT, Company, demo_bytes
from tests.acceptance.imap import ImapServer

from comptroller.adapters.mail_intake import Mailbox, MailboxError, MailboxServer, open_mail
from comptroller.application.dispatcher import Request
from comptroller.application.intake import take_in
from comptroller.application.intake_records import Incoming
from comptroller.application.mapping_preview import PreviewMapping
from comptroller.domain.kernel.instant import instant_text
from comptroller.entrypoints.cli import intake
from comptroller.entrypoints.cli.workplace import Workplace

MAPPING: Final[dict[str, Any]] = {
    "columns": {
        "number": "No",
        "issue_date": "Date",
        "due_date": "Due",
        "line.name": "Item",
        "line.quantity": "Qty",
        "line.net_price": "Price",
        "line.net_amount": "Net",
        "totals.gross": "Gross",
    },
    "constants": {
        "currency": "EUR",
        "line.unit": "HUR",
        "line.tax_category": "S",
        "line.tax_rate": "19",
        "delivery_date": "2026-03-18",
        "accounting_reference": "DE-1200",
        "buyer_reference": "ruth.sommer",
        "seller.name": "Helios Facility Services GmbH",
        "seller.vat_id": "DE999940552",
        "seller.address.country": "DE",
        "buyer.name": "Brennhof GmbH",
        "buyer.vat_id": "DE999942304",
        "buyer.address.country": "DE",
        "payment.account": "DE79200990010004405005",
        "payment.means_code": "58",
    },
    "decimals": "comma",
    "days": "DD.MM.YYYY",
}
TABLE: Final = (
    "No;Date;Due;Item;Qty;Price;Net;Gross\n"
    "T-1;20.03.2026;03.04.2026;Cleaning;10;50,00;500,00;595,00\n"
    "T-2;20.03.2026;03.04.2026;Windows;2;40,00;80,00;95,20\n"
)


def mail(*files: tuple[str, bytes], message_id: str = "<1@supplier.example>", **headers: str) -> bytes:
    """A mail with attachments."""
    made = EmailMessage()
    made["From"] = "Rechnung <billing@supplier.example>"
    made["Message-ID"] = message_id
    made["Subject"] = "your invoices"
    for name, value in headers.items():
        made[name.replace("_", "-")] = value
    made.set_content("See attached.")
    for name, content in files:
        made.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return made.as_bytes()


@pytest.fixture
def place(new_company: Company) -> Workplace:
    return Workplace(new_company.platform, TENANT)


@pytest.fixture
def imap() -> Iterator[ImapServer]:
    server = ImapServer()
    yield server
    server.stop()


def post(company: Company, content: bytes, media_type: str, **query: str) -> Any:
    """Hand a message or file to the intake; the response."""
    return company.person("tomasz.zielinski").client.post(
        "/v1/intake", content=content, params=query, headers={"Content-Type": media_type}
    )


def test_each_attachment_becomes_a_case_that_knows_where_it_came_from(new_company: Company) -> None:
    content = mail(("D01.xml", demo_bytes("D01")), ("D29.pdf", demo_bytes("D29")), ("logo.png", b"\x89PNG"))

    answer = post(new_company, content, "message/rfc822").json()

    assert (answer["status"], answer["sender"], answer["verified"]) == ("done", "billing@supplier.example", "no")
    assert [(part["part"], part["outcome"]) for part in answer["results"]] == [
        ("D01.xml", "posted"),
        ("D29.pdf", "approval"),
    ]
    case = answer["results"][0]["case_id"]
    told = new_company.person("samuel.grant").get(f"/cases/{case}/timeline")["entries"]
    (received,) = [entry for entry in told if entry["type"] == "document.received"]
    assert received["data"]["arrival"] == {
        "channel": "mail",
        "sender": "billing@supplier.example",
        "verified": False,
        "source": answer["intake_id"],
        "part": "D01.xml",
    }


def test_same_mail_again_opens_no_second_case(new_company: Company) -> None:
    content = mail(("D01.xml", demo_bytes("D01")))
    first, again = (post(new_company, content, "message/rfc822").json() for _ in range(2))
    assert again["results"] == first["results"]
    cases = new_company.person("samuel.grant").get("/cases")["cases"]
    assert len([case for case in cases if case["kind"] == "invoice"]) == 1


def test_another_mail_under_a_known_message_id_is_refused(new_company: Company) -> None:
    assert post(new_company, mail(("D01.xml", demo_bytes("D01"))), "message/rfc822").status_code == 201
    answer = post(new_company, mail(("D02.xml", demo_bytes("D02"))), "message/rfc822")
    assert (answer.status_code, answer.json()["code"]) == (409, "INTAKE-SAME-01")


def test_what_could_not_be_dealt_with_is_listed_until_somebody_looks(new_company: Company) -> None:
    post(new_company, mail(message_id="<2@x>"), "message/rfc822")
    post(new_company, mail(("bad.xml", b"<a>"), message_id="<3@x>"), "message/rfc822")
    failed = new_company.person("tomasz.zielinski").get("/intake", status="failed")["intake"]
    assert [part["code"] for each in failed for part in each["results"]] == ["INTAKE-EMPTY-01", "XML-SYNTAX-01"]


def test_table_is_taken_in_by_its_saved_mapping(new_company: Company) -> None:
    assert new_company.person("tomasz.zielinski").put("mapping", "helios", MAPPING).status_code == 200

    answer = post(new_company, TABLE.encode(), "text/csv", mapping="helios", name="march.csv").json()

    assert [(part["part"], part.get("outcome")) for part in answer["results"]] == [
        ("march.csv rows 2", "approval"),
        ("march.csv rows 3", "approval"),
    ]
    case = new_company.person("samuel.grant").get(f"/cases/{answer['results'][0]['case_id']}")
    assert (case["number"], case["gross"], case["document"]["media_type"]) == ("T-1", "595.00", "text/csv")


def test_table_without_a_mapping_is_a_failure_that_says_so(new_company: Company) -> None:
    answer = post(new_company, TABLE.encode(), "text/csv").json()
    assert [part["code"] for part in answer["results"]] == ["TABLE-MAPPING-01"]
    unknown = post(new_company, TABLE.encode(), "text/csv", mapping="none")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "MAPPING-UNKNOWN-01")


def test_mapping_with_a_mistake_is_not_saved(new_company: Company) -> None:
    answer = new_company.person("tomasz.zielinski").put("mapping", "x", {**MAPPING, "decimals": "dot"})
    assert answer.status_code == 422
    assert [fault["code"] for fault in answer.json()["faults"]] == ["MAPPING-FIELD-02"]


def test_preview_shows_columns_documents_and_faults(new_company: Company) -> None:
    shown = new_company.platform.dispatcher.execute(
        TENANT, Request("tomasz.zielinski", PreviewMapping(TABLE.encode(), MAPPING))
    )
    assert shown["columns"][:3] == ["No", "Date", "Due"]
    assert [document["number"] for document in shown["documents"]] == ["T-1", "T-2"]
    assert shown["documents"][0]["canonical"]["totals"]["gross"] == "595.00"
    assert shown["choices"]["fields"]["totals.gross"] == "decimal"


def test_folder_is_emptied_into_done_and_failed_with_the_reason_beside(place: Workplace, tmp_path: Path) -> None:
    (tmp_path / "D01.xml").write_bytes(demo_bytes("D01"))
    (tmp_path / "bad.xml").write_bytes(b"<a>")
    (tmp_path / "later.xml.part").write_bytes(b"<a>")
    (tmp_path / "link.xml").symlink_to("/etc/hostname")

    for file in sorted(tmp_path.iterdir()):
        if intake._is_whole(file):
            intake._take_from_folder(place, "tomasz.zielinski", file, "DE", "", as_json=False)

    assert sorted(path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()) == [
        "done/D01.xml",
        "done/D01.xml.reason.json",
        "failed/bad.xml",
        "failed/bad.xml.reason.json",
        "later.xml.part",
        "link.xml",
    ]
    reason = json.loads((tmp_path / "failed" / "bad.xml.reason.json").read_text())
    assert [part["code"] for part in reason["results"]] == ["XML-SYNTAX-01"]


def test_mailbox_is_emptied_and_a_poisonous_mail_keeps_nobody_out(place: Workplace, imap: ImapServer) -> None:
    imap.folders.add(
        mail(("D01.xml", demo_bytes("D01")), message_id="<a@x>"),
        b"\xff\xfe\x00 no mail at all",
        mail(("D29.pdf", demo_bytes("D29")), message_id="<b@x>"),
    )

    failures = intake._take_from_mailbox(
        place, "tomasz.zielinski", MailboxServer.read(imap.url), "DE", "", as_json=False
    )

    assert failures == 1
    assert {name: len(mails) for name, mails in imap.folders.items()} == {"INBOX": 0, "Done": 2, "Failed": 1}
    cases = place.platform.environment.store.read(TENANT, lambda uow: uow.case_counts())
    assert sum(count.cases for count in cases if count.entity) == 2  # a change of the supplier master has none


def received(place: Workplace) -> dict[str, str]:
    """When each case was received, by its number."""
    cases = place.platform.environment.store.read(TENANT, lambda uow: uow.cases())
    return {case.number: instant_text(case.received_at) for case in cases if case.process == "invoice"}


def test_mail_was_received_when_the_mailbox_took_it(place: Workplace, imap: ImapServer) -> None:
    date = "Mon, 02 Mar 2026 08:00:00 +0100"  # the sender's word, which is not taken
    imap.folders.add(mail(("D01.xml", demo_bytes("D01")), Date=date))
    intake._take_from_mailbox(place, "tomasz.zielinski", MailboxServer.read(imap.url), "DE", "", as_json=False)
    assert received(place) == {"NK-2026-0311": "2026-03-25T08:10:00.000000Z"}
    (row,) = place.platform.environment.store.read(TENANT, lambda uow: uow.intake_list("done"))
    assert instant_text(row.received_at) == "2026-03-25T08:10:00.000000Z"


def test_file_was_received_when_it_came_to_lie_in_the_folder(tmp_path: Path) -> None:
    file = tmp_path / "D01.xml"
    before = datetime.now(UTC)
    file.write_bytes(demo_bytes("D01"))
    os.utime(file, (0, 0))  # what a program that copies files may set
    assert before - timedelta(seconds=1) <= intake._put_there(file) <= datetime.now(UTC)


def test_time_to_come_is_believed_to_nobody(place: Workplace) -> None:
    """The machine's clock is ahead of the demonstration company's."""
    incoming = Incoming("folder", "k", "D01.xml", "application/xml", demo_bytes("D01"), received_at=datetime.now(UTC))
    take_in(place.platform.dispatcher, TENANT, "tomasz.zielinski", incoming)
    assert [at[:10] for at in received(place).values()] == ["2026-03-27"]


@pytest.mark.parametrize(
    "url", ["", "imap://ap:x@mail.example/INBOX", "imaps://mail.example", "https://ap:x@mail.example", "imaps://a:b@[x"]
)
def test_mailbox_that_is_not_safe_to_read_is_refused(url: str) -> None:
    with pytest.raises(MailboxError):
        MailboxServer.read(url)


def test_mailbox_that_does_not_answer_is_said(imap: ImapServer) -> None:
    server = MailboxServer.read(imap.url)
    imap.stop()
    with pytest.raises(MailboxError), Mailbox(server):
        pass


@pytest.mark.parametrize(
    ("results", "verified"),
    [
        pytest.param(["mx.own.example; dkim=pass header.d=supplier.example"], True, id="the own server says so"),
        pytest.param(["mx.own.example; dmarc=pass header.from=supplier.example"], True, id="by DMARC"),
        pytest.param(["mx.evil.example; dkim=pass header.d=supplier.example"], False, id="another server says so"),
        pytest.param(["mx.own.example; dkim=pass header.d=evil.example"], False, id="for another domain"),
        pytest.param(["mx.own.example; dkim=fail header.d=supplier.example"], False, id="it failed"),
        pytest.param(
            ["mx.evil.example; dkim=none", "mx.own.example; dkim=pass header.d=supplier.example"],
            False,
            id="below another result",
        ),
        pytest.param([], False, id="nobody says anything"),
    ],
)
def test_sender_is_verified_only_by_the_own_server(results: list[str], *, verified: bool) -> None:
    lines = "".join(f"Authentication-Results: {result}\r\n" for result in results)
    content = f"{lines}From: a@supplier.example\r\n\r\nx".encode()
    assert open_mail(content, trusted_server="mx.own.example").verified is verified
    assert open_mail(content).verified is False
