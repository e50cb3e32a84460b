"""Pages of the trace in the whole house, and what anyone may fetch without signing in."""

import pytest
from flask import Flask

from examday.db import unit_of_work
from examday.trace import service as trace
from examday.trace.service import Action
from examday.verifier.checkpoint import parse_checkpoint
from examday.verifier.page import page_html
from examday.verifier.proof import parse_proof
from tests.factories.staff import make_account, sign_in_as


@pytest.fixture
def app(settings):
    """The whole house."""
    from examday.app import create_app
    from examday.db import db

    app: Flask = create_app(settings)
    app.config["TESTING"] = True
    with app.app_context():
        db.create_all()
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def auditor(app):
    """An auditor at a browser."""
    client = app.test_client()
    sign_in_as(client, make_account("auditor"))
    return client


def say(count, subject="T1"):
    for _ in range(count):
        with unit_of_work():
            trace.append(
                Action.GAP_DECLARED, subject=subject, by="staff:li", facts={"reason": "停电<b>"}
            )


def test_the_list_shows_acts_in_plain_words(auditor):
    """Newest first, fifty a page, the act as the catalogue says it."""
    say(60)
    page = auditor.get("/trace/?room=proctoring").get_data(as_text=True)

    assert page.count("录像中断申报") == 50
    assert "更早的记录" in page
    assert "录像中断申报" not in auditor.get("/trace/?room=papers").get_data(as_text=True)
    assert "没有符合条件的记录" in auditor.get("/trace/?subject=nobody").get_data(as_text=True)


def test_an_entry_shows_its_facts_and_gives_its_proof(auditor):
    """The proof downloaded from the page holds."""
    say(3)
    head = trace.publish()
    index = head.size - 1

    page = auditor.get(f"/trace/{index}").get_data(as_text=True)
    proof = parse_proof(auditor.get(f"/trace/{index}/proof").data)

    assert "停电&lt;b&gt;" in page
    assert "下载证明文件" in page
    assert proof.is_valid()
    assert proof.index == index


def test_an_entry_above_the_head_has_no_proof_yet(auditor):
    """The page says to wait; the download refuses."""
    say(2)

    last = trace.list_entries(limit=1).entries[0].index
    assert "请稍候" in auditor.get(f"/trace/{last}").get_data(as_text=True)
    assert auditor.get(f"/trace/{last}/proof").status_code == 409
    assert auditor.get("/trace/99999").status_code == 404


def test_checkpoint_and_tiles_are_public(app):
    """C2SP tlog-tiles, without a sign-in; nothing else of the folder is served."""
    say(300)
    head = trace.publish()
    stranger = app.test_client()

    checkpoint = stranger.get("/trace/checkpoint")
    assert checkpoint.content_type == "text/plain; charset=utf-8"
    assert parse_checkpoint(checkpoint.data).root == head.root
    assert len(stranger.get("/trace/tile/0/000").data) == 8192
    assert stranger.get("/trace/tile/entries/000").status_code == 200
    for path in ("tile/0/999", "tile/../head.db", "head.db", "tile/0/%2e%2e/%2e%2e/head.db"):
        assert stranger.get(f"/trace/{path}").status_code in {302, 401, 403, 404}


def test_the_list_is_not_for_strangers(app):
    """Default deny."""
    assert app.test_client().get("/trace/").status_code in {302, 401, 403}


def test_the_verifying_page_is_public_and_may_reach_nothing(app):
    """The file that lies in bundles, under a policy that lets it run and nothing else."""
    page = app.test_client().get("/trace/verify.html")

    assert page.status_code == 200
    assert page.data == page_html()
    policy = page.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; script-src 'sha256-")
    assert policy in page.get_data(as_text=True)
