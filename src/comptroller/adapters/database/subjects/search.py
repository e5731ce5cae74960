"""The words by which cases are found."""

from collections.abc import Iterable, Mapping, Sequence

from comptroller.adapters.database.queries import search as queries
from comptroller.adapters.database.transaction import BufferedTransaction
from comptroller.application import records


class Search(BufferedTransaction):
    """The words by which cases are found."""

    def index_case(self, case_id: str, words: Mapping[str, int]) -> None:
        """Have a case found by these words and by no others."""
        self._allow_writes()
        wanted: dict[str, int] = {}
        for word, weight in words.items():
            name = self._sealing.word(word)
            wanted[name] = max(weight, wanted.get(name, 0))
        stored = {row.word: row for row in self._search_words(case_id)}
        for name, weight in wanted.items():
            row = records.SearchWordRow(name, case_id, weight)
            if name not in stored:
                self.buffer.insert(row)
            elif stored[name] != row:
                self.buffer.update(row)
        self.delete(*(row for name, row in stored.items() if name not in wanted))

    def _search_words(self, case_id: str) -> Sequence[records.SearchWordRow]:
        return self._of_case(records.SearchWordRow, queries.SEARCH_WORDS_OF, case_id, lambda row: row.word)

    def found_by(self, word: str, limit: int) -> Sequence[tuple[str, int]]:
        """Return the newest stored cases found by a word."""
        rows = self._records(queries.SEARCH_WORD, word=self._sealing.word(word), limit=limit)
        return [(row.case_id, row.weight) for row in rows]

    def found_among(self, word: str, case_ids: Iterable[str]) -> Mapping[str, int]:
        """Return those of these stored cases that are found by a word."""
        keys = list(case_ids)
        rows = self._records(queries.SEARCH_HELD.query, word=self._sealing.word(word), keys=keys) if keys else []
        return {row.case_id: row.weight for row in rows}
