"""The commands outside checks rely on: exit status, one line on stderr, JSON as the last line."""

import json
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from question_bank import seal
from question_bank.cli import main

SEED = "00112233445566778899aabbccddeeff"


@pytest.fixture
def run(capsys):
    def call(*arguments):
        status = main([str(one) for one in arguments])
        out, err = capsys.readouterr()
        lines = out.splitlines()
        return status, json.loads(lines[-1]) if lines and lines[-1][:1] == "{" else None, err

    return call


@pytest.fixture
def store(sample_store_path, tmp_path) -> Path:
    path = tmp_path / "bank.db"
    path.write_bytes(sample_store_path.read_bytes())
    return path


def test_import_counts_items_kinds_and_what_it_listed(run, sample, tmp_path):
    status, answer, _err = run(
        "import", *sample.texts, sample.workbook, "--store", tmp_path / "new.db", "--json"
    )

    assert status == 1
    assert answer["items"] == sample.items == sum(answer["kinds"].values())
    assert len(answer["listed"]) == sample.planted_bad
    assert {"file", "line", "reason"} <= set(answer["listed"][0])


def test_a_clean_file_imports_with_status_zero(run, tmp_path):
    path = tmp_path / "one.txt"
    path.write_text("1.铜能导电。\n答案:√\n", "utf-8")

    status, answer, _err = run("import", path, "--store", tmp_path / "new.db", "--json")

    assert (status, answer["items"], answer["listed"]) == (0, 1, [])


@pytest.mark.parametrize("name", ["text.txt", "bank.xlsx"])
def test_an_export_imports_again_whole(run, store, tmp_path, name):
    status, answer, _err = run("export", "--store", store, "--to", tmp_path / name, "--json")
    again, counted, _err = run("import", tmp_path / name, "--store", tmp_path / "new.db", "--json")

    assert (status, again) == (0, 0), counted["listed"][:3]
    assert counted["items"] == answer["items"] > 600


def test_a_blueprint_is_checked(run, sample, tmp_path):
    good, answer, _err = run("check-blueprint", sample.blueprint, "--json")
    text = sample.blueprint.read_text("utf-8")
    broken = tmp_path / "broken.toml"
    broken.write_text(text.replace('weight = "84"', 'weight = "83"'), "utf-8")
    bad, findings, _err = run("check-blueprint", broken, "--json")
    junk, _none, err = run("check-blueprint", sample.texts[0], "--json")

    assert (good, answer["valid"], answer["findings"]) == (0, True, [])
    assert bad == 1
    assert {one["node"] for one in findings["findings"]} == {"B", ""}
    assert junk == 2
    assert err.count("\n") == 1


def test_assemble_and_recompute_give_the_same_bytes(run, sample, store, tmp_path):
    out, again = tmp_path / "out", tmp_path / "again"
    common = ["--store", store, "--blueprint", sample.blueprint, "--model", sample.model]

    status, answer, _err = run(
        "assemble", *common, "--papers", 3, "--seed", SEED, "--out", out, "--json"
    )
    back, outcome, _err = run(
        "recompute", out / "certificate.json", "--store", store, "--out", again, "--json"
    )

    assert (status, back, outcome["same"], answer["violations"]) == (0, 0, True, [])
    assert [one["form"] for one in answer["papers"]] == ["A", "B", "C"]
    names = sorted(one.name for one in out.iterdir())
    assert names == sorted(one.name for one in again.iterdir())
    assert all((out / name).read_bytes() == (again / name).read_bytes() for name in names)


def test_an_altered_certificate_recomputes_to_status_one(run, sample, store, tmp_path):
    common = ["--store", store, "--blueprint", sample.blueprint, "--model", sample.model]
    run("assemble", *common, "--papers", 1, "--seed", SEED, "--out", tmp_path)
    path = tmp_path / "certificate.json"
    path.write_bytes(path.read_bytes().replace(SEED.encode(), SEED[::-1].encode()))

    status, _answer, _err = run("recompute", path, "--store", store)

    assert status == 1


def test_an_infeasible_request_ends_in_one_with_its_shortages(run, sample, store, tmp_path):
    model = tmp_path / "model.toml"
    text = sample.model.read_text("utf-8")
    model.write_text(text.replace('kind = "multiple"', 'kind = "essay"'), "utf-8")

    status, answer, _err = run(
        "assemble",
        *["--store", store, "--blueprint", sample.blueprint, "--model", model],
        *["--papers", 2, "--seed", SEED, "--out", tmp_path / "out", "--json"],
    )

    assert status == 1
    assert {"constraint": "kind:essay", "needed": 20, "available": 0} in answer["shortages"]
    assert not (tmp_path / "out").exists()


def test_sealed_papers_leave_no_plaintext(run, sample, store, tmp_path):
    keys = {login: X25519PrivateKey.generate() for login in ("zhao", "qian", "sun")}
    custodians = [
        part
        for login, key in keys.items()
        for part in ("--custodian", f"{login}={key.public_key().public_bytes_raw().hex()}")
    ]
    out = tmp_path / "out"
    status, _answer, _err = run(
        *["assemble", "--store", store, "--blueprint", sample.blueprint, "--model", sample.model],
        *["--papers", 2, "--seed", SEED, "--out", out, *custodians, "--threshold", 2],
        *["--not-before", "2026-10-20T08:50:00+08:00"],
    )
    everything = b"".join(one.read_bytes() for one in out.iterdir())
    sealed = (out / "paper-A.sealed").read_bytes()
    shares = [
        seal.open_share(sealed, login, keys[login].private_bytes_raw()) for login in ("zhao", "sun")
    ]
    payload = json.loads(seal.unseal(sealed, shares))
    stems = [one["stem"] for part in payload["paper"]["sections"] for one in part["items"]]

    assert status == 0
    assert len(stems) == 90
    assert not any(stem.encode() in everything for stem in stems)
    assert SEED.encode() not in everything


@pytest.mark.parametrize(
    "arguments",
    [
        ["import", "/nowhere/bank.txt", "--store", "{tmp}/new.db"],
        ["import", "{tmp}", "--store", "{tmp}/new.db"],
        ["import", "/nowhere/bank.docx", "--store", "{tmp}/new.db"],
        ["export", "--store", "/nowhere/bank.db", "--to", "{tmp}/x.xlsx"],
        ["check-blueprint", "/nowhere/table.toml"],
        ["recompute", "/nowhere/certificate.json", "--store", "{store}"],
        ["recompute", "{model}", "--store", "{store}"],
    ],
)
def test_unusable_input_ends_in_two_and_one_line(run, arguments, tmp_path, store, sample):
    filled = [one.format(tmp=tmp_path, store=store, model=sample.model) for one in arguments]

    status, answer, err = run(*filled, "--json")

    assert (status, answer) == (2, None)
    assert err.startswith("question-bank: ")
    assert err.count("\n") == 1


@pytest.mark.parametrize("seed", ["xyz", "00"])
def test_a_poor_seed_is_unusable(run, sample, store, tmp_path, seed):
    common = ["--store", store, "--blueprint", sample.blueprint, "--model", sample.model]

    status, _answer, _err = run("assemble", *common, "--seed", seed, "--out", tmp_path)

    assert status == 2


def test_the_catalogue_is_complete():
    """No message without Chinese."""
    import ast
    import gettext

    import question_bank

    package = Path(question_bank.__file__).parent
    catalogue = gettext.translation("question_bank", package / "locale", ["zh_Hans"])
    messages = {
        node.args[0].value
        for path in package.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in {"_", "N_"}
        and isinstance(node.args[0], ast.Constant)
    }

    assert len(messages) > 100
    assert [message for message in messages if catalogue.gettext(message) == message] == []
