"""Two versions of a process: every element that runs otherwise is named, and what is only drawn otherwise is not."""

import pytest
from tests.acceptance.company import ROOT
from tests.acceptance.versions import CHECKED, INVOICE, SIGNED, Change, exchange

from comptroller.adapters.bpmn_xml import read
from comptroller.domain.workflow import Process
from comptroller.domain.workflow.difference import process_difference

TEXT = (ROOT / "packs/accounts-payable" / INVOICE).read_text()
POSTED = 'disposition.outcome in ("post", "post with payment block")'


def process(text: str) -> Process:
    found, faults = read(text.encode())
    assert found is not None, faults
    return found


@pytest.mark.parametrize(
    ("change", "told"),
    [
        pytest.param(exchange(('<dc:Bounds x="', '<dc:Bounds x="1')), {}, id="a box that is moved"),
        pytest.param(
            exchange(('name="Approve"', 'name="Sign"')),
            {"Sign": ("changed", ("it is called `Sign`, it was called `Approve`",))},
            id="a step that is called otherwise",
        ),
        pytest.param(SIGNED, {"Approve": ("changed", ("its id is `sign`, it was `approve`",))}, id="another id"),
        pytest.param(
            CHECKED,
            {
                "Look again": ("added", ("a service task: facts.gather", "leads to Post to ledger")),
                "Outcome?": (
                    "changed",
                    (
                        f"no more leads to Post to ledger if `{POSTED}`",
                        f"now leads to Look again if `{POSTED}`",
                    ),
                ),
            },
            id="a step between",
        ),
    ],
)
def test_what_runs_otherwise_is_told(change: Change, told: dict[str, tuple[str, tuple[str, ...]]]) -> None:
    found = process_difference(process(TEXT), process(change(TEXT)))
    assert {each.title: (each.becomes.value, each.told) for each in found} == told


def test_what_is_taken_away_is_told_on_the_way_back() -> None:
    found = process_difference(process(CHECKED(TEXT)), process(TEXT))
    assert [(each.title, each.before, each.after) for each in found if each.becomes == "removed"] == [
        ("Look again", "look-again", "")
    ]
