"""A backtest beside DuckDB and Polars doing the same by hand: rows a second, and the most memory each takes.

python -m bench.backtest [--json] [--rows 10000000] [--data ../shared/data]

Invoices are drawn from Birmingham's purchase cards where these are at hand (else from amounts of the same spread),
moved into the years that the pack's policy is of, and written to one Parquet file. Every contender reads that file and
sums up what two versions of the accounts-payable policy make of it: cases and money that change, signatures before and
after, in all and by unit. Ours asks all thirty decisions of the invoice process, of both versions; the others are given
what comes out of them for these columns, found by reading the tables, as one query. All sums must be equal, and of some
invoices every outcome of every decision must be, to the byte, that of deciding it by itself. Each contender runs in a
process of its own, with one thread. Time is the processor's, memory the most that it held beyond what it began with.
"""

import argparse
import csv
import gzip
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from bench.report import Figure, rate, report
from comptroller.adapters.bpmn_xml import read as read_bpmn
from comptroller.adapters.columnar.history import History
from comptroller.adapters.columnar.history_count import Count
from comptroller.adapters.columnar.history_file import Backtest
from comptroller.adapters.columnar.history_mapping import read_mapping
from comptroller.adapters.columnar.history_reading import batches_of
from comptroller.adapters.dmn_xml import read as read_dmn
from comptroller.adapters.yaml_reading import read_yaml
from comptroller.domain.packs.backtest import sums_of
from comptroller.domain.packs.chain import Chain
from comptroller.domain.packs.compiling import compile_models

ROOT: Final = Path(__file__).parent.parent
PACK: Final = ROOT / "packs" / "accounts-payable"
EXAMPLE: Final = ROOT / "docs" / "examples" / "backtest"
CARDS: Final = Path("birmingham_pcards", "birmingham_purchase_cards_2014_2018.csv.gz")
NOW: Final = datetime(2026, 3, 27, 8, 0, tzinfo=UTC)
CHANGED: Final = {
    "order-policy.dmn": (b"<text>1000.00<", b"<text>500.00<"),
    "approval-routing.dmn": (b"&gt; 25000.00", b"&gt; 20000.00"),
}
CATEGORIES: Final = ("legal", "utilities", "rent", "software", "marketing", "castings", "travel", "facility services")
CHUNK: Final = 1 << 19
SAMPLE: Final = 300
UNITS: Final = 12

Sums = dict[str, Any]


# ---- invoices --------------------------------------------------------------------------------------------------------


def write_history(path: Path, count: int, data: Path) -> None:
    """Write so many invoices, drawn with a fixed seed."""
    cents, units = _cards(data / CARDS) if (data / CARDS).exists() else _made_up()
    random = np.random.default_rng(2026)
    schema = pa.schema(
        [
            *(("id", pa.int64()), ("amount", pa.decimal128(18, 2)), ("unit", pa.string()), ("supplier", pa.string())),
            *(("day", pa.date32()), ("category", pa.string()), ("related", pa.bool_())),
        ]
    )
    first = (date(2026, 1, 1) - date(1970, 1, 1)).days
    with pq.ParquetWriter(path, schema) as writer:
        for start in range(0, count, CHUNK):
            rows = min(CHUNK, count - start)
            drawn = random.integers(0, len(cents), rows)
            # the cards are small: a share of the invoices is as large as invoices are
            amounts = cents[drawn] * random.choice([1, 1, 1, 1, 10, 100, 1000], rows) + random.integers(0, 100, rows)
            columns = [
                pa.array(np.arange(start, start + rows)),
                _decimals(amounts),
                pa.array(units[drawn]).cast(pa.string()),
                pa.array(np.char.add("S", random.integers(0, 20_000, rows).astype(str))),
                pa.array((first + random.integers(0, 700, rows)).astype(np.int32)).cast(pa.date32()),
                pa.array(np.array(CATEGORIES)[random.integers(0, len(CATEGORIES), rows)]),
                pa.array(random.random(rows) < 0.01),
            ]
            writer.write_batch(pa.RecordBatch.from_arrays(columns, schema=schema))


def _cards(path: Path) -> tuple[Any, Any]:
    """Amounts in pence and directorates of the cards' purchases; refunds are left out."""
    cents, units = [], []
    with gzip.open(path, "rt", newline="") as file:
        for row in csv.DictReader(file):
            text = row["BILLING GROSS AMT"] or row["ORIGINAL GROSS AMT"]
            amount = Decimal(text) if text else Decimal(0)
            if amount > 0:
                cents.append(int(amount * 100))
                units.append(row["directorate"].strip() or "none")
    common = sorted(set(units), key=units.count, reverse=True)[:UNITS]
    return np.array(cents), np.array([unit if unit in common else "other" for unit in units])


def _made_up() -> tuple[Any, Any]:
    random = np.random.default_rng(1)
    cents = np.exp(random.normal(8.5, 1.5, 100_000)).astype(np.int64) + 1
    return cents, np.array([f"unit {number}" for number in random.integers(0, UNITS, len(cents))])


def _decimals(minor: Any) -> Any:
    words = np.zeros(2 * len(minor), np.int64)
    words[::2] = minor
    return pa.Array.from_buffers(pa.decimal128(18, 2), len(minor), [None, pa.py_buffer(words.tobytes())])


# ---- ours ------------------------------------------------------------------------------------------------------------


def chains() -> tuple[Chain, Chain]:
    """The invoice's decisions as they are, and with two thresholds lower."""
    drawn = read_bpmn((PACK / "processes" / "invoice.bpmn").read_bytes())[0]
    assert drawn is not None
    before, after = ([_read(path, changed=changed) for path in _files()] for changed in (False, True))
    return Chain.of(drawn, compile_models(before)[0]), Chain.of(drawn, compile_models(after)[0])


def _files() -> list[Path]:
    return sorted(PACK.glob("decisions/*.dmn"))


def _read(path: Path, *, changed: bool) -> Any:
    content = path.read_bytes()
    if changed and path.name in CHANGED:
        old, new = CHANGED[path.name]
        assert old in content
        content = content.replace(old, new)
    return read_dmn(content)[0]


def ours(path: Path) -> Sums:
    """All decisions of both versions."""
    mapping = read_mapping((EXAMPLE / "mapping.toml").read_bytes())
    facts = mapping.template(read_yaml((EXAMPLE / "facts.yaml").read_bytes()))
    both = chains()
    started = time.process_time()
    tested, total = Backtest(History(*both, facts, NOW), mapping), Count()
    for batch in batches_of(path, mapping):
        total.merge(tested.count(batch))
    sums = {name: _told(sums_of(of)) for name, of in {**total.counted("unit"), **total.counted()}.items()}
    seconds = time.process_time() - started
    _sampled(tested.history, both, next(batches_of(path, mapping)).slice(0, SAMPLE))
    return {"seconds": seconds, "sums": sums, "alone": tested.history.runs}


def _told(sums: Any) -> list[int]:
    return [sums.cases, sums.amount, sums.changed, sums.changed_amount, sums.before.signatures, sums.after.signatures]


def _sampled(history: History, both: tuple[Chain, Chain], rows: Any) -> None:
    for row, told in enumerate(history.outcomes(rows)):
        facts = history.facts_of(history.case(rows, row))
        if repr(told) != repr(tuple(chain.decide(facts, NOW) for chain in both)):
            raise SystemExit(f"deciding by itself comes out otherwise: row {row}")


# ---- by hand ---------------------------------------------------------------------------------------------------------

_FREE: Final = "('legal', 'utilities', 'rent', 'software', 'marketing', 'translation', 'grounds keeping')"


def _signatures(small: int, manager: int) -> str:
    """The number of signatures, 0 where the invoice goes back: read off the tables for what the example's facts are."""
    return f"""case when category not in {_FREE} and amount > {small} then 0 else
        1 + (case when amount > {manager} then 1 else 0 end)
        + (case when amount > 75000 then 1 else 0 end)
        + (case when related then 1 else 0 end)
        + (case when category <> 'legal' and amount > 150000 then 1 else 0 end)
        + (case when amount > 1000000 then 1 else 0 end) end"""


def duckdb(path: Path) -> Sums:
    """One query, over the file itself."""
    import duckdb as database  # noqa: PLC0415 - the other contenders do without it

    connection = database.connect(config={"threads": 1})
    started = time.process_time()
    query = f"""
        with signed as (
            select unit, amount, ({_signatures(1000, 25000)}) as before, ({_signatures(500, 20000)}) as after
            from read_parquet('{path}'))
        select unit, count(*), sum(amount) * 100, count(*) filter (before <> after),
            coalesce(sum(amount) filter (before <> after), 0) * 100, sum(before), sum(after)
        from signed group by rollup (unit)"""
    found = connection.execute(query).fetchall()
    seconds = time.process_time() - started
    return {"seconds": seconds, "sums": {unit or "": [int(each) for each in sums] for unit, *sums in found}}


def polars(path: Path) -> Sums:
    """One lazy query, streamed."""
    import polars as pl  # noqa: PLC0415 - as above

    def signatures(small: int, manager: int) -> Any:
        amount, category = pl.col("amount"), pl.col("category")
        free = category.is_in(["legal", "utilities", "rent", "software", "marketing", "translation", "grounds keeping"])
        steps = [
            amount > manager,
            amount > 75_000,
            pl.col("related"),
            (category != "legal") & (amount > 150_000),
            amount > 1_000_000,
        ]
        signed = 1 + sum((step.cast(pl.Int64) for step in steps), start=pl.lit(0, pl.Int64))
        return pl.when(~free & (amount > small)).then(0).otherwise(signed)

    started = time.process_time()
    signed = pl.scan_parquet(path).select(
        "unit", "amount", before=signatures(1000, 25_000), after=signatures(500, 20_000)
    )
    differs = pl.col("before") != pl.col("after")
    sums = signed.group_by("unit").agg(
        pl.len(),
        pl.col("amount").sum().alias("money"),
        differs.sum().alias("changed"),
        pl.col("amount").filter(differs).sum().alias("changed money"),
        pl.col("before").sum(),
        pl.col("after").sum(),
    )
    found = sums.collect(engine="streaming").rows()
    by_unit = {
        unit: [cases, int(money * 100), changed, int((changed_money or 0) * 100), before, after]
        for unit, cases, money, changed, changed_money, before, after in found
    }
    by_unit[""] = [sum(of) for of in zip(*by_unit.values(), strict=True)]
    return {"seconds": time.process_time() - started, "sums": by_unit}


# ---- figures ---------------------------------------------------------------------------------------------------------

CONTENDERS: Final[dict[str, Callable[[Path], Sums]]] = {"ours": ours, "duckdb": duckdb, "polars": polars}


def contend(name: str, path: Path) -> Sums:
    """Run a contender in a process of its own."""
    words = [sys.executable, "-m", "bench.backtest", "--contender", name, "--file", str(path)]
    environment = {"POLARS_MAX_THREADS": "1", "OMP_NUM_THREADS": "1", "PYTHONPATH": ":".join(filter(None, sys.path))}
    done = subprocess.run(words, env=environment, capture_output=True, text=True, check=False, cwd=ROOT)
    if done.returncode:
        raise SystemExit(f"{name}: {done.stderr}")
    found: Sums = json.loads(done.stdout)
    return found


def figures(count: int, data: Path) -> Iterator[Figure]:
    """Each peer beside ours, over the same file; then how memory grows with rows."""
    with tempfile.TemporaryDirectory() as folder:
        path, tenth = Path(folder, "history.parquet"), Path(folder, "tenth.parquet")
        write_history(path, count, data)
        write_history(tenth, max(1, count // 10), data)
        told = {name: contend(name, path) for name in CONTENDERS}
        small = contend("ours", tenth)
        for name in ("duckdb", "polars"):
            if told[name]["sums"] != told["ours"]["sums"]:
                raise SystemExit(f"{name} comes to other sums: {told[name]['sums']} against {told['ours']['sums']}")
            yield rate(
                f"backtest/rows/{name}", count / told["ours"]["seconds"], count / told[name]["seconds"], "rows/s"
            )
        for name, of in told.items():
            yield Figure(f"backtest/peak memory/{name}", round(of["peak_mib"], 1), "MiB")
        yield Figure("backtest/peak memory/ours, a tenth of the rows", round(small["peak_mib"], 1), "MiB")
        yield Figure("backtest/decisions taken by themselves", told["ours"]["alone"], "decisions")


def _held_mib() -> float:
    """The most that this process has held since it began."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument("--contender", choices=CONTENDERS)
    parser.add_argument("--file", type=Path)
    arguments = parser.parse_args()
    if arguments.contender:
        began = _held_mib()
        told = CONTENDERS[arguments.contender](arguments.file)
        told["peak_mib"] = _held_mib() - began
        print(json.dumps(told))
    else:
        report(list(figures(arguments.rows, arguments.data)), as_json=arguments.json)


if __name__ == "__main__":
    main()
