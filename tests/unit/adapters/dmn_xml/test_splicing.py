"""A tree that was changed is written on the text that it was read from: what did not change keeps its every sign."""

from collections.abc import Callable

import pytest
from lxml import etree

from comptroller.adapters.dmn_xml.splicing import Spliced

FILE = """<?xml version='1.0'?>
<!-- before -->
<a xmlns="urn:a" xmlns:v="urn:v"
   one = 'it&#x27;s'	v:two="2 &gt; 1">
  <!-- <b> is not this -->
  <b>1 > 0 &#38; more</b ><c></c><d/>
  <e><![CDATA[<x>]]></e><?go on?> tail &#x41;
</a>
<!-- behind -->
"""
Change = Callable[[etree._Element], object]


def child(root: etree._Element, name: str) -> etree._Element:
    found = root.find(f"{{urn:a}}{name}")
    assert found is not None
    return found


def put_text(root: etree._Element) -> None:
    child(root, "b").text = "2 < 3"


def fill(root: etree._Element) -> None:
    etree.SubElement(child(root, "d"), "{urn:a}f").text = "new"


@pytest.mark.parametrize("text", [FILE, FILE.replace("\n", "\r\n")], ids=["lines of one system", "lines of another"])
@pytest.mark.parametrize(
    ("change", "before", "after"),
    [
        pytest.param(lambda _: None, "", "", id="nothing"),
        pytest.param(put_text, "1 > 0 &#38; more", "2 &lt; 3", id="a text"),
        pytest.param(lambda root: root.set("one", 'a "b"'), "'it&#x27;s'", "'a \"b\"'", id="an attribute"),
        pytest.param(lambda root: root.attrib.pop("one"), "\n   one = 'it&#x27;s'", "", id="an attribute that goes"),
        pytest.param(lambda root: root.set("{urn:v}x", "y"), '1">', '1" v:x="y">', id="an attribute that comes"),
        pytest.param(fill, "<d/>", "<d><f>new</f></d>", id="an empty tag that is filled"),
        pytest.param(lambda root: root.remove(child(root, "c")), "<c></c>", "", id="an element that goes"),
    ],
)
def test_a_change_changes_its_own_place_alone(text: str, change: Change, before: str, after: str) -> None:
    file = Spliced(text)
    change(file.root)
    ends = "\r\n" if "\r\n" in text else "\n"
    assert file.written() == text.replace(before.replace("\n", ends), after, 1)
