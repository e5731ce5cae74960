"""The demonstration: a company with its people, master data and documents, run through policy before your eyes.

Everything goes through the same use cases as in earnest: the importer brings in master data, the clerks hand in the
documents, policy decides. Running it again finds what is there and adds nothing.
"""

import json
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from rich.progress import Progress

from comptroller.adapters.mail.catcher import Mailbox, MailCatcher
from comptroller.application.access import IssueApiKey
from comptroller.application.caller import SYSTEM
from comptroller.application.dispatcher import Request
from comptroller.application.founding import IMPORTER, Founding, found_tenant
from comptroller.application.intake_records import SAME_DOCUMENT
from comptroller.application.queries import GetCase
from comptroller.application.reference import PutReference
from comptroller.application.submit import Arrival, SubmitDocument
from comptroller.application.verification import VerifyAudit
from comptroller.application.work import work_until_idle
from comptroller.bootstrap import Platform, build, pack_files
from comptroller.domain.kernel.fault import Rejection
from comptroller.domain.kernel.ids import TenantId
from comptroller.domain.kernel.instant import parse_instant
from comptroller.domain.kernel.money import Money
from comptroller.entrypoints.cli.demo_comparison import compare, comparison, is_whole, show
from comptroller.entrypoints.cli.demo_records import data, records
from comptroller.entrypoints.cli.output import ERRORS, OUT, Exit, fail, print_json, print_table, when
from comptroller.settings import Settings

PACK: Final = Path("packs/accounts-payable")
KEYS_FILE: Final = "demo-keys.json"
SENDER: Final = "notices@brennhof.example"

NOTICES: Final = {"digest_hour": 7, "remind_hours": 4}
"""What the company lets its people be told besides what is asked of them: a digest at seven, and what is due soon."""


def run(settings: Settings, *, as_json: bool) -> bool:
    """Found the company where it does not exist yet, hand its documents in, and show what became of them.

    Answers whether all came as the data expects it; once people have acted on the cases, it need not.
    """
    if not (PACK / "demo").is_dir():
        fail("DEMO-DATA-01", f"`{PACK / 'demo'}` is not here: run this from the project's root", Exit.NOT_FOUND)
    platform = build(settings)
    try:
        demonstration = Demonstration(platform, quiet=as_json)
        keys = demonstration.found()
        facts = demonstration.facts(demonstration.hand_in(), keys)
    finally:
        platform.close()
    if as_json:
        print_json(facts)
    else:
        _show(facts)
    return is_whole(facts["comparison"])


@contextmanager
def caught_mails(settings: Settings, address: str) -> Iterator[tuple[Settings, Mailbox | None]]:
    """The settings with a mail catcher on this machine for as long as the page is served; who has mail keeps it."""
    settings = replace(settings, base_url=settings.base_url or address)
    if settings.mail_url:
        yield settings, None
        return
    mailbox = Mailbox()
    catcher = MailCatcher(mailbox)
    port = catcher.start()
    try:
        yield replace(settings, mail_url=f"smtp://127.0.0.1:{port}", mail_from=SENDER), mailbox
    finally:
        catcher.stop()


class Demonstration:
    """The demonstration company on a platform; each step finds what is there and adds nothing twice."""

    def __init__(self, platform: Platform, *, quiet: bool) -> None:
        self._platform = platform
        self._company = tomllib.loads((PACK / "demo" / "tenant.toml").read_text())
        self._tenant = TenantId(self._company["key"])
        self._progress = Progress(console=ERRORS, transient=True, disable=quiet)

    def found(self) -> dict[str, str]:
        """Create the company with its people and master data; answers an API key for each principal."""
        founded = found_tenant(
            self._platform.environment,
            Founding(
                self._tenant,
                self._company["name"],
                self._company["colour"],
                pack_files(PACK),
                self._company["clock"],
                self._company["time_zone"],
                self._company["managed_by"],
                self._company["group_currency"],
                self._company["undo_s"],
            ),
        )
        with self._progress:
            self._bring_in_master_data()
            return self._issue_keys(founded=founded)

    def hand_in(self) -> list[dict[str, Any]]:
        """Hand every document in as its clerk, and let the worker do what is due."""
        documents = _data_set()["documents"]
        with self._progress:
            results = [
                {"document": facts["id"], "facts": facts, "answer": self._submit(facts)}
                for facts in self._progress.track(documents, description="documents")
            ]
        for body in data("journals"):  # what somebody posted in the ledger, past every control
            self._do(IMPORTER, PutReference("journal", body.pop("key"), body))
        work_until_idle(self._platform.dispatcher, "demonstration")
        return results

    def facts(self, results: list[dict[str, Any]], keys: dict[str, str]) -> dict[str, Any]:
        """What became of every document, the control totals, who can sign in and whether the log is whole."""
        people = [
            *((body["id"], body["name"], body["roles"]) for body in data("people")),
            (IMPORTER, "Master data import", [IMPORTER]),
        ]
        rows = [self._row(result) for result in results]
        totals = _control_totals(results, rows)
        counts = compare(rows, [result["facts"] for result in results])
        return {
            "tenant": self._tenant,
            "name": self._company["name"],
            "clock": self._company["clock"],
            "documents": [{name: told for name, told in row.items() if name != "stated"} for row in rows],
            "totals": totals,
            "comparison": comparison(rows, counts, totals, _data_set()["control_totals"]),
            "people": [
                {"person": person, "name": name, "roles": roles, "api_key": keys.get(person, "")}
                for person, name, roles in people
            ],
            "audit": self._do(SYSTEM, VerifyAudit()).to_json(),
        }

    def _bring_in_master_data(self) -> None:
        brought = [*records(), ("notice-settings", "self", NOTICES)]
        for kind, key, body in self._progress.track(brought, description="master data"):
            self._do(IMPORTER, PutReference(kind, key, body))

    def _issue_keys(self, *, founded: bool) -> dict[str, str]:
        """One API key a person, made at founding and kept beside the database for the demonstration alone."""
        kept = self._platform.settings.home / KEYS_FILE
        if not founded and kept.exists():
            keys: dict[str, str] = json.loads(kept.read_text())
            if keys.get("tenant") == self._tenant and keys.get("database") == self._platform.settings.database_url:
                return keys
        keys = {"tenant": self._tenant, "database": self._platform.settings.database_url}
        for person in [IMPORTER, *(body["id"] for body in data("people"))]:
            keys[person] = self._do(IMPORTER, IssueApiKey(person))["api_key"]
        kept.touch(mode=0o600)
        kept.write_text(json.dumps(keys))
        return keys

    def _submit(self, facts: dict[str, Any]) -> Any:
        content, media_type = (PACK / "demo" / facts["file"]).read_bytes(), facts["media_type"]
        environment = self._platform.environment
        if "mapping" in facts:  # a table of the one document
            (mapping,) = (body for body in data("mappings") if body.pop("key") == facts["mapping"])
            (part,), _ = environment.tables.read(content, mapping)
            arrival = Arrival(mapping=facts["mapping"], part=f"{facts['file']} row {part.rows[0]}")
            command = SubmitDocument(part.original, part.media_type, part.read, arrival)
        else:
            read = environment.read_document(content, media_type)
            command = SubmitDocument(content, media_type, read, _arrival(facts))
        request = Request(facts["submitted_by"], command, f"demo-{facts['id']}")
        return self._platform.dispatcher.execute(self._tenant, request)

    def _do(self, principal: str, command: object) -> Any:
        answer = self._platform.dispatcher.execute(self._tenant, Request(principal, command))
        if isinstance(answer, Rejection):
            faults = "; ".join(f"{fault.path} {fault.message}" for fault in answer.faults)
            fail(answer.code, f"{answer.message} {faults}", Exit.REFUSED)
        return answer

    def _row(self, result: dict[str, Any]) -> dict[str, Any]:
        facts, answer = result["facts"], result["answer"]
        common = {"document": result["document"], "supplier": facts["supplier"], "number": facts["number"]}
        common |= {"currency": facts["currency"], "gross": facts["gross"]}
        if isinstance(answer, Rejection):
            return {
                **common,
                "case_id": answer.subject,
                "status": "refused",
                "outcome": "same document" if answer.code == SAME_DOCUMENT else "refused",
                "exceptions": [],
                "stated": facts,
                "why": answer.message,
                "next": "",
            }
        case = self._do(SYSTEM, GetCase(answer["case_id"]))
        canonical = case["document"]["canonical"]
        return {
            **common,
            "case_id": case["case_id"],
            "status": case["status"],
            "outcome": case["outcome"],
            "exceptions": case["exception_types"],
            "stated": canonical["totals"] if canonical else facts,
            "why": "; ".join(reason["text"] for reason in case["reasons"] if reason["text"]),
            "next": ", ".join(waiting["person_or_role"] for waiting in case["waiting_for"]),
        }


def _data_set() -> dict[str, Any]:
    """The documents with what is expected of each, and their control totals."""
    found: dict[str, Any] = json.loads((PACK / "demo" / "documents.json").read_text())
    return found


def _arrival(facts: dict[str, Any]) -> Arrival:
    """How a document came: by mail where it lay in the mailbox before the clerk's day, else at the door."""
    mail = facts.get("mail")
    if mail is None:
        return Arrival()
    return Arrival("mail", mail["sender"], mail["verified"], received_at=parse_instant(facts["received_at"]))


def _show(facts: dict[str, Any]) -> None:
    print_table(
        f"{facts['name']}, {when(facts['clock'])}",
        ("document", "supplier", "number", ">gross", "~expected", "~actual", "equal", "~why", "~next"),
        [
            (
                r["document"],
                r["supplier"],
                r["number"],
                str(Money(Decimal(r["gross"]), r["currency"])),
                r["expected"],
                r["actual"],
                "yes" if r["equal"] else "NO",
                r["why"],
                r["next"],
            )
            for r in facts["documents"]
        ],
    )
    print_table(
        "Control totals, as received",
        ("currency", ">documents", ">net", ">VAT", ">gross"),
        [
            (t["currency"], str(t["documents"]), f"{t['net']:,}", f"{t['tax']:,}", f"{t['gross']:,}")
            for t in facts["totals"]
        ],
    )
    show(facts["comparison"])
    audit = facts["audit"]
    OUT.print(
        f"Audit log: {audit['size']} entries, {'whole' if audit['ok'] else 'NOT WHOLE'}, root {audit['root']}",
        markup=False,
    )


def _control_totals(results: list[dict[str, Any]], rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Summed from what was read of each; what is refused or to be keyed counts as its page shows it."""
    totals: dict[str, dict[str, Any]] = {}
    for result, read in zip(results, rows, strict=True):
        facts, stated = result["facts"], read["stated"]
        row = totals.setdefault(
            facts["currency"],
            {"currency": facts["currency"], "documents": 0, "net": Decimal(0), "tax": Decimal(0), "gross": Decimal(0)},
        )
        row["documents"] += 1
        sign = -1 if facts.get("kind") == "credit note" else 1
        for name in ("net", "tax", "gross"):
            row[name] += Decimal(stated.get(name) or "0") * sign
    return [totals[currency] for currency in sorted(totals)]
