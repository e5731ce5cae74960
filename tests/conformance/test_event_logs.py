"""Logs of real purchases: deviations are as often as others counted them; logs of other processes are refused."""

import json
import os
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from tests.acceptance.company import DEMO
from typer.testing import CliRunner, Result

from comptroller.entrypoints.cli.app import app
from comptroller.entrypoints.cli.output import Exit

pytestmark = pytest.mark.conformance

ROOT = os.environ.get("CONFORMANCE_DATA", "")
DATA = Path(ROOT)
NEEDS = pytest.mark.skipif(not ROOT, reason="CONFORMANCE_DATA names no directory")
PROCESS = DEMO.parent / "processes" / "purchase-to-pay.toml"
BIG = "pm4py_logs/tests/compressed_input_data/16_bpic2019_1t_per_variant.xes.gz"


def look(log: str, *more: str) -> Result:
    return CliRunner().invoke(app, ["control", "conformance", str(DATA / log), "--process", str(PROCESS), *more])


def counts(log: str) -> dict[str, int]:
    told: dict[str, Any] = json.loads(look(log, "--summary", "--json").stdout)
    return {kind: count for kind, count in told["deviations"].items() if count}


@NEEDS
def test_a_log_of_every_variant_is_counted_as_others_have_counted_it() -> None:
    expected = json.loads((DATA / "pm4py_logs" / "expected_bpic2019_variants.json").read_text())
    found = counts(BIG)
    named = {
        "cleared without receipt": "cleared_no_GR_or_SES_before",
        "cleared without invoice": "cleared_no_invoice_receipt_before",
        "block never lifted": "cleared_payment_block_set_not_removed",
        "invoice before order": "vendor_invoice_logged_before_PO",
        "price changed after receipt": "price_change_after_GR",
        "invoice cancelled": "cancel_invoice",
        "cleared again": "multi_clear",
    }
    assert {kind: found[kind] for kind in named} == {kind: expected[name] for kind, name in named.items()}


@NEEDS
@pytest.mark.parametrize(("log", "same"), [("2", 5), ("3", 2), ("Other", 24)])
def test_who_ordered_consignment_also_received_it(log: str, same: int) -> None:
    result = look(f"bpic2019_consignment/Log_Cluster_Consignment_{log}.xes.gz", "--json")
    told = [json.loads(line) for line in result.stdout.splitlines()]
    assert Counter(found["kind"] for found in told)["same person ordered and received"] == same
    assert all(found["users"] for found in told if found["kind"].startswith("same person"))


@NEEDS
@pytest.mark.parametrize(
    "log",
    [
        pytest.param("jsonocel/p2p-normal.jsonocel", id="simulated in order"),
        pytest.param("jsonocel/exported-p2p-normal.jsonocel", id="the same, exported"),
    ],
)
def test_a_log_in_order_has_no_deviation(log: str) -> None:
    result = look(f"ocel_p2p/sample_logs/{log}", "--summary", "--json")
    assert (result.exit_code, json.loads(result.stdout)["cases"]) == (Exit.DONE, 80)


@NEEDS
def test_two_formats_of_one_log_say_the_same() -> None:
    formats = ("sqlite/ocel20_example.sqlite", "xmlocel/ocel20_example.xmlocel")
    one, other = (counts(f"ocel_p2p/sample_logs/ocel2/{name}") for name in formats)
    assert one == other
    assert one["cleared without receipt"] == 2


@NEEDS
@pytest.mark.parametrize(
    ("log", "code"),
    [
        pytest.param("pm4py_logs/tests/input_data/receipt.csv", "CONTROL-LOG-07", id="permits"),
        pytest.param("pm4py_logs/tests/input_data/running-example.xes", "CONTROL-LOG-07", id="complaints"),
        pytest.param("ocel_p2p/sample_logs/ocel2/sqlite/logistics.sqlite", "CONTROL-LOG-06", id="containers"),
    ],
)
def test_a_log_of_another_process_is_refused(log: str, code: str) -> None:
    result = look(log)
    assert result.exit_code == Exit.REFUSED
    assert code in result.stderr
