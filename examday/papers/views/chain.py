"""The hand-over log of a sitting."""

import flask
from flask.typing import ResponseReturnValue

from examday.papers import service
from examday.papers.service import Step
from examday.papers.views.blueprint import STEPS, bp, people_options
from examday.planning import service as planning
from examday.planning.service import BatchState
from examday.staff.service import Role
from examday.web import guards, parsing


@bp.get("/papers/sittings/<int:sitting_id>")
def chain(sitting_id: int) -> ResponseReturnValue:
    """Show every link of a sitting, and the form for the next one."""
    sitting = planning.find_sitting(sitting_id)
    papers = [
        one for one in service.list_papers(sitting.batch_id) if one.subject == sitting.subject.value
    ]
    return flask.render_template(
        "papers/chain.html",
        sitting=sitting,
        links=service.list_hand_overs(sitting_id),
        balances=[(code, service.balance(sitting_id, code)) for code in sitting.room_codes],
        papers=papers,
        steps=list(STEPS),
        people=people_options(Role.OFFICE, Role.CUSTODIAN, Role.PROCTOR),
        is_closed=planning.find_batch(sitting.batch_id).state == BatchState.CLOSED,
    )


@bp.post("/papers/sittings/<int:sitting_id>")
def hand_over(sitting_id: int) -> ResponseReturnValue:
    """Record one link."""
    sitting = planning.find_sitting(sitting_id)
    service.hand_over(
        sitting_id,
        parsing.choice("room", sitting.room_codes),
        paper_id=parsing.whole("paper"),
        step=Step(parsing.choice("step", set(Step))),
        copies=parsing.whole("copies", high=10_000),
        seal_no=parsing.text("seal_no", longest=40),
        is_intact=parsing.choice("intact", ("yes", "no")) == "yes",
        people=(parsing.whole("first"), parsing.whole("second")),
        place=parsing.text("place", required=False, longest=120),
        note=parsing.text("note", required=False, longest=500),
        by=guards.current().actor,
    )
    return flask.redirect(flask.url_for("papers.chain", sitting_id=sitting_id))
