"""The pages of papers, asked as people ask them."""

import io
from datetime import timedelta

import pytest

from examday import clock as examday_clock
from examday.papers import service as papers
from examday.papers.service import Step
from examday.planning import service as planning
from examday.staff import service as staff
from examday.staff.service import Role
from tests.factories.papers import PASSPHRASE, make_printer, make_safe, seal_paper
from tests.factories.planning import make_batch
from tests.factories.staff import make_account, sign_in_as


@pytest.fixture
def batch(app):
    return make_batch(candidates=6)


@pytest.fixture
def sitting(batch):
    return next(s for s in planning.list_sittings(batch.id) if s.subject.value == "theory")


def test_two_custodians_open_a_paper_on_its_page(client, batch):
    safe = make_safe(batch.id)
    url = f"/papers/{safe.paper.id}"

    for custodian in safe.custodians[:2]:
        sign_in_as(client, custodian)
        assert client.get(url).status_code == 200
        assert client.post(f"{url}/approve", data={"passphrase": PASSPHRASE}).status_code == 302

    assert papers.find_paper(safe.paper.id).is_open


def test_before_the_time_the_page_offers_nothing_and_refuses_all_the_same(client, batch):
    safe = make_safe(batch.id, opens_in=timedelta(hours=2))
    url = f"/papers/{safe.paper.id}"
    sign_in_as(client, safe.custodians[0])

    assert f"{url}/approve" not in client.get(url).text
    assert "2:00" in client.get(url).text
    assert client.post(f"{url}/approve", data={"passphrase": PASSPHRASE}).status_code == 409


def test_the_office_prints_an_open_paper_only(client, batch):
    safe = make_safe(batch.id)
    printer = make_printer()
    office = sign_in_as(client, make_account("office"))
    order = {"copies": 10, "spares": 2, "printer": printer.id}
    url = f"/papers/{safe.paper.id}"

    assert client.post(f"{url}/print", data=order).status_code == 409
    safe.approve(0)
    safe.approve(1)
    answer = client.post(f"{url}/print", data=order)

    assert answer.data.startswith(b"%PDF-")
    assert "no-store" in answer.headers["Cache-Control"]
    assert papers.list_print_orders(safe.paper.id)[0].ordered_by == office.actor


def test_a_bag_from_the_office_to_the_room(client, batch, sitting):
    safe = make_safe(batch.id)
    safe.approve(0)
    safe.approve(1)
    papers.print_paper(safe.paper.id, 10, 2, make_printer().id, by="staff:office")
    first, second = (one.id for one in staff.list_accounts(Role.PROCTOR)[:2])
    people = {"first": first, "second": second}
    log = f"/papers/sittings/{sitting.id}"

    sign_in_as(client, make_account("office"))
    for step in (Step.PACKED, Step.DRAWN):
        link = {"room": "R1", "paper": safe.paper.id, "step": step.value, "copies": 12}
        answer = client.post(log, data=link | people | {"seal_no": "F-1", "intact": "yes"})
        assert answer.status_code == 302
    sign_in_as(client, staff.find_account(first))
    assert client.get(log).status_code == 200
    witnesses = {"witness_1": "2102600010012", "witness_2": "2102600010024"}
    unsealed = client.post(
        f"{log}/R1",
        data={"seal_no": "F-1", "copies": 12, "intact": "yes"} | people | witnesses,
    )
    counted = client.post(
        f"{log}/R1/balance",
        data={
            "used": 10,
            "absent": 0,
            "spare": 2,
            "void": 0,
            "new_seal": "F-2",
            "counter_1": first,
            "counter_2": second,
        },
    )

    assert (unsealed.status_code, counted.status_code) == (302, 302)
    assert papers.balance(sitting.id, "R1").is_settled
    assert client.get(f"{log}/R1").status_code == 200
    assert client.get(f"{log}/R1/unsealing.pdf").data.startswith(b"%PDF-")


def test_a_sealed_file_is_taken_in_by_upload(client, batch):
    from tests.factories.papers import make_custodians

    sealed = seal_paper(make_custodians(), examday_clock.now())
    sign_in_as(client, make_account("office"))
    form = {
        "batch": batch.id,
        "subject": "theory",
        "form": "A",
        "second": make_account("office").id,
    }

    taken = client.post("/papers/new", data=form | {"sealed": (io.BytesIO(sealed), "A.sealed")})
    broken = client.post(
        "/papers/new", data=form | {"sealed": (io.BytesIO(b"{}"), "B.sealed"), "form": "B"}
    )

    assert taken.status_code == 302
    assert broken.status_code == 422
    assert client.get("/papers/").status_code == 200
    assert client.get("/papers/new").status_code == 200


def test_printers_are_registered(client, batch):
    sign_in_as(client, make_account("office"))

    answer = client.post(
        "/papers/printers",
        data={
            "name": "示范印务",
            "qualification": "乙级",
            "agreement_no": "BM-1",
            "valid_from": "2026-01-01",
            "valid_to": "2026-12-31",
        },
    )

    assert answer.status_code == 302
    assert "BM-1" in client.get("/papers/printers").text


def test_a_proctor_does_not_see_the_safe(client, batch):
    sign_in_as(client, make_account("proctor"))

    assert client.get("/papers/").status_code == 403
