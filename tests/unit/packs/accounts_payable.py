"""The accounts-payable pack as the tests read it: files, definitions, models, and a run of all its decisions."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from comptroller.adapters.dmn_xml import read
from comptroller.domain.decisions import Model
from comptroller.domain.decisions.definitions import Definitions
from comptroller.domain.packs.compiling import compile_models

ROOT: Final = Path(__file__).parents[3] / "packs" / "accounts-payable"
NOW: Final = datetime(2026, 3, 27, 8, 0, tzinfo=UTC)


@lru_cache
def definitions() -> Mapping[str, Definitions]:
    """Every model of the pack by its file."""
    found = {}
    for path in sorted((ROOT / "decisions").glob("*.dmn")):
        model, faults = read(path.read_bytes())
        assert model is not None, faults
        assert faults == ()
        found[f"decisions/{path.name}"] = model
    return found


@lru_cache
def models() -> Mapping[str, Model]:
    """The compiled model of each decision."""
    return compile_models(definitions().values())[0]


def asked_by_processes() -> Mapping[str, list[str]]:
    """The names of the decisions that each process asks for."""
    return {
        path.stem: re.findall(r'comptroller:decision="([^"]+)"', path.read_text())
        for path in (ROOT / "processes").glob("*.bpmn")
    }


def in_order() -> list[str]:
    """The decisions of the invoice process, each behind the ones whose outcomes it needs."""
    return list(asked_by_processes()["invoice"])


def decide_all(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Ask every decision in order, each with the facts and the outcomes before it, and keep the outcomes.

    What the platform does in between is done here too: the steps that routing leaves open become a fact.
    """
    known: dict[str, Any] = dict(facts)
    for name in in_order():
        known[name] = models()[name].decide(name, known, NOW).value
        if name == "approval routing":
            known["open steps"] = known[name]["open steps"]
    return {name: known[name] for name in in_order()}
