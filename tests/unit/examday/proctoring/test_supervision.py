"""What the supervisor does: looks with a reason, decides, plays footage back and signs."""

import io
from datetime import timedelta
from hashlib import sha256

import numpy as np
import pytest
import zxingcpp
from cryptography import x509
from PIL import Image

from examday.filing.service import gather
from examday.planning import service as planning
from examday.proctoring import service as proctoring
from examday.proctoring.rules.playback import draw_spots
from examday.proctoring.rules.refusals import (
    AlreadyDecided,
    AlreadySeen,
    NothingToDraw,
    OwnIncident,
)
from examday.proctoring.service import Decision, Signature
from examday.signing import BadSignature, verify_jws
from examday.staff import service as staff
from examday.staff.service import Role
from examday.trace import service as trace
from examday.trace.service import Action
from examday.verifier.checkpoint import parse_checkpoint
from examday.verifier.policy import Policy, parse_policy
from tests.factories.proctoring import PROCTOR, make_watched, scan
from tests.factories.staff import make_account, sign_in_as

PASSPHRASE = "Signing-9-of-the-supervisor"


@pytest.fixture
def watched(app, clock):
    watched = make_watched()
    clock.move_to(watched.sitting.ends_at + timedelta(minutes=5))
    watched.record(0)
    watched.record(20)
    scan()
    trace.publish()
    return watched


@pytest.fixture
def incident(watched):
    return proctoring.record_incident(
        watched.sitting.id,
        "R1",
        kind="device",
        fact="使用手机",
        candidate_id=planning.list_candidates(watched.batch_id)[0].id,
        camera="R1-C1",
        evidence_at=watched.starts_at + timedelta(seconds=25),
        signature=Signature.SIGNED,
        by=PROCTOR,
    )


def last(action):
    return trace.list_entries(action=action, limit=1).entries[0]


def test_a_dismissed_incident_takes_no_mark_away(watched, incident):
    assert proctoring.violations(watched.batch_id)

    decided = proctoring.decide_incident(
        incident.id, upheld=False, finding="是计算器", by=watched.supervisor.actor
    )

    assert decided.decision is Decision.DISMISSED
    assert proctoring.violations(watched.batch_id) == []
    entry = last(Action.INCIDENT_DECIDED)
    assert entry.facts["voids"] == "nothing"
    assert "计算器" not in str(entry.facts)  # what describes people is only committed to


def test_an_upheld_incident_keeps_its_effect_and_is_decided_once(watched, incident):
    proctoring.decide_incident(incident.id, upheld=True, finding="属实", by="staff:a")

    assert proctoring.violations(watched.batch_id)
    with pytest.raises(AlreadyDecided):
        proctoring.decide_incident(incident.id, upheld=False, finding="改判", by="staff:b")


def test_who_recorded_an_incident_does_not_decide_it(incident):
    with pytest.raises(OwnIncident):
        proctoring.decide_incident(incident.id, upheld=True, finding="属实", by=PROCTOR)


def test_footage_opens_after_a_reason_and_each_view_is_an_entry(client, watched):
    sign_in_as(client, watched.supervisor)
    (segment, _) = proctoring.list_segments(watched.sitting.id)
    url = f"/proctoring/segments/{segment.id}"

    closed = client.get(f"{url}/file")
    asked = client.get(f"{url}?t=5").text
    refused = client.post(f"{url}/view", data={"why": "curiosity", "t": "5"})
    opened = client.post(f"{url}/view", data={"why": "playback", "t": "5"})
    page = client.get(opened.headers["Location"]).text
    part = client.get(f"{url}/file", headers={"Range": "bytes=4-7"})

    assert (closed.status_code, refused.status_code) == (409, 422)
    assert "<video" not in asked
    assert f"{url}/file#t=5" in page
    assert (part.status_code, part.data) == (206, b"ftyp")
    entry = last(Action.FOOTAGE_VIEWED)
    assert (entry.facts["why"], entry.actor) == ("playback", watched.supervisor.actor)


def test_the_desk_and_a_record_are_read_and_decided_by_forms(client, watched, incident):
    sign_in_as(client, watched.supervisor)
    url = f"/proctoring/incidents/{incident.id}"

    desk = client.get("/proctoring/supervision")
    hidden = client.get(url).text
    client.post(f"{url}/view", data={"why": "supervision"})
    shown = client.get(url).text
    client.post(f"{url}/decide", data={"decision": "dismissed", "finding": "查无实据"})

    assert desk.status_code == 200
    assert "使用手机" not in hidden
    assert "使用手机" in shown
    assert proctoring.find_incident(incident.id).decision is Decision.DISMISSED
    (entry,) = trace.list_entries(subject=f"incident/{incident.id}", limit=9).entries[1:]
    assert (entry.action, entry.facts["why"]) == (Action.RECORD_VIEWED, "supervision")


def test_a_phone_reads_the_signed_head_off_the_desk(client, watched):
    """The code holds the note with the log's signature, as verify --earlier takes it."""
    head = trace.publish()
    sign_in_as(client, watched.supervisor)
    url = f"/proctoring/heads/{head.size}/qr.png"
    assert url in client.get("/proctoring/supervision").text

    picture = Image.open(io.BytesIO(client.get(url).data)).convert("L")
    (code,) = zxingcpp.read_barcodes(np.asarray(picture))

    kept = parse_checkpoint(code.text.encode())
    assert (kept.size, kept.root) == (head.size, head.root)
    assert Policy(parse_policy(trace.policy_text()).logs, {}, {}, "none").objection(kept) == ""
    assert client.get(f"/proctoring/heads/{head.size + 1}/qr.png").status_code == 404


def test_the_desk_is_not_the_proctors(client, watched):
    sign_in_as(client, watched.proctors[0])

    assert client.get("/proctoring/supervision").status_code == 403


def test_anyone_can_draw_the_spots_again(watched):
    spots = proctoring.plan_playback(watched.sitting.id, by=watched.supervisor.actor)

    segments = proctoring.list_segments(watched.sitting.id)
    again = draw_spots(segments, seed=trace.head().digest)
    assert [(one.segment_id, one.second) for one in spots] == [
        (spot.segment_id, spot.second) for spot in again
    ]
    assert len(spots) == 2
    with pytest.raises(NothingToDraw):
        proctoring.plan_playback(watched.sitting.id, by=watched.supervisor.actor)


def test_what_was_seen_is_signed_once_and_archived(watched, tmp_path):
    supervisor = make_account(Role.SUPERVISOR)
    staff.issue_certificate(supervisor.id, PASSPHRASE, by=supervisor.actor)
    spot = proctoring.plan_playback(watched.sitting.id, by=supervisor.actor)[0]
    signed = {"account_id": supervisor.id, "passphrase": PASSPHRASE}

    done = proctoring.sign_playback(spot.id, is_clean=True, finding="", **signed)

    assert '"clean":true' in done.record
    facts = last(Action.FOOTAGE_REVIEWED).facts
    assert facts["jws_sha256"] == sha256(done.signature.encode()).hexdigest()
    root = x509.load_pem_x509_certificate(staff.authority_pem())
    (signer,) = verify_jws(done.signature.encode(), done.record.encode(), trusted=root)
    assert supervisor.login in str(signer)
    with pytest.raises(BadSignature):
        verify_jws(done.signature.encode(), done.record.encode() + b" ", trusted=root)
    gather._watching(tmp_path, watched.batch_id)
    place = tmp_path / "evidence" / watched.sitting.code / "playback"
    kept = [(place / f"{spot.id}.json{suffix}").read_bytes() for suffix in (".jws", "")]
    assert verify_jws(*kept, trusted=root) == [signer]
    assert '"00:11:22:33:44:55"' in (tmp_path / "evidence" / "cameras.json").read_text()
    with pytest.raises(AlreadySeen):
        proctoring.sign_playback(spot.id, is_clean=False, finding="黑屏", **signed)


def test_the_playback_page_signs(client, watched):
    supervisor = make_account(Role.SUPERVISOR)
    staff.issue_certificate(supervisor.id, PASSPHRASE, by=supervisor.actor)
    sign_in_as(client, supervisor)
    url = f"/proctoring/{watched.sitting.id}/playback"
    client.post(url)
    spot = proctoring.list_playbacks(watched.sitting.id)[0]

    answer = client.post(
        f"/proctoring/playbacks/{spot.id}",
        data={"outcome": "odd", "finding": "有人离座", "passphrase": PASSPHRASE},
    )

    assert answer.status_code == 302
    assert "有人离座" in client.get(url).text


def test_the_oldest_checks_come_first_and_damage_is_found(watched, settings):
    first, second = proctoring.list_segments(watched.sitting.id)
    proctoring.check_oldest_segments(most=1)
    path = settings.home / second.path
    path.chmod(0o640)
    path.write_bytes(path.read_bytes()[:-1] + b"!")

    damaged = proctoring.check_oldest_segments(most=1)

    assert [one.id for one in damaged] == [second.id]
    entries = trace.list_entries(action=Action.FIXITY_CHECKED, limit=2).entries
    assert [entry.facts for entry in entries] == [
        {"segment": second.id, "intact": False},
        {"segment": first.id, "intact": True},
    ]


def test_a_swapped_camera_leaves_both_devices_in_the_trace(watched):
    changed = proctoring.change_camera(
        "R1-C1", identity="66:77", model="B", reason="镜头损坏", by="staff:office"
    )

    assert changed.identity == "66:77"
    assert last(Action.CAMERA_CHANGED).facts["before"] == "00:11:22:33:44:55"


def test_sm3_on_request_is_that_of_the_file(watched, settings):
    from cryptography.hazmat.primitives import hashes

    segment = proctoring.list_segments(watched.sitting.id)[0]
    oracle = hashes.Hash(hashes.SM3())
    oracle.update((settings.home / segment.path).read_bytes())

    assert proctoring.digest_sm3(segment.id, by=PROCTOR) == oracle.finalize().hex()


def test_the_strip_tells_how_the_evidence_stands(watched, clock):
    strip = proctoring.evidence_health()

    (camera,) = strip.cameras
    assert camera.last_end == watched.starts_at + timedelta(seconds=40)
    assert camera.age == clock.now() - camera.last_end
    assert not camera.is_recorded_here
    assert strip.unpublished == 0
    assert strip.stamp_age is None
