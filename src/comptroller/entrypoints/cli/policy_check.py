"""`comptroller policy check` and `invariants`: what is wrong with a pack's tables, and whether it keeps its word."""

import time
from collections import Counter
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from typing import Annotated, Final

import typer

from comptroller import dmn
from comptroller.domain.decisions import Model
from comptroller.domain.decisions.analysis import Finding, FindingKind, Weight, analyse
from comptroller.domain.decisions.proving.statements import Verdict
from comptroller.domain.kernel.fault import Fault
from comptroller.domain.packs.invariants import Grounds, InvariantVerdict, prove_invariants
from comptroller.domain.packs.source import Source
from comptroller.entrypoints.cli.decisions import fault_facts, has_error
from comptroller.entrypoints.cli.output import ERRORS, Exit, print_json, say
from comptroller.entrypoints.cli.policy import AsJson, PackFolder, read_source
from comptroller.entrypoints.cli.workplace import read_file


def check(
    target: Annotated[Path, typer.Argument(help="A DMN file, or the folder of a pack.")],
    imports: Annotated[list[Path] | None, typer.Option("--import", help="A model that the file imports.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a finding and line.")] = False,
) -> None:
    """Tell what is wrong with decision tables: gaps, rules that meet or never decide, what could be simpler.

    Of a pack the standing invariants are proved as well. Findings go to standard output, the gravest of each table
    first; faults of the files and a summary to standard error (with --json faults are lines as well). Exit code 1
    where a finding or a fault is an error, or an invariant is not proved.
    """
    source = read_source(target) if target.is_dir() else None
    models, faults = _models(target, imports or ()) if source is None else _models_of(source)
    findings = [finding for model in models for finding in analyse(model)]
    if as_json:
        for finding in findings:
            print_json(finding.to_json())
    else:
        _say_findings(findings)
    verdicts = () if source is None else prove(source)
    for verdict in verdicts:
        if not verdict.holds or as_json:
            tell(verdict, as_json=as_json)
    for fault in faults:
        if as_json:
            print_json({"kind": "fault", **fault_facts(fault)})
        else:
            ERRORS.print(f"{fault.code} {fault.path}: {fault.message}", markup=False)
    counts = Counter(Weight(fault.severity.value) for fault in faults)
    counts.update(finding.weight for finding in findings)
    tables = sum(len(model.tables) for model in models)
    told = ", ".join(f"{counts[weight]} {_WEIGHTS[weight]}" for weight in Weight)
    ERRORS.print(f"{tables} tables: {told}", markup=False)
    if verdicts:
        _sum_up(verdicts)
    held = all(verdict.holds for verdict in verdicts)
    raise typer.Exit(Exit.NO if counts[Weight.ERROR] or not held else Exit.DONE)


def _say_findings(findings: Sequence[Finding]) -> None:
    """Tell findings one by one; gaps that need no rule in one line for each table."""
    for (weight, kind, decision, _), group in groupby(findings, key=_group):
        of = list(group)
        if kind is FindingKind.GAP and weight is Weight.INFORMATION:
            gaps = [
                finding.message if finding is of[0] else finding.message.removeprefix("no rule accepts ")
                for finding in of
            ]
            more = f"; and {len(of) - GAPS_SHOWN} more: `--json` tells each" if len(of) > GAPS_SHOWN else ""
            say(f"{weight:<11} {kind:<12} {decision}: {'; nor '.join(gaps[:GAPS_SHOWN])}{more}")
            continue
        for finding in of:
            say(f"{weight:<11} {kind:<12} {decision}: {finding.message}")
            if finding.kind in _MEETING and finding.region:
                say(f"{'':<24} where {', '.join(f'`{column}` {cell}' for column, cell in finding.region.items())}")
            if finding.proposal:
                say(f"{'':<24} a row for it: {' | '.join(finding.proposal)}")


def _group(finding: Finding) -> tuple[Weight, FindingKind, str, str]:
    return finding.weight, finding.kind, finding.decision, finding.table


GAPS_SHOWN: Final = 4
"""Gaps of one table that need no rule are told so far; the rest is counted."""

_MEETING: Final = frozenset({FindingKind.OVERLAP, FindingKind.CONTRADICTION})
"""Findings whose message names the rules that meet; where they do has to be told beside it."""

_TOLD: Final = {Verdict.PROVED: "proved", Verdict.BROKEN: "broken", Verdict.UNDECIDED: "undecided"}


def invariants(folder: PackFolder, as_json: AsJson = False) -> None:
    """Prove a pack's standing invariants: each for all inputs, or with an input that breaks it.

    Exit code 1 where one is broken, or undecided.
    """
    source = read_source(folder)
    verdicts = prove(source)
    if as_json:
        print_json({"invariants": [verdict.to_json() for verdict in verdicts]})
    else:
        for verdict in verdicts:
            tell(verdict, as_json=False)
    for fault in source.faults:
        ERRORS.print(f"{fault.code} {fault.path}: {fault.message}", markup=False)
    _sum_up(verdicts)
    held = all(verdict.holds for verdict in verdicts)
    raise typer.Exit(Exit.DONE if held and not has_error(source.faults) else Exit.NO)


def prove(source: Source) -> tuple[InvariantVerdict, ...]:
    """Prove the invariants of a pack's sources."""
    return prove_invariants(source.invariants, Grounds.of(source), time.monotonic)


def tell(verdict: InvariantVerdict, *, as_json: bool) -> None:
    """Tell what became of an invariant; where it is broken, by what."""
    if as_json:
        print_json({"kind": "invariant", **verdict.to_json()})
        return
    say(f"{_TOLD[verdict.verdict]:<11} {verdict.invariant.key}: {verdict.invariant.title}")
    if not verdict.holds:
        say(f"{'':<11} {verdict.message}")
    if verdict.example:
        say(f"{'':<11} with {', '.join(f'{name}: {value}' for name, value in verdict.example.items())}")


def _sum_up(verdicts: Sequence[InvariantVerdict]) -> None:
    counts = Counter(verdict.verdict for verdict in verdicts)
    told = ", ".join(f"{counts[each]} {word}" for each, word in _TOLD.items())
    ERRORS.print(f"{len(verdicts)} invariants: {told}", markup=False)


_WEIGHTS: Final = {Weight.ERROR: "errors", Weight.WARNING: "warnings", Weight.INFORMATION: "to know"}


def _models(target: Path, imports: Sequence[Path]) -> tuple[list[Model], tuple[Fault, ...]]:
    """A file's model, and what is wrong with it before any table is looked into."""
    model = dmn.load(read_file(target), [read_file(path) for path in imports])
    return [model], model.faults


def _models_of(source: Source) -> tuple[list[Model], tuple[Fault, ...]]:
    return list({model.hash: model for model in source.models.values()}.values()), source.faults
