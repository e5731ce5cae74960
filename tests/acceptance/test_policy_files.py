"""Files in a folder and the platform hold the same bytes: a rate from a folder to in force and back."""

from pathlib import Path

from tests.acceptance.company import Company
from tests.acceptance.test_policy_release import AUTHOR, RATE, RATE_SHOWN, RELEASER, SECOND, in_force
from typer.testing import CliRunner

from comptroller.bootstrap import pack_files
from comptroller.domain.packs import content_hash
from comptroller.entrypoints.cli.app import app
from comptroller.entrypoints.cli.output import Exit


def command(company: Company, *words: str, ends: Exit = Exit.DONE) -> None:
    settings = company.platform.settings
    place = ("--database-url", settings.database_url, "--json")
    result = CliRunner().invoke(app, ["policy", *words, *place], env={"COMPTROLLER_HOME": str(settings.home)})
    assert result.exit_code == ends, result.output


def newest(company: Company) -> str:
    case_id: str = company.person("samuel.grant").get("/policy/requests")["requests"][0]["case_id"]
    return case_id


def sign(company: Company, person: str, ends: Exit = Exit.DONE) -> None:
    request = company.person("samuel.grant").get(f"/policy/requests/{newest(company)}")
    shown = request["tasks"][0]["content_hash"]
    command(company, "sign", request["case_id"], "--content-hash", shown, "--as", person, ends=ends)


def test_a_rate_goes_from_a_folder_to_in_force_and_back(new_company: Company, tmp_path: Path) -> None:
    company, folder, founded = new_company, tmp_path / "pack", in_force(new_company)
    command(company, "pull", str(folder), "--as", AUTHOR)
    assert content_hash(pack_files(folder)) == founded
    for path, before, after in (RATE, RATE_SHOWN):
        text = (folder / path).read_text()
        (folder / path).write_text(text.replace(before, after))
    command(company, "push", str(folder), "--title", "another rate", "--as", AUTHOR)
    command(company, "sign", newest(company), "--as", RELEASER)  # shows it, and signs nothing
    assert in_force(company) == founded
    sign(company, AUTHOR, ends=Exit.REFUSED)
    sign(company, RELEASER)
    assert in_force(company) == content_hash(pack_files(folder))
    command(company, "rollback", "--reason", "the rate is another", "--as", RELEASER)
    sign(company, SECOND)
    command(company, "pull", str(folder), "--as", AUTHOR)
    assert content_hash(pack_files(folder)) == in_force(company) == founded
