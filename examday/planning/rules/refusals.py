"""
What planning refuses, and what to do instead. `clause` is the sentence of the notice.

Refusal
├── RosterMissing, CheckMissing, ApprovalMissing   the roster is not ready
├── FilingMissing, ReviewMissing                   filing record 1 (HE-09)
├── RosterFixed, ArrangementFixed, SamePerson      approvals (HE-06), what was filed (HE-09)
├── OutOfScope, BodyExpired, NotYetValid, Licensed the body may not assess this (GS-06, GS-29, LN-12)
├── NoSuchKind                                     method or bank source not in the profile
├── RoomTooLarge, NotEnoughSeats, RoomTaken, TooShort, WrongRoom
├── NotPostable, PersonBusy, DutiesMixed, StaffMissing
└── DayOpen, DayNotOpen, NothingToday, BatchOver   open-day and close-day
"""

from examday.errors import Refusal
from examday.i18n import N_


class RosterMissing(Refusal):
    """There is nobody to assess yet."""

    code = "roster_missing"
    message = N_("The roster is empty. Import it first (HE-06).")


class CheckMissing(Refusal):
    """Step 1 of the approval is missing."""

    code = "check_missing"
    message = N_("The employer has not checked the roster yet (%(clause)s).")


class ApprovalMissing(Refusal):
    """Step 2 of the approval is missing."""

    code = "approval_missing"
    message = N_("The roster is not approved by the assessment body yet (%(clause)s).")


class FilingMissing(Refusal):
    """Filing record 1 is missing."""

    code = "filing_missing"
    message = N_("The roster has not been filed with the city centre yet (%(clause)s).")


class ReviewMissing(Refusal):
    """The city centre has not reviewed the filing."""

    code = "review_missing"
    message = N_(
        "The city centre's review of the filing is not recorded (%(clause)s). Record it, or open "
        "the day with a reason and the name of who approves it."
    )


class RosterFixed(Refusal):
    """An approved roster no longer changes by import."""

    code = "roster_fixed"
    message = N_(
        "This step is done: the roster was approved or filed and no longer changes (HE-06, HE-09). "
        "Withdraw one candidate, or add one late with a reason."
    )


class ArrangementFixed(Refusal):
    """The sittings that were filed with the city centre stand."""

    code = "arrangement_fixed"
    message = N_(
        "The arrangement was filed with the city centre and no longer changes (HE-09). Open "
        "another batch for what was left out."
    )


class SamePerson(Refusal):
    """Two steps need two people."""

    code = "same_person"
    message = N_("Another person must take the second step (%(clause)s).")


class OutOfScope(Refusal):
    """不得超范围: the filed scope does not hold this occupation, trade, code and level."""

    code = "out_of_scope"
    message = N_(
        "%(occupation)s at level %(level)s is not in the filed scope on %(day)s (%(clause)s). Have "
        "it filed first."
    )


class BodyExpired(Refusal):
    """资质有效期: the filing has run out by the day of the exam."""

    code = "body_expired"
    message = N_(
        "The filing of the assessment body holds from %(valid_from)s to %(valid_to)s (%(clause)s). "
        "Have it renewed before the day."
    )


class Licensed(Refusal):
    """准入类: a licence, not an assessment, gives access to this occupation."""

    code = "licensed_occupation"
    message = N_("%(occupation)s needs a state licence and is never assessed here (%(clause)s).")


class NotOffered(Refusal):
    """A method, bank source or subject that the province's rules do not hold."""

    code = "not_offered"
    message = N_("%(value)s is not allowed by the rule profile (%(clause)s).")


class DuplicateCode(Refusal):
    """A code that is already taken."""

    code = "duplicate_code"
    message = N_("The code %(code)s is taken. Choose another.")


class RoomTooLarge(Refusal):
    """A room with more seats than the profile allows."""

    code = "room_too_large"
    message = N_("A room holds at most %(limit)s candidates (%(clause)s).")


class NotEnoughSeats(Refusal):
    """More candidates than seats."""

    code = "not_enough_seats"
    message = N_("%(candidates)s candidates need a seat, the rooms have %(seats)s. Add a room.")


class WrongRoom(Refusal):
    """A theory room for a practical exam, or the other way round."""

    code = "wrong_room"
    message = N_("The room %(room)s is not fitted for this subject.")


class RoomTaken(Refusal):
    """The room has another sitting at that time."""

    code = "room_taken"
    message = N_("The room %(room)s is taken by the sitting %(sitting)s at that time.")


class TooShort(Refusal):
    """A theory exam shorter than the standard's."""

    code = "too_short"
    message = N_("A theory exam lasts at least %(minutes)s minutes (%(clause)s).")


class OutsideBatch(Refusal):
    """A sitting on a day that was not planned and filed."""

    code = "outside_batch"
    message = N_("The batch lasts from %(starts_on)s to %(ends_on)s.")


class NotPostable(Refusal):
    """Untrained, undeclared, to be avoided, or without a valid card."""

    code = "not_postable"
    message = N_("%(name)s cannot be posted: %(reason)s (%(clause)s)")


class PersonBusy(Refusal):
    """Somebody cannot be in two places."""

    code = "person_busy"
    message = N_("%(name)s is already posted to the sitting %(sitting)s at that time.")


class DutiesMixed(Refusal):
    """考务 and 监督 are two groups (GS-14); whoever judges does not supervise the judging."""

    code = "duties_mixed"
    message = N_("%(name)s cannot supervise a batch in which they have another duty.")


class StaffMissing(Refusal):
    """A sitting without the people the rules ask for."""

    code = "staff_missing"
    message = N_("The sitting %(sitting)s is short of staff: %(needs)s")


class SittingMissing(Refusal):
    """A subject that is examined has no sitting."""

    code = "sitting_missing"
    message = N_("No sitting is arranged yet. Arrange one for each subject (HE-09, HE-10).")


class DayOpen(Refusal):
    """The day is open already."""

    code = "day_open"
    message = N_("This day was opened before; a day is opened once (HE-09).")


class DayNotOpen(Refusal):
    """There is no open day to close."""

    code = "day_not_open"
    message = N_("No day of this batch is open: open it first, or it was closed (HE-09).")


class NothingToday(Refusal):
    """No sitting of the batch stands on this day."""

    code = "nothing_today"
    message = N_("No sitting of this batch is held on %(day)s.")


class WorkPlanMissing(Refusal):
    """严格按照工作方案组织实施: there is no plan to follow (LN-14)."""

    code = "work_plan_missing"
    message = N_("No work plan is attached to the body yet. Attach it on the page “Documents”.")


class EvidenceMissing(Refusal):
    """直接认定 and 业绩评审 judge by papers: without them there is nothing to judge (GS-10)."""

    code = "evidence_missing"
    message = N_(
        "Evidence is missing for the numbers %(serials)s: attach what they are recognised for "
        "(%(clause)s)."
    )


class BatchOver(Refusal):
    """A batch that was closed stays closed."""

    code = "batch_over"
    message = N_("This batch is past this step: it stands as it was filed (GS-32).")


class OverrideIncomplete(Refusal):
    """An override names a reason and a person."""

    code = "override_incomplete"
    message = N_("An exception needs both a reason and the name of who approves it (%(clause)s).")


class SentTooEarly(Refusal):
    """A date that lies ahead, or before the step it follows."""

    code = "impossible_day"
    message = N_("%(day)s cannot be the date of this step: not ahead, not before the last (HE-09).")
