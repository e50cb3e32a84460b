"""
The row sources a form may name, each a query that words its rows as the notices print them.

A new source is the only time a form needs Python: a function here, its row in rules/rows.py.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields

from examday import clock
from examday.filing import rules
from examday.filing.service import config, day_sources, desk_sources, outcomes, queries
from examday.filing.service.records import Records
from examday.planning import service as planning
from examday.publicity import service as publicity

_LEVEL_NAMES = {5: "junior", 4: "intermediate", 3: "senior", 2: "technician"}
_LEVEL_NAMES |= {1: "senior_technician"}


def roster(of: Records) -> list[rules.RosterRow]:
    """人员名册备案表: every candidate, with full ID number and phone (for the authority)."""
    own = {each.name for each in fields(rules.RosterRow)} - {"position_years", "remark"}
    return [
        rules.RosterRow(
            **{name: getattr(row, name) for name in own},
            position_years=row.position,
            remark=row.note,
        )
        for row in of.printed
    ]


def arrangement(of: Records) -> list[rules.ArrangementRow]:
    """考务安排表: one line per day, occupation and level."""
    return [
        rules.ArrangementRow(
            held_on=row.held_on,
            occupation=row.occupation,
            trade=row.trade,
            level=row.level,
            level_code=row.level_no,
            candidates=row.candidates,
            site_contact=row.site_contact,
            theory=rules.SubjectPlan(row.theory_form, row.theory_time, row.theory_place),
            practical=rules.SubjectPlan(
                row.practical_form, row.practical_time, row.practical_place
            ),
            examiners=row.examiners,
            quality_supervisors=row.supervisors,
        )
        for row in planning.arrangement_rows(of.batch_id)
    ]


def result_lines(of: Records) -> list[rules.ResultLine]:
    """
    结果备案表（一）: 准考人数, 合格人数 and 证书号段 per occupation, trade and level.

    Levels beside 五级 to 一级 are left out, and named in a note of the form (DOMAIN C6).
    """
    policy, words, found = of.policy, config.words(), of.outcomes
    numbers = {each.candidate_id: each.number for each in of.certificates}
    groups: dict[_Line, list[planning.Candidate]] = {}
    for each in of.people:
        if each.level not in _LEVEL_NAMES:
            continue
        line = _Line(each.occupation, each.trade, int(each.level))
        groups.setdefault(line, []).append(each)
    return [
        rules.ResultLine(
            occupation=line.occupation,
            trade=line.trade or policy.certificate.no_trade,
            level=policy.level_label(line.level),
            level_code=line.level,
            admitted=len(members),
            passed=sum(
                each.id in found and found[each.id].outcome == outcomes.PASSED for each in members
            ),
            ranges=_ranges(words, [numbers[each.id] for each in members if each.id in numbers]),
        )
        for line, members in groups.items()
    ]


def certified_candidates(of: Records) -> list[rules.CertifiedCandidate]:
    """结果备案表（二）: everyone who was given a number, with the full ID number."""
    policy, body = of.policy, of.body
    certified = []
    for serial, certificate in enumerate(of.certificates, 1):
        person = of.by_id[certificate.candidate_id]
        printed, outcome = of.printed_by_serial[person.serial], of.outcomes[person.id]
        certified.append(
            rules.CertifiedCandidate(
                serial=serial,
                name=person.name,
                sex=printed.sex,
                id_type=printed.id_type,
                id_number=person.id_number,
                employer=person.employer,
                occupation=person.occupation,
                trade=person.trade or policy.certificate.no_trade,
                level=policy.level_label(person.level),
                level_code=int(person.level),
                certificate_no=certificate.number,
                issued_on=certificate.issued_on,
                assessment_body=body.name,
                issuing_body=body.name,
                education=person.education,
                theory=outcome.theory,
                practical=outcome.practical,
                remark="",
            )
        )
    return certified


def totals_by_occupation(of: Records) -> list[rules.OccupationTotals]:
    """结果汇总表: all certificates of the batch's month, by occupation and level (LN-17)."""
    month = desk_sources.month_of(of)
    counted: Counter[tuple[str, str]] = Counter()
    people = dict(of.by_id)
    for each in queries.list_month(month):
        if each.candidate_id not in people:
            people |= {one.id: one for one in planning.list_candidates(each.batch_id)}
        person = people[each.candidate_id]
        counted[desk_sources.occupation_of(person), _LEVEL_NAMES[each.level]] += 1
    names = sorted({name for name, _ in counted})
    return [
        rules.OccupationTotals(
            name, **{level: counted[name, level] for level in _LEVEL_NAMES.values()}
        )
        for name in names
    ]


def totals_by_employer(of: Records) -> list[rules.EmployerTotals]:
    """结果汇总表（按所在单位）: each enterprise whose people were assessed (GS-05)."""
    found, mark = of.outcomes, config.words().list_mark
    groups: dict[str, list[planning.Candidate]] = {}
    for each in of.people:
        groups.setdefault(each.employer, []).append(each)
    lines = []
    for serial, (employer, members) in enumerate(groups.items(), 1):
        ended = Counter(found[each.id].outcome for each in members)
        passed, failed = ended[outcomes.PASSED], ended["failed"]
        kinds = dict.fromkeys(of.policy.kind_label(each.kind) for each in members)
        lines.append(
            rules.EmployerTotals(
                serial=serial,
                employer=employer,
                kinds=mark.join(kinds),
                entered=len(members),
                passed=passed,
                failed=failed,
                not_judged=len(members) - passed - failed,
            )
        )
    return lines


def objections(of: Records) -> list[rules.ObjectionRow]:
    """公示情况: every objection to a notice of the batch and what became of it (GS-23)."""
    words = config.words()
    return [
        rules.ObjectionRow(
            number=each.number,
            received_on=clock.local(each.received_at).date(),
            about=each.about,
            state=words.say("objection", each.state.value),
            finding=each.finding,
            decided_on=each.decided_on,
        )
        for each in publicity.list_batch_objections(of.batch_id)
    ]


def level_totals(people: Iterable[planning.Candidate]) -> rules.LevelTotals:
    """Count a roster by level: the foot of 考务安排表."""
    return rules.LevelTotals(**Counter(_LEVEL_NAMES.get(one.level, "others") for one in people))


def uncounted_levels(of: Records) -> str:
    """Name the batch's levels that have no column, with their people: 学徒工 3 人 (DOMAIN C6)."""
    others = Counter(one.level for one in of.people if one.level not in _LEVEL_NAMES)
    words, policy = config.words(), of.policy
    return words.list_mark.join(
        words.level_count.format(level=policy.level_label(level), count=count)
        for level, count in sorted(others.items())
    )


@dataclass(frozen=True, slots=True)
class _Line:
    occupation: str
    trade: str
    level: int


def _ranges(words: rules.Words, numbers: Sequence[str]) -> str:
    return words.list_mark.join(
        each.first if each.count == 1 else words.range.format(first=each.first, last=each.last)
        for each in rules.ranges(numbers)
    )


SOURCES: dict[str, Callable[[Records], Sequence[object]]] = {
    "roster": roster,
    "arrangement": arrangement,
    "result_lines": result_lines,
    "certified_candidates": certified_candidates,
    "totals_by_occupation": totals_by_occupation,
    "totals_by_employer": totals_by_employer,
    "objections": objections,
    "applications": desk_sources.applications,
    "dispatch": desk_sources.dispatch,
    "supervision": desk_sources.supervision_records,
    "rooms": day_sources.room_sheets,
    "sitting_staff": day_sources.staff_sheets,
}
