"""Training (HE-11) and declarations of avoidance (回避)."""

import flask
from flask.typing import ResponseReturnValue

from examday import clock
from examday.i18n import N_, gettext
from examday.staff import service
from examday.staff.service import Relation
from examday.staff.views.blueprint import bp
from examday.web import guards, parsing

RELATION_NAMES = {
    Relation.NONE: N_("no relation to any candidate"),
    Relation.KINSHIP: N_("kinship"),
    Relation.MENTOR: N_("master and apprentice"),
    Relation.TRAINER: N_("I taught the training"),
    Relation.SAME_UNIT: N_("same workshop or team"),
}


@bp.get("/trainings")
def trainings() -> ResponseReturnValue:
    """List trainings and offer to record one."""
    accounts = {account.id: account for account in service.list_accounts()}
    return flask.render_template(
        "staff/trainings.html",
        trainings=service.list_trainings(),
        accounts=accounts,
        today=clock.today(),
    )


@bp.post("/trainings")
def record_training() -> ResponseReturnValue:
    """Record a training and who attended."""
    service.record_training(
        parsing.wholes("account_ids"),
        parsing.day("held_on"),
        parsing.text("content"),
        by=guards.current().actor,
    )
    flask.flash(gettext("Training recorded."))
    return flask.redirect(flask.url_for("staff.trainings"))


@bp.get("/declarations")
def declarations() -> ResponseReturnValue:
    """Show what one has declared, and the form for a batch."""
    names = {relation.value: gettext(name) for relation, name in RELATION_NAMES.items()}
    own = service.list_own_avoidances(guards.current().account_id)
    return flask.render_template("staff/declarations.html", relations=names, own=own)


@bp.post("/declarations")
def declare() -> ResponseReturnValue:
    """Record one's own declaration for a batch."""
    person = guards.current()
    service.declare_avoidance(
        person.account_id,
        parsing.text("batch_code", longest=64),
        parsing.text("text", required=False),
        by=person.actor,
        relation=Relation(parsing.choice("relation", tuple(Relation))),
    )
    flask.flash(gettext("Declaration recorded."))
    return flask.redirect(flask.url_for("staff.declarations"))
