"""The instants of a case are kept from the first day: who was asked, who looked, who signed, and whom it waited for."""

from tests.acceptance.company import TENANT, Company

from comptroller.application.dispatcher import Request
from comptroller.application.open_tasks import OpenTasks
from comptroller.application.records import MilestoneRow


def milestones(company: Company, document: str) -> list[MilestoneRow]:
    return list(company.read(lambda uow: uow.milestones(company.case_of(document))))


def kinds(company: Company, document: str) -> list[str]:
    return [row.kind for row in milestones(company, document)]


def test_document_that_needs_nobody_waits_for_nobody(company: Company) -> None:
    assert kinds(company, "D01") == [
        "received",
        "registered",
        "validity decided",
        "controls decided",
        "ready to post",
        "discount date",
        "due",
        "posted",
        "ended",
        "received again",  # D20 is the same file
    ]


def test_signed_document_tells_offered_opened_signed_and_the_party(company: Company) -> None:
    command = OpenTasks(company.case_of("D11"))
    company.platform.dispatcher.execute(TENANT, Request("lena.vogt", command))
    company.person("lena.vogt").act(company.task("D11"), "approve")
    told = [(row.kind, row.person, row.party) for row in milestones(company, "D11")]
    for expected in (
        ("task offered", "lena.vogt", ""),
        ("waiting", "lena.vogt", "approver"),
        ("task opened", "lena.vogt", ""),
        ("task signed", "lena.vogt", ""),
        ("posted", "lena.vogt", ""),
        ("waiting", "", ""),
    ):
        assert expected in told
    order = [kind for kind, *_ in told]
    assert order.index("task offered") < order.index("task opened") < order.index("task signed")


def test_exception_is_opened_assigned_answered_and_closed(company: Company) -> None:
    karim = company.person("karim.benali")
    karim.act(company.task("D04"), "resolve", "forty more are on their way")
    lines = [{"order_line": "1", "quantity": "40", "unit": "KGM"}]
    body = {"number": "GR-2", "order": "PO-2026-0104", "received_on": "2026-03-27", "received_by": "x", "lines": lines}
    assert karim.put("receipt", "GR-2", body).status_code == 200
    company.work()
    told = [row.kind for row in milestones(company, "D04") if row.kind.startswith("exception")]
    assert told == [
        "exception opened",
        "exception assigned",
        "exception answered",
        "exception assigned",
        "exception closed",
    ]
    parties = [row.party for row in milestones(company, "D04") if row.kind == "waiting"]
    assert parties == ["receiver", ""]


def test_milestone_belongs_to_the_audit_entry_that_tells_it(company: Company) -> None:
    entries = {entry["seq"]: entry["type"] for entry in company.timeline("D03")}
    told = {row.kind: entries[row.seq] for row in milestones(company, "D03")}
    assert told["received"] == "document.received"
    assert told["exception opened"] == "exception.opened"
    assert told["task offered"] == "task.offered"
    assert told["waiting"] == "waiting.changed"
