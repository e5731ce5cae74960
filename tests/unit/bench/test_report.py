import json
from collections.abc import Iterator

import pytest
from bench.report import Figure, rate, report, report_each

FIGURES = [rate("submit/a/b/floor", 30, 90), Figure("rows/case/b/-", 33.0, "rows")]


def test_a_ratio_is_ours_over_theirs() -> None:
    assert FIGURES[0] == Figure("submit/a/b/floor", 30.0, "cases/s", 90.0, 0.333)


def test_each_figure_is_one_object_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    report(FIGURES, as_json=True)
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert lines == [
        {"figure": "submit/a/b/floor", "value": 30.0, "unit": "cases/s", "against": 90.0, "ratio": 0.333},
        {"figure": "rows/case/b/-", "value": 33.0, "unit": "rows", "against": None, "ratio": None},
    ]


def test_the_table_has_the_same_figures(capsys: pytest.CaptureFixture[str]) -> None:
    report(FIGURES, as_json=False)
    head, first, second = capsys.readouterr().out.splitlines()
    assert head.split() == ["figure", "ours", "against", "ratio", "unit"]
    assert first.split() == ["submit/a/b/floor", "30.0", "90.0", "0.333", "cases/s"]
    assert second.split() == ["rows/case/b/-", "33.0", "rows"]


@pytest.mark.parametrize("as_json", [True, False], ids=["json", "text"])
def test_a_figure_is_printed_before_the_next_is_made(capsys: pytest.CaptureFixture[str], *, as_json: bool) -> None:
    printed = []

    def made() -> Iterator[Figure]:
        for figure in FIGURES:
            yield figure
            printed.append(figure.figure in capsys.readouterr().out)

    report_each(made(), as_json=as_json)
    assert printed == [True, True]
