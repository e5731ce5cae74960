"""Templates of notices: what may be written, what comes out, and that nothing else can happen."""

from html import escape

import pytest

from comptroller.domain.kernel import limits
from comptroller.domain.notices import DEFAULTS, SAMPLE, VOCABULARY, NoticeKind, Template, html_faults, read_template

KNOWN = {"number": None, "supplier": None, "waiting": {"age": None, "number": None}}


def read(text: str) -> Template:
    template = read_template(text, KNOWN, path="/text")
    assert isinstance(template, Template), template
    return template


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        pytest.param("Invoice {{number}}.", "Invoice R1.", id="a field"),
        pytest.param("Invoice {{ number }}.", "Invoice R1.", id="a field with spaces"),
        pytest.param("{{#number}}has {{number}}{{/number}}", "has R1", id="a section of a text"),
        pytest.param("{{#supplier}}of {{supplier}}{{/supplier}}", "", id="a section of an empty text"),
        pytest.param("{{^supplier}}of nobody{{/supplier}}", "of nobody", id="where it is empty"),
        pytest.param("{{#waiting}}{{number}} {{age}};{{/waiting}}", "R2 1 day;R3 2 days;", id="a list"),
        pytest.param("{{^waiting}}nothing{{/waiting}}", "", id="a list that is not empty"),
        pytest.param("{ number } %(number)s {% x %}", "{ number } %(number)s {% x %}", id="no other language"),
    ],
)
def test_template_is_filled(text: str, filled: str) -> None:
    rows = [{"number": "R2", "age": "1 day"}, {"number": "R3", "age": "2 days"}]
    assert read(text).fill({"number": "R1", "supplier": "", "waiting": rows}) == filled


@pytest.mark.parametrize(
    ("text", "code"),
    [
        pytest.param("{{iban}}", "NOTICE-TEMPLATE-02", id="a field that nobody gives"),
        pytest.param("{{number.__class__}}", "NOTICE-TEMPLATE-02", id="a way into a field"),
        pytest.param("{{age}}", "NOTICE-TEMPLATE-02", id="a row's field outside of its list"),
        pytest.param("{{waiting}}", "NOTICE-TEMPLATE-03", id="a list as a text"),
        pytest.param("{{#number}}", "NOTICE-TEMPLATE-04", id="a section left open"),
        pytest.param("{{/number}}", "NOTICE-TEMPLATE-04", id="a section closed that was not open"),
        pytest.param("{{#number}}{{#supplier}}{{/number}}{{/supplier}}", "NOTICE-TEMPLATE-04", id="crossed sections"),
        pytest.param("{{#number}}" * 5 + "{{/number}}" * 5, "NOTICE-TEMPLATE-05", id="nested too deep"),
        pytest.param("{{number", "NOTICE-TEMPLATE-06", id="half a field"),
        pytest.param("x" * (limits.TEMPLATE_CHARACTERS_MAX + 1), "NOTICE-TEMPLATE-01", id="too long"),
    ],
)
def test_template_has_a_fault(text: str, code: str) -> None:
    faults = read_template(text, KNOWN, path="/text")
    assert isinstance(faults, tuple)
    assert code in {fault.code for fault in faults}
    assert {fault.path for fault in faults} == {"/text"}


def test_fault_names_its_line() -> None:
    faults = read_template("Dear\n\n{{nobody}}", KNOWN, path="/text")
    assert isinstance(faults, tuple)
    assert faults[0].message == "line 3: there is no field `nobody` here"


def test_value_is_never_read_as_a_template_and_is_escaped_where_asked() -> None:
    fields = {"number": "{{supplier}}<b>", "supplier": "secret", "waiting": []}
    assert read("{{number}}").fill(fields) == "{{supplier}}<b>"
    assert read("{{number}}").fill(fields, escape) == "{{supplier}}&lt;b&gt;"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        pytest.param("<script>alert(1)</script>", "NOTICE-TEMPLATE-07", id="a script"),
        pytest.param('<img src="https://x.example/pixel">', "NOTICE-TEMPLATE-07", id="a picture that tells who reads"),
        pytest.param("<{{number}}>", "NOTICE-TEMPLATE-07", id="a field as an element"),
        pytest.param("<!--[if mso]> x <![endif]-->", "NOTICE-TEMPLATE-07", id="a comment"),
        pytest.param('<p onclick="x()">', "NOTICE-TEMPLATE-08", id="an act"),
        pytest.param("<p {{number}}>", "NOTICE-TEMPLATE-08", id="a field as an attribute"),
        pytest.param('<a href="javascript:x()">x</a>', "NOTICE-TEMPLATE-09", id="a link that runs"),
        pytest.param('<a href="http://x.example">x</a>', "NOTICE-TEMPLATE-09", id="a link in the clear"),
        pytest.param('<a href="https://x.example/{{number}}">x</a>', "NOTICE-TEMPLATE-09", id="a link with a field"),
        pytest.param('<a href="{{number}}">x</a>', "NOTICE-TEMPLATE-09", id="a field that is no address"),
    ],
)
def test_html_has_a_fault(text: str, code: str) -> None:
    assert code in {fault.code for fault in html_faults(text, path="/html")}


def test_plain_html_is_taken() -> None:
    assert html_faults('<p>{{number}} <a href="{{link}}">open</a> <b>x</b></p>', path="/html") == ()


@pytest.mark.parametrize(("kind", "language"), DEFAULTS)
def test_products_own_templates_hold(kind: NoticeKind, language: str) -> None:
    for part, text in DEFAULTS[kind, language]._asdict().items():
        template = read_template(text, VOCABULARY[kind], path=part)
        assert isinstance(template, Template)
        assert "{{" not in template.fill(SAMPLE)
    assert html_faults(DEFAULTS[kind, language].html, path="/html") == ()
