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


def test_the_quarrel_list_is_a_workbook_with_line_reason_and_text(run, tmp_path):
    import openpyxl

    path = tmp_path / "one.txt"
    path.write_text(
        "1.铜能导电。\n答案:√\n2.=HYPERLINK(1)是( )。\nA.甲 B.乙 C.丙\n答案:E\n", "utf-8"
    )

    status, answer, _err = run(
        *(
            "import",
            path,
            "--store",
            tmp_path / "new.db",
            "--list-to",
            tmp_path / "l.xlsx",
            "--json",
        )
    )

    rows = [*openpyxl.load_workbook(tmp_path / "l.xlsx").active.iter_rows()]
    assert (status, answer["items"], len(rows)) == (1, 1, 2)
    assert [cell.value for cell in rows[1][:2]] == ["one.txt", 3]
    assert "HYPERLINK" in rows[1][3].value
    assert {cell.data_type for cell in rows[1]} == {"s", "n"}


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
    essays = [one for one in answer["commission"] if one["kind"] == "essay"]
    assert sum(one["count"] for one in essays) == 20
    assert {"range", "importance", "difficulty", "source"} <= set(essays[0])
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


def test_a_commitment_is_drawn_and_revealed(run, sample, store, tmp_path):
    common = ["--store", store, "--blueprint", sample.blueprint, "--model", sample.model]
    kept = [
        *("--commitment", tmp_path / "c" / "commitment.json"),
        *("--secret", tmp_path / "c" / "commitment.secret.json"),
    ]
    made, answer, _err = run(
        "commit", *common, "--papers", 1, "--source", "dice", "--out", tmp_path / "c", "--json"
    )
    drawn, papers, _err = run(
        *["draw", *common, "--papers", 1, "--entropy", "6 2 5 1 4", *kept],
        *["--out", tmp_path / "d", "--json"],
    )
    good, found, _err = run("reveal", tmp_path / "d/certificate.json", "--store", store, *kept)
    path = tmp_path / "d/certificate.json"
    path.write_bytes(path.read_bytes().replace(b"6 2 5 1 4", b"6 2 5 1 5"))
    bad, found, _err = run("reveal", path, "--store", store, *kept, "--json")

    assert (made, drawn, good, bad) == (0, 0, 0, 1)
    assert len(answer["commitment"]) == 64
    assert list(papers["papers"]) == ["A"]
    assert not found["valid"]
    assert (tmp_path / "c/commitment.secret.json").stat().st_mode & 0o077 == 0


def test_items_are_swapped_and_forms_are_shuffled(run, sample, store, tmp_path):
    from question_bank import open_store

    common = ["--store", store, "--blueprint", sample.blueprint, "--model", sample.model]
    run("assemble", *common, "--papers", 1, "--seed", SEED, "--out", tmp_path)
    certificate = tmp_path / "certificate.json"
    paper = json.loads((tmp_path / "paper-A.json").read_bytes())
    used = {one["item"]: one for part in paper["sections"] for one in part["items"]}
    with open_store(store) as opened:
        bank = {item.id: item for item in opened.current()}
    alike = [
        (old, new.id)
        for old in used
        for new in bank.values()
        if new.id not in used
        and (new.kind, new.point, new.difficulty, new.source)
        == (bank[old].kind, bank[old].point, bank[old].difficulty, bank[old].source)
    ]
    out, into = alike[0]
    options = [certificate, "--store", store, "--out", tmp_path / "s"]
    by = ["--reason", "x", "--by", "wang"]

    status, answer, _err = run("swap", *options, "--swap", f"A:{out}:{into}", *by, "--json")
    bad, _refused, _err = run("swap", *options, "--swap", f"A:{out}:{out}x", *by)
    formed, form, _err = run("form", *options, "--of", "A", "--form", "B", "--seed", SEED, "--json")

    assert (status, bad, formed) == (0, 2, 0)
    assert answer["papers"]["A"]["swaps"] == 1
    assert form["form"] == "B"
    assert {"swaps.json", "paper-A.json", "form-B.json", "paper-B.json"} <= {
        one.name for one in (tmp_path / "s").iterdir()
    }


def test_coverage_and_capacity_are_told(run, sample, store):
    common = ["--store", store, "--blueprint", sample.blueprint, "--model", sample.model, "--json"]

    status, coverage, _err = run("coverage", *common)
    done, capacity, _err = run("capacity", *common)

    assert status == (1 if coverage["thin"] else 0)
    assert coverage["points"] > 100
    assert done == 0
    assert capacity["at_most"] >= 3
    assert capacity["limited_by"]


def test_a_relaxation_proposed_is_applied_only_when_given_back(run, sample, store, tmp_path):
    model = tmp_path / "model.toml"
    text = sample.model.read_text("utf-8").replace("overlap = 0", 'overlap = 0\nsoft = ["source"]')
    model.write_text(text.replace("floor = 35, cap = 65", "floor = 99, cap = 100"), "utf-8")
    common = ["--store", store, "--blueprint", sample.blueprint, "--model", model]
    common += ["--papers", 1, "--seed", SEED, "--out", tmp_path / "out", "--json"]
    short, answer, _err = run("assemble", *common)
    path = tmp_path / "relax.json"
    path.write_text(json.dumps(answer["relaxations"]), "utf-8")

    unreasoned, _answer, _err = run("assemble", *common, "--relax", path)
    drawn, answer, _err = run("assemble", *common, "--relax", path, "--reason", "x")

    assert (short, unreasoned, drawn) == (1, 2, 0)
    assert answer["violations"] == []


def test_a_preview_keeps_nothing_and_a_foreign_column_is_named(run, tmp_path):
    path = tmp_path / "foreign.xlsx"
    import openpyxl

    book = openpyxl.Workbook()
    book.active.append(["frage", "antwort"])
    book.active.append(["铜能导电。", "对"])
    book.save(path)
    store = tmp_path / "new.db"
    columns = ["--column", "frage=stem", "--column", "antwort=answer"]

    shown, answer, _err = run("import", path, "--store", store, *columns, "--preview", "--json")
    entered, again, _err = run("import", path, "--store", store, *columns, "--json")
    bad, _answer, err = run("import", path, "--store", store, "--column", "frage")

    assert (shown, answer["items"], entered, again["items"], bad) == (0, 1, 0, 1, 2)
    assert err.count("\n") == 1


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
