"""The demonstration's records fit the pack and each other: whatever is booked has an account in the entity's chart."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from tests.unit.packs.accounts_payable import ROOT

from comptroller.domain.controls.posting import Accounts
from comptroller.domain.packs import read_pack


def records(name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((ROOT / "demo" / f"{name}.json").read_text())
    return found


ENTITIES = [entity["code"] for entity in records("entities")]


def chart(entity: str) -> set[str]:
    return {account["number"] for account in records("accounts") if account["entity"] == entity}


def of_pack() -> set[str]:
    pack, faults = read_pack({path.name: path.read_bytes() for path in ROOT.glob("*.toml")})
    assert pack is not None, faults
    named = {getattr(pack.accounts, name) for name in Accounts.__slots__ if name != "expense"}
    return named | set(pack.accounts.expense.values())


def named_by_records() -> Iterator[tuple[str, str, str]]:
    """Entity and account of whatever the demonstration's records say where it is booked."""
    for kind in ("orders", "journals"):
        for record in records(kind):
            for line in record["lines"]:
                yield f"{kind} {record.get('number') or record.get('key')}", record["entity"], line["account"]
    for accrual in records("accruals"):
        for name in ("account", "liability_account"):
            yield f"accrual {accrual['id']}", accrual["entity"], accrual[name]


@pytest.mark.parametrize("entity", ENTITIES)
def test_every_account_that_the_pack_posts_to_is_on_file(entity: str) -> None:
    assert of_pack() - chart(entity) == set()


def test_every_account_that_a_record_names_is_on_file() -> None:
    assert [(what, account) for what, entity, account in named_by_records() if account not in chart(entity)] == []


def test_every_account_has_one_name_in_all_charts() -> None:
    names = {(account["number"], account["name"], account["type"]) for account in records("accounts")}
    assert len({number for number, _, _ in names}) == len(names)
