"""`comptroller policy`: prove a pack's situations, print its catalogue, tell what is wrong with it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Final

import typer

from comptroller.adapters.bpmn_xml import read as read_bpmn
from comptroller.adapters.dmn_xml import read as read_dmn
from comptroller.adapters.yaml_reading import read_yaml
from comptroller.bootstrap import pack_files
from comptroller.domain.decisions import Model, compile_model
from comptroller.domain.decisions.definitions import Definitions
from comptroller.domain.kernel.fault import Fault
from comptroller.domain.packs import Pack, read_pack
from comptroller.domain.packs.catalogue import catalogue_page
from comptroller.domain.packs.coverage import Coverage, RuleCoverage, cover
from comptroller.domain.packs.examples import Situation, read_examples
from comptroller.domain.packs.lint import lint
from comptroller.entrypoints.cli.decisions import fault_facts, has_error
from comptroller.entrypoints.cli.output import Exit, fail, print_json, print_table, say

app: Final = typer.Typer(no_args_is_help=True, help="Policy packs.")

NOW: Final = datetime(2026, 3, 27, 8, 0, tzinfo=UTC)
"""When situations are decided that say nothing of the time: a fixed instant, so that a proof repeats."""

PackFolder = Annotated[Path, typer.Argument(help="The folder of the pack.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print facts as JSON.")]


@dataclass(frozen=True, slots=True)
class Source:
    """A pack as its author keeps it: sources, not yet a version."""

    pack: Pack | None
    definitions: Mapping[str, Definitions]  # by file
    models: Mapping[str, Model]  # by decision
    situations: tuple[Situation, ...]
    faults: tuple[Fault, ...]


@app.command("test")
def prove(
    folder: PackFolder,
    rules: Annotated[bool, typer.Option("--rules", help="List every rule, not only those that are not shown.")] = False,
    as_json: AsJson = False,
) -> None:
    """Run every situation of a pack and tell, rule by rule, which fire it and which it misses in."""
    source = read_source(folder)
    covered = cover(source.situations, source.models, source.definitions, NOW)
    ends = Exit.NO if covered.wrong or covered.gaps or has_error(source.faults) else Exit.DONE
    if as_json:
        print_json(
            {
                "situations": covered.situations,
                "wrong": [{"decision": w.decision, "title": w.title, "told": list(w.told)} for w in covered.wrong],
                "rules": [_rule_facts(rule) for rule in (covered.rules if rules else covered.gaps)],
                "rules_total": len(covered.rules),
                "rules_shown": len(covered.rules) - len(covered.gaps),
                "faults": [fault_facts(fault) for fault in source.faults],
            }
        )
    else:
        _tell(source, covered, rules=rules)
    raise typer.Exit(ends)


@app.command("catalogue")
def catalogue(folder: PackFolder) -> None:
    """Print every decision, rule and reason code of a pack as a page of Markdown."""
    source = read_source(folder)
    if source.pack is None or has_error(source.faults):
        fail("PACK-FAULT-01", source.faults[0].message, Exit.NO, help="run `comptroller policy test` on the folder")
    typer.echo(catalogue_page(source.pack.name, source.definitions), nl=False)


def read_source(folder: Path) -> Source:
    """Read a pack's sources and collect every fault in them."""
    files = pack_files(folder) if folder.is_dir() else {}
    if "pack.toml" not in files:
        fail("PACK-OPEN-01", f"there is no policy pack in `{folder}`", Exit.NOT_FOUND, help="name its folder")
    pack, read_faults = read_pack(files)
    faults = list(read_faults)
    definitions: dict[str, Definitions] = {}
    models: dict[str, Model] = {}
    situations: list[Situation] = []
    asked: dict[str, list[str]] = {}
    for path, content in files.items():
        if path.endswith(".dmn"):
            definition, problems = read_dmn(content)
            faults += problems
            if definition is not None:
                definitions[path] = definition
                model = compile_model(definition)
                faults += model.faults
                models |= dict.fromkeys(model.decision_names, model)
        elif path.endswith(".bpmn"):
            process, problems = read_bpmn(content)
            faults += problems
            if process is not None:
                asked[path] = sorted(process.decisions)
        elif path.startswith("examples/") and path.endswith(".yaml"):
            found, problems = _situations(path, content)
            situations += found
            faults += problems
    faults += lint(definitions, asked, pack.roles if pack is not None else ())
    return Source(pack, definitions, models, tuple(situations), tuple(faults))


def _situations(path: str, content: bytes) -> tuple[tuple[Situation, ...], tuple[Fault, ...]]:
    try:
        return read_examples(path, read_yaml(content))
    except ValueError as error:
        return (), (Fault("PACK-EXAMPLE-01", path, str(error), by="pack", help="mend the YAML"),)


def _tell(source: Source, covered: Coverage, *, rules: bool) -> None:
    by_table: dict[str, list[RuleCoverage]] = {}
    for rule in covered.rules:
        by_table.setdefault(rule.table, []).append(rule)
    print_table(
        "",
        ("table", ">rules", ">shown both ways"),
        [(table, str(len(of)), str(sum(rule.shown for rule in of))) for table, of in by_table.items()],
    )
    listed = covered.rules if rules else covered.gaps
    if listed:
        title = "every rule" if rules else "rules that no pair of situations shows"
        rows = [(rule.table, rule.rule, str(rule.fires), str(rule.misses)) for rule in listed]
        print_table(title, ("table", "rule", ">fires in", ">misses in"), rows)
    for wrong in covered.wrong:
        say(f"{wrong.decision}: {wrong.title}: {'; '.join(wrong.told)}")
    for fault in source.faults:
        say(f"{fault.code} {fault.path}: {fault.message}")
    shown = len(covered.rules) - len(covered.gaps)
    say(f"{covered.situations} situations, {len(covered.wrong)} came out otherwise")
    say(f"{shown} of {len(covered.rules)} rules have one that fires and one that misses; {len(source.faults)} faults")


def _rule_facts(rule: RuleCoverage) -> dict[str, object]:
    return {
        "table": rule.table,
        "rule": rule.rule,
        "fires": rule.fires,
        "misses": rule.misses,
        "shown": rule.shown,
    }
