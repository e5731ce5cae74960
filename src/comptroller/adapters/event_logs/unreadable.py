"""A log that is not read."""

from comptroller.domain.kernel.fault import Fault


class UnreadableLog(Exception):
    """A log that is not read, with the fault that says why."""

    def __init__(self, code: str, message: str, remedy: str = "") -> None:
        super().__init__(message)
        self.fault = Fault(code, "", message, by="log", help=remedy)
