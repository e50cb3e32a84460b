"""After the seal no route of scoring or results changes a stored mark or sheet, whoever tries."""

import hashlib
import io
import tomllib
from pathlib import Path

import pytest
from sqlalchemy import inspect, text

from examday.db import db
from examday.results import service as results
from examday.results.service import SheetState
from examday.scoring import service as scoring
from examday.staff import service as staff
from examday.staff.service import Role
from tests.factories.planning import OFFICE
from tests.factories.results import PASSPHRASE, compile_for, signers_of
from tests.factories.rubrics import RUBRIC
from tests.factories.scoring import enter_practical, enter_theory, hold_batch
from tests.factories.staff import make_account, sign_in_as

ROOMS = ("scoring", "results")
ACCESS = tomllib.loads(Path("config/access.toml").read_text("utf-8"))
SUBJECTS = ("theory", "practical", "performance", "conduct")


def stored():
    """Digest every table that holds marks, readings, sheets and signatures."""
    db.session.rollback()
    connection = db.session.connection()
    names = sorted(name for name in inspect(connection).get_table_names() if name.startswith(ROOMS))
    held = {
        name: [
            tuple(row) for row in connection.execute(text(f"SELECT * FROM {name} ORDER BY 1, 2"))
        ]
        for name in names
    }
    db.session.rollback()
    return {name: hashlib.sha256(repr(rows).encode()).hexdigest() for name, rows in held.items()}


def routes(app, rooms=ROOMS):
    """Give (endpoint, rule) of whatever may write in these rooms."""
    return sorted(
        (rule.endpoint, rule)
        for rule in app.url_map.iter_rules()
        if rule.endpoint.split(".")[0] in rooms and rule.methods - {"GET", "HEAD", "OPTIONS"}
    )


def form(held, other):
    """Fill in everything that any of the forms asks for, with marks that differ from those kept."""
    one = held.present[0]
    return {
        f"mark-{one.id}": "91.5",
        "candidate_id": str(one.id),
        "subject": "theory",
        "mark": "91.5",
        "after": "91.5",
        "reason": "because",
        "objection_no": "YY-1",
        "passphrase": PASSPHRASE,
        "paper": "91.5",
        "defence": "91.5",
        "leader": str(other.id),
        "members": [str(account.id) for account in held.examiners],
        "letters": "A",
        "no": "1",
        "scan_id": "1",
        "sheet_id": "1",
        "page": "1",
        "ticket_no": "1",
        "lost-1.1": "5",
        "item-1.1": "5",
        "started": "09:00",
        "ended": "10:00",
        "count-single": "60",
        "count-multiple": "20",
        "count-judge": "20",
        "single": "60",
        "multiple": "20",
        "judge": "20",
        "room_code": "R1",
        "spares": "0",
        "sitting_id": "1",
    }


def walk(app, client, held, sheet):
    """Try every writing route by everyone who may open it; give who was answered how."""
    office, signer = make_account(Role.OFFICE), make_account(Role.SIGNER)
    people = {"office": [office, held.clerks[2]], "signer": [signer], "examiner": held.examiners}
    answers = {}
    for endpoint, rule in routes(app):
        room, name = endpoint.split(".")
        subjects = SUBJECTS if "subject" in rule.arguments else ("",)
        for role in ACCESS[room][name]:
            for person in people.get(role, [])[:2]:
                sign_in_as(client, person)
                for subject in subjects:
                    arguments = {"batch_id": held.batch.id, "sheet_id": sheet.id, "no": 1}
                    arguments |= {"candidate_id": held.present[0].id, "subject": subject}
                    arguments |= {"room_code": "R1", "sitting_id": 1, "scan_id": 1, "form": "A"}
                    chosen = {k: v for k, v in arguments.items() if k in rule.arguments}
                    with app.test_request_context():
                        url = app.url_map.bind("localhost").build(endpoint, chosen, method="POST")
                    data = form(held, held.examiners[0])
                    data["file"] = (io.BytesIO(RUBRIC.encode()), "a.toml")
                    answer = client.post(url, data=data, content_type="multipart/form-data")
                    answers[endpoint, role, person.login, subject] = answer.status_code
    return answers


# A person may leave or be sent away in the middle of the walk: those come last, and are skipped.
PARTING = {"staff.sign_out", "staff.disable", "staff.change_password", "staff.change_roles"}


def walk_elsewhere(app, client, held, sheet):
    """Try every writing route of every other room, with whatever its address asks for."""
    others = {room for room in ACCESS if room not in ROOMS}
    people = {role: make_account(role) for role in Role}
    people |= {"any": people[Role.OFFICE], "public": people[Role.OFFICE]}
    answers = {}
    for endpoint, rule in routes(app, others):
        room, name = endpoint.split(".", 1)
        allowed = ACCESS[room].get(name, "public")
        if endpoint in PARTING or allowed == "kiosk":
            continue
        for role in [allowed] if isinstance(allowed, str) else allowed[:1]:
            sign_in_as(client, people[role])
            chosen = {"batch_id": held.batch.id, "candidate_id": held.present[0].id}
            chosen |= {"sheet_id": sheet.id}
            values = {one: chosen.get(one, example(rule, one)) for one in rule.arguments}
            url = app.url_map.bind("localhost").build(
                endpoint, values, method=max(rule.methods - {"OPTIONS", "HEAD"})
            )
            data = form(held, held.examiners[0])
            data["file"] = (io.BytesIO(RUBRIC.encode()), "a.toml")
            for method in sorted(rule.methods - {"GET", "HEAD", "OPTIONS"}):
                data["file"][0].seek(0)
                answer = client.open(url, method=method, data=dict(data))
                answers[endpoint, role, method] = answer.status_code
    return answers


def example(rule, argument):
    """Something that the address takes there."""
    converter = rule._converters[argument]  # what werkzeug offers to ask
    for value in (1, "1", "theory", *getattr(converter, "items", ())):
        try:
            converter.to_url(value)
        except (ValueError, TypeError, AttributeError):
            continue
        return value
    raise AssertionError(argument)


@pytest.fixture
def held(app, clock):
    return hold_batch(clock)


def test_no_route_of_any_other_room_touches_a_sealed_mark_or_sheet(app, client, held):
    signers, sheet = signers_of(held), compile_for(held)
    for signer in (signers.leader, signers.body):
        results.sign_sheet(sheet.id, signer.id, PASSPHRASE)
    before = stored()

    answers = walk_elsewhere(app, client, held, sheet)

    assert stored() == before
    assert len({endpoint for endpoint, _, _ in answers}) > 80
    assert sum(code < 400 for code in answers.values()) > 4, answers
    assert max(answers.values()) < 500, {k: v for k, v in answers.items() if v >= 500}


def test_the_walk_changes_marks_while_they_are_open(app, client, held):
    """The same forms do write before: a walk that nothing answers would prove nothing."""
    before = stored()
    sheet = type("NoSheet", (), {"id": 1})

    walk(app, client, held, sheet)

    changed = {name for name, digest in stored().items() if digest != before[name]}
    assert {"scoring_marks", "scoring_rubrics"} <= changed


@pytest.mark.parametrize(
    "state", [SheetState.COMPILED, SheetState.LEADER_SIGNED, SheetState.SIGNED]
)
def test_no_route_changes_a_mark_or_a_sheet(app, client, held, state):
    signers, sheet = signers_of(held), compile_for(held)
    for signer in {SheetState.COMPILED: (), SheetState.LEADER_SIGNED: (signers.leader,)}.get(
        state, (signers.leader, signers.body)
    ):
        results.sign_sheet(sheet.id, signer.id, PASSPHRASE)
    staff.issue_certificate(held.examiners[1].id, PASSPHRASE, by=held.examiners[1].actor)
    rows, before = results.find_sheet(sheet.id).rows, stored()

    answers = walk(app, client, held, sheet)

    after = stored()
    # The leader may of course sign what waits for the leader, and the office compile it again.
    free = {"results_sheets", "results_files", "results_signatures"}
    changed = {name for name, digest in after.items() if digest != before[name]}
    assert changed <= (free if state is SheetState.COMPILED else set()), answers
    assert results.find_sheet(sheet.id).rows == rows
    assert max(answers.values()) < 500, answers


def test_not_even_the_verbs_do(held):
    """What no route offers in this state is refused by the verb itself."""
    sheet, one = compile_for(held), held.present[0]
    signers = signers_of(held)
    for signer in (signers.leader, signers.body):
        results.sign_sheet(sheet.id, signer.id, PASSPHRASE)
    before = stored()

    for change in (
        lambda: enter_theory(held, one.id, "91.5"),
        lambda: enter_practical(held, one.id, "91.5"),
        lambda: results.compile_sheet(held.batch.id, by=OFFICE),
        lambda: results.sign_sheet(sheet.id, signers.body.id, PASSPHRASE),
        lambda: results.correct_sheet(sheet.id, "", [], by=OFFICE),
        lambda: scoring.set_layout(
            held.batch.id, [scoring.section_of("judge", first=1, count=20, options=2)], by=OFFICE
        ),
        lambda: scoring.attach_rubric(held.batch.id, RUBRIC.encode(), "a.toml", by=OFFICE),
    ):
        with pytest.raises(Exception) as refused:
            change()
        assert refused.value.status in {403, 409}, refused.value
    assert stored() == before
