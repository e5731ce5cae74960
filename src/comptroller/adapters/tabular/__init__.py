"""Tables of invoices in CSV and XLSX, read by a mapping."""

from comptroller.adapters.tabular.opening import MEDIA_TYPES, Opened, open_table
from comptroller.adapters.tabular.reading import Preview, TableFiles, TablePart, preview, read_table

__all__ = ["MEDIA_TYPES", "Opened", "Preview", "TableFiles", "TablePart", "open_table", "preview", "read_table"]
