"""A PostgreSQL connection that sends several prepared statements and waits once.

The unit of work's cost is its round trips, and psycopg's cursors pay for conveniences that the store does not use. So
the store drives libpq's pipeline mode itself, through psycopg's own binding of it (`psycopg.pq`): each statement is
prepared once a connection, parameters and results travel as text.
"""

import select
from collections.abc import Sequence
from datetime import datetime
from typing import Final

import psycopg
from psycopg import pq

from comptroller.adapters.database.session import TransactionLost

LOST: Final = {
    "40001": "another transaction was faster",  # serialization_failure, and what `comptroller_require` raises
    "40P01": "deadlock",
    "55P03": "a key was held for too long",
    "23505": "a row with this key exists",
}

REPLAN_AFTER_MIN: Final = 32
REPLAN_AFTER_MAX: Final = 8_192
"""Statements after which a connection plans again: the first plans were made for empty tables, and until the server
has gathered statistics only their growing size tells it better. The number doubles from the least to the most."""

Parameter = str | int | bytes | datetime | Sequence[str] | Sequence[int]
Request = tuple[str, Sequence[Parameter]]
"""A statement's text with `$1`, `$2`, ... and its parameters."""


class Wire:
    """One connection in pipeline mode."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self.connection = connection
        self._libpq = connection.pgconn
        self._libpq.enter_pipeline_mode()
        self._names: dict[str, bytes] = {}
        self._name_count = 0
        self._until_replan = self._replan_after = REPLAN_AFTER_MIN
        self.broken = False  # something was sent whose answer nobody has read
        self._readable = select.poll()
        self._readable.register(self._libpq.socket, select.POLLIN)
        self._either = select.poll()
        self._either.register(self._libpq.socket, select.POLLIN | select.POLLOUT)

    def run(self, requests: Sequence[Request]) -> list[pq.abc.PGresult]:
        """Send the requests, wait, and return one result each; the first error is raised, the rest was not run."""
        libpq = self._libpq
        self.broken = True
        prepared: list[str] = []
        kinds: list[bool] = []
        self._until_replan -= len(requests)
        if self._until_replan < 0 and libpq.transaction_status == pq.TransactionStatus.IDLE:
            self._until_replan = self._replan_after = min(2 * self._replan_after, REPLAN_AFTER_MAX)
            libpq.send_query_params(b"DISCARD PLANS", None)
            libpq.pipeline_sync()  # a statement of its own: BEGIN may follow
            kinds += [False, False]
        for text, parameters in requests:
            name = self._names.get(text)
            if name is None:
                self._name_count += 1
                name = self._names[text] = b"s%d" % self._name_count
                libpq.send_prepare(name, text.encode())
                prepared.append(text)
                kinds.append(False)
            libpq.send_query_prepared(name, [_encode(value) for value in parameters])
            kinds.append(True)
        libpq.pipeline_sync()
        while libpq.flush():
            self._either.poll()
            libpq.consume_input()
        results: list[pq.abc.PGresult] = []
        error: pq.abc.PGresult | None = None
        for answers in kinds:
            result = self._result()
            if result.status == pq.ExecStatus.FATAL_ERROR and error is None:
                error = result
            if answers:
                results.append(result)
        self._result()  # the synchronisation point
        self.broken = False
        if error is not None:
            for text in prepared:  # whether it was prepared is not known, and no name is used twice
                del self._names[text]
            raise _error(error)
        return results

    def _result(self) -> pq.abc.PGresult:
        libpq = self._libpq
        while True:
            while libpq.is_busy():
                self._readable.poll()
                libpq.consume_input()
            result = libpq.get_result()
            if result is not None:
                return result
            if libpq.status == pq.ConnStatus.BAD:
                raise psycopg.OperationalError(libpq.get_error_message())


def _error(result: pq.abc.PGresult) -> Exception:
    state = (result.error_field(pq.DiagnosticField.SQLSTATE) or b"").decode()
    message = result.get_error_message()
    if state in LOST:
        return TransactionLost(f"{LOST[state]}: {message}")
    if not state:
        return psycopg.OperationalError(message)
    try:
        return psycopg.errors.lookup(state)(message)
    except KeyError:
        return psycopg.DatabaseError(message)


def _encode(value: Parameter) -> bytes:
    if isinstance(value, str):
        return value.encode()
    if isinstance(value, bytes):  # text already, such as encoded JSON
        return value
    if isinstance(value, int):
        return b"%d" % value
    if isinstance(value, datetime):
        return value.isoformat().encode()
    return _array(value).encode()


def _array(values: Sequence[str] | Sequence[int]) -> str:
    return "{" + ",".join(str(one) if isinstance(one, int) else _quoted(one) for one in values) + "}"


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
