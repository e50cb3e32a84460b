"""The access table: default deny, told at start, and true for every page, method and role."""

import tomllib
from pathlib import Path

import flask
import pytest
from flask import Flask
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Rule

from examday.settings import Settings
from examday.staff import service as staff
from examday.web import guards
from examday.web.access import AccessTable, BadAccessTable, Role, load_access
from tests.factories.staff import make_account

UNSAFE = {"POST", "PUT", "PATCH", "DELETE"}


def written(path: Path, text: str) -> Path:
    path.write_text(text, "utf-8")
    return path


def test_a_page_without_a_line_and_a_line_without_a_page_are_both_named() -> None:
    table = AccessTable({"a.page": frozenset({"office"}), "a.gone": frozenset({"office"})})

    with pytest.raises(BadAccessTable) as caught:
        table.check(["a.page", "b.new", "b.other"])

    told = str(caught.value)
    assert all(word in told for word in ("b.new", "b.other", "a.gone"))
    assert "a.page" not in told


def test_a_table_that_agrees_is_taken() -> None:
    AccessTable({"a.page": frozenset({"office"})}).check(["a.page"])


def test_an_unknown_word_is_refused_with_its_line(tmp_path: Path) -> None:
    path = written(tmp_path / "access.toml", '[a]\npage = ["office", "boss"]\nother = "all"\n')

    with pytest.raises(BadAccessTable) as caught:
        load_access(path)

    assert "a.page: 'boss'" in str(caught.value)
    assert "a.other: 'all'" in str(caught.value)


@pytest.mark.parametrize("text", ["[a\n", "[a]\npage = "])
def test_an_unreadable_table_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(BadAccessTable):
        load_access(written(tmp_path / "access.toml", text))


def test_what_stands_in_no_line_is_closed_to_everyone() -> None:
    table = AccessTable({})

    assert not table.allows("a.page", set(Role))
    assert not table.is_public("a.page")


def test_the_house_does_not_start_with_a_page_that_has_no_line(settings: Settings) -> None:
    app = Flask("bare")
    app.extensions["examday_settings"] = settings
    app.add_url_rule("/secret", "papers.secret_page", lambda: "")

    with pytest.raises(BadAccessTable, match=r"papers\.secret_page"):
        guards.init_app(app)


def test_a_page_that_slipped_in_later_is_closed(app: Flask) -> None:
    person = staff.open_sign_in(make_account("admin").id, address="here")
    table = guards.access()
    with app.test_request_context("/healthz"):
        flask.session["_user_id"] = person.token

        assert not guards.may_open("papers.secret_page")
        assert not table.allows("papers.secret_page", {"admin"})


# --- the matrix: every rule, method and role -------------------------------------------------


def rules(app: Flask) -> list[Rule]:
    return sorted(app.url_map.iter_rules(), key=lambda rule: (rule.endpoint, rule.rule))


def address(app: Flask, rule: Rule) -> str:
    """Fill a rule's arguments with values its converters take."""
    values = {}
    for name, converter in rule._converters.items():
        kind = type(converter).__name__
        values[name] = 1 if kind == "IntegerConverter" else "x"
        if kind == "UUIDConverter":
            values[name] = "00000000-0000-4000-8000-000000000000"
        if kind == "AnyConverter":
            values[name] = min(converter.items) if hasattr(converter, "items") else "x"
    built = rule.build(values, append_unknown=False)
    assert built is not None, rule
    return built[1]


def matched(app: Flask, url: str, method: str, rule: Rule) -> str:
    """Name the endpoint that answers; only OPTIONS may be answered by a sister of the rule."""
    endpoint, _values = app.url_map.bind("localhost").match(url, method=method)
    assert endpoint == rule.endpoint or method == "OPTIONS", f"{rule} is hidden by {endpoint}"
    return endpoint


def words_of(app: Flask, config: Path) -> dict[str, set[str]]:
    """Read the table again, on our own."""
    sections = tomllib.loads((config / "access.toml").read_text("utf-8"))
    return {
        f"{section}.{name}": {words} if isinstance(words, str) else set(words)
        for section, lines in sections.items()
        for name, words in lines.items()
    }


def knock(app: Flask, method: str, url: str, token: str | None) -> str:
    """Stand at the door as one person: "open", "sign-in" or "wrong-role"."""
    headers = {guards.API_HEADER: "1"}
    with app.test_request_context(url, method=method, headers=headers):
        if token:
            flask.session["_user_id"] = token
        try:
            guards.guard()
        except guards.NotSignedIn:
            return "sign-in"
        except guards.WrongRole:
            return "wrong-role"
        except guards.StaleForm:
            return "open"  # the guard asks for the token only of those who may come in
        except HTTPException as error:
            return f"http {error.code}"
    return "open"


def test_every_page_method_and_role_is_as_the_table_says(app: Flask, settings: Settings) -> None:
    words = words_of(app, settings.config)
    tokens = {
        role.value: staff.open_sign_in(make_account(role).id, address="here").token for role in Role
    }
    cells, wrong = 0, []
    for rule in rules(app):
        url = address(app, rule)
        for method in sorted(rule.methods or ()):
            may = words[matched(app, url, method, rule)]
            for who in [None, *tokens]:
                if may & {"public", "kiosk"}:
                    expected = "open"
                elif who is None:
                    expected = "sign-in"
                else:
                    expected = "open" if may & {"any", who} else "wrong-role"
                found = knock(app, method, url, tokens.get(who or ""))
                cells += 1
                if found != expected:
                    wrong.append(f"{method} {rule.endpoint} {who}: {found}, not {expected}")

    assert wrong == []
    assert cells == sum(len(rule.methods or ()) for rule in rules(app)) * (len(Role) + 1)


def test_every_closed_page_is_closed_to_strangers_over_http(app: Flask) -> None:
    client, open_ones = app.test_client(), []
    for rule in rules(app):
        if guards.access().is_public(rule.endpoint):
            continue
        for method in sorted(rule.methods or ()):
            answer = client.open(address(app, rule), method=method)
            to_sign_in = answer.status_code == 302 and "/sign-in?" in answer.location
            if not (answer.status_code == 401 or to_sign_in):
                open_ones.append(f"{method} {rule.endpoint}: {answer.status_code}")

    assert open_ones == []


def test_kiosk_pages_refuse_a_request_without_signature(app: Flask) -> None:
    client, open_ones = app.test_client(), []
    for rule in rules(app):
        if "kiosk" not in guards.access().words(rule.endpoint):
            continue
        for method in sorted((rule.methods or set()) - {"OPTIONS"}):
            answer = client.open(address(app, rule), method=method)
            if answer.status_code not in {400, 401, 403, 422}:
                open_ones.append(f"{method} {rule.endpoint}: {answer.status_code}")

    assert open_ones == []


# Each with its reason: POSTs that only compute and compare; a look that leaves its line in the
# ledger (GS-31); the end of retention, after business and by a second person.
EXCEPTIONS = {
    ("auditor", "filing.verify_archive"),
    ("auditor", "proctoring.check_segment"),
    ("auditor", "proctoring.digest_sm3"),
    ("auditor", "proctoring.view_incident"),
    ("auditor", "proctoring.view_segment"),
    ("admin", "filing.destroy"),
}


def test_auditor_and_administrator_hold_no_business(app: Flask) -> None:
    """三权分立: the auditor changes nothing, the administrator touches people only."""
    changing = {rule.endpoint for rule in rules(app) if (rule.methods or set()) & UNSAFE}
    mixed = {
        (word, endpoint)
        for endpoint in changing
        for word in guards.access().words(endpoint) & {"auditor", "admin"}
        if word == "auditor" or endpoint.split(".")[0] not in {"staff", "trace", "admission"}
    }

    assert mixed <= EXCEPTIONS
