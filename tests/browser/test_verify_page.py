"""verify.html in a real Chromium, from a disk: valid, then what is wrong, as the program says."""

import shutil
import zipfile
from base64 import b64encode
from datetime import timedelta
from hashlib import sha256

import pytest

from examday import verifier
from examday.verifier import layout
from examday.verifier.page import page_html
from tests.factories.attacks import ATTACKS, forge
from tests.factories.stamps import (
    indefinite,
    put_stamp,
    signed_part,
    stamp_by_clock,
    stamp_by_openssl,
)
from tests.factories.verifier import START, honest_day

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

    def check(given, *, policy=packed[1], earlier=(), authorities=()):
        chooser = page.locator("#files" if isinstance(given, list) else "#folder")
        chooser.evaluate("chooser => { chooser.value = ''; }")  # as a person's click does
        chooser.set_input_files(given)
        page.locator("#policy-file").set_input_files(policy)
        page.locator("#earlier").set_input_files(list(earlier))
        page.locator("#authorities").set_input_files(list(authorities))
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


@pytest.mark.parametrize("name", ATTACKS)
def test_the_page_and_the_program_find_the_same(check, tmp_path, name):
    """Each attack of the evidence design: the same codes at the same places, the same words."""
    forged, wanted = forge(name, tmp_path)
    (tmp_path / "policy.txt").write_text(forged.policy)

    page = check(forged.folder, policy=tmp_path / "policy.txt", earlier=forged.earlier)

    assert wanted <= codes(page)
    report = verifier.verify(forged.folder, forged.policy, earlier=forged.earlier)
    told = {(one.code, one.where, one.text) for one in report.findings if one.code != "FILE_SM3"}
    assert rows(page, "findings") == told


def test_the_same_bundle_as_a_zip(check, bundle, tmp_path):
    """Stored and deflated; then cut short."""
    for kind in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        path = tmp_path / "bundle.zip"
        with zipfile.ZipFile(path, "w", kind) as archive:
            for name in layout.list_files(bundle):
                archive.write(bundle / name, f"batch/{name}")
        assert codes(check([path])) == set()

    path.write_bytes(path.read_bytes()[:-40])
    assert codes(check([path])) == {"BUNDLE_UNREADABLE"}


def test_files_alone_with_their_proofs(check, tmp_path, packed):
    """A segment and a sheet beside their proofs; then a changed mark; then no proof at all."""
    day = honest_day()
    alone = []
    wanted = {
        "data/footage/cam2/T1/cam2-004.mp4": b"cam2-004.mp4",
        "data/4-papers-results/2026-001-v2/sheet.json": b'"replaces":"2026-001 v1"',
    }
    for name, words in wanted.items():
        index = next(i for i, leaf in enumerate(day.leaves) if words in leaf)
        path = tmp_path / name.rpartition("/")[2]
        path.write_bytes(day.files[name])
        proof = path.with_name(path.name + ".tlog-proof")
        proof.write_bytes(day.proof(index).encoded())
        alone += [path, proof]
    jws = tmp_path / "sheet.json.jws"
    jws.write_bytes(day.files["data/4-papers-results/2026-001-v2/sheet.json.jws"])

    assert codes(check([*alone, jws])) == set()

    sheet = tmp_path / "sheet.json"
    honest = sheet.read_bytes()
    for old, new, named in (
        (b'"86.0"', b'"96.0"', "SHEET_DETAILS"),
        (b'"outcome":"passed"', b'"outcome":"failed"', "SHEET_ROWS"),
    ):
        sheet.write_bytes(honest.replace(old, new, 1))
        assert codes(check([*alone, jws])) == {"SHEET_HASH", named, "SHEET_SIGNATURE"}
    page = check([sheet])
    assert "没有可校验的内容" in page.locator("#verdict").inner_text()


def test_a_policy_nobody_can_read_gives_no_verdict(check, bundle, tmp_path):
    """It says which line, and does not say valid."""
    (tmp_path / "odd.txt").write_text("quorum both\n")

    page = check(bundle, policy=tmp_path / "odd.txt")

    assert (
        page.locator("#verdict").inner_text() == "无法校验：policy line 1: name both is not defined"
    )


STAMPS = {
    "by the day's clock": None,
    "rsa, issued with p384": {"root": "p384", "signer": "rsa", "digest": "sha512"},
    "p256, issued with rsa": {"root": "rsa", "signer": "p256"},
}


@pytest.mark.parametrize("kind", STAMPS)
def test_the_page_judges_time_stamps_as_the_program_does(check, bundle, packed, tmp_path, kind):
    """Trusted, nobody's word taken, a stranger's, another head's, one with a flipped byte."""
    policy = packed[1].read_text()
    signed = signed_part(bundle, policy)
    if STAMPS[kind] is None:
        token, pem = stamp_by_clock(tmp_path / "tsa", signed, START + timedelta(minutes=9))
        _, strange = stamp_by_clock(tmp_path / "other", signed, START)
    elif shutil.which("openssl"):
        token, pem = stamp_by_openssl(tmp_path / "tsa", signed, **STAMPS[kind])
        _, strange = stamp_by_openssl(tmp_path / "other", signed, **STAMPS[kind])
    else:
        pytest.skip("needs the openssl command")
    (tmp_path / "roots.pem").write_bytes(pem)
    (tmp_path / "strange.pem").write_bytes(strange)
    bent = token[:-9] + bytes([token[-9] ^ 1]) + token[-8:]
    told = []
    for given, roots in (
        (token, "roots.pem"), (token, ""), (token, "strange.pem"), (bent, "roots.pem"),
        (token.replace(sha256(signed).digest(), bytes(32)), "roots.pem"),
        (indefinite(token), "roots.pem"),
    ):  # fmt: skip
        put_stamp(bundle, given)
        pem = (tmp_path / roots).read_bytes() if roots else b""
        page = check(bundle, authorities=[tmp_path / roots] if roots else ())
        report = verifier.verify(bundle, policy, tsa_roots=pem)
        # What the page cannot read it leaves to openssl, which the program has at hand.
        lists = () if given == indefinite(token) else ("findings", "notes")
        for name in lists:
            shown = {row for row in rows(page, name) if row[0] not in {"SM3_UNCHECKED", "FILE_SM3"}}
            assert shown == {(one.code, one.where, one.text) for one in getattr(report, name)}
        codes_told = codes(page, "notes") | codes(page)
        told += [code for code in sorted(codes_told) if code.startswith("STAMP")]
    assert told == [
        "STAMP_VALID", "STAMP_SEEN", "STAMP_SIGNATURE", "STAMP_SIGNATURE", "STAMP_MISMATCH",
        "STAMP_SEEN",
    ]  # fmt: skip


def test_no_byte_of_a_stamp_can_be_changed_unseen_by_the_page(check, bundle, packed, tmp_path):
    """Each byte of a token in turn: unreadable, objected to, or of the same head and time."""
    signed = signed_part(bundle, packed[1].read_text())
    token, pem = stamp_by_clock(tmp_path / "tsa", signed, START + timedelta(minutes=9))
    page = check(bundle)

    accepted = page.evaluate(
        """async ([token, pem]) => {
            const bytes = decode64(token), roots = readRoots(pem), honest = readStamp(bytes);
            if (await stampObjection(honest, roots)) return ["the honest one"];
            const accepted = [];
            for (let at = 0; at < bytes.length; at += 1) {
                const bent = bytes.slice();
                bent[at] ^= 1;
                const stamp = readStamp(bent);
                if (!stamp || (await stampObjection(stamp, roots))) continue;
                if (stamp.time !== honest.time || !same(stamp.imprint, honest.imprint)) accepted.push(at);
            }
            return accepted;
        }""",
        [b64encode(token).decode(), pem.decode()],
    )

    assert accepted == []


@pytest.mark.parametrize("delay", [-7200, 7200])
def test_the_page_compares_the_times_of_witness_and_authority(check, tmp_path, delay):
    """Two hours before the entries say they were written, and two hours after."""
    day = honest_day()
    day.witness_delay = delay
    forged = day.seal(tmp_path / "b")
    signed = signed_part(forged, day.policy)
    token, pem = stamp_by_clock(tmp_path / "tsa", signed, START + timedelta(seconds=delay))
    put_stamp(forged, token)
    (tmp_path / "policy.txt").write_text(day.policy)
    (tmp_path / "roots.pem").write_bytes(pem)

    page = check(forged, policy=tmp_path / "policy.txt", authorities=[tmp_path / "roots.pem"])

    report = verifier.verify(forged, day.policy, tsa_roots=pem)
    assert rows(page, "findings") == {(one.code, one.where, one.text) for one in report.findings}
    early = {"LOG_TIME_VS_TSA", "WITNESS_TSA_SKEW"}
    assert (codes(page), "OUTSIDE_TIME_LATE" in codes(page, "notes")) == (
        (early, False) if delay < 0 else (set(), True)
    )


def test_a_head_kept_on_a_phone_is_pasted_and_compared(check, tmp_path):
    """The head of the whole day, pasted with other line ends, against the log of 09:02."""
    forged, _ = forge("2b roll back, head kept", tmp_path)
    (tmp_path / "policy.txt").write_text(forged.policy)
    kept = forged.earlier[0].read_text()
    page = check(forged.folder, policy=tmp_path / "policy.txt")
    assert "ROLLED_BACK" not in codes(page)

    page.locator("#kept").fill(kept.replace("\n", "\r\n").rstrip())
    page = check(forged.folder, policy=tmp_path / "policy.txt")

    assert "ROLLED_BACK" in codes(page)
    forged.earlier[0].write_bytes(kept.rstrip().replace("\n", "\r\n").encode())
    report = verifier.verify(forged.folder, forged.policy, earlier=forged.earlier)
    assert "ROLLED_BACK" in {one.code for one in report.findings}


def test_the_streaming_hash_is_sha256(check, bundle):
    """Every length around a block, in one piece and in two, against WebCrypto."""
    page = check(bundle)

    wrong = page.evaluate("""async () => {
        const wrong = [];
        for (const length of [0, 1, 55, 56, 63, 64, 65, 119, 120, 128, 1000, 70000]) {
            const bytes = Uint8Array.from({ length }, (_, at) => (at * 31 + length) % 251);
            const wanted = hex(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)));
            const half = Math.floor(length / 3);
            const two = new Sha256().update(bytes.subarray(0, half)).update(bytes.subarray(half));
            if (hex(sha256(bytes)) !== wanted || hex(two.digest()) !== wanted) wrong.push(length);
        }
        return wrong;
    }""")

    assert wrong == []
