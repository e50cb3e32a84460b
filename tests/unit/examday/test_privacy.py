"""ID numbers are encrypted at rest, found by a keyed digest, and masked when shown."""

import pytest
from flask import Flask

from examday import privacy
from examday.errors import Tampered

NUMBER = "110101199003079913"


def test_an_encrypted_number_comes_back_and_never_looks_the_same_twice(app: Flask):
    first, second = privacy.encrypt(NUMBER), privacy.encrypt(NUMBER)

    assert first != second
    assert NUMBER.encode() not in first
    assert privacy.decrypt(first) == privacy.decrypt(second) == NUMBER


def test_every_flipped_byte_of_an_encrypted_number_is_noticed(app: Flask):
    stored = privacy.encrypt(NUMBER)

    for position in range(len(stored)):
        changed = bytearray(stored)
        changed[position] ^= 1
        with pytest.raises(Tampered):
            privacy.decrypt(bytes(changed))


def test_the_keyed_digest_finds_equals_and_depends_on_the_key(app: Flask, settings):
    digest = privacy.keyed_digest(NUMBER)

    assert digest == privacy.keyed_digest(NUMBER)
    assert digest != privacy.keyed_digest(NUMBER[:-1] + "4")
    (settings.keys / "search.key").write_text("00" * 32)
    app.extensions.pop("examday_field_keys")  # as after a restart
    assert digest != privacy.keyed_digest(NUMBER)


@pytest.mark.parametrize(
    ("number", "shown"),
    [(NUMBER, "110***********9913"), ("1234567", "*******"), ("", "")],
)
def test_a_screen_shows_three_and_four(number, shown):
    assert privacy.mask_id_number(number) == shown


def test_a_public_list_shows_only_the_last_four():
    assert privacy.last_four(NUMBER) == "*" * 14 + "9913"
