"""Every use case with the duty that it takes. What is not in one of these tables cannot be done."""

from typing import Final

from comptroller.application.catalogue import cases, documents, figures, master_data, money, people, policy, tasks, work

USE_CASES: Final = (
    *documents.USE_CASES,
    *tasks.USE_CASES,
    *cases.USE_CASES,
    *master_data.USE_CASES,
    *people.USE_CASES,
    *money.USE_CASES,
    *policy.USE_CASES,
    *work.USE_CASES,
    *figures.USE_CASES,
)
"""The whole of what the platform does."""
