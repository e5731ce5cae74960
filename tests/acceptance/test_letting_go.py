"""A case that was worked on is let go: its run, its unit of work and its decisions, with all that they read."""

import pytest
from tests.acceptance.company import TENANT, Company, at_the_door
from tests.collector import nothing_is_left

from comptroller.application.dispatcher import Request
from comptroller.application.submit import SubmitDocument

pytestmark = pytest.mark.embedded


@pytest.mark.parametrize(
    "document", [pytest.param("D01", id="posted"), pytest.param("D50a", id="of another order"), "D03"]
)
def test_a_submission_leaves_nothing_behind(new_company: Company, document: str) -> None:
    platform = new_company.platform
    content, media_type = at_the_door(document)
    read = platform.environment.read_document(content, media_type)
    submit = Request("tomasz.zielinski", SubmitDocument(content, media_type, read))
    with nothing_is_left():
        answer = platform.dispatcher.execute(TENANT, submit)
        assert isinstance(answer, dict)
        del answer
