"""Files of payments and invoices (CSV, gzipped CSV, XLSX) read by a mapping into the rows that controls compare."""

from comptroller.adapters.payment_files.mapping import FIELDS, Mapping, read_mapping
from comptroller.adapters.payment_files.reading import Reading
from comptroller.adapters.payment_files.tables import Unreadable, open_table

__all__ = ["FIELDS", "Mapping", "Reading", "Unreadable", "open_table", "read_mapping"]
