"""Names of things, told apart by type."""

from typing import NewType

TenantId = NewType("TenantId", str)
"""A client of the platform; every key in the database starts with it."""

PersonId = NewType("PersonId", str)
"""A principal: a person, an agent, an integration or the system itself."""
