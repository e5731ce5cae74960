"""What an author writes, character by character: literals, escapes, comments, signs and names (clause 10.3.1)."""

from datetime import date
from decimal import Decimal

import pytest
from tests.unit.domain.feel.feel_run import value_of

from comptroller.domain.feel import Evaluation, Value, compile_expression


@pytest.mark.parametrize(
    ("text", "value"),
    [
        pytest.param("00012", 12, id="zeros before a number"),
        pytest.param(".5", Decimal("0.5"), id="nothing before the point"),
        pytest.param("-.5", Decimal("-0.5"), id="negative, nothing before the point"),
        pytest.param("1e5", 100_000, id="exponent"),
        pytest.param("1.5E+3", 1500, id="positive exponent"),
        pytest.param("1e-3", Decimal("0.001"), id="negative exponent"),
        pytest.param("-2 ** 2", 4, id="the sign is the literal's"),
        pytest.param("2 ** -2 ** 2", Decimal("0.0625"), id="powers from the left, signs and all"),
        pytest.param("5 - -5", 10, id="minus a negative number"),
        pytest.param("5--5", 10, id="without spaces"),
        pytest.param("-1 instance of number", True, id="the sign before instance of"),
        pytest.param("1 - 2 instance of number", None, id="instance of binds before minus"),
        pytest.param("-(2)[1]", -2, id="a filter binds before the sign of an expression"),
        pytest.param('"\\u00e9\\U01F600"', "é😀", id="escapes of four and six digits"),
        pytest.param('"\\uD83D\\uDE00"', "😀", id="one character as two escapes"),
        pytest.param('"a\\tb\\nc\\rd\\"e\\\\f\\\'g"', "a\tb\nc\rd\"e\\f'g", id="every short escape"),
        pytest.param('"\\q\\u12\\U110000"', "\\q\\u12\\U110000", id="what is no escape stays as written"),
        pytest.param('string length("\\U01F40E")', 1, id="a horse is one character"),
        pytest.param('substring("\\U01F40Eab", 2, 1)', "a", id="and takes one place"),
        pytest.param('string length("e\\u0301")', 2, id="a letter and its accent are two"),
        pytest.param('replace("\\U01F40Ea\\U01F40E", "\\U01F40E", "x")', "xax", id="replaced whole"),
        pytest.param('matches("\\U01F40E", "^.$")', True, id="any one character"),
        pytest.param('@ "2026-03-27"', date(2026, 3, 27), id="a space after the at"),
        pytest.param("/* a /* b */ 1", 1, id="comments do not nest"),
        pytest.param("1 /* + 2\n */ + /**/ 3", 4, id="comment over lines, and an empty one"),
        pytest.param("1 // + 2\r + 3", 4, id="an old end of a line"),
        pytest.param("1 // + 2\n + 3 // end", 4, id="comments to the end of the line"),
        pytest.param('"// no /* comment */"', "// no /* comment */", id="no comment in a string"),
        pytest.param("{/*a*/ a /*b*/ : /*c*/ 1 /*d*/}./*e*/a", 1, id="comments between all tokens"),
        pytest.param("for/**/x/**/in/**/[1]/**/return/**/x", [1], id="comments instead of spaces"),
        pytest.param("1\u00a0+\u20032\ufeff", 3, id="spaces of every sort"),
    ],
)
def test_literal(text: str, value: object) -> None:
    assert value_of(text) == value


@pytest.mark.parametrize(
    ("text", "code"),
    [
        pytest.param("1.", "FEEL-SYNTAX-01", id="nothing after the point"),
        pytest.param("1e", "FEEL-SYNTAX-01", id="exponent without digits"),
        pytest.param("1e6145", "FEEL-SYNTAX-05", id="beyond the largest"),
        pytest.param("'a'", "FEEL-SYNTAX-01", id="single quotes"),
        pytest.param("/* a", "FEEL-SYNTAX-01", id="comment that is not closed"),
        pytest.param("// a", "FEEL-SYNTAX-01", id="nothing but a comment"),
        pytest.param('@"2026-02-30"', "FEEL-SYNTAX-04", id="no such day"),
        pytest.param('@"10:00:00.1234567891"', "FEEL-SYNTAX-04", id="ten digits of a second"),
        pytest.param('@"P"', "FEEL-SYNTAX-04", id="no duration"),
        pytest.param("[1, 2,]", "FEEL-SYNTAX-01", id="comma before the end of a list"),
        pytest.param("{a: 1,}", "FEEL-SYNTAX-01", id="comma before the end of a context"),
        pytest.param("if true then 1", "FEEL-SYNTAX-01", id="if without else"),
        pytest.param("1 2", "FEEL-SYNTAX-01", id="two numbers"),
        pytest.param("1 instance of list<>", "FEEL-SYNTAX-01", id="list of nothing"),
    ],
)
def test_no_literal(text: str, code: str) -> None:
    assert [fault.code for fault in compile_expression(text).faults] == [code]


NAMES: dict[str, Value] = {
    "a": Decimal(1), "b": Decimal(2), "a-b": Decimal(10), "a b": Decimal(20), "x+y": Decimal(30), "x": Decimal(3),
    "y": Decimal(4), "x*y": Decimal(40), "x**y": Decimal(41), "p/q": Decimal(50), "it's": Decimal(60),
    "a.b": Decimal(70), "rate in percent": Decimal(80), "if any": Decimal(90), "not paid": True,
    "\U0001f40e": Decimal(99),
    "größe": Decimal(7), "name 2": Decimal(8), "between x and y": Decimal(11), "null value": Decimal(21),
    "e1": Decimal(24), "true story": Decimal(22), "or else": Decimal(23), "item": Decimal(18), "list": [Decimal(1)],
    "day": date(2026, 1, 1),
    "day of order": date(2026, 3, 27), "order": {"line": {"unit price": Decimal(3)}},
}  # fmt: skip


@pytest.mark.parametrize(
    ("text", "value"),
    [
        pytest.param("a-b", 10, id="a name with a minus"),
        pytest.param("a - b", 10, id="whatever its spaces"),
        pytest.param("b-a", 1, id="a difference where there is no such name"),
        pytest.param("a-b - a-b", 0, id="twice"),
        pytest.param("-a-b", -10, id="its negative"),
        pytest.param("a  b\n+ a", 21, id="spaces within"),
        pytest.param("x+y + y+x", 37, id="plus in a name, plus between names"),
        pytest.param("x*y + x**y", 81, id="times and power"),
        pytest.param("p/q", 50, id="a slash"),
        pytest.param("it's", 60, id="an apostrophe"),
        pytest.param("a.b", 70, id="a point"),
        pytest.param("rate in percent", 80, id="in"),
        pytest.param("if if any > 1 then a else b", 1, id="if"),
        pytest.param("not(not paid)", False, id="not"),
        pytest.param("between x and y + 1", 12, id="between and and"),
        pytest.param("a between b and x", False, id="the operator, beside such a name"),
        pytest.param("null value + true story + or else", 66, id="null, true, or, else"),
        pytest.param("\U0001f40e + größe", 106, id="characters of any script"),
        pytest.param("name 2", 8, id="a digit after a space"),
        pytest.param("e1 + 1e1", 34, id="a name like an exponent"),
        pytest.param("item + 1", 19, id="a variable named item"),
        pytest.param("list[item = 1]", [1], id="the item of a filter before it"),
        pytest.param("day of order.month + day.month", 4, id="the longer of two names"),
        pytest.param("order.line.unit price", 3, id="entries of two words"),
        pytest.param("for a in list return a + b", [3], id="a variable hides another"),
        pytest.param("{a-b: 5, c: a-b}.c", 5, id="an entry hides a variable"),
        pytest.param("{f: function(a b) a b * 2}.f(3)", 6, id="a parameter hides a variable"),
    ],
)
def test_name(text: str, value: object) -> None:
    expression = compile_expression(text, NAMES)
    assert expression.faults == ()
    assert expression.evaluate(NAMES, Evaluation()) == value
