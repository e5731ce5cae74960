"""The peers of the bulk bench, each in a process of its own that can be stopped.

python -m bench.bulk_peers PEER SIZE SHAPE POLICY ROWS ALL FILE

Each gets the table in its own words and the first so many of all Arrow rows, and one thread. Polars and DuckDB find the
number of the rule in one expression or join; what the rule gives is then taken by position, as ours is, and the time
counts both: texts of a dictionary, and numbers of 64 bits, which are less to write than our decimals. For the range
join every rule is taken apart into single texts, so that DuckDB can hash these and compares numbers only. zen-engine
knows neither Arrow nor decimals: it gets a dictionary with floats for each row, made before the time counts.
"""

import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from itertools import product
from typing import Any, Final, TypeAlias

import duckdb
import numpy as np
import pyarrow as pa
import zen

from bench.bulk_rows import rows
from bench.routing import COLUMNS, OUTPUTS, Cell, Column, Interval, Routing, Row, routing
from bench.routing_zen import zen_content

Decide: TypeAlias = Callable[[Any], Any]
"""From a record batch, or what was made of it, to the numbers of the rules from 0."""

SEED: Final = 2
"""Which rows are compared and timed."""

_TURNS: Final = 3
_ENOUGH_S: Final = 5.0


def polars_when(table: Routing) -> Decide:
    """One chain of when and then."""
    os.environ["POLARS_MAX_THREADS"] = "1"  # read when it is imported
    import polars as pl  # noqa: PLC0415 - as above

    def tests(column: Column, cell: Cell) -> Iterator[Any]:
        value = pl.col(column.name)
        if isinstance(cell, Interval):
            if cell.low is not None:
                yield value >= cell.low
            if cell.high is not None:
                yield value < cell.high
        elif cell is not None:
            yield value.is_in(list(cell))

    chain: Any = pl
    for number, row in enumerate(table.rows):
        met = [test for column, cell in zip(COLUMNS, row.cells, strict=True) for test in tests(column, cell)]
        chain = chain.when(pl.all_horizontal(met or [pl.lit(value=True)])).then(pl.lit(number, pl.Int32))
    rule = chain.otherwise(None).alias("rule")
    return lambda batch: pl.DataFrame(batch).lazy().select(rule).collect().to_arrow()["rule"]


def duckdb_case(table: Routing) -> Decide:
    """One CASE."""
    branches = " ".join(f"WHEN {_condition(row)} THEN {number}" for number, row in enumerate(table.rows))
    connection = _duckdb()
    query = f"SELECT CASE {branches} END AS rule FROM batch"

    def decide(batch: Any) -> Any:
        connection.register("batch", batch)
        return connection.sql(query).to_arrow_table()["rule"]

    return decide


def _condition(row: Row) -> str:
    tests = []
    for column, cell in zip(COLUMNS, row.cells, strict=True):
        if isinstance(cell, Interval):
            tests += [] if cell.low is None else [f"{column.name} >= {cell.low}"]
            tests += [] if cell.high is None else [f"{column.name} < {cell.high}"]
        elif cell is not None:
            texts = ", ".join(f"'{text}'" for text in cell)
            tests.append(f"{column.name} IN ({texts})")
    return " AND ".join(tests) or "TRUE"


def duckdb_range_join(table: Routing) -> Decide:
    """A join with the rules: texts are equal, numbers lie between; the first rule of each row counts."""
    connection = _duckdb()
    lines = pa.Table.from_pylist([line for number, row in enumerate(table.rows) for line in _lines(number, row)])
    connection.register("lines", lines)
    connection.execute("CREATE TABLE rules AS SELECT * FROM lines")
    met = " AND ".join(
        f"batch.{column.name} = rules.{column.name}"
        if column.texts
        else f"batch.{column.name} >= rules.{column.name}_low AND batch.{column.name} < rules.{column.name}_high"
        for column in COLUMNS
    )
    query = f"SELECT id, min(rule) AS rule FROM batch JOIN rules ON {met} GROUP BY id"

    def decide(batch: Any) -> Any:
        numbered = batch.append_column("id", pa.array(np.arange(batch.num_rows)))
        connection.register("batch", numbered)
        found = connection.sql(query).to_arrow_table()
        in_order = np.empty(batch.num_rows, np.int32)
        in_order[found["id"].to_numpy()] = found["rule"].to_numpy()
        return pa.array(in_order)

    return decide


def _lines(number: int, row: Row) -> Iterator[dict[str, Any]]:
    """A rule for single texts."""
    parts: list[list[dict[str, Any]]] = []
    for column, cell in zip(COLUMNS, row.cells, strict=True):
        if column.texts:
            parts.append([{column.name: text} for text in (cell or column.texts)])
        else:
            low, high = cell if isinstance(cell, Interval) else (None, None)
            bounds = {f"{column.name}_low": low or 0, f"{column.name}_high": high or column.bound}
            parts.append([bounds])
    for line in product(*parts):
        yield {"rule": number} | {name: value for part in line for name, value in part.items()}


def _duckdb() -> Any:
    connection = duckdb.connect()
    connection.execute("SET threads = 1")
    connection.execute("SET max_expression_depth = 100000")
    return connection


def zen_engine(table: Routing) -> Decide:
    """zen-engine with its static loader, row by row."""
    engine = zen.ZenEngine({"loader": {"type": "static", "content": {"routing": zen_content(table)}}})
    return lambda documents: [engine.evaluate("routing", document)["result"] for document in documents]


PEERS: Final[dict[str, Callable[[Routing], Decide]]] = {
    "polars": polars_when,
    "duckdb-case": duckdb_case,
    "duckdb-range-join": duckdb_range_join,
    "zen": zen_engine,
}


def main() -> None:
    """Decide, say how long it took, and leave the answers in the file."""
    name, size, shape, policy, count, every, file = sys.argv[1:]
    pa.set_cpu_count(1)
    table, batch = routing(int(size), shape, policy), rows(int(every), SEED).slice(0, int(count))
    asked = [{**row, "amount": float(row["amount"])} for row in batch.to_pylist()] if name == "zen" else batch
    decide = PEERS[name](table)
    outputs = pa.Table.from_pylist([row.outputs for row in table.rows])
    outputs = outputs.set_column(0, "role", outputs["role"].combine_chunks().dictionary_encode())
    best, spent = float("inf"), 0.0
    for _ in range(_TURNS):
        start = time.process_time()
        found = decide(asked) if name == "zen" else outputs.take(decide(asked))
        taken = time.process_time() - start
        best, spent = min(best, taken), spent + taken
        if spent > _ENOUGH_S:
            break
    answers = pa.Table.from_pylist(found) if name == "zen" else found
    with pa.OSFile(file, "wb") as sink, pa.ipc.new_file(sink, answers.schema) as writer:
        writer.write_table(answers.select(OUTPUTS))
    sys.stdout.write(json.dumps({"seconds": best, "rows": int(count)}))


if __name__ == "__main__":
    main()
