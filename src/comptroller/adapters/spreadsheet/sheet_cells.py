"""Reading the cells of one sheet: what was not changed stays, what is wrong is told with its place.

Only a changed text is checked. What the model's author wrote before has been judged already, by those who know more of
the model than a sheet does.
"""

from dataclasses import dataclass, field

from openpyxl.utils import get_column_letter

from comptroller.adapters.spreadsheet.cells import KEPT, says_the_same
from comptroller.adapters.spreadsheet.opening import Sheet
from comptroller.adapters.spreadsheet.vocabulary import Vocabulary
from comptroller.domain.kernel.fault import Fault, Severity


@dataclass(frozen=True, slots=True)
class SheetCells:
    """A sheet's cells and the faults found in them."""

    sheet: Sheet
    vocabulary: Vocabulary
    faults: list[Fault] = field(default_factory=list)

    def fault(
        self, code: str, row: int, column: int, message: str, remedy: str, *, severity: Severity = Severity.ERROR
    ) -> None:
        """Note something wrong in a cell."""
        path = f"{self.sheet.name}!{get_column_letter(column)}{row}"
        self.faults.append(Fault(code, path, message, severity=severity, by="spreadsheet", help=remedy))

    def plain(self, row: int, column: int, old: str | None) -> str:
        """A text for people, which was `old` (None: there was no such cell)."""
        return self._text(row, column, old, feel=False)

    def name(self, row: int, column: int, old: str | None) -> str:
        """A name or a type; a changed one on one line, as the file format has it."""
        text = self.plain(row, column, old)
        return text if text == old else " ".join(text.split())

    def feel(self, row: int, column: int, old: str | None, *, unary: bool, is_feel: bool = True) -> str:
        """A FEEL text; a changed one must be FEEL, unless the model says that the cell is in another language."""
        text = self._text(row, column, old, feel=True)
        if text == old or not is_feel:
            return text
        for fault in self.vocabulary.faults_of(text, unary=unary):
            where = f" ({fault.path})" if fault.path else ""
            remedy = fault.help or 'write FEEL: texts in quotes, dates as `date("2026-03-27")`, `-` for anything'
            self.fault("SHEET-CELL-01", row, column, f"not FEEL: {fault.message}{where}", remedy)
        return text

    def _text(self, row: int, column: int, old: str | None, *, feel: bool) -> str:
        entry = self.sheet.at(row, column)
        if entry.wrong:
            self.fault("SHEET-CELL-02", row, column, entry.wrong, "type the value itself, or a FEEL expression as text")
            return old or ""
        text = entry.feel if feel else entry.plain
        if old is not None and says_the_same(old, text):
            return old
        if text == KEPT:
            self.fault(
                "SHEET-CELL-03", row, column, "a text that is too long for a cell cannot be copied", "write it out"
            )
            return old or ""
        return text
