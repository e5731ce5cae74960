"""A history in columns: each row as if decided by itself, whatever is told apart, in one batch or many."""

import csv
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from random import Random
from typing import Any

import pyarrow as pa
import pyarrow.parquet
import pytest
from tests.unit.packs.accounts_payable import ROOT, definitions, in_order, models

from comptroller.adapters.columnar import Refused
from comptroller.adapters.columnar.history import History
from comptroller.adapters.columnar.history_count import Count
from comptroller.adapters.columnar.history_file import Backtest, find_case
from comptroller.adapters.columnar.history_mapping import MappingRefused, read_mapping
from comptroller.adapters.columnar.history_reading import batches_of
from comptroller.adapters.dmn_xml import read
from comptroller.adapters.yaml_reading import read_yaml
from comptroller.domain.decisions import compile_model
from comptroller.domain.packs.backtest import Course, Pair, sums_of
from comptroller.domain.packs.chain import Chain

NOW = datetime(2026, 3, 27, 8, 0, tzinfo=UTC)
EXAMPLE = Path(__file__).parents[4] / "docs" / "examples" / "backtest"
CHANGED = {
    "order-policy": (b"<text>1000.00<", b"<text>500.00<"),
    "approval-routing": (b"&gt; 25000.00", b"&gt; 20000.00"),
}
MAPPING = read_mapping((EXAMPLE / "mapping.toml").read_bytes())


DISCOUNT = {
    "supplier terms": {"days": Decimal(30), "discount days": Decimal(2), "discount percent": Decimal(3), "due": None}
}


@lru_cache
def chains() -> tuple[Chain, Chain]:
    """The invoice's decisions as they are, and with two thresholds lower."""
    changed = dict(models())
    for name, (old, new) in CHANGED.items():
        content = (ROOT / "decisions" / f"{name}.dmn").read_bytes()
        assert old in content
        model = read(content.replace(old, new))[0]
        assert model is not None
        others = [each for path, each in definitions().items() if path != f"decisions/{name}.dmn"]
        compiled = compile_model(model, others)
        changed |= dict.fromkeys(compiled.decision_names, compiled)
    before, after = (Chain(tuple((name, of[name]) for name in in_order())) for of in (models(), changed))
    return before, after


def given(**more: Any) -> dict[str, Any]:
    """The example's facts with leaves in the places of columns."""
    return MAPPING.template({**read_yaml((EXAMPLE / "facts.yaml").read_bytes()), **more})


def batch(seed: int, rows: int) -> Any:
    """Invoices around the thresholds, some far from them, some without an amount."""
    random = Random(seed)
    edges = [0, 50_000, 100_000, 2_000_000, 2_500_000, 5_000_000, 7_500_000, 15_000_000, 100_000_000]
    amounts = [
        random.choice([random.choice(edges) + random.randint(-2, 2), random.randint(-9_000, 9_000_000)])
        for _ in range(rows)
    ]
    texts = ["software", "legal", "castings", "facility services", None]
    days = [date(2026, 1, 1).toordinal() + random.randint(-200, 400) for _ in range(rows)]
    return pa.RecordBatch.from_pydict(
        {
            "id": [f"R{number}" for number in range(rows)],
            "amount": pa.array(
                [None if random.random() < 0.03 else Decimal(amount).scaleb(-2) for amount in amounts],
                pa.decimal128(18, 2),
            ),
            "unit": [random.choice(["Works", "Head office"]) for _ in range(rows)],
            "supplier": [random.choice("ABC") for _ in range(rows)],
            "day": pa.array([date.fromordinal(day) for day in days], pa.date32()),
            "category": pa.array([random.choice(texts) for _ in range(rows)], pa.string()),
            "related": pa.array([random.choice([True, False, None]) for _ in range(rows)], pa.bool_()),
        }
    )


def alone(history: History, rows: Any, row: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """All outcomes of a row, each version decided by itself."""
    facts = history.facts_of(history.case(rows, row))
    before, after = (chain.decide(facts, NOW) for chain in chains())
    return before, after


@pytest.mark.parametrize(
    ("facts", "dense"),
    [
        pytest.param({}, 1 << 24, id="kinds in a table without gaps"),
        pytest.param({}, 1, id="kinds by sorting"),
        pytest.param({"net": "amount"}, 1 << 24, id="a fact that something is computed from"),
        pytest.param({"posting date": "day"}, 1 << 24, id="a day whose year counts"),
        pytest.param({"order date": "day"}, 1 << 24, id="a discount that waiting loses"),
    ],
)
def test_every_row_is_as_if_decided_by_itself(facts: dict[str, str], dense: int) -> None:
    mapping = read_mapping((EXAMPLE / "mapping.toml").read_bytes())
    template = given()
    leaf = mapping.template({})
    template |= {fact: leaf[column] if column in leaf else leaf["decision date"] for fact, column in facts.items()}
    template |= DISCOUNT if "order date" in facts else {}
    history = History(*chains(), template, NOW, dense=dense)
    few = 60 if "net" in facts else 200
    for seed in (1, 2):
        rows = batch(seed, few)
        pairs = history.decide(rows)
        places = list(range(0, few, few // 8))
        told = history.outcomes(rows.take(pa.array(places)))
        for row, outcomes in zip(places, told, strict=True):
            before, after = expected = alone(history, rows, row)
            assert repr(outcomes) == repr(expected)
            assert history.pairs[pairs[row]] == Pair(Course.of(before), Course.of(after), before != after)
    assert len({pair.differs for pair in history.pairs}) == 2
    lost = {pair.before.discount_lost for pair in history.pairs}
    assert lost == ({Decimal(0), Decimal(3)} if "order date" in facts else {Decimal(0)})
    assert history.runs < 2 * 2 * len(chains()[0].steps) * few / 2, "rows do not share their decisions"


def test_batches_of_any_size_give_the_same_sums() -> None:
    rows = batch(3, 210)
    sums = []
    for size in (210, 35):
        tested, total = Backtest(History(*chains(), given(), NOW), MAPPING), Count()
        for first in range(0, 210, size):
            total.merge(tested.count(rows.slice(first, size)))
        sums.append({by: {name: sums_of(of) for name, of in total.counted(by).items()} for by in _BY})
    assert sums[0] == sums[1]
    whole = sums[0][""][""]
    assert whole.cases == 210
    assert whole.amount == sum(int(each.scaleb(2)) for each in rows.column("amount").to_pylist() if each is not None)
    for by in _BY:
        assert sum(each.changed_amount for each in sums[0][by].values()) == whole.changed_amount


_BY = ("", "unit", "supplier", "period")


def test_a_file_of_either_kind_is_read_as_the_mapping_says(tmp_path: Path) -> None:
    read_csv = pa.Table.from_batches(batches_of(EXAMPLE / "history.csv", MAPPING))
    pyarrow.parquet.write_table(read_csv, tmp_path / "history.parquet")
    again = pa.Table.from_batches(batches_of(tmp_path / "history.parquet", MAPPING))
    assert again.to_pylist() == read_csv.to_pylist()
    with (EXAMPLE / "history.csv").open() as file:
        lines = list(csv.DictReader(file))
    assert [row["id"] for row in read_csv.to_pylist()] == [line["id"] for line in lines]
    assert [row["amount"] for row in read_csv.to_pylist()] == [
        Decimal(line["amount"]) if line["amount"] else None for line in lines
    ]
    found = find_case(batches_of(EXAMPLE / "history.csv", MAPPING), MAPPING, "H-07", lambda rows, row: (rows, row))
    assert found[0].column("amount")[found[1]].as_py() == Decimal("21500.00")
    assert find_case(batches_of(EXAMPLE / "history.csv", MAPPING), MAPPING, "H-99", lambda _, row: row) is None


@pytest.mark.parametrize(
    ("change", "told"),
    [
        pytest.param((b"[case]", b"[cases]"), "unknown: cases", id="a table of another name"),
        pytest.param((b'unit = "unit"', b""), "names the columns", id="a column of the case is missing"),
        pytest.param((b'"decimal(2)"', b'"float"'), "no known type", id="a type that is none"),
        pytest.param((b"[case]", b"[case"), "no TOML", id="no TOML"),
    ],
)
def test_a_mapping_that_says_nothing_is_refused(change: tuple[bytes, bytes], told: str) -> None:
    content = (EXAMPLE / "mapping.toml").read_bytes()
    assert change[0] in content
    with pytest.raises(MappingRefused, match=told):
        read_mapping(content.replace(*change, 1))


def test_a_place_that_no_fact_has_is_refused() -> None:
    mapping = read_mapping(b'[case]\nid="i"\namount="a"\nunit="u"\nsupplier="s"\nday="d"\n[facts]\n"lines/0/net"="a"\n')
    with pytest.raises(MappingRefused, match="lines/0/net"):
        mapping.template({"lines": []})


def test_a_column_that_is_not_there_is_told(tmp_path: Path) -> None:
    (tmp_path / "other.csv").write_text("id,amount\n1,2.00\n")
    with pytest.raises(MappingRefused, match=r"other\.csv"):
        list(batches_of(tmp_path / "other.csv", MAPPING))


def test_floats_are_no_amounts() -> None:
    rows = batch(1, 5)
    floats = rows.set_column(rows.schema.get_field_index("amount"), "amount", pa.array([1.0] * 5))
    with pytest.raises(Refused, match="amount"):
        History(*chains(), given(), NOW).decide(floats)
