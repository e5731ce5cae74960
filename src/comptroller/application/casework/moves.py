"""The machine's events in the form in which the audit log keeps them: enough to replay a case."""

from dataclasses import fields
from typing import Any, Final, get_args

from comptroller.domain.workflow import Event
from comptroller.domain.workflow.value_json import value_to_json

_FIELDS: Final = {kind: tuple(field.name for field in fields(kind)) for kind in get_args(Event)}


def event_to_json(event: Event) -> list[Any]:
    """The event's name and its fields, in the order in which its class declares them.

    >>> from comptroller.domain.workflow.events import NodeLeft
    >>> event_to_json(NodeLeft("3", "Post"))
    ['NodeLeft', '3', 'Post']
    """
    kind = type(event)
    return [kind.__name__, *(_plain(getattr(event, name)) for name in _FIELDS[kind])]


def _plain(value: Any) -> Any:
    return value_to_json(list(value) if isinstance(value, tuple) else value)
