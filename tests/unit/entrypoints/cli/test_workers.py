"""Who is at work, as an operator asks at night."""

import json
from datetime import timedelta
from pathlib import Path

from typer.testing import CliRunner

from comptroller.adapters.database import upgrade
from comptroller.adapters.surroundings import machine_time
from comptroller.application.ports.work import WorkerStanding
from comptroller.bootstrap import build
from comptroller.entrypoints.cli.app import app
from comptroller.entrypoints.cli.output import Exit
from comptroller.settings import Settings


def test_who_works_and_what_is_left_alone_is_told(tmp_path: Path) -> None:
    url, now = f"sqlite:///{tmp_path / 'comptroller.sqlite3'}", machine_time()
    upgrade(url)
    platform = build(Settings(tmp_path, url, "", "secret"))
    queue, env = platform.environment.store.work, {"COMPTROLLER_HOME": str(tmp_path)}
    began, until = now - timedelta(days=1), now + timedelta(hours=1)
    queue.tell(WorkerStanding("old", "host-a", "1.0", "working", ("cases",), 2, began, now - timedelta(minutes=2)))
    queue.close_lane("delivery/ledger", until=until, why="it answered 503")

    def asked(*options: str) -> tuple[int, str]:
        result = CliRunner().invoke(app, ["workers", "--database-url", url, *options], env=env)
        return result.exit_code, result.output

    code, text = asked()
    assert (code, "silent" in text, "nobody is at work" in text) == (Exit.NO, True, True)
    assert "delivery/ledger is left alone until" in text
    queue.tell(WorkerStanding("new", "host-b", "1.1", "working", ("cases",), 0, began, now))
    code, text = asked("--json")
    told = json.loads(text)
    assert code == Exit.DONE
    assert {each["worker"]: each["state"] for each in told["workers"]} == {"new": "working", "old": "silent"}
    assert [(each["lane"], each["why"]) for each in told["closed_lanes"]] == [("delivery/ledger", "it answered 503")]
    platform.close()
