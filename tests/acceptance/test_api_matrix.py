"""Every endpoint for every role, for who works elsewhere, for another tenant, and for nobody.

The table is written by hand, in words: what may who do. A route that is in no table fails, a role too.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import pytest
from starlette.routing import BaseRoute, Mount
from tests.acceptance.cast import NOBODY, OTHER, ROLES, Cast, assemble
from tests.acceptance.company import TENANT, Answer, Company, Databases, Person, Snapshot

from comptroller.application.access import IssueApiKey, RevokeApiKey, hash_of
from comptroller.application.dispatcher import Request

EVERYBODY: Final = frozenset(ROLES)
LISTS_CASES: Final = frozenset(
    "ap-clerk ap-lead buyer contract-owner managing-director vp-operations general-counsel tax-manager "
    "intercompany-accountant cfo ceo policy-owner policy-releaser group-controller internal-auditor external-auditor "
    "partner-staff importer system".split()
)
HANDS_IN: Final = frozenset("ap-clerk requester cost-centre-owner importer".split())
ANSWERS_TASKS: Final = EVERYBODY - frozenset(
    "policy-owner internal-auditor external-auditor partner-staff assistant system people-administrator".split()
)
"""Whoever signs, resolves, clears or hands in; the task then says which of these it takes."""

READS_CASES: Final = EVERYBODY - {"people-administrator"}
READS_TASKS: Final = READS_CASES - frozenset("policy-owner internal-auditor external-auditor partner-staff".split())
READS_JOURNALS: Final = frozenset(
    "ap-lead intercompany-accountant treasury treasurer cfo group-controller internal-auditor external-auditor".split()
)
LIFTS_BLOCKS: Final = frozenset("ap-lead buyer general-counsel supplier-verify cfo group-controller".split())
RESOLVES: Final = frozenset(
    role for role, body in ROLES.items() if "exception.resolve" in body["duties"] and role != "assistant"
)
"""Whoever resolves exceptions may stop a payment; who may let it go again is policy's."""

READS_POLICY: Final = frozenset(
    "policy-owner policy-releaser group-controller internal-auditor external-auditor".split()
)
WRITES_POLICY: Final = frozenset("policy-owner policy-releaser".split())
SEES_JOBS: Final = (
    HANDS_IN
    | WRITES_POLICY
    | frozenset("buyer receiver ap-lead internal-auditor external-auditor operator system cfo group-controller".split())
)
REPLAYS: Final = WRITES_POLICY | {"group-controller"}
READS_REFERENCE: Final = EVERYBODY - frozenset("requester operator".split())


@dataclass(frozen=True, slots=True)
class Row:
    """What is asked for, who may, and what they get; everybody else gets 403."""

    title: str
    call: str  # method and path as called; `{case}` and `{task}` are of a case in DE
    roles: frozenset[str]
    status: int
    body: dict[str, Any] | list[Any] | None = None
    away: int = 0  # for a role that may, but works for another entity; 0: the same
    foreign: int = 0  # for another tenant; 0: the same


def row(title: str, call: str, roles: frozenset[str] | str, status: int, **more: Any) -> Row:
    return Row(title, call, frozenset(roles.split()) if isinstance(roles, str) else roles, status, **more)


ADMINISTERS: Final = frozenset({"importer", "people-administrator"})
"""Whoever administers people: of others; each puts the own absences down."""

DAYS: Final = {"from": "2026-03-27", "until": "2026-03-28", "to": "ruth.sommer"}
STALE: Final = {"action": "approve", "content_hash": "of something else"}

ROWS: Final = (
    row("hand in what is no document", "POST /v1/documents", HANDS_IN, 422, body=[]),
    row("list cases", "GET /v1/cases", LISTS_CASES, 200),
    row("read the figures", "GET /v1/figures", LISTS_CASES, 200),
    row("read the return", "GET /v1/figures/return", LISTS_CASES, 200),
    row("enter a baseline", "PUT /v1/reference/baseline/X", "group-controller", 422, body={}),
    row("measure no days", "POST /v1/figures/measurements", REPLAYS, 422, body={"from": "x", "to": "y"}),
    row(
        "see no measurement",
        "GET /v1/figures/measurements/none",
        REPLAYS | frozenset("internal-auditor external-auditor cfo".split()),
        404,
    ),
    row("replay no days", "POST /v1/figures/replays", REPLAYS, 422, body={"from": "x", "to": "y"}),
    row(
        "see no replay",
        "GET /v1/figures/replays/none",
        REPLAYS | frozenset("internal-auditor external-auditor cfo".split()),
        404,
    ),
    row("read no figure", "GET /v1/figures?figure=none", LISTS_CASES, 404),
    row("read a case", "GET /v1/cases/{case}", READS_CASES, 200, away=404, foreign=404),
    row("read its story", "GET /v1/cases/{case}/timeline", READS_CASES, 200, away=404, foreign=404),
    row("read its decisions", "GET /v1/cases/{case}/decisions", READS_CASES, 200, away=404, foreign=404),
    row("take its document away", "GET /v1/cases/{case}/original", READS_CASES, 200, away=404, foreign=404),
    row(
        "take in a table by no mapping", "POST /v1/intake?mapping=none", HANDS_IN | {"buyer", "receiver"}, 404, body=[]
    ),
    row(
        "see what failed to come in",
        "GET /v1/intake",
        HANDS_IN | {"ap-lead", "internal-auditor", "operator", "system"},
        200,
    ),
    row("save a mapping", "PUT /v1/reference/mapping/X", "ap-clerk importer", 422, body={}),
    row(
        "take a message away that never came in",
        "GET /v1/intake/none/original",
        HANDS_IN | {"ap-lead", "internal-auditor", "operator", "system"},
        404,
    ),
    row("see what the supplier is told", "GET /v1/cases/{case}/response", READS_CASES, 200, away=404, foreign=404),
    row("key what is no invoice", "POST /v1/cases/{case}/document", "ap-clerk", 422, body=[], away=404, foreign=404),
    row(
        "see an order's lines where none is named",
        "GET /v1/cases/{case}/order-lines",
        READS_CASES,
        200,
        away=404,
        foreign=404,
    ),
    row(
        "name lines of a document that is none",
        "POST /v1/cases/{case}/order-lines",
        "ap-clerk",
        409,
        body={"document": "none", "lines": {"1": "1"}},
        away=404,
        foreign=404,
    ),
    row("see one's queue", "GET /v1/tasks", READS_TASKS, 200),
    row("see everybody's queue", "GET /v1/tasks?everyone=true", READS_TASKS, 200),
    row(
        "sign what one did not see",
        "POST /v1/tasks/{task}/actions",
        ANSWERS_TASKS,
        409,
        body=STALE,
        away=404,
        foreign=404,
    ),
    row(
        "approve together what is not there",
        "POST /v1/tasks:approve",
        READS_TASKS,
        200,
        body={"items": [{"task_id": "none", "content_hash": "none"}]},
    ),
    row("take back what is not on its way", "POST /v1/tasks/{task}/undo", ANSWERS_TASKS, 409, away=404, foreign=404),
    row("claim what is somebody's", "POST /v1/tasks/{task}/claim", ANSWERS_TASKS, 403, away=404, foreign=404),
    row("give back what is no group's", "POST /v1/tasks/{task}/release", ANSWERS_TASKS, 409, away=404, foreign=404),
    row(
        "hand over without a word",
        "POST /v1/tasks/{task}/reassign",
        ANSWERS_TASKS,
        422,
        body={"person": "nobody.at.all", "reason": " "},
        away=404,
        foreign=404,
    ),
    row(
        "ask about what is somebody's",
        "POST /v1/tasks/{task}/questions",
        ANSWERS_TASKS,
        403,
        body={"to": "supplier", "text": "which site?"},
        away=404,
        foreign=404,
    ),
    row(
        "put nothing beside a case",
        "POST /v1/cases/{case}/comments",
        READS_TASKS,
        422,
        body={"text": " "},
        away=404,
        foreign=404,
    ),
    row(
        "attach what is not attached",
        "POST /v1/cases/{case}/attachments?name=list",
        READS_TASKS,
        201,
        body=[],
        away=404,
        foreign=404,
    ),
    row("take an unknown attachment", "GET /v1/cases/{case}/attachments/none", READS_CASES, 404, foreign=404),
    row(
        "lay a case aside without a word",
        "POST /v1/cases/{case}/cancel",
        "ap-lead",
        422,
        body={"reason": " "},
        away=404,
        foreign=404,
    ),
    row(
        "list long jobs",
        "GET /v1/jobs",
        SEES_JOBS,
        200,
    ),
    row(
        "look at no job",
        "GET /v1/jobs/none",
        SEES_JOBS,
        404,
    ),
    row(
        "stop no job",
        "POST /v1/jobs/none/stop",
        SEES_JOBS,
        404,
        body={"reason": "enough"},
    ),
    row("send a message", "POST /v1/messages", "importer", 202, body={"name": "paid", "key": "RE-1"}),
    row("list what is stuck", "GET /v1/incidents", "operator", 200),
    row("list cases of a cause", "GET /v1/incidents/cases?process=p", frozenset({"operator", "ap-lead"}), 200),
    row(
        "repair a case without a word",
        "POST /v1/cases/{case}/repairs",
        "operator",
        422,
        body={"kind": "retry", "reason": " "},
        foreign=404,
    ),
    row(
        "repair what nothing is stuck by",
        "POST /v1/incidents/repairs",
        frozenset({"operator", "ap-lead"}),
        200,
        body={"process": "p", "version": "v", "node": "n", "code": "c", "kind": "retry", "reason": "try"},
    ),
    row(
        "block what is not posted",
        "POST /v1/cases/{case}/blocks",
        RESOLVES,
        409,
        body={"cause": "dispute", "reason": "we talk"},
        away=404,
        foreign=404,
    ),
    row(
        "move a case to other rules without a word",
        "POST /v1/cases/{case}/migration",
        "operator",
        422,
        body={"reason": " "},
        away=404,
        foreign=404,
    ),
    row("see the versions of a process", "GET /v1/processes/invoice/versions", LISTS_CASES | {"operator"}, 200),
    row(
        "plan a move from no version",
        f"GET /v1/processes/invoice/migration?from={'0' * 64}",
        LISTS_CASES | {"operator"},
        404,
    ),
    row(
        "move cases of no version",
        "POST /v1/processes/invoice/migration",
        "operator",
        404,
        body={"reason": "new rules", "from": "0" * 64},
    ),
    row("bring in an order", "PUT /v1/reference/order/X", "buyer importer", 422, body={}),
    row("record a receipt", "PUT /v1/reference/receipt/X", "receiver importer", 422, body={}),
    row("enter a supplier", "PUT /v1/reference/supplier/X", "supplier-enter importer", 422, body={}),
    row("change an account", "PUT /v1/reference/account-change/X", "supplier-enter importer", 422, body={}),
    row(
        "clear nobody",
        "POST /v1/suppliers/NONE/clearance",
        "general-counsel",
        404,
        body={"list_version": "v", "until": "2026-04-30", "reason": "another person"},
    ),
    row("lift no block", "POST /v1/payment-blocks/none/lift", LIFTS_BLOCKS, 404, body={"reason": "it was called back"}),
    row("see payment blocks", "GET /v1/payment-blocks?supplier=S22", READS_CASES, 200),
    row("open a period", "PUT /v1/reference/period/DE", "group-controller importer", 422, body={}),
    row("tell a duplicate found later", "PUT /v1/reference/duplicate-found/X", "ap-lead importer", 422, body={}),
    row("bring in a person", "PUT /v1/reference/person/X", "importer people-administrator", 422, body={}),
    row("write a notice", "PUT /v1/reference/template/X", "operator importer", 422, body={}),
    row("bring in an entity", "PUT /v1/reference/entity/X", "importer", 422, body={}),
    row("bring in a cost centre", "PUT /v1/reference/cost-centre/X", "importer", 422, body={}),
    row("bring in a rate", "PUT /v1/reference/rate/CHF", "importer", 422, body={}),
    row("read suppliers", "GET /v1/reference/supplier", READS_REFERENCE, 200),
    *(
        row(f"read the ledger: {part}", f"GET /v1/ledger/DE/{part}", READS_JOURNALS, 200, away=404, foreign=404)
        for part in ("trial-balance", "journals", "open-items", "ageing", "reconciliation", "coverage")
    ),
    row(
        "plan accruals",
        "GET /v1/ledger/DE/accruals/2026-03",
        READS_JOURNALS | {"importer"},
        200,
        away=404,
        foreign=404,
    ),
    row(
        "book accruals unseen",
        "POST /v1/ledger/DE/accruals/2026-03",
        "group-controller importer",
        409,
        body={"content_hash": "of something else"},
        away=404,
        foreign=404,
    ),
    row(
        "see what there is to attest",
        "GET /v1/ledger/DE/attestations/2026-03",
        READS_JOURNALS,
        200,
        away=404,
        foreign=404,
    ),
    row(
        "attest unseen",
        "POST /v1/ledger/DE/attestations/2026-03",
        "group-controller",
        409,
        body={"content_hash": "of something else"},
        away=404,
        foreign=404,
    ),
    row("see the versions of policy", "GET /v1/policy/versions", READS_POLICY, 200),
    row(
        "read what was in force before anything was known",
        "GET /v1/policy/files?known_at=1999-01-01T00:00:00Z",
        READS_POLICY,
        404,
    ),
    row("check no files", "POST /v1/policy/check", "policy-owner", 422, body={"files": {}}),
    row("correct by no files", "POST /v1/policy/correction", "policy-owner", 422, body={"files": {}, "since": "x"}),
    row(
        "record a decision as an example",
        "GET /v1/policy/examples?case={case}&decision=duplicate",
        "policy-owner",
        200,
        away=404,
        foreign=404,
    ),
    row("take no version through the cases", "POST /v1/policy/backtests", WRITES_POLICY, 422, body={"since": "x"}),
    row("see no backtest", "GET /v1/policy/backtests/none", WRITES_POLICY, 404),
    row("list no backtest's cases", "GET /v1/policy/backtests/none/changes", WRITES_POLICY, 404),
    row("correct by no version", "POST /v1/policy/corrections", WRITES_POLICY, 422, body={"since": "x"}),
    row("see no correction", "GET /v1/policy/corrections/none", WRITES_POLICY, 404),
    row("have no version decide beside", "POST /v1/policy/shadows", WRITES_POLICY, 422, body={"files": {}}),
    row("see no shadow", "GET /v1/policy/shadows/none", WRITES_POLICY, 404),
    row("see changes of policy", "GET /v1/policy/requests", READS_POLICY, 200),
    row("propose no version", "POST /v1/policy/requests", "policy-owner", 422, body={"title": "t", "files": {}}),
    row(
        "follow the group, as it does",
        "POST /v1/policy/follow-group",
        "policy-owner",
        422,
        body={"entity": "DE", "title": "t"},
        away=403,
        foreign=403,
    ),
    row("see who decides otherwise than the group", "GET /v1/policy/overrides", READS_POLICY, 200),
    row("read a change of policy", "GET /v1/policy/requests/none", READS_POLICY, 404),
    row(
        "withdraw nothing",
        "POST /v1/policy/requests/none/withdrawal",
        "policy-owner policy-releaser",
        404,
        body={"reason": "r"},
    ),
    row(
        "go back with the whole group, working for one entity",
        "POST /v1/policy/rollback",
        "policy-owner policy-releaser",
        403,
        body={"reason": "r"},
        foreign=409,
    ),
    row(
        "go back to nothing",
        "POST /v1/policy/rollback",
        "policy-owner policy-releaser",
        409,
        body={"reason": "r", "entity": "DE"},
        away=403,
        foreign=403,
    ),
    row("propose a payment run", "POST /v1/payments", "treasury", 404, body={"entity": "XX"}),
    row("read a payment run", "GET /v1/payments/none", READS_JOURNALS | {"importer"}, 404),
    row(
        "confirm a payment",
        "POST /v1/payments/none.P1/confirmations",
        "ap-lead importer",
        404,
        body={"outcome": "executed"},
    ),
    row("make a key for nobody", "POST /v1/people/nobody.at.all/keys", "importer people-administrator", 404),
    row("see who holds duties that belong apart", "GET /v1/duty-conflicts", READS_REFERENCE, 200),
    row("look at a person who is not there", "GET /v1/people/nobody.at.all", EVERYBODY, 404),
    *(
        row(f"put {what} of nobody down", f"POST /v1/people/nobody.at.all/{part}", ADMINISTERS, 404, body=DAYS)
        for what, part in (("an absence", "absences"), ("a delegation", "delegations"))
    ),
    *(
        row(f"end {what} of nobody", f"POST /v1/people/nobody.at.all/{part}/k/end", ADMINISTERS, 404)
        for what, part in (("an absence", "absences"), ("a delegation", "delegations"))
    ),
    row("see deliveries", "GET /v1/deliveries", "ap-lead internal-auditor operator system", 200),
    row("send a delivery again", "POST /v1/deliveries/none/retry", "operator", 404, body={"reason": "it is mended"}),
    row(
        "verify the log",
        "GET /v1/audit/verification",
        "internal-auditor external-auditor operator system",
        200,
    ),
)

BATCH: Final = "POST /v1/documents:batch"
"""Answers each document for itself; its own test below."""

OPEN: Final = {
    "GET /health": "says that the process lives",
    "GET /ready": "says that the database answers",
    "GET /openapi.json": "describes the interface",
    "GET /docs": "shows the description",
    "GET /docs/oauth2-redirect": "belongs to it",
    "GET /sign-in": "is the door",
    "POST /sign-in": "is the door; it takes a key or, in a demonstration, a name",
    "GET /push-worker.js": "is a script, the same for everybody",
    "GET /tenant.css": "colours the door",
    "MOUNT /static": "style and script",
}

PAGES: Final = (
    "GET /",
    "GET /queue",
    "GET /queue.{form}",
    "GET /cases",
    "GET /cases.{form}",
    "GET /cases/{case_id}",
    "GET /cases/{case_id}/data/{part}",
    "GET /cases/{case_id}/model",
    "GET /cases/{case_id}/example",
    "GET /cases/{case_id}/original",
    "GET /cases/{case_id}/original/{page}.png",
    "GET /cases/{case_id}/attachments/{digest}",
    "GET /cases/{case_id}/acts/{act}",
    "POST /cases/{case_id}/acts/{act}",
    "POST /cases/{case_id}/acts/claim",
    "POST /cases/{case_id}/acts/comment",
    "POST /cases/{case_id}/acts/release",
    "POST /cases/{case_id}/acts/undo",
    "GET /cases/{case_id}/key",
    "POST /cases/{case_id}/key",
    "GET /cases/{case_id}/order-lines",
    "POST /cases/{case_id}/order-lines",
    "GET /intake",
    "POST /intake",
    "GET /intake/{intake}",
    "POST /intake/{intake}",
    "GET /intake/{intake}/original",
    "GET /mappings/{key}",
    "POST /mappings/{key}",
    "GET /exceptions",
    "GET /exceptions.{form}",
    "GET /overview",
    "GET /incidents",
    "GET /backtests/{job_id}",
    "GET /backtests/{job_id}.{form}",
    "POST /backtests",
    "GET /corrections/{job_id}",
    "GET /corrections/{job_id}.{form}",
    "POST /corrections",
    "GET /shadows/{job_id}",
    "POST /shadows",
    "GET /jobs",
    "POST /incidents",
    "POST /jobs",
    "GET /policies",
    "GET /releases",
    "GET /releases/in-force",
    "GET /releases/rollback",
    "GET /overrides/{entity}",
    "GET /overrides/{entity}/follow",
    "POST /overrides/{entity}/follow",
    "POST /releases/rollback",
    "GET /policies/{key}",
    "GET /policies/{key}/model",
    "GET /policies/{key}/tables",
    "POST /policies/{key}/trial",
    "POST /drafts",
    "GET /drafts/{draft}",
    "GET /drafts/{draft}/files",
    "GET /drafts/{draft}/raw/{side}/{path}",
    "GET /cases/{case_id}/files/{side}/{path}",
    "GET /drafts/{draft}/files/{path}",
    "POST /drafts/{draft}/files/{path}",
    "POST /drafts/{draft}/end",
    "POST /drafts/{draft}/renew",
    "POST /drafts/{draft}/propose",
    "POST /drafts/{draft}/parameters",
    "GET /drafts/{draft}/parameters",
    "GET /drafts/{draft}/policies",
    "GET /drafts/{draft}/policies/{key}",
    "GET /drafts/{draft}/policies/{key}/model",
    "GET /drafts/{draft}/policies/{key}/tables",
    "POST /drafts/{draft}/policies/{key}/trial",
    "POST /drafts/{draft}/policies/{key}/check",
    "POST /drafts/{draft}/policies/{key}/limit",
    "GET /drafts/{draft}/policies/{key}/rows/{rule}/from",
    "POST /drafts/{draft}/policies/{key}/rows/{rule}/from",
    "POST /drafts/{draft}/policies/{key}/rows",
    "POST /drafts/{draft}/policies/{key}/book",
    "GET /processes",
    "GET /processes/{process}",
    "GET /processes/{process}/model",
    "GET /processes/{process}/migrate",
    "POST /processes/{process}/migrate",
    "GET /insight",
    "GET /insight/return",
    "POST /insight/replays",
    "GET /insight/{figure}",
    "GET /ledger",
    "POST /ledger/month-end",
    "GET /ledger/extract",
    "POST /ledger/extract",
    "POST /ledger/attestation",
    "GET /payments",
    "POST /payments",
    "GET /payments/{run}",
    "GET /payments/{payment}/confirmation",
    "POST /payments/{payment}/confirmation",
    "GET /suppliers",
    "GET /suppliers/{key}",
    "GET /suppliers/{key}/account",
    "POST /suppliers/{key}/account",
    "GET /suppliers/{key}/clearance",
    "POST /suppliers/{key}/clearance",
    "GET /orders/{key}",
    "POST /orders/{key}",
    "GET /orders/{key}/receipts/new",
    "POST /orders/{key}/receipts/new",
    "GET /orders/{key}/receipts/{receipt}",
    "POST /orders/{key}/receipts/{receipt}",
    "GET /agreements",
    "GET /agreements/{key}",
    "POST /agreements/{key}",
    "GET /agreements/{key}/schedule",
    "POST /agreements/{key}/schedule",
    "GET /budgets/{key}",
    "POST /budgets/{key}",
    "GET /budgets/{entity}/{centre}/{year}",
    "POST /budgets/{entity}/{centre}/{year}",
    "GET /contracts/{key}",
    "POST /contracts/{key}",
    "GET /people",
    "GET /people/{person}",
    "GET /people/{person}/absences",
    "POST /people/{person}/absences",
    "GET /people/{person}/delegations",
    "POST /people/{person}/delegations",
    "GET /people/{person}/{kind}/{record}",
    "POST /people/{person}/{kind}/{record}",
    "GET /evidence",
    "POST /evidence/verify",
    "POST /cases/searches",
    "POST /cases/searches/{key}/end",
    "GET /find",
    "POST /lists/{name}/columns",
    "GET /settings",
    "POST /settings/browsers",
    "POST /settings/browsers/{key}/end",
    "POST /settings/notices",
    "GET /settings/texts",
    "GET /settings/texts/{kind}/{language}",
    "POST /settings/texts/{kind}/{language}",
    "POST /sign-out",
    "GET /answers/{link}",
    "POST /answers/{link}",
    "POST /queue/approvals",
    "POST /tasks/{task_id}/actions",
)
"""Pages for who is signed in."""


@pytest.fixture(scope="module")
def cast(databases: Databases, loaded: Snapshot) -> Iterator[Cast]:
    with databases.company(loaded) as company:
        yield assemble(company)


def ask(cast: Cast, person: Person, what: Row) -> Answer:
    company = cast.company
    method, _, path = what.call.partition(" ")
    case = company.case_of("D11")
    task = company.read(lambda uow: [task for task in uow.case_tasks(case) if task.status == "open"])[0]
    return person.client.request(method, path.format(case=case, task=task.task_id), json=what.body)


# ---- the tables are whole -------------------------------------------------------------------------------------------


def routes(found: list[BaseRoute], prefix: str = "") -> Iterator[str]:
    for route in found:
        inner = getattr(route, "original_router", None)
        if inner is not None:
            yield from routes(inner.routes, prefix)
        elif isinstance(route, Mount):
            yield f"MOUNT {prefix}{route.path}"
        else:
            methods = getattr(route, "methods", None) or {"GET"}
            address = getattr(route, "path_format", getattr(route, "path", ""))
            yield from (f"{method} {prefix}{address}" for method in methods - {"HEAD"})


def template(call: str) -> str:
    """A row's call as its route is written."""
    method, _, path = call.partition("?")[0].partition(" ")
    named = {"{case}": "{case_id}", "{task}": "{task_id}", "requests/none": "requests/{request_id}"}
    jobs = ("backtests", "corrections", "shadows", "replays", "measurements")
    named |= {f"{kind}/none": f"{kind}/{{job_id}}" for kind in jobs}
    for written, name in named.items():
        path = path.replace(written, name)
    parts = path.split("/")
    match parts[2:]:
        case ["reference", _]:
            parts[3] = "{kind}"
        case ["reference", _, _]:
            parts[3:] = ["{kind}", "{key}"]
        case ["payments", _, *rest]:
            parts[3] = "{payment_id}" if rest else "{run_id}"
        case ["ledger", _, "accruals", _]:
            parts[3:] = ["{entity}", "accruals", "{period}"]
        case ["ledger", _, "attestations", _]:
            parts[3:] = ["{entity}", "attestations", "{period}"]
        case ["ledger" | "processes" as of, _, _]:
            parts[3] = {"ledger": "{entity}", "processes": "{process}"}[of]
        case ["people", _, *rest]:
            parts[3:] = ["{person}", *("{key}" if place == 1 else part for place, part in enumerate(rest))]
        case ["payment-blocks", _, "lift"]:
            parts[3] = "{block_id}"
        case ["suppliers", _, "clearance"]:
            parts[3] = "{supplier}"
        case ["intake", _, "original"]:
            parts[3] = "{intake_id}"
        case ["cases", _, "attachments", _]:
            parts[5] = "{digest}"
        case ["jobs", _, *_] | ["deliveries", _, "retry"]:
            parts[3] = {"jobs": "{job_id}", "deliveries": "{outbox_id}"}[parts[2]]
        case _:
            pass
    return f"{method} {'/'.join(parts)}"


def test_every_route_has_a_row(cast: Cast) -> None:
    told = {template(what.call) for what in ROWS} | {BATCH, *OPEN, *PAGES}
    assert set(routes(cast.company.app.routes)) == told


def test_every_role_is_tried(cast: Cast) -> None:
    assert set(cast.at_home) == EVERYBODY | {NOBODY}
    for what in ROWS:
        assert what.roles <= EVERYBODY, what.title


# ---- the matrix -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("what", ROWS, ids=lambda what: what.title)
def test_each_role_gets_what_the_table_says(cast: Cast, what: Row) -> None:
    got = {role: ask(cast, person, what).status_code for role, person in cast.at_home.items()}
    assert got == {role: what.status if role in what.roles else 403 for role in cast.at_home}


@pytest.mark.parametrize("what", ROWS, ids=lambda what: what.title)
def test_who_works_for_another_entity_does_not_see_its_cases(cast: Cast, what: Row) -> None:
    got = {role: ask(cast, person, what).status_code for role, person in cast.elsewhere.items()}
    assert got == {role: (what.away or what.status) if role in what.roles else 403 for role in cast.elsewhere}


@pytest.mark.parametrize("what", ROWS, ids=lambda what: what.title)
def test_another_tenant_reaches_nothing_with_every_role_it_has(cast: Cast, what: Row) -> None:
    answer = ask(cast, cast.foreign, what)
    assert answer.status_code == (what.foreign or what.status)
    for known in ("brennhof", "KE-774412", "Kaltbach", "D01", "lena.vogt"):
        assert known not in answer.text


@pytest.mark.parametrize("what", [*ROWS, row("hand in many", BATCH, "", 0)], ids=lambda what: what.title)
@pytest.mark.parametrize(
    "header",
    [
        "",
        "Bearer ",
        "Bearer nonsense",
        "Basic bGVuYTpsZW5h",
        f"Bearer ck_brennhof_{'0' * 64}",
        f"Bearer ck_x_{'0' * 64}",
    ],
    ids=["no key", "empty", "nonsense", "password", "unknown", "unknown tenant"],
)
def test_without_a_key_nothing_is_reached(cast: Cast, what: Row, header: str) -> None:
    person = Person(cast.company.app, "")
    person.client.headers.update({"Authorization": header} if header else {})
    answer = ask(cast, person, what)
    assert (answer.status_code, answer.json()["code"]) == (401, "AUTH-KEY-01")
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_key_of_one_tenant_does_not_open_another(cast: Cast) -> None:
    secret = cast.company.keys["samuel.grant"].rpartition("_")[2]
    answer = Person(cast.company.app, f"ck_{OTHER}_{secret}").client.get("/v1/cases")
    assert (answer.status_code, answer.json()["code"]) == (401, "AUTH-KEY-01")


def test_revoked_key_opens_nothing_from_then_on(company: Company) -> None:
    dispatcher = company.platform.dispatcher
    key = dispatcher.execute(TENANT, Request("importer", IssueApiKey("samuel.grant")))["api_key"]
    person = Person(company.app, key)
    assert person.client.get("/v1/cases").status_code == 200
    dispatcher.execute(TENANT, Request("importer", RevokeApiKey(hash_of(key))))
    assert person.client.get("/v1/cases").status_code == 401


def test_batch_answers_each_document_for_itself(cast: Cast) -> None:
    documents = {"documents": [{"media_type": "application/json", "content": "W10="}]}
    got = {}
    for role, person in cast.at_home.items():
        answer = person.client.post("/v1/documents:batch", json=documents)
        assert answer.status_code == 200
        got[role] = answer.json()["results"][0]["status_code"]
    assert got == {role: 422 if role in HANDS_IN else 403 for role in cast.at_home}


# ---- what is open, and the pages ------------------------------------------------------------------------------------


@pytest.mark.parametrize("call", [call for call in OPEN if call.startswith("GET")])
def test_what_is_open_tells_nothing_of_any_case(cast: Cast, call: str) -> None:
    answer = Person(cast.company.app, "").client.get(call.partition(" ")[2])
    assert answer.status_code == 200
    for known in ("KE-774412", "Kaltbach", "ck_brennhof"):
        assert known not in answer.text


PAGE_ROLES: Final = {
    "/queue": READS_TASKS,
    "/cases": LISTS_CASES,
    "/cases.csv": LISTS_CASES,
    "/exceptions": READS_CASES,
    "/intake": HANDS_IN | {"ap-lead", "internal-auditor", "operator", "system"},
    "/overview": LISTS_CASES,
    "/insight": LISTS_CASES,
    "/insight/cycle-time": LISTS_CASES,
    "/ledger": READS_JOURNALS,
    "/ledger/extract": READS_JOURNALS,
    "/policies": READS_POLICY,
    "/releases": READS_POLICY,
    "/policies/may-sign": READS_POLICY,
    "/policies/may-sign/model": READS_POLICY,
    "/policies/may-sign/tables": READS_POLICY,
    "/processes": LISTS_CASES | {"operator"},
    "/processes/invoice/migrate": LISTS_CASES | {"operator"},
    "/payments": READS_JOURNALS | {"ceo"},
    "/settings/texts": frozenset({"operator"}),
    "/settings/texts/digest/de": frozenset({"operator"}),
    "/suppliers": READS_REFERENCE,
    "/suppliers/S22": READS_REFERENCE,
    "/people": READS_REFERENCE,
    "/orders/PO-2026-0112": READS_REFERENCE,
    "/orders/PO-2026-0112/receipts/new": READS_REFERENCE,
    "/agreements": READS_REFERENCE,
    "/contracts/CT-2023-016": READS_REFERENCE,
    "/agreements/AG-2014-0007": READS_REFERENCE,
    "/agreements/AG-2014-0007/schedule": READS_REFERENCE,
    "/budgets/DE/DE-1000/2026": READS_REFERENCE,
    "/mappings/new": frozenset({"ap-clerk", "importer"}),
    "/cases/{case_id}": READS_CASES,
    "/cases/{case_id}/data/timeline": READS_CASES,
    "/cases/{case_id}/original": READS_CASES,
    "/cases/{case_id}/example?decision=duplicate": frozenset({"policy-owner"}),
    "/cases/{case_id}/acts/attach": READS_CASES,
    "/cases/{case_id}/key": frozenset({"ap-clerk"}),
    "/cases/{case_id}/order-lines": frozenset({"ap-clerk"}),
}
"""Who sees which page; everybody else gets 403. Who may not list cases sees their own exceptions, and whoever reads a
case sees a form of it that they may not send."""


@pytest.mark.parametrize(("address", "roles"), PAGE_ROLES.items(), ids=PAGE_ROLES)
def test_each_role_sees_the_pages_that_the_table_says(cast: Cast, address: str, roles: frozenset[str]) -> None:
    path, got = page_address(cast.company, address), {}
    for role, person in cast.at_home.items():
        client = Person(cast.company.app, "").client
        client.post("/sign-in", data={"api_key": person.key}, follow_redirects=False)
        got[role] = client.get(path, follow_redirects=False).status_code
    assert got == {role: 200 if role in roles else 403 for role in cast.at_home}


def page_address(company: Company, path: str) -> str:
    """Where a page of the case of D11 lies, of its first of everything else."""
    case, task = company.case_of("D11"), company.task("D11")["task_id"]
    named = {
        "page": 1,
        "digest": "d",
        "act": "cancel",
        "figure": "f",
        "receipt": "r",
        "run": "x",
        "process": "p",
        "payment": "x.P1",
        "kind": "digest",
        "language": "de",
        "intake": "x",
        "entity": "e",
        "centre": "c",
        "year": "y",
        "person": "lena.vogt",
        "record": "k",
        "link": "none",
        "draft": "d",
        "job_id": "none",
        "path": "README.md",
        "rule": "none",
        "side": "before",
        "name": "cases",
    }
    return path.format(case_id=case, task_id=task, form="csv", part="case", key="k", **named)


@pytest.mark.parametrize("call", PAGES)
def test_page_without_a_session_leads_to_the_door(cast: Cast, call: str) -> None:
    method, _, path = call.partition(" ")
    path = page_address(cast.company, path)
    client = Person(cast.company.app, "").client
    answer = client.request(method, path, follow_redirects=False)
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith("/sign-in")


def test_signed_in_from_another_tenant_sees_no_case(cast: Cast) -> None:
    client = Person(cast.company.app, "").client
    answer = client.post("/sign-in", data={"api_key": cast.foreign.key}, follow_redirects=False)
    assert answer.status_code == 303
    assert client.get(f"/cases/{cast.company.case_of('D11')}").status_code == 404
    assert "KE-774412" not in client.get("/cases").text


@pytest.mark.parametrize("call", [call for call in PAGES if call.startswith("POST")])
def test_no_page_acts_without_the_word_of_its_own_form(cast: Cast, call: str) -> None:
    client = Person(cast.company.app, "").client
    client.post("/sign-in", data={"api_key": cast.company.keys["lena.vogt"]}, follow_redirects=False)
    answer = client.post(page_address(cast.company, call.partition(" ")[2]), data={"form_token": "guessed"})
    assert answer.status_code == 403


def test_page_does_not_act_for_a_form_of_another_site(company: Company) -> None:
    client, task = Person(company.app, "").client, company.task("D11")
    client.post("/sign-in", data={"api_key": company.keys["lena.vogt"]}, follow_redirects=False)
    form = {"action": "approve", "content_hash": task["content_hash"], "form_token": "guessed"}
    answer = client.post(f"/tasks/{task['task_id']}/actions", data=form, follow_redirects=False)
    assert answer.status_code == 403
    assert company.case("D11")["status"] == "waiting"
