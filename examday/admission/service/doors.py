"""What the doors of a sitting are, asked of planning and its rule profile."""

from datetime import timedelta

from examday.admission.models import ClosingRow
from examday.db import db
from examday.i18n import N_, gettext
from examday.planning import service as planning
from examday.planning.service import Policy, Sitting, Subject
from examday.wire import Doors

SUBJECT_NAMES = {Subject.THEORY: N_("Theory exam"), Subject.PRACTICAL: N_("Practical exam")}


def doors_of_batch(batch_id: int) -> tuple[Doors, ...]:
    """Give the doors of every sitting of a batch."""
    policy = planning.policy_of(batch_id)
    return tuple(_doors(sitting, policy) for sitting in planning.list_sittings(batch_id))


def doors_of(sitting: Sitting) -> Doors:
    """Give the doors of one sitting; when they open and until when one may be late is policy."""
    return _doors(sitting, planning.policy_of(sitting.batch_id))


def _doors(sitting: Sitting, policy: Policy) -> Doors:
    rules = policy.admission
    return Doors(
        sitting=str(sitting.id),
        title=gettext(SUBJECT_NAMES[sitting.subject]),
        opens_at=sitting.starts_at - timedelta(minutes=rules.opens_minutes_before),
        starts_at=sitting.starts_at,
        ends_at=sitting.ends_at,
        late_limit_minutes=rules.late_limit_minutes,
    )


def closing_of(sitting_id: int) -> ClosingRow | None:
    """Find out whether the doors of a sitting have been closed."""
    return db.session.get(ClosingRow, sitting_id)
