"""Writing a DMN file: DMN 1.5, and on the ground of the file it was read from.

With the original at hand only what changed in meaning changes in the file (`merging`): drawing, descriptions, vendors'
extensions, comments and indentation stay, and so does how each tag and text is written (`splicing`). A file that says
the same as before comes back as the same bytes.
"""

import codecs

from lxml import etree

from comptroller.adapters.dmn_xml.building import build
from comptroller.adapters.dmn_xml.elements import language_name
from comptroller.adapters.dmn_xml.merging import canonical, drop_dangling, ids_of, merge
from comptroller.adapters.dmn_xml.migration import is_current, migrated
from comptroller.adapters.dmn_xml.reading import read
from comptroller.adapters.dmn_xml.splicing import Spliced
from comptroller.adapters.xml_reading import decoded
from comptroller.domain.decisions.definitions import FEEL_LANGUAGE, Definitions


def write(definitions: Definitions, original: bytes | None = None) -> bytes:
    """Write definitions as a DMN 1.5 file, keeping from the original what the definitions do not hold.

    The original is a file that `read` accepts, of any version; ValueError otherwise, and for a text with characters
    that XML cannot hold.
    """
    if original is None:
        root = build(definitions, language=FEEL_LANGUAGE)
        etree.indent(root)
        return _bytes(root)
    was, _ = read(original)
    if was is None:
        raise ValueError("the original is no DMN file")
    text = decoded(original)
    assert isinstance(text, str)  # it was just read
    file = Spliced(text)
    root = file.root
    language = language_name(root.get("expressionLanguage") or "")
    before, after = build(was, language=language), build(definitions, language=language)
    if is_current(root) and canonical(before) == canonical(after):
        return original
    current = migrated(root)
    ids = ids_of(current)
    merge(current, before, after)
    drop_dangling(current, ids)
    mark = codecs.BOM_UTF8 if original.startswith(codecs.BOM_UTF8) else b""
    if current is root and original == mark + text.encode():
        return mark + file.written().encode()
    return _bytes(current)


def _bytes(root: etree._Element) -> bytes:
    comments = [
        etree.tostring(comment, with_tail=False, encoding="unicode") for comment in root.itersiblings(preceding=True)
    ]
    text = etree.tostring(root, with_tail=False, encoding="unicode")
    return "\n".join(['<?xml version="1.0" encoding="UTF-8"?>', *comments[::-1], text, ""]).encode()
