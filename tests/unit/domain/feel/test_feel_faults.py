"""Faults of texts that cannot be read: the code, and the place."""

import pytest

from comptroller.domain.feel import Evaluation, compile_expression


@pytest.mark.parametrize(
    ("text", "code", "offset"),
    [
        pytest.param("", "FEEL-SYNTAX-01", 0, id="nothing"),
        pytest.param("1 +", "FEEL-SYNTAX-01", 3, id="operand missing"),
        pytest.param("1 2", "FEEL-SYNTAX-01", 2, id="operator missing"),
        pytest.param("[1, 2", "FEEL-SYNTAX-01", 5, id="list not closed"),
        pytest.param("(1", "FEEL-SYNTAX-01", 2, id="parenthesis not closed"),
        pytest.param("f(1,", "FEEL-SYNTAX-01", 4, id="call not closed"),
        pytest.param("{a 1}", "FEEL-SYNTAX-01", 4, id="entry without colon"),
        pytest.param("if a then b", "FEEL-SYNTAX-01", 11, id="no else"),
        pytest.param("for i 1..3 return i", "FEEL-SYNTAX-01", 6, id="no in"),
        pytest.param("some in [1] satisfies 1", "FEEL-SYNTAX-01", 5, id="no variable"),
        pytest.param("a.", "FEEL-SYNTAX-01", 2, id="path to nothing"),
        pytest.param("then", "FEEL-SYNTAX-01", 0, id="keyword alone"),
        pytest.param("x instance of list<", "FEEL-SYNTAX-01", 19, id="type not closed"),
        pytest.param('"open', "FEEL-SYNTAX-02", 0, id="string not closed"),
        pytest.param("1 + `", "FEEL-SYNTAX-03", 4, id="character of no meaning"),
        pytest.param('@"soon"', "FEEL-SYNTAX-04", 0, id="no date"),
        pytest.param("1e7000", "FEEL-SYNTAX-05", 0, id="number too large"),
        pytest.param("{a: 1, a: 2}", "FEEL-SYNTAX-06", 7, id="entry twice"),
        pytest.param("f(a: 1, a: 2)", "FEEL-SYNTAX-06", 1, id="argument twice"),
        pytest.param("function(a, a) a", "FEEL-SYNTAX-06", 12, id="parameter twice"),
        pytest.param('function(a) external {java: {class: "x"}}', "FEEL-SYNTAX-07", 12, id="foreign code"),
        pytest.param("1 instance of money", "FEEL-TYPE-05", 14, id="unknown type"),
        pytest.param("(" * 101 + "1" + ")" * 101, "FEEL-LIMIT-02", 100, id="nested too deep"),
        pytest.param("1" + "+1" * 101, "FEEL-LIMIT-02", 0, id="chained too long"),
    ],
)
def test_text_that_cannot_be_read(text: str, code: str, offset: int) -> None:
    expression = compile_expression(text)
    assert [(fault.code, fault.path, fault.by) for fault in expression.faults] == [(code, f"offset {offset}", "feel")]
    says_what_to_do = expression.faults[0].help or " should stand" in expression.faults[0].message
    assert says_what_to_do or code == "FEEL-SYNTAX-03"
    evaluation = Evaluation()
    assert expression.evaluate({}, evaluation) is None
    assert tuple(evaluation.faults) == expression.faults


@pytest.mark.parametrize(
    ("text", "code", "offset"),
    [
        pytest.param('for x in [1] return abs("a")', "FEEL-CALL-03", 23, id="in the body of a loop"),
        pytest.param("some x in [1] satisfies x < null", "FEEL-TYPE-02", 26, id="in a condition"),
        pytest.param('[1, 2][item > "x"]', "FEEL-TYPE-02", 12, id="in a filter"),
        pytest.param("{f: function(n) n + null, r: f(1)}.r", "FEEL-TYPE-01", 18, id="in a function, not at its call"),
        pytest.param("sort([1, null], function(a, b) a < b)", "FEEL-TYPE-02", 33, id="in a function that sort calls"),
        pytest.param("sort([2, 1], function(a) a)", "FEEL-CALL-02", 4, id="a function that sort cannot call"),
        pytest.param("list replace([1], function(a) a, 2)", "FEEL-CALL-02", 12, id="nor list replace"),
        pytest.param('sum([@"P1D", @"P1M"])', "FEEL-TYPE-01", 3, id="within a function of the language"),
        pytest.param("1 + string length(upper case(7))", "FEEL-CALL-03", 28, id="the inner of two calls, first"),
        pytest.param('1 in [1.."a"]', "FEEL-VALUE-03", 5, id="a range after in"),
        pytest.param("{a: {b: [1, 1 / 0]}}.a.b[2]", "FEEL-NUMBER-01", 14, id="deep in a context"),
        pytest.param('// why\n"a" + 1', "FEEL-TYPE-01", 11, id="after a comment"),
        pytest.param('"🐎" + 1', "FEEL-TYPE-01", 4, id="offsets count characters"),
    ],
)
def test_place_of_what_became_null(text: str, code: str, offset: int) -> None:
    evaluation = Evaluation()
    compile_expression(text).evaluate({}, evaluation)
    first = evaluation.faults[0]
    assert (first.code, first.path, first.by) == (code, f"offset {offset}", "feel")


@pytest.mark.parametrize(
    "text",
    [
        pytest.param('1 "a\nb"', id="a string over two lines"),
        pytest.param('@"a\nb"', id="no date over two lines"),
        pytest.param("1 \u0007", id="a character that is heard"),
        pytest.param('date("a\nb")', id="no date, at run time"),
        pytest.param('get value({a: 1}, "b\nc\u2028")', id="no entry, at run time"),
    ],
)
def test_messages_are_one_line(text: str) -> None:
    evaluation = Evaluation()
    compile_expression(text).evaluate({}, evaluation)
    assert [fault.message.isprintable() for fault in evaluation.faults] == [True]


@pytest.mark.parametrize(
    ("text", "value", "codes"),
    [
        pytest.param("[][a > 1 and b.c = 2]", [], [], id="a condition"),
        pytest.param("[][item.a + null]", [], [], id="a condition without a value"),
        pytest.param("[][a > 1][1].b", None, ["FEEL-VALUE-02", "FEEL-NAME-02"], id="what is made of it"),
        pytest.param("{n: 1, r: [][n]}.r", None, ["FEEL-VALUE-02"], id="a number"),
    ],
)
def test_what_no_item_is_asked_goes_wrong_with_none(text: str, value: object, codes: list[str]) -> None:
    evaluation = Evaluation()
    assert compile_expression(text).evaluate({}, evaluation) == value
    assert [fault.code for fault in evaluation.faults] == codes


def test_text_that_is_too_long() -> None:
    assert [fault.code for fault in compile_expression("1" * 50_001).faults] == ["FEEL-LIMIT-01"]


@pytest.mark.parametrize("word", ["and", "or"])
def test_long_conditions_do_not_nest(word: str) -> None:
    assert compile_expression(f" {word} ".join(["true"] * 1_000)).evaluate({}, Evaluation()) is True
