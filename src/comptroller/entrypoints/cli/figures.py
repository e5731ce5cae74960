"""`comptroller kpi`: the figures of a span of days, each with what it counts."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any

import typer

from comptroller.application.figures.returns import ShowReturn
from comptroller.application.figures.show import ShowFigures
from comptroller.application.jobs.measuring import GetMeasured, StartMeasuring
from comptroller.application.jobs.replay import GetReplay, StartReplay
from comptroller.application.releasing.backtested import SCALE
from comptroller.domain.kernel.instant import parse_day
from comptroller.entrypoints.cli.output import fail, print_facts, print_json, print_table, say
from comptroller.entrypoints.cli.workplace import workplace

DatabaseUrl = Annotated[str, typer.Option("--database-url", help="sqlite:///PATH or postgresql://...")]
Tenant = Annotated[str, typer.Option("--tenant", help="Needed where there are several.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print facts as JSON.")]
As = Annotated[str, typer.Option("--as", help="The principal who asks.", envvar="COMPTROLLER_AS")]
Entity = Annotated[str, typer.Option(help="Of one entity.")]
First = Annotated[str, typer.Option("--from", help="The first day, YYYY-MM-DD.")]
Last = Annotated[str, typer.Option("--to", help="The last day, YYYY-MM-DD.")]
SinceDay = Annotated[str, typer.Option("--from", help="The first day, YYYY-MM-DD; the first of this month.")]
UntilDay = Annotated[str, typer.Option("--to", help="The last day, YYYY-MM-DD; today.")]


def kpi(  # noqa: PLR0913, PLR0917 - one parameter for each part of the question
    figure: Annotated[str, typer.Argument(help="One figure by its key; all without it.")] = "",
    first: SinceDay = "",
    last: UntilDay = "",
    entity: Entity = "",
    by: Annotated[str, typer.Option(help="entity, unit, supplier, person, period or part.")] = "",
    principal: As = "system",
    database_url: DatabaseUrl = "",
    tenant: Tenant = "",
    as_json: AsJson = False,
) -> None:
    """Compute the figures of accounts payable; each names the cases that it counts."""
    command = ShowFigures(_day(first, "--from"), _day(last, "--to"), entity, figure, by)
    with workplace(database_url, tenant) as place:
        answer = place.run(principal, command, as_json=as_json)
    if as_json:
        print_json(answer)
        return
    say(f"{answer['from']} to {answer['to']}, {answer['time_zone']}; amounts in {answer['currency']}")
    rows = [row for each in answer["figures"] for row in _rows(each)]
    print_table("", ("figure", "~of", ">value", "unit", ">90 %", ">numerator", ">denominator", ">counted"), rows)
    for each in answer["figures"]:
        if each["note"]:
            say(f"{each['figure']}: {each['note']}")
    say("`--json` names the cases of each; `--by part` tells a figure apart.")


def returns(
    first: SinceDay = "",
    last: UntilDay = "",
    entity: Entity = "",
    principal: As = "system",
    database_url: DatabaseUrl = "",
    tenant: Tenant = "",
    as_json: AsJson = False,
) -> None:
    """Tell the return on investment of a span of days, against the baselines on file; what has none is not measured."""
    command = ShowReturn(_day(first, "--from"), _day(last, "--to"), entity)
    with workplace(database_url, tenant) as place:
        answer = place.run(principal, command, as_json=as_json)
    if as_json:
        print_json(answer)
        return
    say(f"{answer['from']} to {answer['to']}, {answer['time_zone']}; amounts in {answer['currency']}")
    for each in answer["dimensions"]:
        rows = [_return_row(part["part"], part, part["unit"], part["lacking"]) for part in each["parts"]]
        what = "" if each["complete"] else "of what is measured"
        rows.append(_return_row("in all", each, "group currency", what))
        print_table(each["dimension"], ("part", ">value", ">low", ">high", "unit", "~"), rows)


def _return_row(name: str, told: dict[str, Any], unit: str, text: str) -> tuple[str, ...]:
    return (name, *(_text(told[bound]) for bound in ("value", "low", "high")), unit, text)


def _begin(job: dict[str, Any], unit: str, *, as_json: bool) -> None:
    """Tell the job that was written, and how much there is to do."""
    if as_json:
        print_json(job)
        return
    print_facts({"job": job["job_id"], "status": job["status"], unit: str(job["total"])})


def measure(
    first: First,
    last: Last,
    entity: Entity = "",
    principal: As = "system",
    database_url: DatabaseUrl = "",
    tenant: Tenant = "",
    as_json: AsJson = False,
) -> None:
    """Have a job compute the figures of a span that is too long for one answer, by month and in all."""
    with workplace(database_url, tenant) as place:
        _begin(place.run(principal, StartMeasuring(first, last, entity), as_json=as_json), "days", as_json=as_json)


def measure_show(
    job_id: Annotated[str, typer.Argument(help="The job, as `kpi-measure` told it.")],
    principal: As = "system",
    database_url: DatabaseUrl = "",
    tenant: Tenant = "",
    as_json: AsJson = False,
) -> None:
    """Tell the figures of a long span as far as they are computed; `--json` tells each month as well."""
    with workplace(database_url, tenant) as place:
        answer = place.run(principal, GetMeasured(job_id), as_json=as_json)
    if as_json:
        print_json(answer)
        return
    say(f"{answer['first']} to {answer['last']}: {answer['status']}, {answer['done']} of {answer['total']} days")
    rows = [(each["figure"], _text(each["value"]), each["unit"], str(each["samples"])) for each in answer["figures"]]
    print_table("", ("figure", ">value", "unit", ">counted"), rows)


def replay(
    first: First,
    last: Last,
    entity: Entity = "",
    principal: As = "system",
    database_url: DatabaseUrl = "",
    tenant: Tenant = "",
    as_json: AsJson = False,
) -> None:
    """Have a job take posted cases through the policy in force now; breach leakage counts what it finds."""
    with workplace(database_url, tenant) as place:
        _begin(place.run(principal, StartReplay(first, last, entity), as_json=as_json), "cases", as_json=as_json)


def replay_show(
    job_id: Annotated[str, typer.Argument(help="The job, as `kpi-replay` told it.")],
    principal: As = "system",
    database_url: DatabaseUrl = "",
    tenant: Tenant = "",
    as_json: AsJson = False,
) -> None:
    """Tell which posted cases a replay would not have let through, as far as it has come."""
    with workplace(database_url, tenant) as place:
        answer = place.run(principal, GetReplay(job_id), as_json=as_json)
    if as_json:
        print_json(answer)
        return
    say(f"{answer['first']} to {answer['last']}: {answer['status']}, {answer['done']} of {answer['total']} cases seen")
    print_table(
        "",
        ("case", "~what", ">amount"),
        [(each["case_id"], each["breach"], f"{Decimal(each['amount']).scaleb(-SCALE):,}") for each in answer["found"]],
    )


def _rows(figure: dict[str, Any]) -> list[tuple[str, ...]]:
    rows = [(figure["figure"], "", figure), *((("", row["group"], row)) for row in figure["rows"])]
    return [
        (
            key,
            group,
            _text(row["value"]),
            figure["unit"],
            _text(row.get("ninetieth_percentile")),
            _text(row["numerator"]),
            _text(row["denominator"]),
            str(row["samples"]),
        )
        for key, group, row in rows
    ]


def _text(value: Any) -> str:
    return "" if value is None else f"{value:,}"


def _day(text: str, option: str) -> date | None:
    if not text:
        return None
    day = parse_day(text)
    if day is None:
        fail("FIGURE-DAY-01", f"`{option} {text}` is no day", help="write YYYY-MM-DD")
    return day
