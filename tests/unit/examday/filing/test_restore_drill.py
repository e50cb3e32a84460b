"""A drill: what a back-up brings back into a clean folder verifies like the day it was archived."""

import zipfile

import pytest

from examday import backup
from examday.backup.bundles import DamagedBundle, unpack_bundle
from examday.cli import main
from examday.filing import service as filing

OFFICE = "staff:office"


def test_a_restored_archive_verifies_and_a_damaged_one_does_not(
    certified, settings, tmp_path, capsys
):
    batch = certified(2, failed=())
    bundle = filing.archive_batch(batch.id, by=OFFICE)
    good, bad = tmp_path / "good.backup", tmp_path / "bad.backup"
    backup.save(settings, good)
    content = bytearray(bundle.zip.read_bytes())
    content[len(content) // 2] ^= 1
    bundle.zip.write_bytes(content)
    backup.save(settings, bad)

    assert main(["restore", str(good), "--home", str(tmp_path / "one"), "--verify"]) == 0
    assert bundle.zip.name in capsys.readouterr().out
    assert main(["restore", str(bad), "--home", str(tmp_path / "two"), "--verify"]) == 1


def test_a_bundle_alone_comes_back_into_a_clean_folder_or_not_at_all(
    certified, settings, tmp_path, capsys
):
    bundle = filing.archive_batch(certified(2, failed=()).id, by=OFFICE)
    there, policy = tmp_path / "there", settings.home / "policy.txt"
    words = ["restore", str(bundle.zip), "--home", str(there), "--policy", str(policy)]

    assert main(words) == 0
    names = {path.relative_to(bundle.folder) for path in bundle.folder.rglob("*")}
    assert {path.relative_to(there) for path in there.rglob("*")} == names
    content = bytearray(bundle.zip.read_bytes())
    content[len(content) // 2] ^= 1
    bundle.zip.write_bytes(content)
    words[3] = str(tmp_path / "elsewhere")
    capsys.readouterr()
    assert main(words) != 0
    assert not (tmp_path / "elsewhere").exists()
    assert main([*words[:3], str(there), *words[4:]]) != 0


def test_a_bundle_that_reaches_out_of_its_folder_is_refused(tmp_path):
    evil = tmp_path / "evil.zip"
    with zipfile.ZipFile(evil, "w") as packed:
        packed.writestr("../outside.txt", "x")

    with pytest.raises(DamagedBundle):
        unpack_bundle(evil, tmp_path / "there", "")

    assert not (tmp_path / "outside.txt").exists()
    assert not (tmp_path / "there").exists()
