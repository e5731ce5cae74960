"""What the platform will look for in a pack while it runs is a fault of its sources where it is not there."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import cast

import pytest

from comptroller.application.policy import Policy, PolicyLibrary
from comptroller.application.ports.store import UnitOfWork
from comptroller.application.records import PolicyRow
from comptroller.bootstrap import compile_pack, pack_files, pack_source
from comptroller.domain.kernel.canonical_json import encode
from comptroller.domain.packs import content_hash
from comptroller.entrypoints.cli.policy_new import SKELETON


def told(changes: Mapping[str, tuple[bytes, bytes]], *without: str) -> set[tuple[str, str]]:
    files = {path: content for path, content in pack_files(SKELETON).items() if path not in without}
    for path, (old, new) in changes.items():
        assert old in files[path]
        files[path] = files[path].replace(old, new)
    return {(fault.code, fault.path) for fault in pack_source(files).faults}


def test_a_whole_pack_has_no_faults() -> None:
    assert told({}) == set()


@pytest.mark.parametrize(
    ("path", "found"),
    [
        pytest.param("decisions/may-sign.dmn", ("PACK-DECISION-06", "invoice"), id="asked before a signature counts"),
        pytest.param(
            "decisions/material-change.dmn", ("PACK-DECISION-06", "invoice"), id="asked where a field changed"
        ),
        pytest.param("decisions/tax-comparison.dmn", ("PACK-DECISION-06", "invoice"), id="asked by the posting"),
        pytest.param("decisions/policy-release.dmn", ("PACK-DECISION-06", "policy-change"), id="asked by a release"),
        pytest.param("processes/invoice.bpmn", ("PACK-PROCESS-01", "invoice"), id="no process of documents"),
        pytest.param("processes/policy-change.bpmn", ("PACK-PROCESS-01", "policy-change"), id="no process of changes"),
    ],
)
def test_what_the_platform_asks_for_has_to_be_there(path: str, found: tuple[str, str]) -> None:
    assert found in told({}, path)


def test_another_key_is_told_before_the_pack_is_founded_on() -> None:
    change = {"pack.toml": (b'"accounts-payable"', b'"team-purchases"')}
    assert told(change) == {("PACK-MANIFEST-02", "pack.toml/key")}


@pytest.mark.parametrize(
    ("written", "found"),
    [
        (b'kept_in_person = "payment"', {("PACK-DELEGATION-01", "pack.toml/kept_in_person")}),
        (b'kept_in_person = { tea = "hot" }', {("PACK-DELEGATION-02", "pack.toml/kept_in_person/tea")}),
        (b'kept_in_person = { release = " " }', {("PACK-DELEGATION-02", "pack.toml/kept_in_person/release")}),
        (b'kept_in_person = { release = "nobody else" }', set()),
    ],
    ids=["no table", "no kind of signature", "no reason", "with a reason"],
)
def test_what_is_kept_in_person_names_signatures_with_reasons(written: bytes, found: set[tuple[str, str]]) -> None:
    faults = told({"pack.toml": (b"[accounts]", written + b"\n\n[accounts]")})
    assert {each for each in faults if each[0].startswith("PACK-DELEGATION")} == found
    assert bool(faults) == bool(found)


def test_a_service_that_nobody_gives_is_told_of_the_sources_too() -> None:
    change = {"processes/invoice.bpmn": (b"requester.return", b"requester.call")}
    assert told(change) == {("PACK-SERVICE-01", "invoice")}


@dataclass
class Kept:
    """A store of one version."""

    files: Mapping[str, bytes]

    def policy(self, policy_hash: str) -> PolicyRow:
        text = encode({path: content.decode() for path, content in self.files.items()}).decode()
        return PolicyRow(policy_hash, "accounts-payable", text, datetime(2026, 3, 27, tzinfo=UTC), "alice")


def test_cases_of_a_released_version_go_on_whatever_a_stricter_check_says_of_it() -> None:
    files = dict(pack_files(SKELETON))
    drawn = files["processes/policy-change.bpmn"]
    flow = b'<bpmn:sequenceFlow id="round" sourceRef="sign" targetRef="sign" />'
    files["processes/policy-change.bpmn"] = drawn.replace(b"</bpmn:process>", flow + b"</bpmn:process>")
    refused = compile_pack(files)
    assert isinstance(refused, tuple)
    assert "WORKFLOW-SOUND-02" in {fault.code for fault in refused}
    version = content_hash(files)
    policy = PolicyLibrary(compile_pack).version(cast("UnitOfWork", Kept(files)), version)
    assert isinstance(policy, Policy)
    assert "policy-change" in policy.processes
