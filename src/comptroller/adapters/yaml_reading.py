"""Reads YAML as finance data wants it: exact decimals, plain words, nothing that runs or refers.

YAML 1.1 takes `NO` for false and `1:30` for ninety; here the core schema of YAML 1.2 holds (SOURCE: YAML 1.2.2,
section 10.3.2), with dates beside it, and a fraction is a `Decimal`. Tags, anchors and aliases are refused: a file from
outside can neither call code nor grow by referring to itself.
"""

import re
from datetime import date
from decimal import Decimal
from typing import Any, Final

import yaml

_RESOLVED: Final = (
    ("tag:yaml.org,2002:bool", re.compile(r"true|false"), "tf"),
    ("tag:yaml.org,2002:null", re.compile(r"null|~|"), ["n", "~", ""]),
    ("tag:yaml.org,2002:int", re.compile(r"[-+]?[0-9]{1,34}"), "-+0123456789"),
    ("tag:yaml.org,2002:float", re.compile(r"[-+]?[0-9]{1,34}\.[0-9]{1,34}"), "-+0123456789"),
    ("tag:yaml.org,2002:timestamp", re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}"), "0123456789"),
)
"""Tag, the whole of the text that has it, and the letters that such a text begins with."""


class _Loader(yaml.SafeLoader):
    """The safe loader with the scalars of the module's docstring, and without references."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        event: Any = self.peek_event()  # type: ignore[no-untyped-call]  # the library's own, without types
        if isinstance(event, yaml.AliasEvent) or event.anchor is not None:
            raise yaml.YAMLError(f"line {event.start_mark.line + 1}: anchors and aliases are not read")
        if getattr(event, "tag", None) is not None:
            raise yaml.YAMLError(f"line {event.start_mark.line + 1}: tags are not read")
        return super().compose_node(parent, index)

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:  # noqa: FBT001, FBT002 - the library's own signature
        seen: set[str] = set()
        for name, _ in node.value:
            if name.value in seen:
                raise yaml.YAMLError(f"line {name.start_mark.line + 1}: `{name.value}` is there twice")
            seen.add(name.value)
        return super().construct_mapping(node, deep=deep)


_Loader.yaml_implicit_resolvers = {}  # none of the library's own
for _tag, _whole, _first in _RESOLVED:
    _Loader.add_implicit_resolver(_tag, re.compile(rf"(?:{_whole.pattern})\Z"), list(_first))
RESOLVERS: Final = _Loader.yaml_implicit_resolvers
"""Which plain words are taken for what: a writer has to put the others in quotes."""

_Loader.add_constructor("tag:yaml.org,2002:float", lambda _, node: Decimal(node.value))
_Loader.add_constructor("tag:yaml.org,2002:timestamp", lambda _, node: date.fromisoformat(node.value))


def read_yaml(data: bytes) -> Any:
    """Read one YAML document in UTF-8; raises `ValueError` that says where it is none."""
    try:
        return yaml.load(data.decode(), Loader=_Loader)  # noqa: S506 - a safe loader, narrowed further
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as error:
        raise ValueError(" ".join(str(error).split())) from None
