"""One row of a roster: read cell by cell, with the list of what is wrong with it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from examday.i18n import N_
from examday.planning.rules.cells import (
    Cell,
    age_on,
    facts,
    has_unseen,
    odd_signs,
    read_date,
    shown,
    tidy_name,
    without_dashes,
)
from examday.planning.rules.layout import Heading, Layout, plain
from examday.planning.rules.numbers import BadNumber, parse_id_number
from examday.planning.rules.values import Batch, Level, Listed, Sex
from examday.policy import CandidateKind, Policy, Subject

_GB11643_TYPES = frozenset({"resident", "residence_permit", "foreign_resident"})
_OTHER_ID = re.compile(r"[A-Z0-9()]{5,30}")
_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_LANDLINE = re.compile(r"0[0-9]{2,3}-?[0-9]{7,8}")
_LONGEST = 200
_EXACT_DIGITS = 15
_NAME_LENGTH = range(2, 51)
_AS_WRITTEN = (
    "employer",
    "department",
    "position",
    "position_years",
    "eligibility",
    "former_certificate",
    "former_certificate_no",
    "attachments",
    "note",
)


@dataclass(frozen=True, slots=True)
class Applicant:
    """One clean row: a candidate before they have a number."""

    name: str
    sex: Sex
    birth_on: date
    id_type: str
    id_number: str = field(repr=False)
    education: str
    employer: str
    department: str
    position: str
    position_years: str
    kind: CandidateKind
    eligibility: str
    former_certificate: str
    former_certificate_no: str
    subjects: tuple[Subject, ...]
    phone: str = field(repr=False)
    attachments: str
    note: str


class RowReader:
    """Reads one row and keeps the list of what is wrong with it."""

    def __init__(
        self,
        number: int,
        row: Sequence[Cell],
        heading: Heading,
        *,
        layout: Layout,
        policy: Policy,
        batch: Batch,
    ) -> None:
        """Stand at a row of the sheet; `number` counts from 1."""
        self.listed: list[Listed] = []
        self._number = number
        self._row = row
        self._heading = heading
        self._layout = layout
        self._policy = policy
        self._batch = batch
        self._id_number = ""

    def read(self) -> Applicant | None:
        """Check every cell; None when a cell that others depend on is bad."""
        texts = {name: self._text(name) for name in self._layout.columns}
        sex, birth_on = self._identity(texts)
        kind = self._kind(texts["kind"])
        self._target(texts)
        education = self._word("education", texts["education"])
        subjects = self._subjects(texts["subjects"])
        phone = self._phone(texts["phone"])
        self._papers(texts)
        if self.listed or sex is None or birth_on is None or kind is None or not education:
            return None
        return Applicant(
            name=texts["name"],
            sex=sex,
            birth_on=birth_on,
            id_type=self._layout.value("id_type", texts["id_type"] or "") or "resident",
            id_number=self._id_number,
            education=education,
            kind=kind,
            subjects=subjects,
            phone=phone,
            **{name: texts[name] for name in _AS_WRITTEN},
        )

    def note_duplicate(self, first_seen: dict[str, int]) -> None:
        """List the row when its ID number stood in an earlier one."""
        if not self._id_number:
            return
        first = first_seen.setdefault(self._id_number, self._number)
        if first != self._number:
            self._list("id_number", N_("The same ID number stands in row %(row)s."), row=first)

    def _text(self, name: str) -> str:
        place = self._heading.places.get(name)
        cell = self._row[place] if place is not None and place < len(self._row) else Cell("")
        text = tidy_name(cell.text) if name == "name" else cell.text.strip()
        if cell.is_formula or text.startswith("="):
            self._list(name, N_("This cell holds a formula: write the value itself."))
            return ""
        if has_unseen(text):
            self._list(name, N_("This cell holds invisible or unknown characters: type it anew."))
        if len(text) > _LONGEST:
            self._list(name, N_("This cell is longer than %(limit)s characters."), limit=_LONGEST)
        if not text and self._layout.columns[name].filled:
            self._list(name, N_("This cell is empty."))
        if name == "id_number" and cell.is_number and len(text) > _EXACT_DIGITS:
            self._list(
                name,
                N_("The number was stored as a number and lost digits: format the cell as text."),
            )
            return ""
        return text

    def _identity(self, texts: Mapping[str, str]) -> tuple[Sex | None, date | None]:
        self._check_name(texts["name"])
        sex = self._word("sex", texts["sex"])
        id_type = self._word("id_type", texts["id_type"]) if texts["id_type"] else "resident"
        birth_on = read_date(texts["birth_on"])
        if texts["birth_on"] and birth_on is None:
            self._list("birth_on", N_("This is not a date such as 1990-03-07."))
        if texts["id_number"] and id_type in _GB11643_TYPES:
            birth_on = self._gb11643(texts, sex, birth_on)
        elif texts["id_number"] and id_type:
            self._other_id(texts["id_number"], birth_on)
        if birth_on:
            self._age(birth_on)
        return (Sex(sex) if sex else None), birth_on

    def _gb11643(
        self, texts: Mapping[str, str], sex: str | None, birth_on: date | None
    ) -> date | None:
        try:
            number = parse_id_number(texts["id_number"], on=self._batch.starts_on)
        except BadNumber as error:
            self._list("id_number", error.message, **facts(error.params))
            return None
        self._id_number = number.text
        if sex and sex != number.sex:
            self._list("sex", N_("The sex does not agree with the ID number."))
        if birth_on and birth_on != number.birth_on:
            self._list("birth_on", N_("The date of birth does not agree with the ID number."))
        return number.birth_on

    def _other_id(self, text: str, birth_on: date | None) -> None:
        self._id_number = plain(text).upper()
        if not _OTHER_ID.fullmatch(self._id_number):
            self._list("id_number", N_("This is not a document number."))
        if birth_on is None:
            self._list("birth_on", N_("This kind of document needs the date of birth."))

    def _age(self, birth_on: date) -> None:
        day, rules = self._batch.starts_on, self._policy.candidates
        age = age_on(day, birth_on)
        if not rules.min_age <= age <= rules.max_age:
            self._list(
                "id_number",
                N_("The age on the day is %(age)s; allowed are %(youngest)s to %(oldest)s."),
                age=age,
                youngest=rules.min_age,
                oldest=rules.max_age,
            )

    def _check_name(self, name: str) -> None:
        if name and len(name) not in _NAME_LENGTH:
            self._list("name", N_("A name has 2 to 50 characters."))
        odd = odd_signs(name)
        if odd:
            self._list("name", N_("A name does not hold %(signs)s."), signs=odd)

    def _kind(self, text: str) -> CandidateKind | None:
        value = self._word("kind", text)
        if value is None:
            return None
        kind = CandidateKind(value)
        if kind not in self._policy.candidates.kinds:
            self._list(
                "kind",
                N_("This kind of candidate is not allowed here (%(clause)s)."),
                clause=self._policy.clause("candidates.kinds"),
            )
        return kind

    def _target(self, texts: Mapping[str, str]) -> None:
        batch = self._batch
        for name, wanted in (
            ("occupation", batch.occupation),
            ("trade", without_dashes(batch.trade)),
        ):
            text = without_dashes(texts[name]) if name == "trade" else texts[name]
            if (text or name == "trade") and plain(text) != plain(wanted):
                self._list(
                    name, N_("This batch assesses %(wanted)s."), wanted=wanted or batch.occupation
                )
        value = self._word("level", texts["level"])
        if value and Level(int(value)) is not batch.level:
            wanted = self._policy.level_label(batch.level)
            self._list("level", N_("This batch assesses %(wanted)s."), wanted=wanted)

    def _subjects(self, text: str) -> tuple[Subject, ...]:
        words = [word for word in re.split(r"\W+", text) if word]
        values = [self._layout.value("subjects", word) for word in words]
        if text and (None in values or not values):
            self._list(
                "subjects", N_("Unknown word; known are: %(known)s."), **self._known("subjects")
            )
            return ()
        chosen = tuple(subject for subject in Subject if subject.value in values)
        allowed = self._policy.exam.subjects_of(self._batch.method)
        if any(subject not in allowed for subject in chosen):
            self._list(
                "subjects",
                N_("This batch takes %(wanted)s only."),
                wanted=", ".join(self._policy.subject_label(subject) for subject in allowed),
            )
        return chosen

    def _phone(self, text: str) -> str:
        phone = plain(text)
        if phone and not (_MOBILE.fullmatch(phone) or _LANDLINE.fullmatch(phone)):
            self._list("phone", N_("This is not a phone number."))
        return phone

    def _papers(self, texts: Mapping[str, str]) -> None:
        needed = list(self._policy.candidates.attachments)
        rule = "candidates.attachments"
        if all(mark in texts["eligibility"] for mark in self._layout.words["years"]["marks"]):
            needed += self._policy.candidates.years_attachments
            rule = "candidates.years_attachments"
        for paper in needed if texts["attachments"] else ():
            words = self._layout.words["attachments"][paper]
            if not any(word in texts["attachments"] for word in words):
                self._list(
                    "attachments",
                    N_("The paper %(paper)s is missing (%(clause)s)."),
                    paper=words[0],
                    clause=self._policy.clause(rule),
                )

    def _word(self, name: str, text: str) -> str | None:
        value = self._layout.value(name, text) if text else None
        if text and value is None:
            self._list(name, N_("Unknown word; known are: %(known)s."), **self._known(name))
        return value

    def _known(self, name: str) -> dict[str, str]:
        return {"known": ", ".join(words[0] for words in self._layout.words[name].values())}

    def _list(self, name: str, reason: str, **named: object) -> None:
        place = self._heading.places.get(name)
        value = (
            self._row[place].text.strip() if place is not None and place < len(self._row) else ""
        )
        column = self._heading.names.get(name) or self._layout.columns[name].headings[0]
        self.listed.append(Listed(self._number, column, reason, shown(name, value), facts(named)))
