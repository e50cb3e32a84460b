"""Papers in the room: unsealing before two witnesses, and counting back."""

import flask
from flask.typing import ResponseReturnValue

from examday.errors import NotFound
from examday.i18n import N_
from examday.papers import service
from examday.papers.service import Step
from examday.papers.views.blueprint import bp, pdf, people_options
from examday.planning import service as planning
from examday.planning.service import Sitting
from examday.staff.service import Role
from examday.web import guards, parsing


@bp.get("/papers/sittings/<int:sitting_id>/<room_code>")
def unsealing(sitting_id: int, room_code: str) -> ResponseReturnValue:
    """Show the bags of a room, what was opened, and the balance."""
    sitting = _room(sitting_id, room_code)
    drawn = [
        link for link in service.list_hand_overs(sitting_id, room_code) if link.step is Step.DRAWN
    ]
    opened = service.list_unsealings(sitting_id, room_code)
    return flask.render_template(
        "papers/unsealing.html",
        sitting=sitting,
        room_code=room_code,
        drawn=drawn,
        opened=opened,
        shut=[link for link in drawn if link.seal_no not in {bag.seal_no for bag in opened}],
        balance=service.balance(sitting_id, room_code),
        people=people_options(Role.PROCTOR),
    )


@bp.post("/papers/sittings/<int:sitting_id>/<room_code>")
def record_unsealing(sitting_id: int, room_code: str) -> ResponseReturnValue:
    """Record 启封."""
    _room(sitting_id, room_code)
    service.record_unsealing(
        sitting_id,
        room_code,
        seal_no=parsing.text("seal_no", longest=40),
        copies_counted=parsing.whole("copies", high=10_000),
        proctors=(parsing.whole("first"), parsing.whole("second")),
        witnesses=(parsing.text("witness_1", longest=40), parsing.text("witness_2", longest=40)),
        is_intact=parsing.choice("intact", ("yes", "no")) == "yes",
        problem=parsing.text("problem", required=False, longest=500),
        by=guards.current().actor,
    )
    return _back(sitting_id, room_code)


@bp.post("/papers/sittings/<int:sitting_id>/<room_code>/balance")
def record_balance(sitting_id: int, room_code: str) -> ResponseReturnValue:
    """Record what was counted back."""
    _room(sitting_id, room_code)
    service.record_balance(
        sitting_id,
        room_code,
        used=parsing.whole("used", high=10_000),
        absent=parsing.whole("absent", high=10_000),
        spare=parsing.whole("spare", high=10_000),
        void=parsing.whole("void", high=10_000),
        seal_no=parsing.text("new_seal", longest=40),
        people=(parsing.whole("counter_1"), parsing.whole("counter_2")),
        by=guards.current().actor,
    )
    return _back(sitting_id, room_code)


@bp.get("/papers/sittings/<int:sitting_id>/<room_code>/unsealing.pdf")
def unsealing_form(sitting_id: int, room_code: str) -> ResponseReturnValue:
    """Print the 试卷拆封确认表."""
    sitting = _room(sitting_id, room_code)
    return pdf(service.print_unsealing(sitting_id, room_code), f"unsealing-{sitting.code}")


def _room(sitting_id: int, room_code: str) -> Sitting:
    sitting = planning.find_sitting(sitting_id)
    if room_code not in sitting.room_codes:
        raise NotFound(N_("exam room of this sitting"), room_code)
    return sitting


def _back(sitting_id: int, room_code: str) -> ResponseReturnValue:
    return flask.redirect(
        flask.url_for("papers.unsealing", sitting_id=sitting_id, room_code=room_code)
    )
