"""Stand-ins for whatever in a recorded situation could tell whose it was.

Nobody can list every text that names a person or a company. So it goes the other way round: a text stays only where the
policy itself names it, or where its form is that of a currency, a country, a period or a short number. Every other text
is replaced, the same one by the same stand-in wherever it is met, so that what was equal stays equal and nothing else
becomes so. Numbers, days and truths stay: they are what thresholds are about.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from comptroller.domain.decisions.definitions import Definitions, texts
from comptroller.domain.documents.code_lists import COUNTRIES, CURRENCIES

_PLAIN: Final = re.compile(r"|\d{1,3}|\d{4}-\d{2}")
"""Nothing, a short number such as a line's or a code's, a period."""

_ACCOUNT: Final = re.compile(r"([A-Z]{2})\d{2}[A-Z0-9]{11,30}")
_VAT_ID: Final = re.compile(r"([A-Z]{2})(?=[A-Z0-9]*\d{4})[A-Z0-9]{6,12}")
_VAT_PREFIXES: Final = COUNTRIES | {"EL", "XI"}


def policy_words(definitions: Iterable[Definitions]) -> str:
    """Every expression of a policy: a text that it names stands in there, quoted."""
    return "\n".join(text for each in definitions for text in texts(each))


@dataclass(slots=True)
class StandIns:
    """The stand-ins of one situation, in the order in which their texts were met; `words` are the policy's."""

    words: str
    by_text: dict[str, str] = field(default_factory=dict)
    _counts: dict[str, int] = field(default_factory=dict)

    def masked(self, value: Any, name: str = "text") -> Any:
        """The value with a stand-in for each text that could tell whose it is, named by the fact where it is met."""
        match value:
            case str():
                return value if self._stays(value) else self._stand_in(value, name)
            case Mapping():
                return {key: self.masked(entry, key) for key, entry in value.items()}
            case list():
                return [self.masked(item, name) for item in value]
        return value

    def told(self, value: Any) -> Any:
        """A value that was made of what is masked, with the stand-ins in it, in the midst of longer texts too."""
        match value:
            case str() if self.by_text:
                longest = sorted(self.by_text, key=len, reverse=True)
                known = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest))})(?!\w)")
                return self.by_text.get(value) or known.sub(lambda found: self.by_text[found[0]], value)
            case Mapping():
                return {key: self.told(entry) for key, entry in value.items()}
            case list():
                return [self.told(item) for item in value]
        return value

    def _stays(self, text: str) -> bool:
        named = f'"{text}"' in self.words or text in CURRENCIES or text in COUNTRIES
        return named or _PLAIN.fullmatch(text) is not None

    def _stand_in(self, text: str, name: str) -> str:
        if text not in self.by_text:
            stand_in = text
            while stand_in == text or self._stays(stand_in):
                stand_in = self._next(text, name)
            self.by_text[text] = stand_in
        return self.by_text[text]

    def _next(self, text: str, name: str) -> str:
        compact = text.replace(" ", "")
        if _ACCOUNT.fullmatch(compact):  # no account has the check digits 00
            return f"{compact[:2]}00{self._count('account'):0{len(compact) - 4}}"
        if (found := _VAT_ID.fullmatch(compact)) and found[1] in _VAT_PREFIXES:
            return f"{found[1]}{self._count('VAT id'):0{len(compact) - 2}}"
        return f"{name} {self._count(name)}"

    def _count(self, kind: str) -> int:
        self._counts[kind] = self._counts.get(kind, 0) + 1
        return self._counts[kind]
