"""A small share of the soak of faults, on a PostgreSQL server of its own, judged by its oracle."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from bench.company import TENANT
from tests.contract import rows
from tests.soak import faults
from tests.soak.client import Underway
from tests.soak.faults_oracle import TRIES_SEEN_MIN, send_again
from tests.soak.load import bring_in_people
from tests.soak.receiver import Receiver
from tests.soak.server import NoServerError, programs

from comptroller.application.records import revised

BUDGET_S = 4


@pytest.fixture
def home() -> Iterator[Path]:
    try:
        programs()
    except NoServerError as reason:
        if os.environ.get("CI") == "true":
            pytest.fail(str(reason))
        pytest.skip(str(reason))
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o711)  # the server's user passes through
    yield folder
    shutil.rmtree(folder)


@pytest.mark.postgresql
def test_everything_ends_as_the_model_says_whatever_happens_to_processes_database_and_clocks(home: Path) -> None:
    result = faults.run(budget=BUDGET_S, seed=3, home=home)
    assert result["violations"] == []
    assert result["submitted"] >= 1
    assert result["fired"]["kills"] >= 1


@pytest.mark.postgresql
@pytest.mark.parametrize("seen", [TRIES_SEEN_MIN, TRIES_SEEN_MIN - 1], ids=["tried", "hardly tried"])
def test_what_was_given_up_is_sent_again_and_told_where_nobody_has_seen_its_tries(home: Path, seen: int) -> None:
    with faults.company(home) as (server, platform):
        bring_in_people(platform)
        dead = revised(rows.OUTBOX, case_id="", status="dead", lease_owner="", lease_until=None)
        platform.environment.store.run(TENANT, lambda uow: uow.insert(dead))
        receiver = Receiver(1, Underway())
        receiver.asked[dead.idempotency_key] = seen
        again, wrong = send_again(platform, server, receiver)
        receiver.close()
        kept = platform.environment.store.read(TENANT, lambda uow: uow.outbox(dead.outbox_id))
    assert kept is not None
    assert (again, len(wrong), kept.status) == (1, seen < TRIES_SEEN_MIN, "pending")
