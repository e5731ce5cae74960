"""`comptroller control`: the pack's controls over whole files, without a database.

The rows come from a file that a mapping explains, the verdicts from the pack's own decisions. Findings go to standard
output, one a line; faults of rows and a summary go to standard error.
"""

import re
import resource
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from comptroller import dmn
from comptroller.adapters.payment_files import FIELDS, Mapping, Reading, Unreadable, open_table, read_mapping
from comptroller.application.registers import Copy, DecisionFailed, Split, copies, splits
from comptroller.domain.controls.register import Payment
from comptroller.domain.kernel.fault import Fault
from comptroller.domain.kernel.money import Money
from comptroller.entrypoints.cli import control_logs
from comptroller.entrypoints.cli.output import ERRORS, Exit, fail, print_json, print_table
from comptroller.entrypoints.cli.workplace import read_file

EXAMPLE: Final = (
    """
A mapping is a TOML file. Each column that matters is mapped to a field; all other settings may be left out.

\b
    dates = "DD/MM/YYYY"        # or a list of forms; YYYY-MM-DD otherwise
    decimal = "."               # or ","; the other one groups digits
    currency = "GBP"            # where no column tells it
    source = "AP"               # or card, expense
    rows = "documents"          # or lines: several rows make a document
    encoding = "cp1252"         # told from the file otherwise
    separator = ";"             # told from the header otherwise
    header = 4                  # its line; the first that fits otherwise
    sheet = "Payments"          # of an XLSX book; the first otherwise
    unknown_suppliers = ["redacted*", "various"]
    \\[columns]
    "Supplier Name" = "supplier"
    "Invoice No" = "number"
    "Payment Date" = "date"
    "Amount" = "gross"
    "Department" = "cost_centre"

Fields: """
    + "; ".join(f"{name} ({text})" for name, text in FIELDS.items())
    + "."
)

app = typer.Typer(
    no_args_is_help=True,
    help="Controls over whole files of payments, and over event logs. Exit code 0: nothing found; 1: findings.",
)

app.command("conformance")(control_logs.conformance)

FileArgument = Annotated[Path, typer.Argument(help="CSV (also gzipped), XLSX or Parquet.")]
MappingOption = Annotated[Path, typer.Option("--mapping", help="A TOML file that says which column is what.")]
PackOption = Annotated[Path, typer.Option("--pack", help="The policy pack whose decisions judge.")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object a finding and line.")]
At = Annotated[str, typer.Option("--at", help="The day whose policy counts, such as 2026-03-27; else today.")]

DEFAULT_PACK: Final = Path("packs/accounts-payable")
DUPLICATES_NEED: Final = (("supplier", "supplier_id", "vat_id", "account"), ("date",), ("gross", "net"))
SPLITS_NEED: Final = (*DUPLICATES_NEED, ("cost_centre", "requester"))
PARTS_SHOWN_MAX: Final = 200

LINES_HINTED_FROM: Final = 4
"""One in so many findings that may lie between lines of one document makes the hint."""


@app.command("duplicates", epilog=EXAMPLE)
def duplicates_command(
    file: FileArgument,
    mapping: MappingOption,
    pack: PackOption = DEFAULT_PACK,
    at: At = "",
    as_json: AsJson = False,
) -> None:
    """Find rows that ask for what an earlier row asked for already, judged by the decision `duplicate`."""
    model, day = _model(pack, "duplicate"), _day(at)
    run = _Run(file, mapping, DUPLICATES_NEED)
    findings = run.tell(copies(run.read(), model, day), _copy_facts, as_json=as_json)
    if not as_json:
        print_table(
            "Duplicates",
            ("outcome", "reason", ">first", ">second", "~supplier", "number", "day", ">amount", "~why"),
            (_copy_row(finding) for finding in findings),
        )
    run.end()


@app.command("splits", epilog=EXAMPLE)
def splits_command(
    file: FileArgument,
    mapping: MappingOption,
    limit: Annotated[
        list[str] | None, typer.Option(help="A limit to look at instead of the policy's; repeatable.")
    ] = None,
    window: Annotated[int | None, typer.Option(min=0, max=366, help="Days instead of the policy's.")] = None,
    pack: PackOption = DEFAULT_PACK,
    at: At = "",
    as_json: AsJson = False,
) -> None:
    """Find rows that stay below a limit which they pass together, judged by the decision `split`.

    Rows belong together that have the supplier and the cost centre, or the supplier and the requester, in common.
    """
    model, day, limits = _model(pack, "split"), _day(at), _limits(limit or ())
    run = _Run(file, mapping, SPLITS_NEED)
    found = splits(run.read(), model, day, window=window, ceilings=limits)
    findings = run.tell(found, _split_facts, as_json=as_json)
    if not as_json:
        columns = ("reason", ">rows", "~supplier", "by", "days", ">limit", ">sum", "attempt", "~why")
        print_table("Splits", columns, (_split_row(finding) for finding in findings))
    run.end()


class _Run:
    """One file looked through: reads it, prints findings and faults, and ends with the exit code."""

    def __init__(self, file: Path, mapping: Path, needed: Sequence[tuple[str, ...]]) -> None:
        self._file, self._mapping, self._needed = file, _mapping(mapping), needed
        self.payments: Sequence[Payment] = ()
        self._reading = Reading(self._mapping, needed)
        self._reasons: Counter[str] = Counter()
        self._lines = 0  # findings between rows that may be lines of one document
        self._begun = time.monotonic()

    def read(self) -> Sequence[Payment]:
        """Read the file, and tell the faults of its rows."""
        try:
            with open_table(self._file, self._mapping) as rows:
                self.payments = self._reading.payments(rows)
        except Unreadable as error:
            fail(error.fault.code, error.fault.message, Exit.REFUSED, help=error.fault.help)
        except OSError as error:
            text = f"cannot read `{self._file}`: {error.strerror or error}"
            fail("FILE-READ-01", text, Exit.NOT_FOUND, help="name a file that is there and may be read")
        control_logs.tell_faults(self._reading.faults, self._reading.faults_count, "CONTROL-ROW-99")
        self._tell_not_compared()
        return self.payments

    def _tell_not_compared(self) -> None:
        """Refuse a file of which nothing can be compared, and say loudly where much was not."""
        reading, lost = self._reading, self._reading.rows_lost
        if lost == reading.rows:
            message = f"none of the file's {reading.rows} rows could be compared"
            fail("CONTROL-ROW-97", message, Exit.REFUSED, help="see the faults above, and the mapping's columns")
        if lost * control_logs.LOUD_SHARE >= reading.rows:
            text = f"CONTROL-ROW-98: {lost} of {reading.rows} rows were not compared, by the faults above"
            ERRORS.print(text, markup=False, soft_wrap=True)

    def tell(self, found: Iterable[Any], facts: Callable[[Any], dict[str, Any]], *, as_json: bool) -> list[Any]:
        """Print each finding as it is found, or keep all for a table."""
        kept = []
        try:
            for finding in found:
                told = facts(finding)
                self._reasons[f"{told['outcome']} {told['reason']}"] += 1
                self._lines += isinstance(finding, Copy) and _may_be_lines(finding.first, finding.second)
                if as_json:
                    print_json(told)
                else:
                    kept.append(finding)
        except DecisionFailed as error:
            fail("CONTROL-DECISION-02", f"the pack's decision failed: {error}", Exit.REFUSED, help="see `policy test`")
        return kept

    def end(self) -> None:
        """Say what was looked at and found, and end."""
        reading, memory = self._reading, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        reasons = ", ".join(f"{count} {reason}" for reason, count in sorted(self._reasons.items())) or "none"
        seconds = time.monotonic() - self._begun
        ERRORS.print(
            f"{reading.rows} rows, {len(self.payments)} compared, {reading.faults_count} faults of rows, "
            f"{reading.unknown_suppliers} rows without a known supplier; findings: {reasons}; "
            f"{seconds:.1f} s, {memory} MiB",
            markup=False,
            soft_wrap=True,
        )
        if self._lines * LINES_HINTED_FROM > sum(self._reasons.values()) and not self._mapping.are_lines:
            text = (
                f"CONTROL-LINES-01: {self._lines} findings share number, supplier and day: "
                'if the rows are lines of invoices, write rows = "lines" into the mapping'
            )
            ERRORS.print(text, markup=False, soft_wrap=True)
        raise typer.Exit(Exit.NO if self._reasons else Exit.DONE)


def _may_be_lines(first: Payment, second: Payment) -> bool:
    return bool(second.normalised) and (first.key, first.normalised, first.day) == (
        second.key,
        second.normalised,
        second.day,
    )


def _mapping(path: Path) -> Mapping:
    mapping, faults = read_mapping(read_file(path))
    if mapping is not None:
        return mapping
    for fault in faults[1:]:
        ERRORS.print(_fault_text(fault), markup=False, soft_wrap=True)
    return fail(faults[0].code, faults[0].message, Exit.REFUSED, help=faults[0].help)


def _fault_text(fault: Fault) -> str:
    return f"{fault.code}: {fault.message} ({fault.help})"


def _model(pack: Path, decision: str) -> dmn.Model:
    """The pack's model that has a decision."""
    named = re.compile(rf'<decision\b[^>]*\bname="{decision}"')
    files = sorted((pack / "decisions").glob("*.dmn"))
    for path in files:
        written = path.read_text()
        if named.search(written):
            return dmn.load(path, [other for other in files if f'locationURI="{other.name}"' in written])
    text = f"the pack `{pack}` has no decision `{decision}`"
    return fail("CONTROL-DECISION-01", text, Exit.NOT_FOUND, help="name a pack's folder with --pack")


def _day(text: str) -> date:
    if not text:
        return datetime.now(UTC).date()
    try:
        return date.fromisoformat(text)
    except ValueError:
        return fail("TIME-FORM-01", f"`{text}` is no day", help="write 2026-03-27")


def _limits(texts: Sequence[str]) -> list[Decimal]:
    found = []
    for text in texts:
        try:
            found.append(Decimal(text))
        except InvalidOperation:
            fail("CONTROL-LIMIT-01", f"`{text}` is no amount", help="write 25000 or 999.99")
    return found


def _payment_facts(payment: Payment) -> dict[str, Any]:
    told: dict[str, Any] = {"row": payment.row, "supplier": payment.supplier, "number": payment.number}
    told |= {"date": payment.day.isoformat(), "amount": payment.amount, "currency": payment.currency}
    names = ("supplier_id", "vat_id", "entity", "cost_centre", "requester", "description", "order_number")
    return told | {name: value for name in names if (value := getattr(payment, name))}


def _copy_facts(finding: Copy) -> dict[str, Any]:
    facts = finding.facts
    return {
        "control": "duplicates",
        "outcome": finding.verdict.outcome,
        "reason": finding.verdict.reason,
        "text": finding.text,
        "amount": finding.second.amount,
        "currency": finding.second.currency,
        "number_relation": facts.relation,
        "supplier_relation": facts.supplier_relation,
        "names": facts.names,
        "days": facts.days,
        "times": facts.times,
        "rows": [_payment_facts(finding.first), _payment_facts(finding.second)],
        "credited_by": finding.credited_by.row if finding.credited_by is not None else None,
    }


def _copy_row(finding: Copy) -> Sequence[str]:
    second = finding.second
    return (
        finding.verdict.outcome,
        finding.verdict.reason,
        str(finding.first.row),
        str(second.row),
        second.supplier,
        second.number,
        second.day.isoformat(),
        str(Money(second.amount, second.currency)).strip(),
        finding.text,
    )


def _split_facts(finding: Split) -> dict[str, Any]:
    return {
        "control": "splits",
        "outcome": finding.outcome,
        "reason": finding.reason,
        "text": finding.text,
        "by": finding.by,
        "amount": finding.total,
        "limit": finding.limit,
        "currency": finding.payments[0].currency,
        "breach": finding.breach,
        "days": (finding.payments[-1].day - finding.payments[0].day).days,
        "rows": [
            {**_payment_facts(payment), "below": finding.limit - payment.amount}
            for payment in finding.payments[:PARTS_SHOWN_MAX]
        ],
    }


def _split_row(finding: Split) -> Sequence[str]:
    first, last = finding.payments[0], finding.payments[-1]
    return (
        finding.reason,
        str(len(finding.payments)),
        last.supplier,
        finding.by,
        f"{first.day} to {last.day}",
        str(Money(finding.limit, "")).strip(),
        str(Money(finding.total, last.currency)).strip(),
        finding.breach,
        finding.text,
    )
