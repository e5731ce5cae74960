"""The tables of the payables pack over columns made of their own literals: equal to deciding each row."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any, Final

import pyarrow as pa
import pytest
from tests.unit.adapters.columnar.single_evaluation import decide

from comptroller import dmn
from comptroller.adapters import columnar
from comptroller.adapters.columnar.encoding import kind_of_type
from comptroller.domain.feel import Kind
from comptroller.domain.feel.types import KindType

FOLDER: Final = Path(__file__).parents[4] / "packs" / "accounts-payable" / "decisions"
ROWS: Final = 200
COLUMNS: Final = {
    Kind.STRING: pa.string(),
    Kind.NUMBER: pa.decimal128(18, 2),
    Kind.BOOLEAN: pa.bool_(),
    Kind.DATE: pa.date32(),
}
IN_COLUMNS: Final = {
    *("approval limits", "asset threshold", "budget limit", "cooling off days", "deferral threshold"),
    *("document price tolerance", "intercompany tolerance", "lasting use", "match type", "rounding limit"),
    *("screening limits", "split near percent", "split window", "supply type"),
    *("ageing bucket", "waiting bucket", "figure parameters", "intake limits", "clearance wanted"),
    *("late payment rates", "recoverable share", "largest variance", "small purchase", "freeze window"),
}


def flat_decisions() -> Iterator[Any]:
    """The decisions whose inputs are all plain, and whose answers have a type."""
    for file in sorted(FOLDER.glob("*.dmn")):
        model = dmn.load(file)
        for name in model.decision_names:
            types = model.input_types(name).values()
            if all(isinstance(kind, KindType) and kind.kind in COLUMNS for kind in types):
                try:
                    columnar.compile(model, name)
                except columnar.Refused:
                    continue
                yield pytest.param(model, name, file.read_text(), id=name)


def batch_for(model: dmn.Model, name: str, text: str) -> Any:
    """Rows of the values that the model names, and of their neighbours."""
    random = Random(name)
    days = [date.fromisoformat(day) for day in re.findall(r"\d{4}-\d\d-\d\d", text)]
    values: dict[Any, list[Any]] = {
        str: [*re.findall(r'"(\w[^"<]*)"', text), "of no table"],
        Decimal: [Decimal(number) for number in (*re.findall(r"\b\d{1,7}\b", text), "0.01", "-1", "99999999.99")],
        bool: [True, False],
        date: [day + timedelta(days=step) for day in days for step in (-1, 0, 1)],
    }
    columns = {}
    for key, kind in model.input_types(name).items():
        assert isinstance(kind, KindType)
        arrow_type = COLUMNS[kind.kind]
        own = values[kind_of_type(arrow_type)]
        columns[key] = pa.array(
            [None if random.random() < 0.05 else random.choice(own) for _ in range(ROWS)], arrow_type
        )
    return pa.RecordBatch.from_pydict(columns)


@pytest.mark.parametrize(("model", "name", "text"), list(flat_decisions()))
def test_a_table_of_the_pack(model: dmn.Model, name: str, text: str) -> None:
    decided = decide(model, name, batch_for(model, name, text))
    assert (decided.by_row == {}) == (name in IN_COLUMNS)


def test_tables_of_the_pack_are_decided_in_columns() -> None:
    assert {parameters.id for parameters in flat_decisions()} >= IN_COLUMNS
