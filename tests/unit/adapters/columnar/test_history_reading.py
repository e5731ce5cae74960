"""Files as they come: floats, points in time, values that are none, columns and facts that are misspelt."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet
import pytest
from tests.unit.adapters.columnar.test_history import EXAMPLE, MAPPING, NOW, chains, given

from comptroller.adapters.columnar import Refused
from comptroller.adapters.columnar.history import History
from comptroller.adapters.columnar.history_changes import Changes
from comptroller.adapters.columnar.history_file import Backtest
from comptroller.adapters.columnar.history_mapping import MappingRefused, read_mapping
from comptroller.adapters.columnar.history_reading import batches_of
from comptroller.domain.packs.backtest import Course

HEAD = "id,amount,unit,supplier,day,category,related\n"
LINE = "H-01,180.00,Works,Elbhof Reisen,2026-02-03,facility services,false\n"


def written(path: Path, **columns: Any) -> Path:
    """The example's history as Parquet, with some columns otherwise."""
    table = pa.Table.from_batches(batches_of(EXAMPLE / "history.csv", MAPPING)).slice(0, 3)
    for name, column in columns.items():
        table = table.set_column(table.schema.get_field_index(name), name, column)
    pyarrow.parquet.write_table(table, path)
    return path


def read(path: Path) -> Any:
    return pa.Table.from_batches(batches_of(path, MAPPING))


def test_a_float_is_the_decimal_that_it_is_written_as(tmp_path: Path) -> None:
    for kind in (pa.float64(), pa.float32()):
        path = written(tmp_path / "floats.parquet", amount=pa.array([0.1, 1234.56, None], kind))
        assert read(path).column("amount").to_pylist() == [Decimal("0.10"), Decimal("1234.56"), None]


def test_a_point_in_time_is_its_day_on_its_own_clock(tmp_path: Path) -> None:
    late = [datetime(2026, 2, 3, 23, 30, tzinfo=UTC)] * 3
    for kind, day in ((pa.timestamp("us", "Europe/Berlin"), 4), (pa.timestamp("us"), 3)):
        column = pa.array([each.replace(tzinfo=None) if kind.tz is None else each for each in late], kind)
        path = written(tmp_path / "times.parquet", day=column)
        assert read(path).column("day").to_pylist() == [date(2026, 2, day)] * 3


@pytest.mark.parametrize(
    ("columns", "told"),
    [
        pytest.param(
            {"amount": [1.0, 2.675, 1.0]}, "row 2, column `amount`: `2.675` is no number", id="too many digits"
        ),
        pytest.param({"amount": [1.0, 1.0, float("nan")]}, "row 3, column `amount`: `nan`", id="not a number"),
        pytest.param(
            {"amount": ["1.00", "2,00", "x"]}, "row 2, column `amount`: `2,00`", id="a text that is no number"
        ),
        pytest.param({"day": ["2026-02-01", "", "2026-02-30"]}, "row 2, column `day`: `` is no date", id="no day"),
    ],
)
def test_a_value_that_does_not_fit_is_told_by_row_and_column(
    columns: dict[str, list[Any]], told: str, tmp_path: Path
) -> None:
    path = written(tmp_path / "history.parquet", **{name: pa.array(values) for name, values in columns.items()})
    with pytest.raises(MappingRefused, match=told):
        read(path)


def test_a_column_that_says_nothing_of_itself_must_be_mapped(tmp_path: Path) -> None:
    path = written(tmp_path / "history.parquet", amount=pa.array([1.0, 2.0, 3.0]))
    types = {name: kind for name, kind in MAPPING.types.items() if name != "amount"}
    with pytest.raises(MappingRefused, match=r"`amount` holds floats; say what it is under \[types\]"):
        list(batches_of(path, replace(MAPPING, types=types)))
    with pytest.raises(MappingRefused, match="`amount` is the amount and holds `string`"):
        list(batches_of(EXAMPLE / "history.csv", replace(MAPPING, types=types)))


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("180.00", "18O.00", "row 2, column `amount`: `18O.00` is no number with at most 2 digits behind the point"),
        ("180.00", "180.005", "row 2, column `amount`: `180.005`"),
        ("2026-02-03", "03.02.2026", "row 2, column `day`: `03.02.2026` is no date"),
        ("false", "no", "row 2, column `related`: `no` is no truth value"),
    ],
)
def test_a_line_that_cannot_be_read_is_told_by_row_and_column(old: str, new: str, told: str, tmp_path: Path) -> None:
    (tmp_path / "history.csv").write_text(HEAD + LINE + LINE.replace(old, new))
    with pytest.raises(MappingRefused, match=told):
        read(tmp_path / "history.csv")


@pytest.mark.parametrize(
    ("head", "told"),
    [
        pytest.param(HEAD.replace("supplier", "suplier"), "`supplier` not; near to it: `suplier`", id="misspelt"),
        pytest.param(HEAD.replace("related", "unit"), "`unit` 2 times", id="there twice"),
    ],
)
def test_a_column_that_is_not_there_once_is_told(head: str, told: str, tmp_path: Path) -> None:
    (tmp_path / "history.csv").write_text(head + LINE)
    with pytest.raises(MappingRefused, match=told):
        read(tmp_path / "history.csv")


def test_facts_and_types_that_are_misspelt_are_refused_by_what_is_near() -> None:
    content = (EXAMPLE / "mapping.toml").read_bytes()
    misspelt = read_mapping(content.replace(b'"related party"', b'"relatd party"'))
    known = {name for chain in chains() for step, model in chain.steps for name in model.input_names(step)}
    MAPPING.check_facts(known)
    with pytest.raises(MappingRefused, match="the fact `relatd party`; near to it: `related party`"):
        misspelt.check_facts(known)
    with pytest.raises(MappingRefused, match=r"`types` names `amuont`.* near to `amount`"):
        read_mapping(
            content.replace(b"\namount = ", b"\namuont = ").replace(b'amuont = "amount"', b'amount = "amount"')
        )
    inner = read_mapping(content.replace(b'"related party"', b'"supplier terms/dayz"'))
    with pytest.raises(MappingRefused, match="no place `supplier terms/dayz`"):
        inner.template(given())


def test_an_amount_that_is_too_wide_is_refused_where_no_decision_looks_at_it(tmp_path: Path) -> None:
    facts = {place: column for place, column in MAPPING.facts.items() if column != "amount"}
    types = {name: kind for name, kind in MAPPING.types.items() if name != "amount"}
    mapping = replace(MAPPING, facts=facts, types=types)
    tested = Backtest(History(*chains(), {**given(), "amount": Decimal(180)}, NOW), mapping)
    wide = pa.array([Decimal(10) ** 20] * 3, pa.decimal128(38, 2))
    (batch,) = batches_of(written(tmp_path / "wide.parquet", amount=wide), mapping)
    with pytest.raises(Refused, match="over 18 digits"):
        tested.count(batch)
    with pytest.raises(MappingRefused, match="is the amount and holds"):
        list(batches_of(written(tmp_path / "wider.parquet", amount=wide.cast(pa.decimal256(50, 2))), mapping))


def test_an_amount_that_is_not_there_counts_as_nothing_and_is_told(tmp_path: Path) -> None:
    (tmp_path / "history.csv").write_text(HEAD + LINE + LINE.replace("180.00", ""))
    tested = Backtest(History(*chains(), given(), NOW), MAPPING)
    (count,) = map(tested.count, batches_of(tmp_path / "history.csv", MAPPING))
    assert (count.rows, count.without_amount) == (2, 1)
    count.merge(count)
    assert (count.rows, count.without_amount) == (4, 2)


def test_every_case_that_comes_out_otherwise_is_written(tmp_path: Path) -> None:
    tested = Backtest(History(*chains(), given(), NOW), MAPPING)
    rows = read(EXAMPLE / "history.csv")
    for name in ("told.csv", "told.parquet", "told.jsonl"):
        with Changes(tmp_path / name) as changes:
            for batch in rows.to_batches(max_chunksize=5):
                changes.write(tested.changed(batch))
    expected = []
    for row in rows.to_batches()[0].to_pylist():
        facts = {**given(), "amount": row["amount"], "category": row["category"], "related party": row["related"]}
        facts |= dict.fromkeys(("decision date", "issue date", "screened on"), row["day"])
        before, after = (chain.decide(facts, NOW) for chain in chains())
        if before != after:
            expected.append((row["id"], Course.of(before).way, Course.of(after).way))
    assert len(expected) == changes.cases == 5
    parquet = pyarrow.parquet.read_table(tmp_path / "told.parquet")
    told = [(row["id"], row["way before"], row["way after"]) for row in parquet.to_pylist()]
    assert told == expected
    assert parquet.column("amount").to_pylist() == [
        row["amount"] for row in rows.to_pylist() if row["id"] in {case for case, *_ in expected}
    ]
    as_csv = pyarrow.csv.read_csv(tmp_path / "told.csv").to_pylist()
    assert [(row["id"], row["way before"], row["way after"]) for row in as_csv] == expected
    with Changes(tmp_path / "formulas.csv") as formulas:
        formulas.write(pa.table({"supplier": ["=1+1", "1=1", "-x", None], "amount": [-1, 2, 3, 4]}))
    lines = (tmp_path / "formulas.csv").read_text().splitlines()
    assert lines[1:] == ['"\'=1+1",-1', '"1=1",2', '"\'-x",3', ",4"], "no text is a formula, no number a text"
    assert len((tmp_path / "told.jsonl").read_text().splitlines()) == 5
