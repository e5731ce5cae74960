"""How a fault of a process is told: with the id of a node or flow as its path."""

from comptroller.domain.kernel.fault import Fault, Severity


def fault(code: str, path: str, message: str, *, help: str = "", severity: Severity = Severity.ERROR) -> Fault:  # noqa: A002 - Fault's own field
    """A fault of a process; `path` is the id of a node or flow."""
    return Fault(code, path, message, severity, by="workflow", help=help)
