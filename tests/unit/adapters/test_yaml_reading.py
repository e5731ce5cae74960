"""YAML as finance data wants it: exact, plain, and nothing that runs, refers or is there twice."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from comptroller.adapters.yaml_reading import read_yaml


@pytest.mark.parametrize(
    ("text", "value"),
    [
        pytest.param("a: 0.10", {"a": Decimal("0.10")}, id="a fraction is exact and keeps its zero"),
        pytest.param("a: 12", {"a": 12}, id="a whole number"),
        pytest.param("a: 2026-03-27", {"a": date(2026, 3, 27)}, id="a day"),
        pytest.param("a: NO", {"a": "NO"}, id="Norway is no denial"),
        pytest.param("a: [yes, on, off, y]", {"a": ["yes", "on", "off", "y"]}, id="plain words stay words"),
        pytest.param("a: [true, false, null, ~]", {"a": [True, False, None, None]}, id="truth and nothing"),
        pytest.param("a: 1:30", {"a": "1:30"}, id="a time of day is no number"),
        pytest.param("a: 1e3", {"a": "1e3"}, id="an exponent is a text"),
        pytest.param("a: 007", {"a": 7}, id="a leading zero is no octal"),
        pytest.param('a: "19"', {"a": "19"}, id="what is quoted is a text"),
    ],
)
def test_scalars(text: str, value: Any) -> None:
    read = read_yaml(text.encode())
    assert read == value
    assert str(read) == str(value)


@pytest.mark.parametrize(
    ("data", "told"),
    [
        pytest.param(b"a: &x 1\nb: *x", "anchors", id="a reference"),
        pytest.param(b"a: !!python/object:os.system 1", "tags", id="a call"),
        pytest.param(b"a: 1\na: 2", "twice", id="a key that is there twice"),
        pytest.param(b"a: [", "line 1", id="a list without end"),
        pytest.param(b"\xff", "utf-8", id="no UTF-8"),
        pytest.param(b"a: 2026-02-30", "day is out of range", id="a day that is none"),
    ],
)
def test_what_is_refused(data: bytes, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        read_yaml(data)
