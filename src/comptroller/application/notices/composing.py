"""Puts a notice into words at the moment it is sent: with what is true then, and for whom may see it then.

A task that was answered meanwhile, a person who left or lost the role, a case that is held back now: then there is
nothing to send. A tenant's own template that cannot be filled any more gives way to the product's.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from html import escape
from typing import Any, Final
from zoneinfo import ZoneInfo

from comptroller.application.acting.links_used import BY_LINK
from comptroller.application.caller import resolve_caller
from comptroller.application.notices.requesting import is_silent
from comptroller.application.notices.subscriptions import Subscription, subscriptions_of
from comptroller.application.notices.wishes import TEMPLATE_KIND, NoticeSettings, wishes_of
from comptroller.application.notices.writing import amount_text, instant_text, span_text, totals_text
from comptroller.application.ports.notices import MAIL, AnswerLink, Mail, PushMessage
from comptroller.application.presenting.tenant import tenant_record
from comptroller.application.presenting.words import Names, gross_of, task_title
from comptroller.application.records import CaseRow, OutboxRow, TaskRow
from comptroller.application.session import Caller, Session
from comptroller.domain.identity import Duty
from comptroller.domain.kernel import limits
from comptroller.domain.kernel.canonical_json import decode
from comptroller.domain.kernel.fault import Rejection
from comptroller.domain.kernel.instant import parse_instant
from comptroller.domain.kernel.money import CONTEXT, ZERO
from comptroller.domain.notices import (
    DEFAULTS,
    VOCABULARY,
    Fields,
    NoticeKind,
    Template,
    read_template,
    without_accounts,
)
from comptroller.domain.notices.defaults import Texts

_ADDRESSED: Final = frozenset({"link", "settings_link"})


@dataclass(frozen=True, slots=True)
class ComposeNotice:
    """Say what a notice says now."""

    row: OutboxRow


@dataclass(frozen=True, slots=True)
class Unwanted:
    """There is nothing to send any more."""

    why: str


@dataclass(frozen=True, slots=True)
class _Reader:
    """Whom a notice is for."""

    caller: Caller
    settings: NoticeSettings
    zone: ZoneInfo
    language: str


def compose_notice(session: Session, command: ComposeNotice) -> Mail | PushMessage | Unwanted:
    """The message as it goes out now, or why there is none."""
    row = command.row
    payload: Any = decode(row.payload)
    kind, person = NoticeKind(payload["kind"]), str(payload["person"])
    resolved = resolve_caller(session.uow, session.environment.policies, person)
    if isinstance(resolved, Rejection):
        return Unwanted("the person is not active any more")
    caller, _ = resolved
    is_of_task = kind not in {NoticeKind.DIGEST, NoticeKind.ROLLBACK}
    if (Duty.POLICY_READ if kind is NoticeKind.ROLLBACK else Duty.TASK_READ) not in caller.duties:
        return Unwanted("the person may not see it any more")
    if kind not in wishes_of(session.uow, [person])[person].by(row.target):
        return Unwanted("the person does not want it any more")
    settings = NoticeSettings.of(session.uow)
    zone = ZoneInfo(str(tenant_record(session.uow).get("time_zone", "UTC")))
    reader = _Reader(caller, settings, zone, caller.principal.language or settings.language)
    match kind:
        case NoticeKind.DIGEST:
            fields = _digest_fields(session, reader)
        case NoticeKind.ROLLBACK:
            fields = _rollback_fields(session, reader, row.case_id)
        case _:
            fields = _task_fields(session, reader, kind, payload)
    if isinstance(fields, Unwanted):
        return fields
    if row.target == MAIL and is_of_task:
        fields = {**fields, "link": _answer_link(session, reader, payload, row.idempotency_key) or fields["link"]}
    fields = _with_common(session, reader, fields)
    if row.target == MAIL:
        at = parse_instant(str(payload["at"])) or session.machine_now
        return _mail(session, reader, kind, fields, key=row.idempotency_key, at=at)
    browser = next((one for one in subscriptions_of(session.uow, person) if one.key == payload["browser"]), None)
    if browser is None:
        return Unwanted("the browser is not subscribed any more")
    return _push(session, reader, kind, fields, key=row.idempotency_key, browser=browser)


def may_see(caller: Caller, case: CaseRow, task: TaskRow) -> bool:
    """Whether a task is this person's to answer, and its case to see."""
    if task.person:
        return task.person == caller.id
    return task.role in caller.principal.roles and caller.sees(case.entity)


# What is told


HURRYING: Final = frozenset({NoticeKind.REMINDED, NoticeKind.ESCALATED})
"""What policy has done with a task that lies there (decision 37), with its reason."""


def _task_fields(session: Session, reader: _Reader, kind: NoticeKind, payload: Mapping[str, Any]) -> Fields | Unwanted:
    task = session.uow.task(str(payload["task"]))
    case = session.uow.case(task.case_id) if task is not None else None
    if task is None or case is None or task.status != "open":
        return Unwanted("the task is not open any more")
    if not may_see(reader.caller, case, task):
        return Unwanted("the task is somebody else's now")
    if is_silent(reader.settings, case, task):
        return Unwanted("nothing about such a case leaves the house")
    detail: Any = decode(task.detail)
    names = Names(replace(session, caller=reader.caller))  # what the reader may not open is not named
    told = reader.settings.amounts and reader.settings.suppliers  # policy's own words name both
    why = str(detail.get("why") or f"your role: {names.role(task.role)}")
    return {
        **_case_fields(session, names, reader, case, task),
        "text": names.told(task.title) if task.kind == "exception" and told else "",
        "why": names.told(why) if told else "",
        "reason": names.told(str(detail.get("hurry") or "")) if told and kind in HURRYING else "",
    }


def _answer_link(session: Session, reader: _Reader, payload: Mapping[str, Any], key: str) -> str:
    """Where the person can answer at once; empty where the task is not answered so, or links are not switched on."""
    links, task = session.environment.notices.links, session.uow.task(str(payload["task"]))
    if links is None or task is None or task.kind not in BY_LINK:
        return ""
    expires = session.now + timedelta(hours=limits.ANSWER_LINK_HOURS)
    bound = AnswerLink(session.uow.tenant, task.task_id, reader.caller.id, task.content_hash, key, expires)
    return f"{session.environment.notices.base_url}/answers/{links.seal(bound)}"


def _case_fields(session: Session, names: Names, reader: _Reader, case: CaseRow, task: TaskRow) -> dict[str, Any]:
    gross = gross_of(case)
    return {
        "number": case.number or case.case_id,
        "supplier": (case.supplier_name or case.supplier) if reader.settings.suppliers else "",
        "entity": names.entity(case.entity) or "-",
        "amount": amount_text(gross, reader.language) if gross is not None and reader.settings.amounts else "",
        "asked": task_title(task),
        "due": instant_text(task.due, reader.zone, reader.language),
        "link": f"{session.environment.notices.base_url}/cases/{case.case_id}",
    }


def _rollback_fields(session: Session, reader: _Reader, case_id: str) -> Fields | Unwanted:
    """The request that would put back the version before, and why it was opened."""
    case = session.uow.case(case_id)
    if case is None or case.status != "waiting" or not reader.caller.sees(case.entity):
        return Unwanted("the request does not wait any more, or is not the person's to see")
    state: Any = decode(case.state)
    return {
        "number": case.number,
        "entity": Names(replace(session, caller=reader.caller)).entity(case.entity),
        "reason": state["dossier"]["proposal"]["title"],
        "link": f"{session.environment.notices.base_url}/cases/{case.case_id}",
    }


def _digest_fields(session: Session, reader: _Reader) -> Fields | Unwanted:
    """What waits for a person: the most urgent first, how old, how much."""
    names = Names(replace(session, caller=reader.caller))  # what the reader may not open is not named
    rows: list[dict[str, Any]] = []
    sums: dict[str, Decimal] = {}
    count = overdue = 0
    for task, case in _waiting(session, reader):
        count += 1
        is_overdue = task.due < session.now
        overdue += is_overdue
        gross = gross_of(case)
        if gross is not None:
            sums[gross.currency] = CONTEXT.add(sums.get(gross.currency, ZERO), gross.amount)
        if len(rows) < limits.DIGEST_ROWS_MAX:
            rows.append(
                {
                    **_case_fields(session, names, reader, case, task),
                    "age": span_text(session.now - task.offered_at, reader.language),
                    "overdue": "x" if is_overdue else "",
                }
            )
    if not rows:
        return Unwanted("nothing waits for the person")
    return {
        "count": str(count),
        "overdue_count": str(overdue) if overdue else "",
        "more": str(count - len(rows)) if count > len(rows) else "",
        "totals": totals_text(sums, reader.language) if reader.settings.amounts else "",
        "waiting": rows,
        "link": f"{session.environment.notices.base_url}/queue",
    }


def _waiting(session: Session, reader: _Reader) -> Iterator[tuple[TaskRow, CaseRow]]:
    caller, after = reader.caller, ""
    while rows := session.uow.open_tasks(
        person=caller.id, roles=caller.principal.roles, after=after, limit=limits.PAGE_SIZE_MAX
    ):
        for task in rows:
            case = session.uow.case(task.case_id)
            if case is not None and may_see(caller, case, task) and not is_silent(reader.settings, case, task):
                yield task, case
        if len(rows) < limits.PAGE_SIZE_MAX:
            return
        after = rows[-1].task_id


def _with_common(session: Session, reader: _Reader, fields: Fields) -> Fields:
    common = {
        "person": reader.caller.principal.name,
        "tenant": str(tenant_record(session.uow).get("name", session.uow.tenant)),
        "settings_link": f"{session.environment.notices.base_url}/settings",
    }
    return _safe({**common, **fields})


def _safe(fields: Fields) -> dict[str, Any]:
    """The fields without bank details and on one line each; addresses as they are."""
    return {
        name: [_safe(row) for row in value]
        if isinstance(value, list)
        else value
        if name in _ADDRESSED
        else without_accounts(" ".join(str(value).split()))
        for name, value in fields.items()
    }


# In whose words


def texts_of(session: Session, kind: NoticeKind, language: str) -> Iterator[tuple[Texts, str]]:
    """The texts that may be used, the best first, each with its language: the tenant's, then the product's."""
    languages = list(dict.fromkeys([language, "en"]))
    aliases = {each: f"{TEMPLATE_KIND}/{kind}/{each}" for each in languages}
    found = session.uow.references(aliases.values())
    for each in languages:
        if found[aliases[each]]:
            body: Any = decode(found[aliases[each]][0].body)
            yield Texts(body["subject"], body["text"], body.get("html", "")), each
        if (kind, each) in DEFAULTS:
            yield DEFAULTS[kind, each], each


def filled(kind: NoticeKind, texts: Texts, fields: Fields) -> Texts | None:
    """The three texts with their fields in; None where one of them does not hold."""
    read = [read_template(text, VOCABULARY[kind], path="") for text in texts]
    if not all(isinstance(template, Template) for template in read):
        return None
    subject, text, html = (template for template in read if isinstance(template, Template))
    return Texts(" ".join(subject.fill(fields).split()), text.fill(fields), html.fill(fields, escape))


def _best(session: Session, reader: _Reader, kind: NoticeKind, fields: Fields) -> Texts:
    for texts, _ in texts_of(session, kind, reader.language):
        done = filled(kind, texts, fields)
        if done is not None:
            return done
    raise LookupError(f"the product has no template of `{kind}`")


def _mail(
    session: Session, reader: _Reader, kind: NoticeKind, fields: Fields, *, key: str, at: datetime
) -> Mail | Unwanted:
    principal = reader.caller.principal
    if not principal.mail:
        return Unwanted("the person has no mail address any more")
    texts = _best(session, reader, kind, fields)
    tenant = session.uow.tenant
    return Mail(key, tenant, str(fields["tenant"]), principal.name, principal.mail, *texts, at)


def _push(
    session: Session, reader: _Reader, kind: NoticeKind, fields: Fields, *, key: str, browser: Subscription
) -> PushMessage:
    subject = _best(session, reader, kind, fields).subject
    body = str(fields.get("entity") or fields["tenant"])
    return PushMessage(key, browser.target, subject[:200], body[:200], str(fields["link"]))
