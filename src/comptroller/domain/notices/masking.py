"""What is taken out of every text that leaves the house: bank details (INVARIANT 11).

The form of an IBAN is enough, whether its check digits hold or not; so is a long number that is called an account.
"""

import re
from typing import Final

HIDDEN_ACCOUNT: Final = "[bank details]"

_IBAN: Final = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]{2}\d{2}(?:[ \u00a0-]?[A-Za-z0-9]){11,30}(?![A-Za-z0-9])")
_CALLED: Final = re.compile(
    r"\b((?i:account|iban|konto|kontonummer|bic|swift)(?:\s+(?i:number|no\.?|nr\.?))?\s*[:#]?\s*`?)"
    r"(?=[A-Z0-9 /-]*\d)[A-Z0-9]{4,}(?:[ /-]?[A-Z]*\d[A-Z0-9]*)*"
)
_DIGITS_MIN: Final = 10
"""An IBAN has at least so many digits (Norway's, the shortest, has 13); a sentence in words has not."""


def without_accounts(text: str) -> str:
    """The text without bank details.

    >>> without_accounts("pay to DE89 3704 0044 0532 0130 00, not to invoice RE-2026-0118")
    'pay to [bank details], not to invoice RE-2026-0118'
    """
    text = _IBAN.sub(_hidden, text)
    return _CALLED.sub(lambda found: f"{found[1]}{HIDDEN_ACCOUNT}", text)


def _hidden(found: re.Match[str]) -> str:
    digits = sum(character.isdigit() for character in found[0])
    return HIDDEN_ACCOUNT if digits >= _DIGITS_MIN else found[0]
