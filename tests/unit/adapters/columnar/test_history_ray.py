"""A history counted by two workers of Ray on this machine: what is told is what one process tells."""

import json
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from socket import socket
from typing import Any

import pyarrow as pa
import pyarrow.parquet
import pytest
from tests.unit.adapters.columnar.test_history import CHANGED, EXAMPLE, MAPPING, NOW
from tests.unit.packs.accounts_payable import ROOT

from comptroller.adapters.columnar.history_ray import ClusterFailed, Work, counts
from comptroller.adapters.columnar.history_reading import batches_of

TIMES = 100_000
"""How often the example's twelve cases are repeated: several parts of a file."""

needs_ray = pytest.mark.skipif(find_spec("ray") is None, reason="the extra `distributed` is not installed")


def backtest(candidate: Path, history: Path, *more: str) -> subprocess.CompletedProcess[str]:
    words = ["policy", "backtest", str(candidate), "--against", str(ROOT), "--history", str(history)]
    given = ["--mapping", str(EXAMPLE / "mapping.toml"), "--at", "2026-03-27", "--json", *more]
    command = [sys.executable, "-m", "comptroller", *words, *given]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def candidate_in(folder: Path) -> Path:
    for path in ROOT.rglob("*"):
        if path.is_file():
            target = folder / "candidate" / path.relative_to(ROOT)
            target.parent.mkdir(parents=True, exist_ok=True)
            old, new = CHANGED.get(path.stem, (b"", b""))
            target.write_bytes(path.read_bytes().replace(old, new) if old else path.read_bytes())
    return folder / "candidate"


@needs_ray
def test_two_workers_tell_what_one_process_tells(tmp_path: Path) -> None:
    rows = pa.Table.from_batches(batches_of(EXAMPLE / "history.csv", MAPPING))
    pyarrow.parquet.write_table(pa.concat_tables([rows] * TIMES).combine_chunks(), tmp_path / "history.parquet")
    candidate = candidate_in(tmp_path)
    done = [backtest(candidate, tmp_path / "history.parquet", *more) for more in ([], ["--ray", "local:2"])]
    assert [each.returncode for each in done] == [1, 1], done[1].stderr
    one, two = (json.loads(each.stdout) for each in done)
    alone: list[Any] = [told.pop("decided_alone") for told in (one, two)]
    assert one == two
    assert one["total"]["cases"] == 12 * TIMES
    assert alone[1] == 2 * alone[0], "both workers learn for themselves"


@needs_ray
def test_a_file_that_is_not_as_the_mapping_says_is_told_by_a_worker(tmp_path: Path) -> None:
    (tmp_path / "other.csv").write_text("id,amount\n1,2.00\n")
    done = backtest(ROOT, tmp_path / "other.csv", "--ray", "local:1")
    assert done.returncode == 3, done.stderr
    assert "BACKTEST-FILE-01: `other.csv` is not as the mapping says" in done.stderr


WORK = Work("", {}, {}, MAPPING, {}, NOW)


@pytest.mark.parametrize("address", ["local", "local:0", "local:two", "local:2:3"])
def test_workers_on_this_machine_are_asked_for_by_their_number(address: str) -> None:
    with pytest.raises(ClusterFailed, match="no number of workers"):
        next(counts(EXAMPLE / "history.csv", WORK, address))


@pytest.mark.parametrize("scheme", ["", "ray://"])
def test_an_address_at_which_nobody_listens_is_refused(scheme: str) -> None:
    with socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        address = f"{scheme}127.0.0.1:{nobody.getsockname()[1]}"
        with pytest.raises(ClusterFailed, match="no cluster answers"):
            next(counts(EXAMPLE / "history.csv", WORK, address))
