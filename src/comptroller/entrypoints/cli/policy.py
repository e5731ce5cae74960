"""`comptroller policy`: a pack as its author keeps it, its catalogue, and what a new version decides otherwise."""

from collections.abc import Collection, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Final

import typer

from comptroller.adapters.dmn_xml import read as read_dmn
from comptroller.bootstrap import pack_source
from comptroller.domain.decisions import Model, compile_model
from comptroller.domain.decisions.analysis import Comparison, compare_versions
from comptroller.domain.decisions.definitions import Definitions
from comptroller.domain.decisions.proving.changes import trace
from comptroller.domain.decisions.proving.effects import Effect
from comptroller.domain.decisions.proving.functions import trace_functions
from comptroller.domain.decisions.proving.graphs import Graph
from comptroller.domain.feel import admit
from comptroller.domain.feel.text import literal_text
from comptroller.domain.packs.catalogue import catalogue_page
from comptroller.domain.packs.chain import handing_of
from comptroller.domain.packs.source import Source
from comptroller.entrypoints.cli.decisions import has_error
from comptroller.entrypoints.cli.output import ERRORS, Exit, fail, print_json, say
from comptroller.entrypoints.cli.workplace import read_file, read_pack

app: Final = typer.Typer(no_args_is_help=True, help="Policy packs.")

REGIONS_SHOWN: Final = 5
"""Regions of a decision behind a change that are told to people: the smallest one of each difference."""

SAME: Final = "written otherwise, and the same for all inputs"
PackFolder = Annotated[Path, typer.Argument(help="The folder of the pack.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print facts as JSON.")]


@app.command("catalogue")
def catalogue(folder: PackFolder) -> None:
    """Print every decision, rule and reason code of a pack as a page of Markdown."""
    source = read_source(folder)
    if source.pack is None or has_error(source.faults):
        fail("PACK-FAULT-01", source.faults[0].message, Exit.NO, help="run `comptroller policy test` on the folder")
    typer.echo(catalogue_page(source.pack.name, source.definitions), nl=False)


@app.command("diff")
def diff(
    old: Annotated[Path, typer.Argument(help="A DMN file, or the folder of a pack, as it was.")],
    new: Annotated[Path, typer.Argument(help="The same as it is to be.")],
    imports: Annotated[list[Path] | None, typer.Option("--import", help="A model that both files import.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a difference and line.")] = False,
) -> None:
    """Tell what a new version decides otherwise, over all inputs: equal is proved, or the regions that differ are told.

    Exit code 0: equal for all inputs; 1: something differs, or nothing could be proved of something.
    """
    read = _version(old, imports or []), _version(new, imports or [])
    versions = compare_versions(*read)
    certain = {comparison.decision for comparison in versions.tables if comparison.is_certain}
    traced = _traced((old, new), read, versions.written_anew, certain) if versions.written_anew else ()
    compared = {each.decision for each in versions.tables}
    settled = {each.decision for each in traced if each.decision in compared and not each.undecided}
    tables = [each for each in versions.tables if each.decision not in settled]
    effects = [each for each in traced if each.is_handed or each.decision in settled or each.decision not in compared]
    rewritten = set(versions.rewritten) - {effect.decision for effect in effects}
    for kind, names in (
        ("added", versions.added),
        ("removed", versions.removed),
        ("undecided", sorted(rewritten)),
        ("type changed", versions.retyped),
    ):
        for name in names:
            if as_json:
                print_json({"kind": kind, "decision": name})
            else:
                say(f"{kind:<12} {name}")
    for comparison in tables:
        _tell_comparison(comparison, as_json=as_json)
    for effect in effects:
        anew = effect.decision in settled or effect.decision in versions.rewritten
        _tell_effect(effect, is_written_anew=anew, as_json=as_json)
    told = (rewritten, versions.added, versions.removed, versions.retyped)
    is_equal = not any(told) and all(each.is_equal for each in tables) and all(each.is_none for each in effects)
    if is_equal:
        text = "both versions decide the same of all inputs"
        if as_json:
            print_json({"kind": "equal", "decision": "", "message": text})
        else:
            say(f"{'equal':<12} {text}")
    ERRORS.print(f"{len(versions.same)} decisions are as they were, {len(versions.tables)} tables were written anew")
    raise typer.Exit(Exit.DONE if is_equal else Exit.NO)


def _tell_comparison(comparison: Comparison, *, as_json: bool) -> None:
    about = {"decision": comparison.decision, "table": comparison.table}
    if comparison.is_equal or comparison.undecided:
        kind = "undecided" if comparison.undecided else "equal"
        text = comparison.undecided or SAME
        if as_json:
            print_json({"kind": kind, **about, "message": text})
        else:
            say(f"{kind:<12} {comparison.decision}: {text}")
    for difference in comparison.differences if as_json else comparison.together:
        kind = "undecided" if difference.doubt else "changed"
        message = f"{difference.message}, {difference.doubt}" if difference.doubt else difference.message
        if as_json:
            print_json({"kind": kind, **asdict(difference), "message": message})
        else:
            say(f"{kind:<12} {comparison.decision}: {message}")


def _tell_effect(effect: Effect, *, is_written_anew: bool, as_json: bool) -> None:
    """Tell what a change means for a decision behind it: nothing, or regions, the smallest with an example."""
    about = {"decision": effect.decision, "table": ""}
    if effect.is_none or effect.undecided:
        kind = "undecided" if effect.undecided else "equal"
        looks = "is handed what changed" if effect.is_handed else "looks at what changed"
        same = SAME if is_written_anew else f"{looks}, and decides the same of all inputs"
        text = effect.undecided or same
        if as_json:
            print_json({"kind": kind, **about, "message": text})
        else:
            say(f"{kind:<12} {effect.decision}: {text}")
    ranked = sorted(effect.regions, key=lambda each: each.rank)
    smallest = list({region.what: region for region in reversed(ranked)}.values())[::-1][:REGIONS_SHOWN]
    for region in ranked if as_json else smallest:
        example = {name: literal_text(admit(value)) for name, value in region.inputs.items()}
        if as_json:
            texts = {"before": literal_text(region.before), "after": literal_text(region.after)}
            rules = {"rules_before": list(region.rules_before), "rules_after": list(region.rules_after)}
            told = {**about, "region": dict(region.region or {}), **texts, **rules, "example": example}
            print_json({"kind": "changed", **told, "message": region.message})
        else:
            say(f"{'changed':<12} {effect.decision}: {region.message}")
        if region is ranked[0] and not as_json:
            before, after = region.told
            say(f"{'':<12} such as {', '.join(f'{name}: {value}' for name, value in example.items())}")
            say(f"{'':<12} before: {before}, by {', '.join(region.rules_before) or 'no rule'}")
            say(f"{'':<12} after: {after}, by {', '.join(region.rules_after) or 'no rule'}")
    if len(ranked) > len(smallest) and not as_json:
        say(f"{'':<12} and in {len(ranked) - len(smallest)} more regions of {effect.decision}: `--json` tells each")


def _version(target: Path, imports: Sequence[Path]) -> list[tuple[Definitions, Model]]:
    """A version's models, each with what it was compiled from."""
    files = sorted(target.glob("decisions/*.dmn")) if target.is_dir() else [target]
    if not files:
        fail("PACK-OPEN-01", f"there is no decision model in `{target}`", Exit.NOT_FOUND, help="name a file or a pack")
    found = [_definitions(file) for file in (*files, *imports)]
    return [(each, compile_model(each, [other for other in found if other is not each])) for each in found]


def _definitions(file: Path) -> Definitions:
    definitions, faults = read_dmn(read_file(file))
    if definitions is None:
        fail(faults[0].code, faults[0].message, Exit.REFUSED, help="run `comptroller policy check` on it")
    return definitions


def _traced(
    targets: Sequence[Path],
    versions: Sequence[Sequence[tuple[Definitions, Model]]],
    changed: Collection[tuple[str, str]],
    known: Collection[str],
) -> tuple[Effect, ...]:
    """What a change means for the decisions behind it; in packs also for those to which a process hands it.

    Tables of which the comparison is certain are `known`; others are gone through as expressions are.
    """
    sources = [read_source(target) if (target / "pack.toml").is_file() else None for target in targets]
    before, after = (
        Graph(version, handing_of(source.processes.values(), version) if source is not None else {})
        for source, version in zip(sources, versions, strict=True)
    )
    bases = sources[0].bases if sources[0] is not None else {}
    return (*trace_functions(before, after, changed, known=known), *trace(before, after, changed, bases, known=known))


def read_source(folder: Path) -> Source:
    """A pack's sources with every fault in them."""
    return pack_source(read_pack(folder))
