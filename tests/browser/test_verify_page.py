"""verify.html in a real Chromium, from a disk: valid, then what is wrong, as the program says."""

import shutil

import pytest

from examday import verifier
from examday.verifier.page import page_html
from tests.factories.verifier import honest_day

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def packed(tmp_path_factory):
    """The honest day as a bundle, with its policy beside it: (folder, policy file)."""
    folder = tmp_path_factory.mktemp("packed")
    day = honest_day()
    (folder / "policy.txt").write_text(day.policy)
    return day.seal(folder / "bundle", earlier=(3, 9)), folder / "policy.txt"


@pytest.fixture
def bundle(packed, tmp_path):
    """A copy that a test may spoil."""
    return shutil.copytree(packed[0], tmp_path / "bundle")


@pytest.fixture
def check(chromium, packed, tmp_path):
    """Give check(paths or folder): open the page from its file, hand it over, read the verdict."""
    page_file = tmp_path / "verify.html"
    page_file.write_bytes(page_html())
    context = chromium.new_context(offline=True)
    page = context.new_page()
    faults = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("request", lambda request: faults.append(request.url))
    page.goto(page_file.as_uri())
    assert faults == [page_file.as_uri()]
    faults.clear()

    def check(given, *, policy=packed[1], earlier=()):
        many = isinstance(given, list)
        page.locator("#files" if many else "#folder").set_input_files(given)
        page.locator("#policy-file").set_input_files(policy)
        page.locator("#earlier").set_input_files(list(earlier))
        page.get_by_role("button", name="开始校验").click()
        page.locator("#verdict:visible").wait_for(timeout=60_000)
        assert faults == []
        return page

    yield check
    context.close()


def rows(page, name):
    """What the page lists, as (code, where, text)."""
    return {
        tuple(item.locator("span").all_inner_texts()) for item in page.locator(f"#{name} li").all()
    }


def codes(page, name="findings"):
    return {code for code, _, _ in rows(page, name)}


def test_the_page_says_valid_and_the_same_notes_as_the_program(check, bundle, packed):
    """From a folder, offline, from file://."""
    page = check(bundle)

    assert page.locator("#verdict").inner_text() == "校验通过：未发现问题。"
    report = verifier.verify(bundle, packed[1].read_text())
    told = {(one.code, one.where, one.text) for one in report.notes}
    assert rows(page, "notes") - {
        row for row in rows(page, "notes") if row[0] == "SM3_UNCHECKED"
    } == {row for row in told if row[0] != "SM3_UNCHECKED"}


def test_one_flipped_byte_is_named(check, bundle):
    """The page says what is wrong, in Chinese."""
    video = bundle / "data/footage/cam1/T1/cam1-004.mp4"
    data = video.read_bytes()
    video.write_bytes(data[:99] + bytes([data[99] ^ 1]) + data[100:])

    page = check(bundle)

    assert "校验不通过" in page.locator("#verdict").inner_text()
    found = {(code, where) for code, where, _ in rows(page, "findings")}
    name = "data/footage/cam1/T1/cam1-004.mp4"
    assert found == {("FILE_HASH", name), ("FILE_TREE", name), ("CONTENT_LIST", name)}
    assert any("文件已被改动" in text for _, _, text in rows(page, "findings"))
