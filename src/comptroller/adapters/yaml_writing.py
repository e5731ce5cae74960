"""Writes YAML that `yaml_reading` reads back as the same values: plain words where they are safe, exact decimals."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import yaml

from comptroller.adapters.yaml_reading import RESOLVERS


class _Dumper(yaml.SafeDumper):
    """The safe dumper, with the scalars that the reader knows and no references."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 - the library's own signature
        return True


_Dumper.yaml_implicit_resolvers = RESOLVERS


def _number(dumper: yaml.SafeDumper, value: Decimal) -> yaml.ScalarNode:
    written = f"{value:f}"
    tag = f"tag:yaml.org,2002:{'float' if '.' in written else 'int'}"
    if dumper.resolve(yaml.ScalarNode, written, (True, False)) != tag:  # type: ignore[no-untyped-call]  # the library's own
        raise ValueError(f"a number of so many digits has no form in a file of examples: {written}")
    return dumper.represent_scalar(tag, written)


def _refused(_: yaml.SafeDumper, value: object) -> yaml.ScalarNode:
    raise ValueError(f"a value of the kind `{type(value).__name__}` has no form in a file of examples")


_Dumper.add_representer(Decimal, _number)
_Dumper.add_representer(date, lambda dumper, day: dumper.represent_scalar("tag:yaml.org,2002:timestamp", str(day)))
_Dumper.add_representer(datetime, _refused)
_Dumper.add_representer(None, _refused)  # type: ignore[arg-type]  # every other kind, as the library has it


def write_yaml(value: Any) -> str:
    """Write a value as YAML; raises `ValueError` for one that could not be read back."""
    return yaml.dump(value, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=120, default_flow_style=None)
