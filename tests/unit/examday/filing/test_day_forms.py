"""The forms of the day say what happened in the rooms: who came, who did not, who served."""

from examday.filing import service as filing
from examday.planning import service as planning
from examday.planning.service import Duty
from examday.staff import service as staff
from tests.factories.scoring import hold_batch

OFFICE = "staff:office"


def lines(name: str, batch_id: int) -> list[list[str]]:
    return [row for form in filing.fill_form(name, batch_id) for row in form.texts()]


def test_who_came_and_who_did_not_stand_on_the_sheets_of_their_rooms(app, clock):
    held = hold_batch(clock, 4, absent=1)
    away = held.absent[0]

    signed = lines("candidate_sign_in", held.batch.id)
    record = lines("room_record", held.batch.id)

    came = [row for row in signed if row[6] == "08:50"]
    assert sorted(row[3] for row in came) == sorted(one.name for one in held.present)
    assert [row[7] for row in signed if row[3] == away.name] == ["缺考", "缺考"]
    assert not any(one.id_number in "".join(row) for row in signed for one in held.present)
    missing = [row for row in record if row[0] == "缺考"]
    assert [(row[2], bool(row[1])) for row in missing] == [(away.name, True)] * 2
    assert sum("应考" in cell for row in record for cell in row) == 4  # two rooms, two sittings


def test_who_signed_in_stands_with_the_time_and_who_was_relieved_is_not_lost(app, clock):
    held = hold_batch(clock, 2, absent=0)
    theory = planning.list_sittings(held.batch.id)[0]
    clock.move_to(theory.starts_at)
    first, second, *_ = (p for p in planning.list_posts(theory.id) if p.duty is Duty.PROCTOR)
    for post in (first, second):
        actor = staff.find_account(post.account_id).actor
        planning.sign_in_for_duty(theory.id, post.account_id, by=actor)
    planning.relieve_staff(first.id, reason="突发疾病", by=OFFICE)

    proctors = {row[1]: row for row in lines("proctor_sign_in", held.batch.id) if row[5]}
    judges = lines("examiner_sign_in", held.batch.id)

    assert proctors[second.name][5:8] == ["09:00", "本人账户签到", ""]
    assert proctors[first.name][5:8] == ["09:00", "本人账户签到", "已换人"]
    leader = next(row for row in judges if row[2] == "考评组长")
    assert leader[5:7] == ["", ""]  # nobody signed for the leader: the line stays open
