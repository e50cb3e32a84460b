"""A large page is typeset in a process of its own and is the same page."""

from datetime import UTC, datetime

import pytest

from examday.documents import MissingGlyph, TypesettingFailed, typeset, typesetting

AT = datetime(2026, 10, 20, tzinfo=UTC)


@pytest.fixture
def template(tmp_path):
    path = tmp_path / "page.typ"
    path.write_text('#import "house.typ": *\n#let it = json("data.json")\n#it.text', "utf-8")
    return path


def test_apart_or_not_the_bytes_are_the_same(template, monkeypatch):
    here = typeset(template, {"text": "电工" * 50}, timestamp=AT)
    monkeypatch.setattr(typesetting, "_LARGE", 0)

    apart = typeset(template, {"text": "电工" * 50}, timestamp=AT)

    assert apart == here


def test_a_wrong_template_is_explained_from_apart_too(template, monkeypatch):
    monkeypatch.setattr(typesetting, "_LARGE", 0)
    template.write_text("#nothing", "utf-8")

    with pytest.raises(TypesettingFailed) as failed:
        typeset(template, {"text": ""}, timestamp=AT)

    assert "nothing" in str(failed.value.params["reason"])
    with pytest.raises(MissingGlyph):
        typeset(template, {"text": "\U0001f600"}, timestamp=AT)
