"""What planning's states, duties and kinds are called on a page (msgids)."""

from examday.i18n import N_
from examday.planning.rules.equipment import EquipmentKind
from examday.planning.rules.scope import BodyWarning
from examday.planning.rules.values import BatchState, DeadlineState, Duty, RoomKind, Sex
from examday.policy import Subject

NAMES: dict[str, str] = {
    BatchState.DRAFT: N_("in preparation"),
    BatchState.ROSTERED: N_("roster imported"),
    BatchState.CHECKED: N_("checked by the employer"),
    BatchState.APPROVED: N_("approved"),
    BatchState.FILED: N_("filed"),
    BatchState.REVIEWED: N_("reviewed"),
    BatchState.OPEN: N_("day open"),
    BatchState.HELD: N_("held"),
    BatchState.CLOSED: N_("closed"),
    Duty.PROCTOR: N_("proctor"),
    Duty.EXAMINER: N_("examiner"),
    Duty.EXAMINER_LEADER: N_("leading examiner"),
    Duty.QUALITY_SUPERVISOR: N_("internal quality supervisor"),
    Duty.OFFICE: N_("office staff"),
    Subject.THEORY: N_("theory"),
    Subject.PRACTICAL: N_("practical"),
    RoomKind.BOTH: N_("theory and practical"),
    EquipmentKind.MACHINE: N_("machine"),
    EquipmentKind.GAUGE: N_("gauge"),
    Subject.REVIEW: N_("review panel"),
    Sex.MALE: N_("male"),
    Sex.FEMALE: N_("female"),
    DeadlineState.DONE: N_("done"),
    DeadlineState.COMING: N_("coming"),
    DeadlineState.SOON: N_("soon"),
    DeadlineState.MISSED: N_("missed"),
    "bank_national": N_("national bank"),
    "bank_own": N_("own items"),
    "bank_mixed": N_("own items and national bank"),
    "bank_industry": N_("bank of the industry"),
    BodyWarning.EXPIRES_SOON: N_("The filing runs out within 90 days: apply for renewal."),
    BodyWarning.EXPIRED: N_("The filing has run out: no batch can be opened."),
    BodyWarning.IDLE: N_("No assessment for 18 months: after two years the filing lapses."),
    BodyWarning.IDLE_TOO_LONG: N_("No assessment for two years: the filing counts as given up."),
    BodyWarning.NOTICE_EXPIRED: N_(
        "The notice behind the rule profile has run out: ask the centre which one holds now."
    ),
}
TONES: dict[str, str] = {
    BatchState.OPEN: "ok",
    BatchState.REVIEWED: "ok",
    BatchState.FILED: "info",
    BatchState.APPROVED: "info",
    DeadlineState.DONE: "ok",
    DeadlineState.SOON: "warn",
    DeadlineState.MISSED: "bad",
}
