"""Messages of outside systems to cases: a name, a key that says which case is meant, and what it carries.

A case hears one where its process awaits that name under that key; what has no key is the platform's own and has no
door. All that a message carries becomes one variable, `message`: no outside system writes what decisions or people have
said. One that nobody awaits begins a case where a process in force begins by it, of the entity that it names; else it
is tried again, and in the end waits for an operator like a delivery.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, Final

from comptroller.application.casework.waits import key_subject
from comptroller.application.outbox import Thrown, thrown_row
from comptroller.application.session import Refused, Session
from comptroller.application.starting.event import on_file
from comptroller.domain.feel.value_json import value_from_json, value_to_json
from comptroller.domain.kernel import limits
from comptroller.domain.kernel.canonical_json import encode
from comptroller.domain.kernel.fault import Rejection, RejectionKind

VARIABLE: Final = "message"
_NAME: Final = re.compile(r"[A-Za-z0-9._ -]{1,100}")


@dataclass(frozen=True, slots=True)
class SendMessage:
    """Tell the cases that await this message under this key; `carries` is JSON as variables are kept in.

    `entity` is whose a case is that the message begins; without one it begins none.
    """

    name: str
    key: str
    carries: Mapping[str, Any] = field(default_factory=dict)
    entity: str = ""


def send_message(session: Session, command: SendMessage) -> dict[str, Any] | Refused:
    """Take a message for whoever awaits it; it is told once this is committed, to cases that the sender works for."""
    if not _NAME.fullmatch(command.name) or not 0 < len(command.key.strip()) <= limits.MESSAGE_KEY_CHARACTERS_MAX:
        message = "a message has a name and a key"
        help_ = (
            f"the name as the process spells it, and a key of at most {limits.MESSAGE_KEY_CHARACTERS_MAX} characters"
        )
        return Refused(Rejection(RejectionKind.INVALID, "MESSAGE-NAME-01", message, help=help_))
    if command.entity and not session.caller.sees(command.entity):
        message = f"you do not work for `{command.entity}`"
        refusal = Rejection(RejectionKind.FORBIDDEN, "MESSAGE-ENTITY-01", message, help="name an entity of yours")
        return Refused(refusal)
    if command.entity and not on_file(session.uow, command.entity):
        message = f"there is no entity `{command.entity}` on file"
        return Refused(Rejection(RejectionKind.INVALID, "MESSAGE-ENTITY-02", message, help="bring it in first"))
    try:
        carries = value_to_json(value_from_json(dict(command.carries)))
    except (TypeError, ValueError, ArithmeticError):
        message, help_ = "what the message carries is no value", 'write days as {"@date": "2026-03-27"}'
        return Refused(Rejection(RejectionKind.INVALID, "MESSAGE-CONTENT-01", message, help=help_))
    content = encode(carries)
    if len(content) > limits.MESSAGE_BYTES_MAX:
        message = f"a message carries at most {limits.MESSAGE_BYTES_MAX:,} bytes"
        help_ = "hand documents in, and let the message name them"
        return Refused(Rejection(RejectionKind.INVALID, "MESSAGE-SIZE-01", message, help=help_))
    subject, said = key_subject(command.key), {VARIABLE: value_from_json(carries)}
    thrown = Thrown("thrown", command.name, subject, said, command.key, session.caller.id, command.entity)
    row = thrown_row(session, "", thrown)
    session.uow.insert(row)
    entry = {"message": row.outbox_id, "name": command.name, "key": command.key, "digest": sha256(content).hexdigest()}
    entry |= {"entity": command.entity} if command.entity else {}
    session.evidence.tell("messages", "message.taken", entry)
    return {"message_id": row.outbox_id, "name": command.name, "key": command.key, "status": "accepted"}
