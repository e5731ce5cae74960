"""Versions of the pack that tests put in force, made of the released one by changing its texts."""

from collections.abc import Callable, Mapping
from typing import Final

from tests.acceptance.company import ROOT, TENANT, Company

from comptroller.application.caller import PACK, SYSTEM
from comptroller.application.evidence import Evidence
from comptroller.application.policy import Policy
from comptroller.application.ports.store import UnitOfWork
from comptroller.application.records import PolicyRow
from comptroller.application.starting.in_force import bring_in_force
from comptroller.bootstrap import Platform, pack_files
from comptroller.domain.audit import Actor
from comptroller.domain.kernel.canonical_json import encode
from comptroller.domain.kernel.ids import TenantId
from comptroller.domain.packs.timeline import GROUP, InForce

INVOICE: Final = "processes/invoice.bpmn"

Change = Callable[[str], str]
"""What is made of a file's text."""


def exchange(*pairs: tuple[str, str]) -> Change:
    """Exchange texts that are there."""

    def change(text: str) -> str:
        for before, after in pairs:
            assert before in text, before
            text = text.replace(before, after)
        return text

    return change


SIGNED: Final = exchange(
    ('<bpmn:userTask id="approve" name="Approve"', '<bpmn:userTask id="sign" name="Approve"'),
    ('targetRef="approve"', 'targetRef="sign"'),
    ('sourceRef="approve"', 'sourceRef="sign"'),
    ('attachedToRef="approve"', 'attachedToRef="sign"'),
    ('bpmnElement="approve"', 'bpmnElement="sign"'),
)
"""The step `approve` has another id."""

CHECKED: Final = exchange(
    ('name="post" sourceRef="outcome" targetRef="post"', 'name="post" sourceRef="outcome" targetRef="look-again"'),
    (
        """<bpmn:serviceTask id="post" name="Post to ledger" comptroller:service="ledger.post">
      <bpmn:incoming>outcome-post</bpmn:incoming>""",
        """<bpmn:serviceTask id="look-again" name="Look again" comptroller:service="facts.gather">
      <bpmn:incoming>outcome-post</bpmn:incoming>
      <bpmn:outgoing>look-again-to-post</bpmn:outgoing>
    </bpmn:serviceTask>
    <bpmn:sequenceFlow id="look-again-to-post" sourceRef="look-again" targetRef="post" />
    <bpmn:serviceTask id="post" name="Post to ledger" comptroller:service="ledger.post">
      <bpmn:incoming>look-again-to-post</bpmn:incoming>""",
    ),
)
"""The facts are read once more before posting."""


def put_in_force(company: Company, changes: Mapping[str, Change]) -> str:
    """Release the pack with changed texts and put it in force; its hash."""
    files = pack_files(ROOT / "packs" / "accounts-payable")
    for path, change in changes.items():
        files[path] = change(files[path].decode()).encode()
    return release(company.platform, files).hash


def release(platform: Platform, files: Mapping[str, bytes], tenant: TenantId = TENANT) -> Policy:
    """Put a version in force that nobody signed."""
    environment = platform.environment
    policy = environment.policies.compile(files)
    assert isinstance(policy, Policy), policy
    text = encode({path: content.decode() for path, content in files.items()}).decode()

    def write(uow: UnitOfWork) -> None:
        now = environment.clock.now(uow)
        if uow.policy(policy.hash) is None:
            uow.insert(PolicyRow(policy.hash, PACK, text, now, SYSTEM))
        evidence = Evidence(uow, actor=Actor(SYSTEM, "system"), at=now)
        entry = InForce(policy.hash, GROUP, now.date(), now, SYSTEM)
        bring_in_force(environment, uow, evidence, PACK, entry)

    environment.store.run(tenant, write)
    return policy
