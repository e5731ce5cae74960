"""Decisions over Arrow record batches: what `model.decide` gives for each row, without asking it for most of them.

A batch goes through in parts that fit the processor's cache: codes of the inputs, look-ups, and at last the outcomes'
values by position. A row that the kernel's tables cannot answer is decided by the model itself, and the result says
which rows these were, and why. What was learnt on the way is kept for the rows and batches that follow.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from typing import Any, Final

import numpy as np
import pyarrow as pa

from comptroller.adapters.columnar.answers import Answers, Own, Untyped, fields_of
from comptroller.adapters.columnar.bounds import Bounds
from comptroller.adapters.columnar.outcomes import rule_of
from comptroller.adapters.columnar.program import Program
from comptroller.adapters.columnar.rows import check, refuse, rows_of
from comptroller.adapters.columnar.rule_sets import Codes
from comptroller.adapters.columnar.segments import NotInColumns
from comptroller.domain.decisions import Model
from comptroller.domain.kernel.fault import Fault

ROWS_AT_ONCE: Final = 2**15
"""Rows that go through together: a few arrays of them stay in a processor's second cache."""

PROGRAMS_MAX: Final = 8
"""Programs kept, one for each combination of column types that was met."""


@dataclass(frozen=True, slots=True, eq=False)
class Decided:
    """The answers of a batch, row by row.

    `answers` has a column for each output and is a `RecordBatch` or a `Table`, as the batch was. `by_row` tells for
    each reason which rows were decided one by one; `faults` what went wrong, by row.
    """

    answers: Any
    by_row: Mapping[str, Codes]
    faults: Mapping[int, tuple[Fault, ...]]
    numbers: Sequence[tuple[Any, Codes]]  # of rules, part by part, and which of them each row has

    @property
    def rules(self) -> Any:
        """The number of the rule, from 1, that hit in the decision's own table; made when asked for.

        Null where none did, or the answer is not that of one rule.
        """
        chunks = [numbers.take(pa.array(places)) for numbers, places in self.numbers]
        return pa.chunked_array(chunks, pa.uint32()) if isinstance(self.answers, pa.Table) else chunks[0]


class Kernel:
    """One decision of a model, ready for batches. Threads may share it; they take turns."""

    def __init__(self, model: Model, decision: str, bounds: Bounds) -> None:
        plan = model.plan(decision)
        if plan is None:
            raise refuse(
                "COLUMN-DECISION-01", decision, f"the model has no decision `{decision}`", "ask for one of its names"
            )
        try:
            self._fields = fields_of(plan.steps[-1], decision)
        except Untyped as unknown:
            raise refuse("COLUMN-TYPE-03", decision, str(unknown), "declare the decision's type") from unknown
        self._model, self._decision, self._plan = model, decision, plan
        self._bounds = bounds
        self._programs: dict[tuple[str, ...], Program | str] = {}
        self._lock = Lock()
        self.schema = pa.schema([(field.name, field.type) for field in self._fields])

    def decide(self, batch: Any, now: datetime | None = None) -> Decided:
        """Decide every row of a `pyarrow.RecordBatch` or `Table`, whose columns are named like the decision's inputs.

        `now` is the time that `now()` and `today()` tell. Raises `Refused` for a column that holds floats, or what is
        no value of FEEL.
        """
        if isinstance(batch, pa.RecordBatch):
            return self._decide(batch, now)
        return _joined([self._decide(part, now) for part in batch.to_batches()], self.schema)

    def stream(self, batches: Iterable[Any], now: datetime | None = None) -> Iterator[Decided]:
        """Decide batch after batch, as a `RecordBatchReader` gives them; no more than one is held."""
        for batch in batches:
            yield self._decide(batch, now)

    def _decide(self, batch: Any, now: datetime | None) -> Decided:
        names = self._plan.input_names
        check(batch, names)
        with self._lock:
            program = self._program(batch)
            if isinstance(program, str):
                answers = Answers(self._fields)
                codes, by_row = np.zeros(batch.num_rows, np.int32), {program: np.arange(batch.num_rows)}
            else:
                codes, by_row = _in_columns(program, batch)
                answers = program.answers()
        rows = np.sort(np.concatenate(list(by_row.values()))) if by_row else np.empty(0, np.int64)
        own = [self._alone(inputs, now) for inputs in rows_of(batch, names, rows.tolist())]
        codes[rows] = len(answers.rules) + np.arange(len(own))
        whole, faults = answers.with_own(own, rows)
        found = pa.RecordBatch.from_arrays(whole.columns(codes), schema=self.schema)
        return Decided(found, by_row, faults, ((whole.rules, codes),))

    def _alone(self, inputs: Mapping[str, Any], now: datetime | None) -> Own:
        """Decide one row by itself."""
        outcome = self._model.decide(self._decision, inputs, now)
        return Own(outcome.value, rule_of(self._plan.steps[-1], outcome), outcome.faults)

    def _program(self, batch: Any) -> Program | str:
        """The program for the types of a batch's columns, or why there is none."""
        names = self._plan.input_names
        lacking = [name for name in names if name not in batch.schema.names]
        if lacking:
            return f"the column `{lacking[0]}` is missing"
        types = {name: batch.schema.field(name).type for name in names}
        key = tuple(map(str, types.values()))
        if key not in self._programs:
            if len(self._programs) >= PROGRAMS_MAX:
                self._programs.clear()
            try:
                self._programs[key] = Program(self._plan, types, self._fields, self._bounds)
            except NotInColumns as reason:
                self._programs[key] = str(reason)
        return self._programs[key]


def _in_columns(program: Program, batch: Any) -> tuple[Codes, dict[str, Codes]]:
    """The outcome of each row, and by reason the rows that have none."""
    count = batch.num_rows
    codes = np.zeros(count, np.int32)
    reasons: dict[int, list[Codes]] = {}
    program.begin()
    readers = program.readers(batch)
    for first in range(0, count, ROWS_AT_ONCE):
        rows = min(ROWS_AT_ONCE, count - first)
        codes[first : first + rows], why = program.decide(readers, first, rows)
        if why is not None:
            for reason in np.unique(why[why != 0]).tolist():
                reasons.setdefault(reason, []).append(first + np.flatnonzero(why == reason))
    return codes, {program.reasons[reason]: np.concatenate(rows) for reason, rows in reasons.items()}


def _joined(parts: Sequence[Decided], schema: Any) -> Decided:
    """The answers of a table's batches as those of the table."""
    firsts = np.cumsum([0, *(part.answers.num_rows for part in parts)]).tolist()
    by_row: dict[str, list[Codes]] = {}
    faults: dict[int, tuple[Fault, ...]] = {}
    for first, part in zip(firsts, parts, strict=False):
        for reason, rows in part.by_row.items():
            by_row.setdefault(reason, []).append(first + rows)
        faults.update({first + row: found for row, found in part.faults.items()})
    return Decided(
        pa.Table.from_batches([part.answers for part in parts], schema),
        {reason: np.concatenate(rows) for reason, rows in by_row.items()},
        faults,
        [numbers for part in parts for numbers in part.numbers],
    )
