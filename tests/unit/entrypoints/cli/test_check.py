"""`comptroller document check` of what is no invoice: orders and advices are told by what is read of them."""

import json
from pathlib import Path

from tests.unit.adapters.einvoice.test_purchasing import document, order_line, parties
from tests.unit.entrypoints.cli.test_app import run

from comptroller.adapters.einvoice import read
from comptroller.entrypoints.cli.output import Exit


def test_an_order_is_told_by_kind_number_and_lines(tmp_path: Path) -> None:
    content = document("Order", "<cbc:ID>PO-1</cbc:ID>", parties(), order_line("1", "2", "50"))
    (tmp_path / "order.xml").write_bytes(content)
    result = run({}, "document", "check", str(tmp_path / "order.xml"), "--json")
    told = json.loads(result.stdout)
    assert (result.exit_code, told["kind"], told["number"], told["faults"]) == (Exit.DONE, "order", "PO-1", [])
    assert [line["id"] for line in told["lines"]] == ["1"]
    assert "order PO-1, 1 lines, 0 faults" in run({}, "document", "check", str(tmp_path / "order.xml")).stdout


def test_who_hands_an_order_in_as_an_invoice_is_told_where_it_belongs() -> None:
    (fault,) = read(document("DespatchAdvice", "<cbc:ID>D-1</cbc:ID>")).faults
    assert (fault.code, fault.message) == ("DOC-FORMAT-03", "the document is a UBL `DespatchAdvice`, no invoice")
    assert "comptroller intake file" in fault.help
