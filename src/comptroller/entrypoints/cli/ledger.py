"""The ledger from the command line: balances, open items, ageing, journals, and whether it all agrees."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

from comptroller.adapters.ledger_extract import read_extract, read_mapping
from comptroller.application.ledger.accruals import BookAccruals, PlanAccruals
from comptroller.application.ledger.attesting import AttestPeriod, ShowAttestation
from comptroller.application.ledger.comparing import CompareLedger
from comptroller.application.ledger.reading import ListJournals, ListOpenItems, ShowAgeing, ShowTrialBalance
from comptroller.application.ledger.reconciling import ReconcileLedger
from comptroller.domain.controls.ledger_comparison import LedgerDocument
from comptroller.domain.kernel import limits
from comptroller.domain.kernel.fault import Fault, Rejection, RejectionKind
from comptroller.entrypoints.cli.output import OUT, Exit, fail, print_json, print_table, refuse
from comptroller.entrypoints.cli.workplace import workplace

app = typer.Typer(no_args_is_help=True, help="The ledger.")

Entity = Annotated[str, typer.Argument(help="The entity whose ledger it is.")]
DatabaseUrl = Annotated[str, typer.Option("--database-url", help="sqlite:///PATH or postgresql://...")]
Tenant = Annotated[str, typer.Option("--tenant", help="Needed where there are several.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print facts as JSON.")]
As = Annotated[str, typer.Option("--as", help="The principal who asks.", envvar="COMPTROLLER_AS")]
Period = Annotated[str, typer.Option(help="YYYY-MM.")]


def money(amount: Any) -> str:
    """An amount for people."""
    return "" if amount is None else f"{Decimal(amount):,}"


def _ask(command: object, principal: str, database_url: str, tenant: str, *, as_json: bool) -> Any:
    with workplace(database_url, tenant) as place:
        answer = place.run(principal, command, as_json=as_json)
    if as_json:
        print_json(answer)
    return answer


@app.command("trial-balance")
def trial_balance(
    entity: Entity,
    principal: As,
    period: Period = "",
    database_url: DatabaseUrl = "",
    tenant: Tenant = "",
    as_json: AsJson = False,
) -> None:
    """Every account up to a period; each balance opens to its journals with `ledger journals --account`."""
    answer = _ask(ShowTrialBalance(entity, period), principal, database_url, tenant, as_json=as_json)
    if not as_json:
        rows = [
            (r["account"], r["name"], money(r["carried_forward"]), money(r["moved"]), money(r["balance"]))
            for r in answer["accounts"]
        ]
        columns = ("account", "~for", ">carried forward", ">moved", ">balance")
        print_table(f"{entity}, {answer['period']}, {answer['currency']}", columns, rows)
        OUT.print("the ledger balances" if answer["balances"] else f"OUT OF BALANCE by {answer['difference']}")
    raise typer.Exit(Exit.DONE if answer["balances"] else Exit.NO)


@app.command("journals")
def journals(
    entity: Entity,
    principal: As,
    period: Period = "",
    account: Annotated[str, typer.Option(help="Only journals on this account.")] = "",
    after: Annotated[str, typer.Option(help="The journal behind which to begin.")] = "",
    database_url: DatabaseUrl = "",
    tenant: Tenant = "",
    as_json: AsJson = False,
) -> None:
    """Journals with their cases, the oldest first."""
    command = ListJournals(entity, period, account, after, limits.PAGE_SIZE_MAX)
    answer = _ask(command, principal, database_url, tenant, as_json=as_json)
    if as_json:
        return
    rows = [
        (j["posted_on"], j["kind"], j["text"], line["account"], money(line["amount"]), j["currency"], j["case_id"])
        for j in answer["journals"]
        for line in j["lines"]
        if not account or line["account"] == account
    ]
    print_table("", ("day", "kind", "~text", "account", ">amount", "currency", "case"), rows)


@app.command("open-items")
def open_items(
    entity: Entity,
    principal: As,
    supplier: Annotated[str, typer.Option(help="Only this supplier's.")] = "",
    database_url: DatabaseUrl = "",
    tenant: Tenant = "",
    as_json: AsJson = False,
) -> None:
    """What is owed, by supplier, with due and discount dates and blocks."""
    answer = _ask(ListOpenItems(entity, supplier), principal, database_url, tenant, as_json=as_json)
    if as_json:
        return
    rows = [
        (
            row["name"] or row["supplier"],
            item["number"],
            f"{item['currency']} {money(item['amount'])}",
            item["due_on"],
            item["discount_on"],
            item["payment_block"],
            item["status"],
        )
        for row in answer["suppliers"]
        for item in row["items"]
    ]
    print_table(entity, ("~supplier", "number", ">amount", "due", "discount until", "~block", "status"), rows)


@app.command("ageing")
def ageing(
    entity: Entity, principal: As, database_url: DatabaseUrl = "", tenant: Tenant = "", as_json: AsJson = False
) -> None:
    """How old the open items are."""
    answer = _ask(ShowAgeing(entity), principal, database_url, tenant, as_json=as_json)
    if as_json:
        return
    for title, name in (("days past due", "by_days_past_due"), ("business days", "by_business_days")):
        rows = [(row["bucket"], str(row["items"]), money(row["local_amount"])) for row in answer[name]]
        print_table("", (title, ">items", f">{answer['currency']}"), rows)


@app.command("reconcile")
def reconcile(
    entity: Entity, principal: As, database_url: DatabaseUrl = "", tenant: Tenant = "", as_json: AsJson = False
) -> None:
    """Hold the ledger against itself, the open items and the goods received."""
    answer = _ask(ReconcileLedger(entity), principal, database_url, tenant, as_json=as_json)
    if not as_json:
        for check in answer["checks"]:
            OUT.print(f"{'agrees' if check['agrees'] else 'DIFFERS'}  {check['check']}: {check['text']}", markup=False)
            for place in check["where"]:
                OUT.print(
                    f"    {place['what']}: {place['ledger']} against {place['other']}, {place['text']}", markup=False
                )
    raise typer.Exit(Exit.DONE if answer["agrees"] else Exit.NO)


@app.command("accrue")
def accrue(
    entity: Entity,
    period: Annotated[str, typer.Argument(help="YYYY-MM.")],
    principal: As,
    book: Annotated[str, typer.Option("--book", help="Book the plan that has this hash.")] = "",
    database_url: DatabaseUrl = "",
    tenant: Tenant = "",
    as_json: AsJson = False,
) -> None:
    """Show what would be accrued at the end of a period, and book it once it was seen."""
    command = BookAccruals(entity, period, book) if book else PlanAccruals(entity, period)
    answer = _ask(command, principal, database_url, tenant, as_json=as_json)
    if as_json:
        return
    rows = [(item["subject"], item["text"], money(item["amount"])) for item in answer["items"]]
    title = f"{entity}, dated {answer['dated']}, reversed on {answer['reversed_on']}, {answer['currency']}"
    print_table(title, ("about", "~what", ">amount"), rows)
    for each in answer["left_out"]:
        OUT.print(f"left out  {each['number']}: {each['text']} ({each['reason']})", markup=False)
    if not book:
        OUT.print(f"nothing is booked; to book it: --book {answer['content_hash']}")


@app.command("attest")
def attest(
    entity: Entity,
    period: Annotated[str, typer.Argument(help="YYYY-MM.")],
    principal: As,
    seen: Annotated[str, typer.Option("--seen", help="Attest the figures that have this hash.")] = "",
    note: Annotated[str, typer.Option(help="What you want to be known with it.")] = "",
    database_url: DatabaseUrl = "",
    tenant: Tenant = "",
    as_json: AsJson = False,
) -> None:
    """Show what there is to attest of a period, and attest it once it was seen."""
    command = AttestPeriod(entity, period, seen, note) if seen else ShowAttestation(entity, period)
    answer = _ask(command, principal, database_url, tenant, as_json=as_json)
    if as_json:
        return
    figures = f"{answer['accounts']} accounts, debit {money(answer['debit'])}, credit {money(answer['credit'])}"
    OUT.print(f"{entity} {period}, {answer['currency']}: {figures}")
    for point in answer["open_points"]:
        OUT.print(f"to be settled first: {point}", markup=False)
    attested = answer["attestation"]
    if attested is not None:
        state = "stands" if attested["stands"] else "NO LONGER STANDS"
        OUT.print(f"attested by {attested['by']} on {attested['on']}: {state}", markup=False)
    if not seen:
        OUT.print(f"to attest these figures: --seen {answer['content_hash']}")


@app.command("compare")
def compare(
    principal: As,
    file: Annotated[
        Path | None, typer.Argument(help="An outside ledger's extract; none compares the own ledger.")
    ] = None,
    mapping: Annotated[Path | None, typer.Option(help="Which column of the extract is what, as JSON.")] = None,
    entity: Annotated[str, typer.Option(help="The entity whose ledger it is.")] = "DE",
    period: Period = "",
    database_url: DatabaseUrl = "",
    tenant: Tenant = "",
    as_json: AsJson = False,
) -> None:
    """Compare a ledger with the cases: what was posted without one, what was never posted, what differs, coverage."""
    documents = _documents(file, mapping, as_json=as_json) if file is not None else None
    command = CompareLedger(entity, period, documents)
    answer = _ask(command, principal, database_url, tenant, as_json=as_json)
    if not as_json:
        share = answer["coverage_percent"]
        told = "no payables document" if share is None else f"coverage {share:.2f} %"
        OUT.print(f"{entity} {answer['period']}: {answer['covered']} of {answer['documents']} have a case, {told}")
        for title, name in (
            ("posted without a case", "bypass"),
            ("another amount", "differing"),
            ("not posted", "unposted"),
        ):
            for row in answer[name]:
                OUT.print(f"  {title}: {row['number']} {money(row['amount'])} {row.get('text', '')}", markup=False)
    clean = not (answer["bypass"] or answer["differing"] or answer["unposted"])
    raise typer.Exit(Exit.DONE if clean else Exit.NO)


def _documents(file: Path, mapping: Path | None, *, as_json: bool) -> tuple[LedgerDocument, ...]:
    if mapping is None:
        fail("EXTRACT-MAPPING-07", "an extract needs a mapping", help="say with --mapping which column is what")
    try:
        body, content = json.loads(mapping.read_bytes()), file.read_bytes()
    except OSError as error:
        fail("FILE-READ-01", f"cannot read `{error.filename}`: {error.strerror}", Exit.NOT_FOUND)
    except ValueError as error:
        fail("EXTRACT-MAPPING-08", f"the mapping is no JSON: {error}")
    mapped = read_mapping(body)
    if isinstance(mapped, tuple):
        _refuse(mapped, as_json=as_json)
    documents, faults = read_extract(content, mapped)
    if faults:
        _refuse(faults, as_json=as_json)
    return documents


def _refuse(faults: tuple[Fault, ...], *, as_json: bool) -> NoReturn:
    message = f"the extract cannot be compared: {len(faults)} faults"
    refuse(Rejection(RejectionKind.INVALID, "EXTRACT-READ-01", message, faults), as_json=as_json)
