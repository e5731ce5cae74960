"""Bank details never leave by a notice; what only looks a little like them does."""

import pytest

from comptroller.domain.notices import HIDDEN_ACCOUNT, without_accounts


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("DE89370400440532013000", id="an IBAN"),
        pytest.param("DE89 3704 0044 0532 0130 00", id="in groups"),
        pytest.param("de89 3704 0044 0532 0130 00", id="in lower case"),
        pytest.param("NO9386011117947", id="the shortest"),
        pytest.param("MT84MALT011000012345MTLCAST001S", id="the longest"),
        pytest.param("DE00370400440532013000", id="with wrong check digits"),
        pytest.param("DE89-3704-0044-0532-0130-00", id="with dashes"),
    ],
)
def test_account_is_hidden(text: str) -> None:
    assert without_accounts(f"pay to {text}, please") == f"pay to {HIDDEN_ACCOUNT}, please"


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("to account 12345678 of R-2026-0118", f"to account {HIDDEN_ACCOUNT} of R-2026-0118"),
        ("Konto Nr. 5320 130 00", f"Konto Nr. {HIDDEN_ACCOUNT}"),
    ],
)
def test_number_that_is_called_an_account_is_hidden(text: str, left: str) -> None:
    assert without_accounts(text) == left


@pytest.mark.parametrize(
    "text",
    [
        "invoice RE-2026-0118 of DE999940106",
        "order PO-4711 is 12 % above 1,190.00 EUR",
        "the account is not on file",
        "DE12 CLEANING OF THE HALL IN AUGUST",
    ],
)
def test_other_texts_stay(text: str) -> None:
    assert without_accounts(text) == text
