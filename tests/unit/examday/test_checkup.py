"""体检 says ready, or what is missing; it never says ready over a broken site."""

import pytest
from flask import Flask

from examday import checkup
from examday.checkup import Tone
from examday.db import unit_of_work
from examday.trace import service as trace
from examday.trace.service import Action


def tones(checks) -> dict[str, Tone]:
    return {check.name: check.tone for check in checks}


def test_a_fresh_site_is_ready_but_warns_that_nobody_watches(app: Flask, settings):
    checks = checkup.run(settings)

    assert checkup.is_ready(checks)
    assert tones(checks)["witness"] is Tone.WARN
    assert tones(checks)["tsa"] is Tone.WARN


def test_a_key_that_others_can_read_is_bad(app: Flask, settings):
    settings.secret("field")
    (settings.keys / "field.key").chmod(0o644)

    checks = checkup.run(settings)

    assert tones(checks)["keys"] is Tone.BAD
    assert not checkup.is_ready(checks)


def test_a_clock_behind_the_trace_is_bad(app: Flask, settings, clock):
    with unit_of_work():
        trace.append(Action.SITE_CHECKED, subject="site", by="job:test")
    clock.advance(hours=-1)

    assert tones(checkup.run(settings))["clock"] is Tone.BAD


@pytest.mark.parametrize(("gib", "tone"), [(100, Tone.OK), (10, Tone.WARN), (1, Tone.BAD)])
def test_a_full_disk_is_told_before_the_day(app: Flask, settings, monkeypatch, gib, tone):
    from types import SimpleNamespace

    monkeypatch.setattr(
        checkup.shutil, "disk_usage", lambda _path: SimpleNamespace(free=gib * 2**30)
    )

    assert tones(checkup.run(settings))["disk"] is tone
