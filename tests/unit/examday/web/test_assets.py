"""Browser libraries: locked, copied, and not needed."""

import json
from pathlib import Path

from examday.web import assets

WEB = Path(assets.__file__).parent


def test_what_npm_brought_is_copied(tmp_path: Path) -> None:
    source = tmp_path / "modules" / "htmx.org" / "dist"
    source.mkdir(parents=True)
    (source / "htmx.min.js").write_text("x")

    copied = assets.copy_assets(tmp_path / "modules", tmp_path / "vendor")

    assert copied == ("htmx.min.js",)
    assert (tmp_path / "vendor" / "htmx.min.js").read_text() == "x"


def test_nothing_brought_is_no_error(tmp_path: Path) -> None:
    assert assets.copy_assets(tmp_path / "nowhere", tmp_path / "vendor") == ()


def test_the_lock_pins_by_digest_and_names_no_host() -> None:
    lock = json.loads((WEB / "package-lock.json").read_text())
    packages = {name: facts for name, facts in lock["packages"].items() if name}

    assert packages
    assert all(facts["integrity"].startswith("sha512-") for facts in packages.values())
    assert "resolved" not in (WEB / "package-lock.json").read_text()


def test_style_and_scripts_ask_no_other_host_and_stay_short() -> None:
    style = (WEB / "static" / "css" / "app.css").read_text()

    assert len(style.splitlines()) <= 600
    for path in (WEB / "static").rglob("*"):
        if path.suffix in {".css", ".js"} and "vendor" not in path.parts:
            assert "http://" not in path.read_text()
            assert "https://" not in path.read_text()


def test_no_template_of_the_house_holds_inline_style_or_script() -> None:
    import re

    inline = re.compile(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=", re.IGNORECASE)
    found = [
        f"{path.name}: {match[0]}"
        for path in WEB.parent.rglob("templates/**/*.html")
        for match in inline.finditer(path.read_text("utf-8"))
    ]

    assert found == []
