"""The accounts-payable pack: what a table means for the decisions of other models to which its outcome is handed."""

from tests.unit.packs.accounts_payable import ROOT

from comptroller.bootstrap import pack_files, pack_source
from comptroller.domain.decisions.handing import Handed, Named
from comptroller.domain.packs.assessment import assess
from comptroller.domain.packs.chain import handing_of

PACK = "urn:comptroller:accounts-payable"
CAP, MORE = "<outputEntry><text>250.00</text>", "<outputEntry><text>300.00</text>"


def test_a_wider_tolerance_reaches_who_signs_and_what_becomes_of_the_invoice() -> None:
    files = pack_files(ROOT)
    match = files["decisions/line-match.dmn"].replace(CAP.encode(), MORE.encode(), 1)
    before, after = pack_source(files), pack_source({**files, "decisions/line-match.dmn": match})
    found = assess(before, after)
    effects = {effect.decision: effect for effect in found.effects}
    assert {"approval routing", "disposition", "exception routing"} <= set(found.changes.decisions)
    (region,) = effects["approval routing"].regions
    assert isinstance(region.before, dict)
    assert isinstance(region.after, dict)
    assert (region.before["outcome"], region.after["outcome"]) == ("review", "route")
    assert [note for note in found.notes() if note.startswith("approval routing is handed what changed")]
    handing = handing_of(after.processes.values(), after.version)
    assert handing[Named(f"{PACK}:disposition", "open steps")] == Handed(
        Named(f"{PACK}:approval-routing", "approval routing"), ("open steps", "steps")
    )
    assert Named(f"{PACK}:period", "accrual") not in handing
