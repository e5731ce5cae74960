"""Event logs as cases: XES and CSV (also gzipped), and object-centric logs (OCEL) in JSON, XML and SQLite."""

from comptroller.adapters.event_logs.opening import open_log
from comptroller.adapters.event_logs.unreadable import UnreadableLog

__all__ = ["UnreadableLog", "open_log"]
