"""Settings are loud: an unknown key, a wrong kind or an empty hotline stops the start."""

import stat

import pytest

from examday.settings import BadSetting, load_settings


def write(home, text):
    home.mkdir(exist_ok=True)
    (home / "site.toml").write_text(text, "utf-8")


def test_a_site_may_set_only_what_differs(tmp_path):
    write(tmp_path, '[site]\ncode = "north"\n[web]\nport = 9000\n')

    settings = load_settings(tmp_path)

    assert (settings.site_code, settings.port, settings.host) == ("north", 9000, "127.0.0.1")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("[site]\nhotlin = 'x'\n", "site.hotlin"),
        ("[sight]\ncode = 'x'\n", "sight"),
        ("[web]\nport = '9000'\n", "web.port"),
        ("[site]\nhotline = ' '\n", "hotline"),
        ("[site\n", "*"),
    ],
)
def test_a_wrong_setting_is_named_with_its_file(tmp_path, text, name):
    write(tmp_path, text)

    with pytest.raises(BadSetting) as refused:
        load_settings(tmp_path)

    assert refused.value.params["name"] == name
    assert refused.value.params["file"].name == "site.toml"


def test_a_secret_is_made_once_and_kept_private(tmp_path):
    settings = load_settings(tmp_path)

    first = settings.secret("field")

    assert first == settings.secret("field")
    assert first != settings.secret("search")
    assert stat.S_IMODE((tmp_path / "keys" / "field.key").stat().st_mode) == 0o600


def test_a_secret_may_come_from_a_file_named_in_the_environment(tmp_path, monkeypatch):
    (tmp_path / "elsewhere").write_text("ab" * 32)
    monkeypatch.setenv("EXAMDAY_FIELD_FILE", str(tmp_path / "elsewhere"))

    assert load_settings(tmp_path).secret("field") == b"\xab" * 32
