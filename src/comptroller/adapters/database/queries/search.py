"""What is asked of the words by which cases are found."""

from typing import Final

import sqlalchemy as sa

from comptroller.adapters.database.queries.forms import by_keys, equal, of_cases, query, select
from comptroller.adapters.database.schema import TABLE_OF
from comptroller.application import records

_search_word = TABLE_OF[records.SearchWordRow].table

SEARCH_WORDS_OF: Final = of_cases("search_words_of", records.SearchWordRow)
SEARCH_WORD: Final = query(
    "search_word",
    (records.SearchWordRow,),
    select(records.SearchWordRow, *equal(records.SearchWordRow, "word"))
    .order_by(_search_word.c.case_id.desc())
    .limit(sa.bindparam("limit")),
)
SEARCH_HELD: Final = by_keys("search_held", records.SearchWordRow, "case_id", *equal(records.SearchWordRow, "word"))
