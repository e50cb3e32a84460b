"""Outside checks rely on exit statuses and on the last line of stdout."""

import json

import pytest

from examday.cli import main


def answer(capsys) -> dict:
    return json.loads(capsys.readouterr().out.splitlines()[-1])


def test_working_days_skip_the_national_holiday(capsys):
    """DOMAIN §8: posted 2025-09-29, five working days, ends 2025-10-13."""
    status = main(["working-days", "--from", "2025-09-29", "--add", "5", "--json"])

    assert status == 0
    assert answer(capsys)["date"] == "2025-10-13"


def test_working_days_count_backwards_for_a_filing(capsys):
    """DOMAIN §8: exam 2026-02-25, last filing day 2026-02-11."""
    assert main(["working-days", "--from", "2026-02-25", "--add", "-5", "--json"]) == 0
    assert answer(capsys)["date"] == "2026-02-11"


def test_an_unknown_year_is_unusable_and_names_the_file_to_add(capsys):
    assert main(["working-days", "--from", "2031-01-01", "--add", "5"]) == 2
    assert "2031" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        ("id-number", "110101199003079913", "110101199003079914"),
        ("uscc", "91350100M000100Y43", "91350100M000100Y4Z"),
        ("filing-no", "Y000021012001", "Y00002101200"),
        ("certificate", "Y000021012001203000001", "Y000021012001203000000"),
    ],
)
def test_numbers_are_checked_with_a_reason(capsys, kind, good, bad):
    assert main(["check", kind, good, "--json"]) == 0
    assert answer(capsys)["results"][0]["valid"] is True

    assert main(["check", kind, good, bad, "--json"]) == 1
    wrong = answer(capsys)["results"][1]
    assert wrong["valid"] is False
    assert wrong["reason"]


def test_a_number_within_a_number_is_taken_apart_too(capsys):
    main(["check", "certificate", "Y000021012001203000001", "--json"])

    parts = answer(capsys)["results"][0]["parts"]
    assert parts["filing_no"]["text"] == "Y000021012001"
    assert (parts["year"], parts["level"], parts["serial"]) == ("2020", "3", "1")


def test_a_missing_file_is_one_clear_line(capsys, tmp_path):
    assert main(["restore", str(tmp_path / "none"), "--home", str(tmp_path / "h")]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1
