"""The kiosk behind its PIN: what lies on the disk opens with the PIN or the code, and nothing else."""

import pytest

from examday.admission import service as admission
from kiosk import app as kiosk_app
from kiosk import cli, keys, settings
from kiosk.errors import Locked, ShortPin, WrongPin
from tests.factories.planning import OFFICE
from tests.unit.kiosk.conftest import Site, site
from tests.unit.kiosk.test_faces import face

__all__ = ["site"]
PIN = "482915"


@pytest.fixture(autouse=True)
def cheap(monkeypatch):
    """Stretch with the real algorithm, only cheaply."""
    monkeypatch.setattr(keys, "MEMORY_KIB", 64)


@pytest.fixture
def locked(site: Site, tmp_path):
    """A kiosk enrolled by its command with a PIN; gives its home, the PIN's file and the code."""
    home, pin = tmp_path / "locked", tmp_path / "pin"
    pin.write_text(PIN + "\n")
    code = admission.invite_kiosk("门口", by=OFFICE)
    command = ["enrol", "--home", str(home), "--server", site.url, "--code", code]
    assert cli.main([*command, "--pin-file", str(pin)]) == 0
    return home, pin, code


def test_nothing_on_the_disk_opens_without_the_pin(site, locked, tmp_path):
    home, _pin, code = locked
    with pytest.raises(Locked), kiosk_app.open_door(home):
        pass
    for wrong in ("482916", "", code[:-1], code + "A"):
        with pytest.raises(Locked):
            keys.unlock(home, wrong)
    opened = keys.unlock(home, PIN)
    with kiosk_app.open_door(home, opened=opened) as door:
        name, ticket = door.line.roster.door.lines[0].name, site.day.tickets[0].number
        door.line.faces.album.keep_entry("e", face((9, 9, 9)))
    kept = b"".join(path.read_bytes() for path in home.rglob("*") if path.is_file())
    secrets = [name.encode(), ticket.encode(), PIN.encode(), b"\xff\xd8\xff"]
    secrets += [getattr(opened, one) for one in ("signing", "disk", "transport")]
    assert [one for one in secrets if one in kept or one.hex().encode() in kept] == []


def test_a_forgotten_pin_is_replaced_with_the_code_of_the_enrolment(locked, tmp_path, capsys):
    home, _pin, code = locked
    before, new = keys.unlock(home, PIN), tmp_path / "new"
    new.write_text("不忘记的口令")
    command = ["lock", "--home", str(home), "--pin-file", str(new), "--code"]
    assert cli.main([*command, "door-9.AAAAAAAAAAAAAAAA"]) == 2
    assert "PIN" in capsys.readouterr().err
    assert cli.main([*command, code]) == 0
    assert keys.unlock(home, "不忘记的口令").signing == before.signing
    assert keys.unlock(home, code).signing == before.signing
    with pytest.raises(WrongPin):
        keys.unlock(home, PIN)


def test_a_short_pin_is_refused_and_nothing_is_kept(site, tmp_path, capsys):
    home, pin = tmp_path / "short", tmp_path / "pin"
    pin.write_text("1234")
    code = admission.invite_kiosk("门口", by=OFFICE)
    command = ["enrol", "--home", str(home), "--server", site.url, "--code", code]
    assert cli.main([*command, "--pin-file", str(pin)]) == 2
    assert "6" in capsys.readouterr().err
    assert not settings.is_enrolled(home)
    assert not keys.are_there(home)
    with pytest.raises(ShortPin):
        keys.keep(home, keys.Keys.make(), pin="12345")


def test_an_open_kiosk_is_put_behind_a_pin_later_with_its_own_code_only(site, tmp_path):
    home, pin = tmp_path / "open", tmp_path / "pin"
    pin.write_text(PIN)
    code, other = (admission.invite_kiosk(name, by=OFFICE) for name in ("甲", "乙"))
    assert cli.main(["enrol", "--home", str(home), "--server", site.url, "--code", code]) == 0
    command = ["lock", "--home", str(home), "--pin-file", str(pin), "--code"]
    assert cli.main([*command, other]) == 2
    assert not keys.is_locked(home)
    assert cli.main([*command, code]) == 0
    assert keys.is_locked(home)
    assert cli.main(["sync", "--home", str(home), "--pin-file", str(pin)]) == 0
    assert cli.main(["sync", "--home", str(home)]) == 2
