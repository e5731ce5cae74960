"""What a JSON body may be: exact, bounded, and told with its place where it is neither."""

from decimal import Decimal
from typing import Any

import pytest

from comptroller.domain.kernel import limits
from comptroller.domain.kernel.fault import RejectionKind
from comptroller.entrypoints.http.body import media_type_of, parse_object, text_of
from comptroller.entrypoints.http.problems import STATUS, Problem, problem_body
from comptroller.entrypoints.media_types import MEDIA_TYPES, refused_media_type


def refused(content: bytes, **bounds: int) -> tuple[str, str]:
    """The code and place of what is wrong; every refusal says what to do."""
    with pytest.raises(Problem) as raised:
        parse_object(content, **bounds)
    rejection = raised.value.rejection
    (fault,) = rejection.faults
    assert rejection.kind is RejectionKind.INVALID
    assert rejection.help
    assert (fault.code, fault.help) == (rejection.code, rejection.help)
    return fault.code, fault.path


def test_number_is_read_digit_for_digit() -> None:
    assert parse_object(b'{"amount": 0.10, "count": 3}') == {"amount": Decimal("0.10"), "count": Decimal(3)}
    assert str(parse_object(b'{"amount": 0.10}')["amount"]) == "0.10"


@pytest.mark.parametrize(
    ("content", "code", "path"),
    [
        pytest.param(b"", "JSON-SYNTAX-01", "", id="nothing"),
        pytest.param(b"{", "JSON-SYNTAX-01", "", id="cut off"),
        pytest.param(b"\xff\xfe\xff", "JSON-SYNTAX-01", "", id="bytes of no character"),
        pytest.param(b'{"a": "\x00"}', "JSON-SYNTAX-01", "", id="NUL as it is"),
        pytest.param(b"[]", "JSON-SHAPE-01", "", id="an array"),
        pytest.param(b"null", "JSON-SHAPE-01", "", id="null"),
        pytest.param(b'{"a": 1, "a": 1}', "JSON-KEY-02", "", id="a key twice"),
        pytest.param(b'{"a": {"b": 1, "b": 2}}', "JSON-KEY-02", "", id="a key twice, within"),
        pytest.param(b'{"a": NaN}', "JSON-NUMBER-01", "", id="NaN"),
        pytest.param(b'{"a": -Infinity}', "JSON-NUMBER-01", "", id="an infinity"),
        pytest.param(b'{"a": 1e400}', "JSON-NUMBER-01", "", id="an exponent"),
        pytest.param(b'{"a": ' + b"9" * 10_000 + b"}", "JSON-NUMBER-01", "", id="10,000 digits"),
        pytest.param(b'{"a": ["x", "\\u0000"]}', "JSON-TEXT-01", "/a/1", id="NUL in a list"),
        pytest.param(b'{"a/b": {"~c": "\\ud800"}}', "JSON-TEXT-01", "/a~1b/~0c", id="a lone surrogate"),
        pytest.param(b'{"\\ud800": 1}', "JSON-TEXT-01", "", id="a lone surrogate in a key"),
        pytest.param(b'{"a": ' * 65 + b"1" + b"}" * 65, "JSON-DEPTH-01", "/a" * 64, id="65 levels"),
        pytest.param(b"[" * 100_000 + b"]" * 100_000, "JSON-DEPTH-01", "", id="100,000 levels"),
    ],
)
def test_what_is_no_plain_object_is_refused_with_its_place(content: bytes, code: str, path: str) -> None:
    assert refused(content) == (code, path)


def test_text_may_be_as_long_as_its_reader_says() -> None:
    content = b'{"a": "%s"}' % (b"x" * (limits.TEXT_CHARACTERS_MAX + 1))
    assert refused(content) == ("JSON-TEXT-01", "/a")
    assert len(parse_object(content, text_max=limits.TEXT_CHARACTERS_MAX + 1)["a"]) == limits.TEXT_CHARACTERS_MAX + 1


def test_surrogates_that_make_a_pair_are_a_character() -> None:
    assert parse_object(b'{"a": "\\ud83d\\ude00"}') == {"a": "\U0001f600"}


@pytest.mark.parametrize("body", [{}, {"reason": ""}, {"reason": 7}, {"reason": None}, {"reason": ["x"]}], ids=str)
def test_text_that_is_needed_is_asked_for_by_name(body: dict[str, Any]) -> None:
    with pytest.raises(Problem) as raised:
        text_of(body, "reason")
    (fault,) = raised.value.rejection.faults
    assert (fault.code, fault.path) == ("JSON-MEMBER-01", "/reason")


def test_text_that_may_be_left_out_is_empty() -> None:
    assert text_of({}, "reason", required=False) == ""


def test_media_type_is_read_without_its_parameters() -> None:
    assert media_type_of("Application/XML; charset=utf-8") == "application/xml"
    assert all(refused_media_type(media_type) is None for media_type in MEDIA_TYPES)
    refusal = refused_media_type("text/csv", "/documents/3/media_type")
    assert refusal is not None
    assert (refusal.kind, refusal.code) == (RejectionKind.UNSUPPORTED, "BODY-TYPE-01")
    assert refusal.faults[0].path == "/documents/3/media_type"
    assert all(media_type in refusal.help for media_type in MEDIA_TYPES)


def test_every_kind_of_refusal_has_a_status() -> None:
    assert set(STATUS) == set(RejectionKind)


def test_problem_says_the_status_of_its_response() -> None:
    refusal = refused_media_type("text/csv")
    assert refusal is not None
    assert problem_body(refusal)["status"] == 415
    told = problem_body(refusal, STATUS[RejectionKind.NOT_FOUND])
    assert (told["status"], told["title"]) == (404, "Not Found")
