"""What `comptroller policy backtest` does and tells; needs the extra `columnar`, so that it is imported when called."""

import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from datetime import UTC, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from comptroller.adapters.columnar.history import History
from comptroller.adapters.columnar.history_changes import Changes
from comptroller.adapters.columnar.history_count import Count
from comptroller.adapters.columnar.history_file import Backtest, find_case
from comptroller.adapters.columnar.history_mapping import HistoryMapping, MappingRefused, read_mapping
from comptroller.adapters.columnar.history_reading import batches_of
from comptroller.adapters.columnar.rows import Refused
from comptroller.adapters.yaml_reading import read_yaml
from comptroller.domain.decisions.wording import table_name
from comptroller.domain.packs.backtest import Course, Sums, otherwise, sums_of
from comptroller.domain.packs.chain import Chain
from comptroller.domain.packs.source import Source
from comptroller.domain.packs.tally import GROUPS, WHOLE
from comptroller.entrypoints.cli.decisions import has_error
from comptroller.entrypoints.cli.output import ERRORS, Exit, fail, print_json, print_table, say
from comptroller.entrypoints.cli.policy import read_source
from comptroller.entrypoints.cli.policy_backtest import Wanted
from comptroller.entrypoints.cli.policy_history import LISTED, figure_rows
from comptroller.entrypoints.cli.workplace import read_file

PROCESS: Final = "processes/invoice.bpmn"
"""The process whose decisions are asked."""


def run(wanted: Wanted) -> Exit:
    """Decide every case of the history under both versions and tell what changes; or explain one case."""
    columns, facts = _mapped(wanted.mapping)
    now = datetime.combine(_day(wanted.at), time(8), UTC)
    before, after = _source(wanted.against), _source(wanted.candidate)
    chains = _chain(before), _chain(after)
    _check_facts(columns, facts, (before, after))
    tested, total = Backtest(History(*chains, facts, now), columns), Count()
    try:
        if wanted.case:
            return _explain(tested, wanted, chains, now)
        counts = _on_cluster(wanted, (before, after), columns, facts, now) if wanted.ray else _counts(wanted, tested)
        for count in counts:
            total.merge(count)
            if sys.stderr.isatty():
                ERRORS.print(f"{total.rows:,} cases", end="\r")
    except MappingRefused as refused:
        fail("BACKTEST-FILE-01", str(refused), Exit.REFUSED, help="mend the mapping or name another file")
    except Refused as refused:
        fail(refused.fault.code, refused.fault.message, Exit.REFUSED, help=refused.fault.help)
    whole = sums_of(total.counted().get(WHOLE, ()), wanted.minutes)
    if wanted.as_json:
        print_json(_facts(total, whole, wanted.minutes))
    else:
        _tell(total, whole, wanted.minutes)
    return Exit.NO if whole.changed else Exit.DONE


def _day(text: str) -> Any:
    try:
        return datetime.fromisoformat(text).date() if text else datetime.now(UTC).date()
    except ValueError:
        fail("BACKTEST-DAY-01", f"`{text}` is no day", Exit.USAGE, help="write it like 2026-03-27")


def _mapped(path: Path) -> tuple[HistoryMapping, dict[str, Any]]:
    """The mapping, and the facts of a case with leaves in the places of columns."""
    try:
        columns = read_mapping(read_file(path))
        given = read_yaml(read_file(path.parent / columns.given)) if columns.given else {}
        return columns, columns.template(given)
    except (MappingRefused, ValueError) as error:
        fail("BACKTEST-MAPPING-01", str(error), Exit.REFUSED, help="see docs/backtest.md")


def _check_facts(columns: HistoryMapping, facts: Mapping[str, Any], versions: Iterable[Source]) -> None:
    """Refuse mapped facts that no decision looks at; tell those that are given to all cases in vain."""
    models = {name: model for version in versions for name, model in version.models.items()}
    known = {*models, *(fact for name, model in models.items() for fact in model.input_names(name))}
    try:
        columns.check_facts(known)
    except MappingRefused as refused:
        fail("BACKTEST-FACT-01", str(refused), Exit.REFUSED, help="mend [facts] of the mapping")
    idle = sorted(facts.keys() - known)
    if idle:
        ERRORS.print(f"no decision looks at the given facts {', '.join(idle)}", markup=False)


def _source(folder: Path) -> Source:
    source = read_source(folder)
    if has_error(source.faults) or PROCESS not in source.processes:
        message = f"`{folder}` has faults, or no `{PROCESS}`"
        fail("PACK-FAULT-01", message, Exit.NO, help="run `comptroller policy test` on it")
    return source


def _chain(source: Source) -> Chain:
    return Chain.of(source.processes[PROCESS], source.models)


def _on_cluster(
    wanted: Wanted, sources: Iterable[Source], columns: HistoryMapping, facts: Any, now: datetime
) -> Iterator[Count]:
    """The counts of the history's parts, made by the workers of a cluster."""
    from comptroller.adapters.columnar import history_ray  # noqa: PLC0415 - an extra of its own

    before, after = ({path: source.files[path] for path in (*source.definitions, PROCESS)} for source in sources)
    work = history_ray.Work(PROCESS, before, after, columns, facts, now)
    try:
        yield from history_ray.counts(wanted.history, work, wanted.ray)
    except history_ray.ClusterFailed as failed:
        fail("BACKTEST-RAY-01", str(failed), Exit.LATER, help="see docs/backtest.md, or leave `--ray` out")


def _counts(wanted: Wanted, tested: Backtest) -> Iterator[Count]:
    """The counts of the history's parts; each case that comes out otherwise is written where that is wanted."""
    batches = batches_of(wanted.history, tested.mapping)
    if wanted.changes is None:
        yield from map(tested.count, batches)
        return
    try:
        with Changes(wanted.changes) as changes:
            for batch in batches:
                yield tested.count(batch)
                changes.write(tested.changed(batch))
    except OSError as error:
        fail("BACKTEST-CHANGES-01", f"`{wanted.changes}` cannot be written: {error}", Exit.REFUSED)
    ERRORS.print(f"cases written to {wanted.changes}: {changes.cases:,}", markup=False)


def _explain(tested: Backtest, wanted: Wanted, chains: tuple[Chain, Chain], now: datetime) -> Exit:
    """Decide one case by itself under both versions, and tell where they part."""
    case_id = wanted.case
    found = find_case(batches_of(wanted.history, tested.mapping), tested.mapping, case_id, tested.history.case)
    if found is None:
        fail("BACKTEST-CASE-01", f"the history has no case `{case_id}`", Exit.NOT_FOUND, help="look at its ids")
    facts = tested.history.facts_of(found)
    before, after = (chain.decide(facts, now) for chain in chains)
    parted = [name for name in after if before.get(name) != after[name]]
    told = {}
    for name in parted:
        old, new = (
            _rules(chain, name, {**facts, **outcomes}, now)
            for chain, outcomes in zip(chains, (before, after), strict=True)
        )
        told[name] = {
            "before": [rule for rule in old if rule not in new],
            "after": [rule for rule in new if rule not in old],
        }
    courses = Course.of(before), Course.of(after)
    ends = Exit.NO if parted else Exit.DONE
    if wanted.as_json:
        sides = {"before": asdict(courses[0]), "after": asdict(courses[1])}
        print_json({"case": case_id, **sides, "decisions": told})
        return ends
    say(f"{case_id}: {_words(courses[0])}")
    say(f"{'':<{len(case_id)}}  {_words(courses[1])}")
    for name, of in told.items():
        say(f"{name}")
        for version, rules in of.items():
            for rule in rules:
                say(f"  {version:<7} {rule}")
    return ends


def _rules(chain: Chain, name: str, facts: dict[str, Any], now: datetime) -> list[str]:
    """The rules that hit in a decision, in their own words."""
    model = dict(chain.steps).get(name)
    if model is None:
        return []
    steps = model.decide(name, facts, now).explanation
    hits = [hit for step in steps for hit in step.hits]
    return [f"{table_name(hit.table)}, rule {hit.rule_id}: {hit.annotations.get('text', '')}" for hit in hits]


# What is told


def _facts(total: Count, whole: Sums, minutes: int) -> dict[str, Any]:
    return {
        "cases": total.rows,
        "minutes_a_signature": minutes,
        "amount_scale": total.scale,
        "without_amount": total.without_amount,
        "total": whole.facts(),
        **{
            f"by_{group}": {name: sums_of(of, minutes).facts() for name, of in sorted(total.counted(group).items())}
            for group in GROUPS
        },
        "changes": [
            {
                "before": asdict(pair.before),
                "after": asdict(pair.after),
                "cases": cases,
                "amount": amount,
                "shown": shown,
            }
            for pair, cases, amount, shown in _changes(total)
        ],
        "decided_alone": total.runs,
    }


def _changes(total: Count) -> list[tuple[Any, int, int, list[str]]]:
    """The pairs of courses that differ, the most money first, each with the ids of some cases."""
    found = [
        (pair, cases, amount, total.shown.get(pair, []))
        for pair, cases, amount in total.counted().get(WHOLE, ())
        if pair.differs
    ]
    return sorted(found, key=lambda each: (-abs(each[2]), -each[1]))


def _words(course: Course) -> str:
    steps = f" by {', '.join(course.steps)}" if course.steps else ""
    return f"{course.way}{steps}{f' ({course.breach})' if course.breach else ''}"


def _tell(total: Count, whole: Sums, minutes: int) -> None:
    money = _money(total.scale)
    amounts = f"{money(whole.changed_amount)} of {money(whole.amount)}"
    say(f"{otherwise(whole.facts())}: {amounts}")
    facts = whole.facts()
    rows = figure_rows(facts["before"], facts["after"], minutes, money)
    print_table("", ("", ">in force", ">candidate"), rows)
    changes = [
        (f"{cases:,}", money(amount), _words(pair.before), _words(pair.after), ", ".join(shown))
        for pair, cases, amount, shown in _changes(total)
    ]
    if total.without_amount:
        say(f"{total.without_amount:,} cases have no amount, which counts as 0")
    if changes:
        print_table("what changes", (">cases", ">amount", "~from", "~to", "~such as"), changes[:LISTED])
        _tell_more(len(changes))
    for group in GROUPS:
        sums = {name: sums_of(of, minutes) for name, of in total.counted(group).items()}
        listed = sorted(((s.changed_amount, s.changed, name) for name, s in sums.items() if s.changed), reverse=True)
        if listed:
            rows = [(name or "not given", f"{changed:,}", money(amount)) for amount, changed, name in listed[:LISTED]]
            print_table(f"by {group}", (group, ">cases", ">amount"), rows)
            _tell_more(len(listed))
    ERRORS.print(f"{total.runs:,} decisions were taken by themselves for all of them", markup=False)


def _tell_more(rows: int) -> None:
    if rows > LISTED:
        say(f"and {rows - LISTED:,} more: see `--json`")


def _money(scale: int) -> Any:
    return lambda minor: f"{Decimal(minor).scaleb(-scale):,}"
