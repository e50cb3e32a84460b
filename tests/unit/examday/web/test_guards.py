"""What every answer carries, what every form must carry, and what is traced of refusals."""

import logging
import re
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError

from examday.errors import BadInput, ExamdayError, NotFound, Refusal, Tampered, Unavailable
from examday.trace import service as trace
from examday.web import guards
from examday.web.access import AccessTable

PAGES: dict[str, type[ExamdayError]] = {
    "refusal": Refusal,
    "bad": BadInput,
    "gone": NotFound,
    "tampered": Tampered,
    "later": Unavailable,
}


@pytest.fixture
def odd_app(app: Flask) -> Iterator[Flask]:
    """The house with pages that go wrong in every way, open to any signed-in person."""

    def fail(kind: str) -> str:
        if kind == "crash":
            raise ZeroDivisionError
        raise PAGES[kind](what="x", reason="y")

    app.config["PROPAGATE_EXCEPTIONS"] = False
    app._got_first_request = False
    app.add_url_rule("/odd/<kind>", "odd.page", fail, methods=["GET", "POST"])
    app.add_url_rule("/api/v1/odd/<kind>", "odd.api", fail, methods=["GET", "POST"])
    rows = dict(guards.access().rows) | dict.fromkeys(("odd.page", "odd.api"), frozenset({"any"}))
    app.extensions["examday_access"] = AccessTable(rows)
    return app


def refusals() -> list[str]:
    page = trace.list_entries(action="web:request:refused", limit=200)
    return [entry.subject for entry in page.entries]


def test_every_answer_carries_the_headers(client: FlaskClient) -> None:
    for url in ("/staff/sign-in", "/nowhere", "/healthz", "/static/css/app.css"):
        headers = client.get(url).headers

        policy = headers["Content-Security-Policy"]
        assert "default-src 'self'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["Referrer-Policy"] == "same-origin"


def test_pages_are_not_kept_by_the_browser(client: FlaskClient) -> None:
    assert client.get("/staff/sign-in").headers["Cache-Control"] == "no-store"
    assert "no-store" not in client.get("/static/css/app.css").headers["Cache-Control"]


def test_the_cookie_is_closed_to_scripts_and_other_sites(client: FlaskClient) -> None:
    cookie = client.get("/staff/sign-in").headers["Set-Cookie"]

    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie


def test_a_form_without_its_token_is_refused(app: Flask, client: FlaskClient, sign_in) -> None:
    sign_in(client, "office")
    del client.environ_base["HTTP_X_CSRFTOKEN"]

    answer = client.post("/staff/trainings", data={"content": "x", "held_on": "2026-10-01"})

    assert answer.status_code == 400
    assert 'data-code="stale_form"' in answer.text


def test_a_token_of_another_session_is_refused(app: Flask, sign_in) -> None:
    mine, theirs = app.test_client(), app.test_client()
    sign_in(theirs, "office")
    sign_in(mine, "office")

    mine.environ_base["HTTP_X_CSRFTOKEN"] = theirs.environ_base["HTTP_X_CSRFTOKEN"]
    answer = mine.post("/staff/trainings", data={"content": "x", "held_on": "2026-10-01"})

    assert answer.status_code == 400


@pytest.mark.parametrize(
    ("site", "status"),
    [("cross-site", 403), ("same-site", 403), ("same-origin", 302), ("none", 302)],
)
def test_a_form_sent_by_another_site_is_refused(client: FlaskClient, sign_in, site, status) -> None:
    account = sign_in(client, "office")

    answer = client.post(
        "/staff/trainings",
        data={"content": "x", "held_on": "2026-10-01", "account_ids": str(account.id)},
        headers={"Sec-Fetch-Site": site},
    )

    assert answer.status_code == status


def test_the_api_asks_for_its_header_instead_of_a_token(odd_app: Flask, sign_in) -> None:
    client = odd_app.test_client()
    sign_in(client, "office")
    del client.environ_base["HTTP_X_CSRFTOKEN"]

    assert client.post("/api/v1/odd/refusal").status_code == 409
    del client.environ_base["HTTP_X_EXAMDAY"]
    assert client.post("/api/v1/odd/refusal").json["code"] == "stale_form"


@pytest.mark.parametrize("kind", PAGES)
def test_an_error_becomes_a_page_with_its_sentence_and_number(odd_app, sign_in, kind) -> None:
    client = odd_app.test_client()
    sign_in(client, "office")

    answer = client.get(f"/odd/{kind}")

    assert answer.status_code == PAGES[kind].status
    assert f'data-code="{PAGES[kind].code}"' in answer.text
    assert re.search(r'<dd class="num">[0-9a-f]{8}</dd>', answer.text)


@pytest.mark.parametrize("kind", PAGES)
def test_an_error_becomes_json_for_a_machine(odd_app, sign_in, kind) -> None:
    client = odd_app.test_client()
    sign_in(client, "office")

    answer = client.get(f"/api/v1/odd/{kind}")

    assert answer.status_code == PAGES[kind].status
    assert set(answer.json) == {"code", "text", "id"}
    assert answer.json["code"] == PAGES[kind].code


def test_an_unexpected_error_shows_its_number_and_nothing_else(odd_app, sign_in, caplog) -> None:
    client = odd_app.test_client()
    sign_in(client, "office")

    with caplog.at_level(logging.ERROR):
        answer = client.get("/odd/crash?id_number=210102199001011234")

    number = re.search(r'<dd class="num">([0-9a-f]{8})</dd>', answer.text)
    assert answer.status_code == 500
    assert number
    assert number[1] in caplog.text
    assert "ZeroDivisionError" not in answer.text
    assert "210102199001011234" not in caplog.text


def test_a_refusal_is_traced_after_its_verb_was_rolled_back(odd_app, sign_in) -> None:
    client = odd_app.test_client()
    person = sign_in(client, "office")

    number = client.post("/api/v1/odd/refusal").json["id"]

    entry = trace.list_entries(action="web:request:refused").entries[0]
    assert (entry.subject, entry.actor) == ("odd.api", person.actor)
    assert number.encode() in entry.leaf


def test_a_wrong_role_is_told_which_role_and_traced(client: FlaskClient, sign_in) -> None:
    sign_in(client, "examiner")

    answer = client.get("/staff/people/new?lang=en")

    assert answer.status_code == 403
    assert "system administrator" in answer.text
    assert refusals() == ["staff.new_person"]


def test_bad_input_is_no_refusal_and_not_traced(odd_app, sign_in) -> None:
    client = odd_app.test_client()
    sign_in(client, "office")

    client.post("/odd/bad")

    assert refusals() == []


def test_a_stranger_who_reads_cannot_fill_the_trace(client: FlaskClient) -> None:
    for _ in range(3):
        client.get("/staff/account")
        client.get("/nowhere")

    assert refusals() == []


def test_a_stranger_is_led_to_the_door_and_back(client: FlaskClient) -> None:
    answer = client.get("/staff/people/new?a=1")

    assert answer.status_code == 302
    assert answer.location == "/staff/sign-in?next=/staff/people/new?a%3D1"


def test_a_machine_is_told_to_sign_in(odd_app: Flask) -> None:
    answer = odd_app.test_client().get("/api/v1/odd/bad")

    assert answer.status_code == 401
    assert answer.json["code"] == "not_signed_in"


@pytest.mark.parametrize(
    ("url", "method", "status"), [("/nowhere", "GET", 404), ("/healthz", "DELETE", 405)]
)
def test_what_is_not_there_is_told_in_chinese(client: FlaskClient, url, method, status) -> None:
    answer = client.open(url, method=method)

    assert answer.status_code == status
    assert 'lang="zh-CN"' in answer.text
    assert "id" in client.open(url, method=method, headers={"Accept": "application/json"}).json


def test_too_large_a_form_is_refused_before_it_is_read(client: FlaskClient) -> None:
    answer = client.post("/staff/sign-in", data={"login": "x" * (5 << 20), "password": "y"})

    assert answer.status_code == 413


def test_the_language_switch_is_kept(client: FlaskClient) -> None:
    assert 'lang="zh-CN"' in client.get("/staff/sign-in").text
    assert 'lang="en"' in client.get("/staff/sign-in?lang=en").text
    assert 'lang="en"' in client.get("/staff/sign-in").text
    assert 'lang="en"' in client.get("/staff/sign-in?lang=xx").text
    assert 'lang="zh-CN"' in client.get("/staff/sign-in?lang=zh_Hans").text


def test_the_language_link_keeps_the_address_and_escapes_it(client: FlaskClient) -> None:
    page = client.get("/staff/sign-in?next=/a%22%3E%3Cscript%3E").text

    assert "<script>" not in page
    assert "next=%2Fa%22%3E%3Cscript%3E&amp;lang=en" in page


def test_a_secure_site_marks_its_cookie(settings, clock, tmp_path) -> None:
    from dataclasses import replace

    from examday.app import create_app

    app = create_app(replace(settings, secure_cookie=True))

    answer = app.test_client().get("/staff/sign-in", base_url="https://exam.test")

    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-session=")
    assert "Secure" in cookie
    assert "Path=/" in cookie
    assert "max-age" in answer.headers["Strict-Transport-Security"]


def test_what_to_do_is_said_even_when_the_frame_of_the_page_is_broken(odd_app, sign_in) -> None:
    client = odd_app.test_client()
    sign_in(client, "office")

    def broken() -> dict[str, object]:
        raise RuntimeError("the database is gone")

    odd_app.template_context_processors[None].append(broken)
    answer = client.get("/odd/crash?lang=en")

    assert answer.status_code == 500
    assert "Nothing was changed" in answer.text
    assert "the database is gone" not in answer.text


def broken_disk(*_args: object, **_more: object) -> None:
    raise OperationalError("INSERT", {}, Exception("database or disk is full"))


def test_the_sign_of_life_says_when_the_database_is_down(client: FlaskClient, monkeypatch) -> None:
    assert client.get("/healthz").json == {"status": "ok"}

    monkeypatch.setattr("examday.web.views.db.session.execute", broken_disk)
    answer = client.get("/healthz")

    assert (answer.status_code, answer.json) == (503, {"status": "down"})


def test_a_refusal_is_told_even_when_the_trace_cannot_be_written(
    client: FlaskClient, sign_in, monkeypatch, caplog
) -> None:
    sign_in(client, "examiner")
    monkeypatch.setattr("examday.web.error_pages.trace.append", broken_disk)

    assert client.get("/staff/people/new").status_code == 403
    assert "could not be traced" in caplog.text


def test_a_full_disk_does_not_shut_readers_out(client, sign_in, clock, monkeypatch, caplog) -> None:
    sign_in(client, "office")
    clock.advance(minutes=5)
    monkeypatch.setattr("examday.staff.service.sign_ins._note_use", broken_disk)

    assert client.get("/staff/").status_code == 200
    assert "could not be noted" in caplog.text
