"""A site is saved while it runs and comes back whole, or not at all."""

import random
import tarfile

import pytest
from flask import Flask
from sqlalchemy import create_engine, text

from examday import backup
from examday.db import unit_of_work


@pytest.fixture
def site(app: Flask, settings):
    """A site with a row in its database and a file beside it."""
    with unit_of_work() as work:
        work.execute(text("CREATE TABLE kept (n INTEGER)"))
        work.execute(text("INSERT INTO kept VALUES (42)"))
    (settings.home / "footage").mkdir()
    (settings.home / "footage" / "a.mp4").write_bytes(random.randbytes(2_500_000))
    return settings


@pytest.mark.parametrize("passphrase", [None, "正确 horse battery"])
def test_what_was_saved_comes_back(site, tmp_path, passphrase):
    file, there = tmp_path / "site.backup", tmp_path / "restored"

    saved = backup.save(site, file, passphrase=passphrase)
    restored = backup.restore(file, there, passphrase=passphrase)

    assert restored == saved
    original = (site.home / "footage" / "a.mp4").read_bytes()
    assert (there / "footage" / "a.mp4").read_bytes() == original
    engine = create_engine(f"sqlite:///{there / 'examday.db'}")
    with engine.connect() as connection:
        assert connection.execute(text("SELECT n FROM kept")).scalar_one() == 42
    engine.dispose()


def test_a_sealed_file_shows_nothing_and_a_wrong_passphrase_changes_nothing(site, tmp_path):
    (site.home / "note").write_text("canary-110101199003079913")
    file, there = tmp_path / "site.backup", tmp_path / "restored"
    backup.save(site, file, passphrase="right")

    assert b"canary" not in file.read_bytes()
    with pytest.raises(backup.BadPassphrase):
        backup.restore(file, there, passphrase="wrong")
    assert not there.exists()


@pytest.mark.parametrize("passphrase", [None, "right"])
def test_a_flipped_or_cut_file_is_refused(site, tmp_path, passphrase):
    file, there = tmp_path / "site.backup", tmp_path / "restored"
    backup.save(site, file, passphrase=passphrase)
    whole = file.read_bytes()
    middle = len(whole) // 2

    for damaged in (
        whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :],
        whole[:middle],
        b"not a back-up",
        b"",
    ):
        file.write_bytes(damaged)
        with pytest.raises((backup.DamagedBackup, backup.BadPassphrase)):
            backup.restore(file, there, passphrase=passphrase)
        assert not there.exists()


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("../evil", tarfile.REGTYPE),
        ("/tmp/evil", tarfile.REGTYPE),
        ("link", tarfile.SYMTYPE),
        ("pipe", tarfile.FIFOTYPE),
        ("twice", tarfile.REGTYPE),
    ],
)
def test_what_is_no_file_below_the_home_is_damage(app, tmp_path, name, kind):
    file, there = tmp_path / "site.backup", tmp_path / "restored"
    with tarfile.open(file, "w") as tar:
        for _ in range(2 if name == "twice" else 1):
            member = tarfile.TarInfo(name)
            member.type, member.linkname = kind, "/etc/passwd"
            tar.addfile(member)

    with pytest.raises(backup.DamagedBackup, match=name):
        backup.restore(file, there)

    assert sorted(path.name for path in tmp_path.iterdir()) == ["home", "site.backup"]


def test_a_restore_never_writes_over_a_site(site, tmp_path):
    file = tmp_path / "site.backup"
    backup.save(site, file)

    with pytest.raises(backup.NotEmpty):
        backup.restore(file, site.home)
