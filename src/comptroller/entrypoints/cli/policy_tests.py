"""`comptroller policy test` and `propose`: what a pack's situations show, and those that nobody has written yet."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from comptroller.adapters.yaml_writing import write_yaml
from comptroller.domain.decisions.analysis.knowing import owner_of
from comptroller.domain.packs.assessment import NOW
from comptroller.domain.packs.coverage import CellCoverage, Coverage, RuleCoverage, cover
from comptroller.domain.packs.examples import Situation, examples_content
from comptroller.domain.packs.mutants import Sharpness, sharpness
from comptroller.domain.packs.proposals import Proposals
from comptroller.domain.packs.proposals import propose as proposals_for
from comptroller.domain.packs.source import Source
from comptroller.entrypoints.cli.decisions import fault_facts, has_error
from comptroller.entrypoints.cli.output import ERRORS, Exit, fail, print_json, print_table, say
from comptroller.entrypoints.cli.policy import AsJson, PackFolder, read_source

OfDecision = Annotated[
    list[str] | None,
    typer.Option("--decision", help="Only the tables of this decision, or those that it is made of; repeatable."),
]


def prove(
    folder: PackFolder,
    rules: Annotated[bool, typer.Option("--rules", help="List every rule, not only those that are not shown.")] = False,
    cells: Annotated[bool, typer.Option("--cells", help="List the cells that no situation shows alone.")] = False,
    mutants: Annotated[bool, typer.Option("--mutants", help="Make one thing wrong at a time: who notices?")] = False,
    decision: OfDecision = None,
    as_json: AsJson = False,
) -> None:
    """Run every situation of a pack and tell, rule by rule, which fire it and which it misses in."""
    source = read_source(folder)
    named = _with_tables(source, decision or ())
    covered = cover(source.situations, source.models, source.definitions, NOW)
    sharp = tuple(sharpness(source.situations, source.models, NOW, named)) if mutants else ()
    if named:
        covered = covered.of(named)
    ends = Exit.NO if covered.wrong or covered.gaps or has_error(source.faults) else Exit.DONE
    if as_json:
        print_json(
            {
                "situations": covered.situations,
                "wrong": [{"decision": w.decision, "title": w.title, "told": list(w.told)} for w in covered.wrong],
                "rules": [_rule_facts(rule) for rule in (covered.rules if rules else covered.gaps)],
                "rules_total": len(covered.rules),
                "rules_shown": len(covered.rules) - len(covered.gaps),
                "cells": [_cell_facts(cell) for cell in covered.unshown_cells] if cells else [],
                "cells_total": len(covered.cells),
                "cells_shown": len(covered.cells) - len(covered.unshown_cells),
                "mutants": [_sharpness_facts(table) for table in sharp],
                "faults": [fault_facts(fault) for fault in source.faults],
            }
        )
    else:
        _tell(source, covered, rules=rules, cells=cells)
        if mutants:
            _tell_mutants(sharp)
    raise typer.Exit(ends)


def propose(
    folder: PackFolder,
    decision: OfDecision = None,
    every: Annotated[bool, typer.Option("--every", help="Of every rule, whatever there is already.")] = False,
    into: Annotated[Path | None, typer.Option("--into", help="Write a file a decision into this folder.")] = None,
    as_json: AsJson = False,
) -> None:
    """Propose the situations that a pack lacks: for each rule one that fires it, one that it misses by the least step.

    What they expect is what the pack decides today: whether that is right is for you to say before you keep one.
    """
    source = read_source(folder)
    named = _with_tables(source, decision or ())
    found = proposals_for(source.situations, source.models, NOW, names=named, every=every)
    texts = _written(found)
    if as_json:
        unfound = [{"rule": each.rule, "wanted": each.wanted} for each in found.unfound]
        print_json({"proposed": texts, "unfound": unfound, "situations": len(found.situations)})
    elif into is None:
        for text in texts.values():
            say(text)
    if into is not None:
        for name, text in texts.items():
            path = into / f"{name.replace(' ', '-')}-proposed.yaml"
            if path.exists():
                fail("PACK-PROPOSE-01", f"there is a `{path}` already", help="look through it, then move it away")
            path.write_text(text)
    if not as_json:
        for each in found.unfound:
            ERRORS.print(f"nothing found for rule `{each.rule}`: {each.wanted}", markup=False, soft_wrap=True)
        ERRORS.print(f"{len(found.situations)} situations proposed, {len(found.unfound)} not found", markup=False)


def _with_tables(source: Source, names: Sequence[str]) -> tuple[str, ...]:
    """The names with those whose tables are meant: where one has no table of its own, all that it is made of."""
    models = list({model.hash: model for model in source.models.values()}.values())
    owners = {owner_of(table) for model in models for table in model.tables}
    meant = list(names)
    for name in names:
        model = source.models.get(name)
        if name in owners:
            continue
        if model is None or (plan := model.plan(name)) is None:
            help_text = f"it has {', '.join(sorted(source.models))}"
            fail("PACK-DECISION-07", f"the pack has no decision `{name}`", Exit.NOT_FOUND, help=help_text)
        meant += [owner for table in model.tables if (owner := owner_of(table)) in {s.node.name for s in plan.steps}]
    return tuple(dict.fromkeys(meant))


_HEAD: Final = "# Proposed: what the pack decides today. Read each one, and keep those that say what it should.\n"


def _written(found: Proposals) -> dict[str, str]:
    by_decision: dict[str, list[Situation]] = {}
    for situation in found.situations:
        by_decision.setdefault(situation.decision, []).append(situation)
    return {name: _HEAD + write_yaml(examples_content(name, of)) for name, of in by_decision.items()}


def _tell(source: Source, covered: Coverage, *, rules: bool, cells: bool) -> None:
    by_table: dict[str, list[RuleCoverage]] = {}
    for rule in covered.rules:
        by_table.setdefault(rule.table, []).append(rule)
    by_cell: dict[str, list[CellCoverage]] = {}
    for cell in covered.cells:
        by_cell.setdefault(cell.table, []).append(cell)
    print_table(
        "",
        ("table", ">rules", ">shown both ways", ">cells", ">shown alone"),
        [
            (
                table,
                str(len(of)),
                str(sum(rule.shown for rule in of)),
                str(len(by_cell.get(table, ()))),
                str(sum(cell.shown for cell in by_cell.get(table, ()))),
            )
            for table, of in by_table.items()
        ],
    )
    listed = covered.rules if rules else covered.gaps
    if listed:
        title = "every rule" if rules else "rules that no pair of situations shows"
        rows = [(rule.table, rule.rule, str(rule.fires), str(rule.misses)) for rule in listed]
        print_table(title, ("table", "rule", ">fires in", ">misses in"), rows)
    if cells and covered.unshown_cells:
        unshown = [(cell.rule, cell.column, cell.text) for cell in covered.unshown_cells]
        print_table("cells that no situation shows alone", ("rule", "column", "~cell"), unshown)
    for wrong in covered.wrong:
        say(f"{wrong.decision}: {wrong.title}: {'; '.join(wrong.told)}")
    for fault in source.faults:
        say(f"{fault.code} {fault.path}: {fault.message}")
    shown = len(covered.rules) - len(covered.gaps)
    alone = len(covered.cells) - len(covered.unshown_cells)
    say(f"{covered.situations} situations, {len(covered.wrong)} came out otherwise")
    say(f"{alone} of {len(covered.cells)} cells have one in which they alone keep their rule from firing")
    say(f"{shown} of {len(covered.rules)} rules have one that fires and one that misses; {len(source.faults)} faults")


def _tell_mutants(tables: Sequence[Sharpness]) -> None:
    rows = [(table.decision, str(table.mutants), str(table.killed), _percent(table)) for table in tables]
    print_table("what is noticed when one thing is wrong", ("table of", ">mutants", ">noticed", ">score"), rows)
    for table in tables:
        for survivor in table.survivors:
            say(f"nobody notices: {table.decision}, rule {survivor.rule}: {survivor.change}")
    mutants, killed = sum(table.mutants for table in tables), sum(table.killed for table in tables)
    say(f"{killed} of {mutants} mutants are noticed")


def _percent(table: Sharpness) -> str:
    return f"{100 * table.killed // table.mutants}%" if table.mutants else "-"


def _rule_facts(rule: RuleCoverage) -> dict[str, object]:
    return {
        "table": rule.table,
        "rule": rule.rule,
        "fires": rule.fires,
        "misses": rule.misses,
        "shown": rule.shown,
    }


def _cell_facts(cell: CellCoverage) -> dict[str, object]:
    return {"table": cell.table, "rule": cell.rule, "column": cell.column, "cell": cell.text}


def _sharpness_facts(table: Sharpness) -> dict[str, Any]:
    return {
        "decision": table.decision,
        "mutants": table.mutants,
        "noticed": table.killed,
        "survivors": [{"rule": each.rule, "change": each.change} for each in table.survivors],
    }
