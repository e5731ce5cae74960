"""Versions of a pack share the models of files that are the same in both, with all that these use."""

from dataclasses import replace

from tests.unit.domain.packs.one_table import pack_of

from comptroller.domain.decisions.definitions import Decision, Definitions, Import, InformationItem, LiteralExpression
from comptroller.domain.packs.compiling import compile_models

LOW = pack_of({"low": "<= 100", "high": "> 100"})
OTHER = Definitions("other", "o", elements=(Decision("e", "e", InformationItem("e"), LiteralExpression('"always"')),))
USING = replace(OTHER, name="using", namespace="u", imports=(Import("low", "n"),))


def test_what_is_the_same_in_two_versions_is_compiled_once() -> None:
    before, _ = compile_models([LOW, OTHER])
    after, _ = compile_models([replace(LOW, name="written anew"), OTHER])
    assert after["e"] is before["e"]
    assert after["d"] is not before["d"]


def test_what_uses_a_file_is_compiled_anew_with_it() -> None:
    (before, _), (after, _) = compile_models([USING, LOW]), compile_models([USING, replace(LOW, name="anew")])
    assert after["e"] is not before["e"]
