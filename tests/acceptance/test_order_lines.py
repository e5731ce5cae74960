"""Lines of an order are added and taken off through the order's own release; what goods or invoices hang on stays."""

from typing import Any, Final

import pytest
from starlette.testclient import TestClient
from tests.acceptance.company import Answer, Company
from tests.acceptance.test_links import signed_in
from tests.acceptance.test_purchasing import release
from tests.acceptance.test_saved_searches import token

ORDER: Final = "PO-2026-0103"  # one line, received and invoiced
NOT_RECEIVED: Final = "PO-2026-0442"
BUYER: Final = "jonas.adler"
NEW: Final = {"name": "Seal kit", "quantity": "10", "unit": "SET", "price": "4.50"}


def sent(client: TestClient, company: Company, number: str = ORDER, **typed: str) -> Answer:
    """The order's form, as it stands, with what was typed into it."""
    order = company.record("order", number)
    versions = company.read(lambda uow: uow.reference_versions("order", number))
    form = {"form_token": token(client), "version": str(versions[-1].version), "status": order["status"]}
    for line in order["lines"]:
        form |= {f"line-{line['id']}-quantity": line["quantity"], f"line-{line['id']}-price": line["price"]}
    return client.post(f"/orders/{number}", data=form | typed)


def typed_line(place: int, **fields: str) -> dict[str, str]:
    like = {"unit": "H87", "cost_centre": "DE-1000", "material_group": "castings", "account": "5100"}
    return {f"new-{place}-{name}": value for name, value in (like | fields).items()}


def with_second_line(company: Company) -> dict[str, Any]:
    """The order with a line that nothing hangs on, as an import brings it."""
    order = company.record("order", ORDER)
    order["lines"].append({"id": "2", "cost_centre": "DE-1000", **NEW})
    assert company.person("importer").put("order", ORDER, order).status_code == 200
    return order


def lines(company: Company) -> list[tuple[str, str]]:
    return [(line["id"], line["name"]) for line in company.record("order", ORDER)["lines"]]


def case_of(answer: Answer) -> str:
    assert answer.status_code == 303, answer.text
    return str(answer.headers["Location"].rpartition("/")[2])


def test_added_line_is_booked_like_the_first_and_waits_for_somebody_else(company: Company) -> None:
    client = signed_in(company, BUYER)
    change = case_of(sent(client, company, **typed_line(1, **NEW)))
    assert len(lines(company)) == 1
    assert release(company, "lena.vogt", change).status_code == 200
    added = company.record("order", ORDER)["lines"][1]
    assert added == {**NEW, "id": "2", "cost_centre": "DE-1000", "material_group": "castings", "account": "5100"}


@pytest.mark.parametrize(
    ("fields", "beside"),
    [({"quantity": ""}, "quantity"), ({"price": "much"}, "price")],
    ids=["no quantity", "a price that is none"],
)
def test_fault_stands_beside_the_field_of_the_new_line(company: Company, fields: dict[str, str], beside: str) -> None:
    client = signed_in(company, BUYER)
    answer = sent(client, company, **typed_line(1), **typed_line(2, **(NEW | fields)))
    assert answer.status_code == 422
    assert f'id="new-2-{beside}-problem"' in answer.text
    assert 'value="Seal kit"' in answer.text


def test_one_more_row_keeps_what_was_typed_and_changes_nothing(company: Company) -> None:
    client = signed_in(company, BUYER)
    answer = sent(client, company, **typed_line(1, **NEW), more="yes")
    assert (answer.status_code, 'id="new-2-name"' in answer.text, 'value="Seal kit"' in answer.text) == (
        200,
        True,
        True,
    )
    assert len(lines(company)) == 1


def test_line_that_nothing_hangs_on_is_taken_off_and_its_number_is_not_used_again(company: Company) -> None:
    with_second_line(company)
    client = signed_in(company, BUYER)
    change = case_of(sent(client, company, **{"line-2-off": "yes"}, **typed_line(1, **NEW | {"name": "Gasket"})))
    assert release(company, "lena.vogt", change).status_code == 200
    assert lines(company) == [("1", "Pump housing NW 80, grey iron"), ("3", "Gasket")]


def test_line_that_goods_came_on_is_not_offered_and_stays_whoever_asks(company: Company) -> None:
    order = with_second_line(company)
    client = signed_in(company, BUYER)
    page = client.get(f"/orders/{ORDER}").text
    assert ('name="line-1-off"' in page, 'name="line-2-off"' in page) == (False, True)
    order["lines"] = order["lines"][1:]
    refused = company.person(BUYER).put("order", ORDER, order)
    assert (refused.status_code, refused.json()["code"]) == (409, "ORDER-LINE-01")


def test_goods_that_come_before_the_release_keep_the_line(company: Company) -> None:
    with_second_line(company)
    change = case_of(sent(signed_in(company, BUYER), company, **{"line-2-off": "yes"}))
    receipt = {
        "number": "GR-2",
        "order": ORDER,
        "received_on": "2026-03-27",
        "received_by": "karim.benali",
        "lines": [{"order_line": "2", "quantity": "4", "unit": "SET"}],
    }
    assert company.person("karim.benali").put("receipt", "GR-2", receipt).status_code == 200
    refused = release(company, "lena.vogt", change)
    assert (refused.status_code, refused.json()["code"]) == (409, "ORDER-LINE-01")
    assert len(lines(company)) == 2


def test_order_keeps_a_line(company: Company) -> None:
    answer = sent(signed_in(company, BUYER), company, NOT_RECEIVED, **{"line-1-off": "yes"})
    assert (answer.status_code, "orders nothing" in answer.text) == (422, True)
