"""The machine's events in the form in which the audit log keeps them: enough to replay a case."""

from operator import attrgetter
from typing import Any, Final, get_args

from msgspec.structs import fields

from comptroller.domain.feel.value_json import value_to_json
from comptroller.domain.workflow import Event

_FIELDS: Final = {kind: tuple(field.name for field in fields(kind)) for kind in get_args(Event)}

_NAMES_ONLY: Final = {
    kind: attrgetter(*names)
    for kind, names in _FIELDS.items()
    if len(names) > 1 and all(field.type is str and field.name not in {"message", "reason"} for field in fields(kind))
}
"""The events all of whose fields are names: tokens, ids of the BPMN file; only the last may hold spaces."""


def event_to_json(event: Event) -> str | list[Any]:
    """The event's name and its fields, in the order in which its class declares them.

    Most moves have only names for fields and become one text; one that carries values becomes a list.

    >>> from comptroller.domain.workflow.events import NodeLeft
    >>> event_to_json(NodeLeft("3", "post"))
    'NodeLeft 3 post'
    """
    kind = type(event)
    if kind in _NAMES_ONLY:
        return " ".join((kind.__name__, *_NAMES_ONLY[kind](event)))
    return [kind.__name__, *(_plain(getattr(event, name)) for name in _FIELDS[kind])]


def _plain(value: Any) -> Any:
    return value_to_json(list(value) if isinstance(value, tuple) else value)
