"""Every query of a unit of work, by its subject, as SQLAlchemy selects that each adapter compiles once.

A query takes the tenant first and answers rows of records and plain values, in the order of its `shape`. A list of keys
travels as one parameter, so that a query has one text however long its list is. On PostgreSQL each key is looked up by
itself (LATERAL behind a fence, OFFSET 0): a plan that was made while the tables were empty must still go by the whole
key when they are full, and the planner would rather take the tenant's rows and filter them.
"""

from collections.abc import Sequence
from typing import Final

from comptroller.adapters.database.queries import audit, cases, company, ledger, search, standing, tasks, work
from comptroller.adapters.database.query import Lookup, Query

_SUBJECTS: Final = (audit, cases, company, ledger, search, standing, tasks, work)


def all_queries() -> Sequence[Query]:
    """Return every query of every subject."""
    found: list[Query] = []
    for value in (value for subject in _SUBJECTS for value in vars(subject).values()):
        match value:
            case Query():
                found.append(value)
            case Lookup(query=query):
                found.append(query)
            case dict() if value and all(isinstance(query, Query) for query in value.values()):
                found.extend(value.values())
    return found
