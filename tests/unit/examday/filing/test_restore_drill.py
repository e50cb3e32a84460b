"""A drill: what a back-up brings back into a clean folder verifies like the day it was archived."""

from examday import backup
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
