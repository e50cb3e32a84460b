"""
What scoring refuses.

ExamdayError
├── BadInput
│   ├── BadMark            not a mark: outside the range or off the grid
│   ├── BadDeduction       more than an item is worth, or no number
│   ├── WrongItems         items that are not on the marking sheet, or missing ones
│   ├── BadRubric          a rubric that cannot be used
│   ├── BadLayout          an answer sheet that cannot be printed
│   ├── BadScan            a picture that is no answer sheet of ours, or too coarse
│   └── BadAnswer          letters that the item does not offer
└── Refusal
    ├── MarksLocked        the marks are closed
    ├── KeyMismatch        the key is not that of the answer sheet
    ├── LayoutMissing      which items the answer sheets hold is not said
    ├── LayoutInUse        sheets are printed; their layout stays
    ├── ScanIsRead         a page is read once
    ├── SheetTaken         two answer sheets for one candidate
    ├── NothingToReview    the item is read
    ├── RubricInUse        marks rest on the rubric; it is exchanged no more
    ├── MarksOpen          a mark is still missing or disputed
    ├── AlreadySettled     nothing left to enter or decide
    ├── NotInDispute       there is no difference to decide
    ├── NeedsReason        a change or a decision says why
    ├── CandidateAbsent    缺考 has no mark
    ├── LowerPassLine      HS-12
    ├── NotSenior          a committee member whose card does not cover the level
    ├── NoComponent        业绩 or 品德 does not count here
    ├── NoReview           this assessment has no 综合评审
    ├── WrongPanel         fewer than three, or an even number of examiners
    └── Forbidden
        ├── NotOnPanel     not posted to judge this candidate
        ├── NotLeader      the decision is the 考评组长's
        ├── AvoidedCandidate   回避
        └── RoleConflict   one person would be two
            ├── AlreadyMarked
            ├── ReviewedBefore
            └── MarkerConflict
"""

from examday.errors import BadInput, Forbidden, Refusal
from examday.i18n import N_


class BadMark(BadInput):
    """Outside the range, or finer than the grid."""

    code = "bad_mark"
    message = N_("%(mark)s is not a mark: use 0 to %(full)s with %(decimals)s decimal place(s).")


class BadDeduction(BadInput):
    """More than an item is worth, below zero, or an end before its start."""

    code = "bad_deduction"
    message = N_("Item %(item)s: %(lost)s cannot be noted here.")


class WrongItems(BadInput):
    """The items are not those of the marking sheet."""

    code = "wrong_items"
    message = N_("These items are not those of the marking sheet: %(items)s")


class BadRubric(BadInput):
    """A rubric that cannot be used, with the place and the reason."""

    code = "bad_rubric"
    message = N_("The marking sheet is wrong at %(where)s: %(reason)s")


class BadLayout(BadInput):
    """More than an answer sheet holds."""

    code = "bad_layout"
    message = N_(
        "An answer sheet holds up to %(most)s items in order, single, multiple or judge, with 2 to "
        "%(options)s options each."
    )


class BadScan(BadInput):
    """A picture that cannot be read as an answer sheet."""

    code = "bad_scan"
    message = N_("This scan cannot be read: %(reason)s")


class BadAnswer(BadInput):
    """Letters that the item does not offer."""

    code = "bad_answer"
    message = N_("%(letters)s is no answer to item %(no)s.")


class KeyMismatch(Refusal):
    """The key is not that of this answer sheet."""

    code = "key_mismatch"
    message = N_("Item %(no)s of the key is not on the answer sheet. Check layout and paper.")


class LayoutMissing(Refusal):
    """No answer sheets are planned for the batch, or none were printed."""

    code = "layout_missing"
    message = N_("Say first which items the answer sheets hold.")


class LayoutInUse(Refusal):
    """Sheets are printed."""

    code = "layout_in_use"
    message = N_("Answer sheets were printed already; their layout stays.")


class ScanIsRead(Refusal):
    """A scan that was read is never read again."""

    code = "scan_is_read"
    message = N_("This page was read already. Correct whose sheet it is instead.")


class SheetTaken(Refusal):
    """Two sheets for one candidate."""

    code = "sheet_taken"
    message = N_("This candidate has another answer sheet in use. Mark that one as replaced first.")


class NothingToReview(Refusal):
    """The item needs nobody."""

    code = "nothing_to_review"
    message = N_("This item needs no further reading.")


class RubricInUse(Refusal):
    """Marks rest on the rubric."""

    code = "rubric_in_use"
    message = N_("Marks were entered by this marking sheet already; it cannot be exchanged.")


class MarksLocked(Refusal):
    """The marks are closed; a change needs a corrected sheet."""

    code = "marks_locked"
    message = N_("The marks are closed. A mark changes only by a corrected score sheet.")


class MarksOpen(Refusal):
    """Someone still has to enter or decide a mark."""

    code = "marks_open"
    message = N_("%(count)s marks are still missing or disputed. Settle them first.")


class AlreadySettled(Refusal):
    """The mark is settled."""

    code = "already_settled"
    message = N_("This mark is settled; nothing more can be entered.")


class NotInDispute(Refusal):
    """There is nothing to decide."""

    code = "not_in_dispute"
    message = N_("The judgements of this candidate do not differ; there is nothing to decide.")


class NeedsReason(Refusal):
    """A change or a decision without a reason."""

    code = "needs_reason"
    message = N_("Say why: this is kept with the mark.")


class CandidateAbsent(Refusal):
    """缺考 is a state, not a zero."""

    code = "candidate_absent"
    message = N_("This candidate was absent: there is no mark to enter.")


class LowerPassLine(Refusal):
    """不得降低考核标准 (HS-12)."""

    code = "lower_pass_line"
    message = N_("The pass line %(wanted)s is below the standard's %(least)s (HS-12).")


class WrongPanel(Refusal):
    """Too few examiners posted, or an even number."""

    code = "wrong_panel"
    message = N_(
        "This candidate needs at least %(least)s examiners, an odd number; posted: %(posted)s. "
        "Post examiners to the practical sitting first."
    )


class NotSenior(Refusal):
    """二级、一级由高级考评员考评."""

    code = "not_senior"
    message = N_("%(name)s holds no valid examiner's card for level %(level)s.")


class NoComponent(Refusal):
    """The policy gives it no weight, or this candidate is not assessed as a whole."""

    code = "no_component"
    message = N_("This component does not count for this candidate.")


class NoReview(Refusal):
    """综合评审 is for levels 2 and 1."""

    code = "no_review"
    message = N_("This candidate takes no review panel.")


class NotOnPanel(Forbidden):
    """Not posted as an examiner where this candidate is examined."""

    code = "not_on_panel"
    message = N_("You are not posted as an examiner for this candidate.")


class NotLeader(Forbidden):
    """Not the leader of the examiners."""

    code = "not_leader"
    message = N_("Only the leader of the examiners decides this.")


class AvoidedCandidate(Forbidden):
    """回避: this person declared a tie to the candidate."""

    code = "avoided_candidate"
    message = N_("You declared that you must not judge this candidate. Someone else marks.")


class RoleConflict(Forbidden):
    """One person would hold two parts for one candidate; refused and traced."""

    code = "role_conflict"
    message = N_("One person cannot do both.")


class AlreadyMarked(RoleConflict):
    """The same person a second time."""

    code = "already_marked"
    message = N_("You have marked this candidate. The second mark must come from another person.")


class MarkerConflict(RoleConflict):
    """Whoever entered a mark cannot decide between the marks."""

    code = "marker_conflict"
    message = N_("You entered one of the two marks; a third person decides between them.")


class ReviewedBefore(RoleConflict):
    """The same person a second time."""

    code = "reviewed_before"
    message = N_("You have read this item. The second reading must come from another person.")
