"""Row sources of the day's own forms: 考生签到表, 试卷拆封确认表, 考场情况记录单, staff sign-in."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import replace

from examday import clock
from examday.admission import service as admission
from examday.admission.service import Attendance, Presence
from examday.filing import rules
from examday.filing.service import config, desk_sources
from examday.filing.service.records import Records
from examday.papers import service as papers
from examday.planning import service as planning
from examday.planning.service import Duty
from examday.proctoring import service as proctoring
from examday.proctoring.service import Incident
from examday.staff import service as staff

_CAME = (Presence.PRESENT, Presence.LATE)


def room_sheets(of: Records) -> list[rules.RoomSheet]:
    """One sheet for each room of each sitting, in the order of the day."""
    names = {account.actor: account.name for account in staff.list_accounts()}
    return [
        sheet
        for sitting in planning.list_sittings(of.batch_id)
        for sheet in _rooms(of, sitting, names)
    ]


def staff_sheets(of: Records) -> list[rules.StaffSheet]:
    """One sheet for each sitting: everyone who was posted or signed in, and when."""
    words, sheets = config.words(), []
    for sitting in planning.list_sittings(of.batch_id):
        lines = _served(sitting)
        sheets.append(
            rules.StaffSheet(
                sitting=sitting.code,
                subject=of.policy.subject_label(sitting.subject),
                held_at=f"{_day(sitting)} {_hours(sitting)}",
                rooms=words.list_mark.join(sitting.room_codes),
                proctors=_numbered(lines, {Duty.PROCTOR}),
                examiners=_numbered(lines, set(Duty) - {Duty.PROCTOR}),
            )
        )
    return sheets


def _rooms(
    of: Records, sitting: planning.Sitting, names: dict[str, str]
) -> Iterable[rules.RoomSheet]:
    seated: dict[str, list[Attendance]] = defaultdict(list)
    for line in admission.attendance(sitting.id):
        seated[line.room_code].append(line)
    logged: dict[str, list[Incident]] = defaultdict(list)
    for incident in proctoring.list_incidents(sitting.id):
        logged[incident.room_code].append(incident)
    posts = planning.list_posts(sitting.id)
    for room in sitting.room_codes:
        yield _room(
            of, sitting, room, lines=seated[room], log=logged[room], posts=posts, names=names
        )


def _room(
    of: Records,
    sitting: planning.Sitting,
    room: str,
    *,
    lines: list[Attendance],
    log: list[Incident],
    posts: tuple[planning.Post, ...],
    names: dict[str, str],
) -> rules.RoomSheet:
    words, states = config.words(), Counter(line.state for line in lines)
    here = [post for post in posts if post.room_code in {"", room}]
    bags = _bags(sitting.id, room, names)
    balance, closure = papers.balance(sitting.id, room), proctoring.closure_of(sitting.id, room)
    return rules.RoomSheet(
        sitting=sitting.code,
        room=room,
        subject=of.policy.subject_label(sitting.subject),
        target=desk_sources.occupation_of(of.batch),
        level=of.policy.level_label(of.batch.level),
        held_on=_day(sitting),
        held_at=_hours(sitting),
        expected=len(lines),
        present=sum(states[state] for state in _CAME),
        absent=states[Presence.ABSENT],
        late=states[Presence.LATE],
        misconduct=len({one.candidate_id for one in log if one.kind.is_misconduct}),
        issued=balance.issued,
        used=balance.used,
        spare=balance.spare,
        void=balance.void,
        unsealed=words.list_mark.join(f"{bag.time} {bag.witnesses}" for bag in bags),
        checks=words.list_mark.join(_checks(closure)),
        proctors=_names(here, Duty.PROCTOR),
        leader=_names(here, Duty.EXAMINER_LEADER),
        supervisors=_names(here, Duty.QUALITY_SUPERVISOR),
        closed_at=f"{clock.local(closure.closed_at):%H:%M}" if closure else "",
        candidates=tuple(_sign_in(of, n, line) for n, line in enumerate(lines, 1)),
        bags=bags,
        notes=(*_absent(of, lines), *_notes(of, log, lines)),
    )


def _sign_in(of: Records, number: int, line: Attendance) -> rules.SignInLine:
    person = of.by_id[line.candidate_id]
    return rules.SignInLine(
        number=number,
        seat=str(line.seat_no or ""),
        ticket_no=line.ticket_no,
        name=person.name,
        id_masked=person.id_masked,
        signature="",
        time=f"{clock.local(line.at):%H:%M}" if line.at and line.state in _CAME else "",
        remark=config.words().say("presence", line.state.value),
    )


def _bags(sitting_id: int, room: str, names: dict[str, str]) -> tuple[rules.UnsealingLine, ...]:
    words = config.words()
    return tuple(
        rules.UnsealingLine(
            number=number,
            seal_no=bag.seal_no,
            state=words.say("seal", "intact" if bag.is_intact else "broken"),
            copies=bag.copies_counted,
            time=f"{clock.local(bag.at):%H:%M}",
            proctors=words.list_mark.join(names.get(actor, actor) for actor in bag.proctors),
            witnesses=words.list_mark.join(bag.witnesses),
            problem=bag.problem,
        )
        for number, bag in enumerate(papers.list_unsealings(sitting_id, room), 1)
    )


def _absent(of: Records, lines: list[Attendance]) -> Iterable[rules.RoomNoteLine]:
    for line in lines:
        if line.state is Presence.ABSENT:
            yield rules.RoomNoteLine(
                kind=config.words().say("outcome", "absent"),
                ticket_no=line.ticket_no,
                name=of.by_id[line.candidate_id].name,
                seat=str(line.seat_no or ""),
                time="",
                fact="",
                evidence="",
                handling="",
                signature="",
            )


def _notes(
    of: Records, log: list[Incident], lines: list[Attendance]
) -> Iterable[rules.RoomNoteLine]:
    words = config.words()
    tickets = {line.candidate_id: line.ticket_no for line in lines}
    for one in log:
        person = of.by_id.get(one.candidate_id) if one.candidate_id else None
        seen = one.evidence
        yield rules.RoomNoteLine(
            kind=words.say("outcome", "misconduct") if one.kind.is_misconduct else one.kind.label,
            ticket_no=tickets.get(one.candidate_id, "") if one.candidate_id else "",
            name=person.name if person else "",
            seat=one.seat,
            time=f"{clock.local(one.at):%H:%M}",
            fact=one.fact,
            evidence=f"{seen.camera} {clock.local(seen.at):%H:%M:%S}" if seen else "",
            handling=one.handling or one.kind.sanction,
            signature=words.list_mark.join(
                (words.say("signature", one.signature.value), *one.witnesses)
            ),
        )


def _checks(closure: proctoring.Closure | None) -> Iterable[str]:
    words, done = config.words(), closure.checks if closure else ()
    for code, label in proctoring.checks_of_room():
        yield f"{words.ticked if code in done else words.unticked}{label}"


def _served(sitting: planning.Sitting) -> list[tuple[Duty, rules.StaffLine]]:
    """Everyone who signed in or is posted: a post given to another leaves the sign-in."""
    signed = {one.account_id: one for one in planning.list_sign_ins(sitting.id)}
    posted = {post.account_id: post for post in planning.list_posts(sitting.id)}
    words, lines = config.words(), []
    for account_id in dict.fromkeys((*posted, *signed)):
        one = posted.get(account_id) or signed[account_id]
        given = signed.get(account_id)
        line = rules.StaffLine(
            number=0,
            name=one.name,
            duty=words.say("duty", one.duty.value),
            room=one.room_code or words.say("duty", "all_rooms"),
            card_no=one.card_no,
            time=f"{clock.local(given.signed_at):%H:%M}" if given else "",
            signature=words.say("duty", "signed_in") if given else "",
            remark="" if account_id in posted else words.say("duty", "relieved"),
        )
        lines.append((one.duty, line))
    return lines


def _numbered(
    lines: list[tuple[Duty, rules.StaffLine]], duties: set[Duty]
) -> tuple[rules.StaffLine, ...]:
    chosen = [line for duty, line in lines if duty in duties]
    return tuple(replace(line, number=number) for number, line in enumerate(chosen, 1))


def _names(posts: Iterable[planning.Post], duty: Duty) -> str:
    return config.words().list_mark.join(
        dict.fromkeys(post.name for post in posts if post.duty is duty)
    )


def _day(sitting: planning.Sitting) -> str:
    return f"{clock.local(sitting.starts_at):%Y-%m-%d}"


def _hours(sitting: planning.Sitting) -> str:
    start, end = clock.local(sitting.starts_at), clock.local(sitting.ends_at)
    return f"{start:%H:%M}\u2013{end:%H:%M}"
