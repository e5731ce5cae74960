"""Every document of the outside kits of purchasing: read, or refused by the code of what says nothing to match with."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from lxml import etree

from comptroller.adapters.einvoice import read_purchase
from comptroller.domain.documents.purchase import PurchaseDocument, PurchaseKind

pytestmark = pytest.mark.conformance

ROOT: Final = os.environ.get("CONFORMANCE_DATA", "")
MISSING: Final = pytest.param("", marks=pytest.mark.skip(reason="CONFORMANCE_DATA names no directory"))
READ: Final = {
    "Order": PurchaseKind.ORDER,
    "OrderChange": PurchaseKind.ORDER_CHANGE,
    "OrderCancellation": PurchaseKind.ORDER_CANCELLATION,
    "DespatchAdvice": PurchaseKind.DESPATCH_ADVICE,
}
REFUSED: Final = {"OrderResponse", "ApplicationResponse", "Catalogue", "RequestForQuotation"}


def examples() -> Iterator[str]:
    """Every whole document of the kits; `unit-*` hold sets of small tests, `snippets` pieces of documents."""
    kit = Path(ROOT) / "einvoice"
    for path in sorted([*(kit / "peppol_orders").rglob("*.xml"), *(kit / "oca_edi").rglob("UBL-*.xml")]):
        if "unit-" not in str(path) and "snippets" not in path.parts:
            yield str(path.relative_to(kit))


@pytest.mark.parametrize("file", list(examples()) if ROOT else [MISSING])
def test_every_example_is_read_or_refused_by_code(file: str) -> None:
    data = (Path(ROOT) / "einvoice" / file).read_bytes()
    root = etree.fromstring(data)
    name = etree.QName(root).localname
    found = read_purchase(data)
    if name in REFUSED:
        assert isinstance(found, tuple)
        assert [fault.code for fault in found] == ["PURCHASE-KIND-01"]
        return
    assert isinstance(found, PurchaseDocument)
    assert (found.kind, found.faults) == (READ[name], ())
    assert found.order
    lines = root.xpath("count(//*[local-name()='OrderLine' or local-name()='DespatchLine'])")
    assert len(found.body.get("lines", ())) + len(found.removed) == lines
