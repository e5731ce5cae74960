"""Documents to be routed as Arrow record batches: amounts are decimals with two places."""

from collections.abc import Iterator
from typing import Any, Final

import numpy as np
import pyarrow as pa

from bench.routing import COLUMNS

AT_ONCE: Final = 1_000_000


def rows(count: int, seed: int) -> Any:
    """So many documents, which some rule of any table speaks of; small amounts are the commonest."""
    random = np.random.default_rng(seed)
    columns = []
    for column in COLUMNS:
        if column.texts:
            places = pa.array(random.integers(0, len(column.texts), count, np.int32))
            columns.append(pa.array(column.texts).take(places))
        elif column.name == "amount":
            columns.append(_decimals((column.bound * 100 * random.random(count) ** 2).astype(np.int64)))
        else:
            columns.append(pa.array(random.integers(0, column.bound, count, np.int32)))
    return pa.RecordBatch.from_arrays(columns, names=[column.name for column in COLUMNS])


def stream(count: int, seed: int) -> Iterator[Any]:
    """So many documents in batches, each made when it is asked for."""
    for number in range(count // AT_ONCE):
        yield rows(AT_ONCE, seed + number)


def _decimals(cents: Any) -> Any:
    words = np.zeros((len(cents), 2), np.int64)
    words[:, 0] = cents
    return pa.Array.from_buffers(pa.decimal128(18, 2), len(cents), [None, pa.py_buffer(words)])
