"""`comptroller reference import`: a file that holds no records is told before anything is opened."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from comptroller.entrypoints.cli.app import app
from comptroller.entrypoints.cli.output import Exit


@pytest.mark.parametrize(
    ("content", "code"),
    [
        pytest.param(b"{", "REFERENCE-FILE-01", id="no JSON"),
        pytest.param(b"\xff", "REFERENCE-FILE-01", id="no text"),
        pytest.param(b"[]", "REFERENCE-FILE-02", id="a list"),
        pytest.param(b"{}", "REFERENCE-FILE-02", id="nothing"),
        pytest.param(b'{"person": []}', "REFERENCE-FILE-02", id="a kind without keys"),
        pytest.param(b'{"person": {"ada": "Ada"}}', "REFERENCE-FILE-02", id="a record that is none"),
        pytest.param(b'{"person": {"ada": {}}, "entity": []}', "REFERENCE-FILE-02", id="one kind of two without keys"),
    ],
)
def test_a_file_without_records_is_refused(tmp_path: Path, content: bytes, code: str) -> None:
    path = tmp_path / "company.json"
    path.write_bytes(content)
    result = CliRunner().invoke(app, ["reference", "import", str(path), "--as", "importer"])
    assert result.exit_code == Exit.REFUSED
    assert code in result.output
