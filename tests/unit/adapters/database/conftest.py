"""Example rows for the store's parts."""

from datetime import UTC, datetime

import pytest

from comptroller.application import records

NOW = datetime(2026, 3, 27, 8, tzinfo=UTC)


@pytest.fixture
def entry() -> records.EntryRow:
    """An audit entry."""
    return records.EntryRow("case/c1", 1, "case.opened", NOW, b"{}", bytes(32))


@pytest.fixture
def reference() -> records.ReferenceRow:
    """A supplier whose alias list names its own key once more."""
    return records.ReferenceRow("supplier", "S-1", 1, "{}", "d", NOW, "lena.vogt", ("vat/DE1", "supplier/S-1"))
