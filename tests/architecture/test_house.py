"""The rules of docs/architecture.md as tests: whoever opens the tree sees the assessment day."""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import grimp
import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("examday", "kiosk", "question_bank")
ROOMS = {
    "staff",
    "planning",
    "papers",
    "admission",
    "proctoring",
    "scoring",
    "results",
    "publicity",
    "filing",
    "supervision",
}
CJK = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]")
LONGEST_FILE = 320  # examday/demo is next to be split
LONGEST_FUNCTION = 60


def sources() -> Iterator[Path]:
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            if not {"node_modules", "migrations"} & set(path.parts):
                yield path


def docstrings(tree: ast.AST) -> set[int]:
    return {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }


def test_rooms_meet_only_at_the_front_desk():
    """A room may ask another room's service; it may not open its drawers."""
    graph = grimp.build_graph("examday", cache_dir=None)
    reached = [
        f"{importer} reaches into {imported}"
        for importer in graph.modules
        for imported in graph.find_modules_directly_imported_by(importer)
        if (here := importer.split(".")[1:2]) != (there := imported.split(".")[1:2])
        and {*here} & ROOMS
        and {*there} & ROOMS
        and imported.split(".")[2:3] not in ([], ["service"])
    ]

    assert reached == []


def test_chinese_lives_in_catalogues_and_data_not_in_code():
    found = []
    for path in sources():
        tree = ast.parse(path.read_text("utf-8"))
        skip = docstrings(tree)
        found += [
            f"{path.relative_to(ROOT)}:{node.lineno} {node.value[:20]!r}"
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and id(node) not in skip
            and CJK.search(node.value)
        ]

    assert found == []


def test_there_is_one_commit():
    commits = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in sources()
        if path.is_relative_to(ROOT / "examday")
        for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1)
        if re.search(r"session\.commit\(\)", line)
    ]

    assert len(commits) == 1
    assert commits[0].startswith("examday/db.py:")


def test_files_and_functions_stay_short():
    long = []
    for path in sources():
        text = path.read_text("utf-8")
        name = path.relative_to(ROOT)
        if len(text.splitlines()) > LONGEST_FILE:
            long.append(f"{name}: {len(text.splitlines())} lines")
        long += [
            f"{name}: {node.name} {node.end_lineno - node.lineno} lines"
            for node in ast.walk(ast.parse(text))
            if isinstance(node, ast.FunctionDef)
            and node.end_lineno - node.lineno > LONGEST_FUNCTION
        ]

    assert long == []


@pytest.mark.parametrize("package", PACKAGES)
def test_every_sentence_has_its_chinese(package):
    """No msgid of the code is missing from the catalogue, none is left empty."""
    from babel.messages.extract import extract_from_dir
    from babel.messages.pofile import read_po

    method_map = [("**.py", "python"), ("**/templates/**.html", "jinja2")]
    used = {
        message[2] if isinstance(message[2], str) else message[2][0]
        for message in extract_from_dir(
            ROOT / package,
            method_map,
            keywords=dict.fromkeys(("_", "N_", "gettext")) | {"ngettext": (1, 2)},
        )
    }
    with (ROOT / package / "locale/zh_Hans/LC_MESSAGES" / f"{package}.po").open("rb") as file:
        catalogue = read_po(file)
    known = {
        message.id if isinstance(message.id, str) else message.id[0]
        for message in catalogue
        if message.string
        and (message.string if isinstance(message.string, str) else all(message.string))
    }

    assert sorted(used - known) == []


def test_what_is_not_found_is_named_in_a_word_of_the_catalogue():
    """NotFound(N_("batch"), 7): a kind with no Chinese fails the test above, a bare one here."""
    raised = [
        (f"{path.relative_to(ROOT)}:{node.lineno}", node.args[:1])
        for path in sources()
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "NotFound"
    ]
    bare = [
        where
        for where, given in raised
        if not (given and isinstance(given[0], ast.Call) and ast.unparse(given[0].func) == "N_")
    ]

    assert len(raised) > 40
    assert bare == []


@pytest.mark.parametrize(
    "name", sorted(path.name for path in (ROOT / "config").glob("policy/*.toml"))
)
def test_every_number_of_a_policy_quotes_its_clause(name):
    """A number set by a notice stands beside its source."""

    def bare(value: object, where: str) -> Iterator[str]:
        if isinstance(value, dict):
            if "value" in value:
                if not value.get("source"):
                    yield where
                return
            for key, inner in value.items():
                yield from bare(inner, f"{where}.{key}")
        elif isinstance(value, int | float) and not isinstance(value, bool):
            yield where

    policy = tomllib.loads((ROOT / "config/policy" / name).read_text("utf-8"))

    assert list(bare(policy, name)) == []


def test_nothing_else_stands_at_the_top():
    allowed = re.compile(
        r"examday|kiosk|question_bank|tests|config|docs|setup\.cfg|pyproject\.toml|run|LICENSE"
        r"|(README|CHANGELOG|CONTRIBUTING|SECURITY|THIRD_PARTY)(\.[a-zA-Z-]+)?\.md"
        r"|requirements(-\w+)?\.txt|MANIFEST\.in|\..*|examday\.egg-info|build"
    )

    assert [path.name for path in ROOT.iterdir() if not allowed.fullmatch(path.name)] == []


def test_every_field_of_a_form_has_its_chinese_name():
    """A message names the field as the page does, never by the word of the code."""
    from babel.messages.pofile import read_po

    read = re.compile(r'parsing\.(?!secret)\w+\(\s*f?"([\w{}]+)"')
    used = {
        re.sub(r"_\{\w+\}", "", name)
        for path in (ROOT / "examday").rglob("views/*.py")
        for name in read.findall(path.read_text("utf-8"))
    }
    with (ROOT / "examday/locale/zh_Hans/LC_MESSAGES/examday.po").open("rb") as file:
        known = {message.id for message in read_po(file) if message.string}

    assert sorted(name for name in used if not known & {name, f"field:{name}"}) == []
