"""The demonstration documents end as the pack says they do, the ledger balances, and loading again changes nothing."""

import json
from collections import Counter
from collections.abc import Sequence
from contextlib import chdir
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from tests.acceptance.company import DEMO, ROOT, TENANT, Company, demo_documents

from comptroller.adapters.database.migration import engine_url
from comptroller.adapters.database.schema import METADATA
from comptroller.application.casework.decision_record import read_record
from comptroller.application.dispatcher import Request
from comptroller.application.ports.store import UnitOfWork
from comptroller.application.presenting.figures import ShowOverview
from comptroller.entrypoints.cli.demo import Demonstration

RACING = ("D50a", "D50b")
ONE_WAY = sorted(set(demo_documents()) - {"D20", *RACING})


@pytest.mark.parametrize("document", ONE_WAY)
def test_document_ends_as_expected(shared_company: Company, document: str) -> None:
    case, expected = shared_company.case(document), demo_documents()[document]["expected"]
    assert (case["status"], case["outcome"]) == (expected["status"], expected["outcome"])
    assert sorted(case["exception_types"]) == sorted(expected["exceptions"])


@pytest.mark.parametrize("document", ONE_WAY)
def test_next_are_those_who_are_expected(shared_company: Company, document: str) -> None:
    """A route's later signers are asked only after the first, so the named ones may be more than those who wait."""
    case, expected = shared_company.case(document), demo_documents()[document]["expected"]
    waiting = {item["person_or_role"] for item in case["waiting_for"]}
    assert waiting <= set(expected["who"])
    assert bool(waiting) == (expected["status"] == "waiting" and expected["outcome"] != "parked")


@pytest.mark.parametrize("document", [d for d in ONE_WAY if demo_documents()[d]["expected"]["status"] == "posted"])
def test_touchless_document_was_touched_by_nobody(shared_company: Company, document: str) -> None:
    assert shared_company.case(document)["tasks"] == []


@pytest.mark.parametrize("document", ONE_WAY)
def test_no_reason_is_given_twice(shared_company: Company, document: str) -> None:
    reasons = [(reason["code"], reason["text"]) for reason in shared_company.case(document)["reasons"]]
    assert len(set(reasons)) == len(reasons)


@pytest.mark.parametrize("document", [d for d in ONE_WAY if "mail" in demo_documents()[d]])
def test_what_lay_in_the_mailbox_was_received_when_the_mailbox_says(shared_company: Company, document: str) -> None:
    facts, case_id = demo_documents()[document], shared_company.case_of(document)
    received = datetime.fromisoformat(facts["received_at"])
    assert datetime.fromisoformat(shared_company.case(document)["received_at"]) == received
    first, *_ = [entry for entry in shared_company.timeline(document) if entry["type"] == "document.received"]
    assert datetime.fromisoformat(first["data"]["arrival"]["received_at"]) == received
    instants = {each.kind: each.at for each in shared_company.read(lambda uow: uow.milestones(case_id))}
    assert instants["received"] == received
    assert instants["registered"] >= datetime.fromisoformat("2026-03-27T09:00:00+01:00")


def test_same_bytes_open_no_second_case(shared_company: Company) -> None:
    first = shared_company.case_of("D01")  # fails when there are two
    answers = shared_company.read(lambda uow: uow.command("tomasz.zielinski", "demo-D20"))
    assert answers is not None
    assert json.loads(answers.answer)["rejection"]["code"] == "DOCUMENT-SAME-01"
    assert first in json.loads(answers.answer)["rejection"]["message"]


def test_exactly_one_of_two_that_do_not_both_fit_is_posted(shared_company: Company) -> None:
    cases = {document: shared_company.case(document) for document in RACING}
    assert Counter(case["status"] for case in cases.values()) == {"posted": 1, "waiting": 1}
    (held,) = [case for case in cases.values() if case["status"] == "waiting"]
    assert held["exception_types"] == ["quantity"]
    assert [item["person_or_role"] for item in held["waiting_for"]] == ["karim.benali"]


def test_control_totals_are_those_of_the_data_set(shared_company: Company) -> None:
    """Summed from what was stored; D20 counts as received, what is to be keyed as its page shows it."""
    totals: dict[str, list[Decimal]] = {}
    for document in demo_documents():
        facts = demo_documents()[document]
        canonical = shared_company.case("D01" if document == "D20" else document)["document"]["canonical"]
        canonical = canonical or {"currency": facts["currency"], "totals": facts}
        row = totals.setdefault(canonical["currency"], [Decimal(0)] * 4)
        sign = -1 if facts.get("kind") == "credit note" else 1
        stated = (Decimal(canonical["totals"].get(name, "0")) * sign for name in ("net", "tax", "gross"))
        amounts = [Decimal(1), *stated]
        totals[canonical["currency"]] = [sum(pair, Decimal(0)) for pair in zip(row, amounts, strict=True)]
    expected = json.loads((DEMO / "documents.json").read_text())["control_totals"]
    assert totals == {
        row["currency"]: [Decimal(row["documents"]), Decimal(row["net"]), Decimal(row["tax"]), Decimal(row["gross"])]
        for row in expected
    }


def test_an_amended_order_is_no_document_that_was_received(company: Company) -> None:
    def totals() -> Any:
        return company.platform.dispatcher.execute(TENANT, Request("clara.weiss", ShowOverview())).completeness.totals

    before, order = totals(), company.record("order", "PO-2026-0103")
    order["lines"][0]["price"] = "325.00"
    assert company.person("jonas.adler").put("order", "PO-2026-0103", order).json()["case_id"]
    assert totals() == before


def test_a_document_that_nobody_has_keyed_is_named_beside_the_control_totals(shared_company: Company) -> None:
    overview = shared_company.platform.dispatcher.execute(TENANT, Request("clara.weiss", ShowOverview()))
    assert shared_company.case("D49")["outcome"] == "to key"
    assert overview.completeness.without_amounts == 1


def test_every_document_that_was_received_stands_in_one_line_and_the_lines_add_up(shared_company: Company) -> None:
    whole = shared_company.platform.dispatcher.execute(TENANT, Request("clara.weiss", ShowOverview())).completeness
    assert (whole.cases.documents, whole.again.documents, whole.received.documents) == (50, 1, 51)
    assert sum(row.documents for row in whole.rows) == 50
    assert whole.currencies == ("EUR", "GBP", "USD")
    for place, total in enumerate(whole.totals):
        parts = [*(row.gross[place] for row in whole.rows), whole.again.gross[place]]
        assert sum(parts) == whole.received.gross[place] == total.gross
    expected = {
        row["currency"]: Decimal(row["gross"])
        for row in json.loads((DEMO / "documents.json").read_text())["control_totals"]
    }
    to_key = Decimal(demo_documents()["D49"]["gross"])  # whose amounts nobody knows yet
    assert {total.currency: total.gross for total in whole.totals} == expected | {"EUR": expected["EUR"] - to_key}


def test_every_journal_balances_in_both_currencies(shared_company: Company) -> None:
    journals = shared_company.read(lambda uow: uow.journals())
    posted = [d for d, facts in demo_documents().items() if facts["expected"]["status"] == "posted"]
    booked = [journal for journal, _ in journals if journal.kind == "invoice"]
    assert len(booked) == len(posted) + 1  # and one of D50a, D50b
    for journal, lines in journals:
        assert sum(line.amount for line in lines) == 0, journal.text
        assert sum(line.local_amount for line in lines) == 0, journal.text
    assert all(difference == 0 for _, difference in shared_company.read(lambda uow: uow.ledger_differences()))


def test_nothing_is_posted_in_a_closed_period(shared_company: Company) -> None:
    assert {journal.period for journal, _ in shared_company.read(lambda uow: uow.journals())} == {"2026-03"}


def test_an_accrual_is_taken_back_by_the_document_that_it_stood_for(shared_company: Company) -> None:
    case = shared_company.case_of("D40")
    (reversal,) = [
        (journal, lines)
        for journal, lines in shared_company.read(lambda uow: uow.journals())
        if journal.kind == "reversal"
    ]
    assert (reversal[0].case_id, reversal[0].period) == (case, "2026-03")
    assert {line.account: line.amount for line in reversal[1]} == {"1590": Decimal(-4700), "1595": Decimal(4700)}


def test_what_is_decided_as_policy_means_it_leaves_no_fault(shared_company: Company) -> None:
    def noted(uow: UnitOfWork) -> set[tuple[str, str]]:
        rows = [row for case in uow.cases(limit=100) for row in uow.decisions(case.case_id)]
        return {(row.decision, message) for row in rows for _, _, message in read_record(row)["faults"]}

    assert shared_company.read(noted) == set()


def test_audit_log_verifies(shared_company: Company) -> None:
    report = shared_company.person("samuel.grant").get("/audit/verification")
    assert (report["ok"], report["first_bad"], report["unsequenced"]) == (True, None, 0)
    assert report["size"] > 0


def test_no_bank_account_lies_open_in_the_database(shared_company: Company) -> None:
    suppliers = shared_company.read(lambda uow: uow.reference_list("supplier"))
    accounts = {account["account"] for row in suppliers for account in json.loads(row.body).get("accounts", ())}
    assert len(accounts) > 10
    engine = sa.create_engine(engine_url(shared_company.platform.settings.database_url))
    with engine.connect() as connection:
        stored = {name: connection.exec_driver_sql(f'SELECT * FROM "{name}"').all() for name in METADATA.tables}
    engine.dispose()
    assert len(stored["document"]) > 10
    found = {(name, account) for name, rows in stored.items() for account in accounts if account in _text(rows)}
    assert not found


def _text(rows: Sequence[Any]) -> str:
    return " ".join(
        value.decode("latin-1") if isinstance(value, bytes) else str(value) for row in rows for value in row
    )


def everything(uow: UnitOfWork) -> dict[str, Any]:
    cases = uow.cases(limit=200)
    return {
        "cases": cases,
        "tasks": [uow.case_tasks(case.case_id) for case in cases],
        "documents": [uow.case_documents(case.case_id) for case in cases],
        "journals": uow.journals(),
        "outbox": [uow.case_outbox(case.case_id) for case in cases],
        "entries": uow.log_entries(0, 100_000),
        "unsequenced": uow.unsequenced_count(),
        "reference": [uow.reference_list(kind) for kind in ("person", "supplier", "order", "receipt", "rate")],
    }


def test_loading_again_changes_nothing_and_says_the_same(company: Company) -> None:
    before = company.read(everything)
    with chdir(ROOT):
        demonstration = Demonstration(company.platform, quiet=True)
        keys = demonstration.found()
        facts = demonstration.facts(demonstration.hand_in(), keys)
    assert company.read(everything) == before
    assert keys == company.keys
    cases = {row["document"]: row["case_id"] for row in facts["documents"]}
    assert cases["D20"] == cases["D01"]
    assert {row["document"]: row["status"] for row in facts["documents"]}["D20"] == "refused"
    assert facts["audit"]["ok"]
