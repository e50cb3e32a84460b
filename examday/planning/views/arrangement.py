"""The arrangement page: sittings by rooms, and who serves in them."""

import flask
from flask import request
from flask.typing import ResponseReturnValue

from examday.i18n import gettext
from examday.planning import service
from examday.planning.service import Duty, RoomKind, Subject
from examday.planning.service.posts import ROLE_OF_DUTY
from examday.planning.views.blueprint import bp
from examday.staff import service as staff
from examday.web import guards, parsing

_POSTABLE = frozenset(ROLE_OF_DUTY.values())


@bp.get("/batches/<int:batch_id>/arrangement")
def arrangement(batch_id: int) -> ResponseReturnValue:
    """Show sittings, rooms, posts and what is missing."""
    sittings = service.list_all_needs(batch_id)
    return flask.render_template(
        "planning/arrangement.html",
        batch=service.find_batch(batch_id),
        sittings=[(sitting, needs, service.list_posts(sitting.id)) for sitting, needs in sittings],
        signed_at={
            (sitting.id, one.account_id): one.signed_at
            for sitting, _needs in sittings
            for one in service.list_sign_ins(sitting.id)
        },
        rooms=service.list_rooms(),
        people=[one for one in staff.list_accounts() if one.is_active and one.roles & _POSTABLE],
        duties=list(Duty),
        kinds=list(RoomKind),
        policy=service.policy_of(batch_id),
    )


@bp.post("/batches/<int:batch_id>/sittings")
def arrange(batch_id: int) -> ResponseReturnValue:
    """Arrange a sitting."""
    service.arrange_sitting(
        batch_id,
        parsing.text("code", longest=40),
        parsing.choice("subject", set(Subject)),
        parsing.moment("starts_at"),
        parsing.whole("minutes", low=1, high=720),
        request.form.getlist("room_codes"),
        by=guards.current().actor,
        form=parsing.text("form", required=False, longest=40),
    )
    return _back(batch_id, gettext("The sitting is arranged."))


@bp.post("/batches/<int:batch_id>/rooms")
def add_room(batch_id: int) -> ResponseReturnValue:
    """Add a room of the site."""
    service.add_room(
        parsing.text("code", longest=20),
        parsing.text("name", longest=100),
        parsing.whole("capacity", low=1, high=1000),
        kind=parsing.choice("kind", set(RoomKind)),
        place=parsing.text("place", required=False, longest=200),
        has_cameras="has_cameras" in request.form,
        by=guards.current().actor,
    )
    return _back(batch_id, gettext("The room is added."))


@bp.post("/sittings/<int:sitting_id>/posts")
def post_staff(sitting_id: int) -> ResponseReturnValue:
    """Post a person."""
    post = service.post_staff(
        sitting_id,
        parsing.text("room_code", required=False, longest=20),
        parsing.whole("account_id"),
        parsing.choice("duty", set(Duty)),
        by=guards.current().actor,
    )
    said = gettext("%(name)s is posted.") % {"name": post.name}
    return _back(service.find_sitting(sitting_id).batch_id, said)


@bp.post("/sittings/<int:sitting_id>/posts/<int:post_id>/relieve")
def relieve(sitting_id: int, post_id: int) -> ResponseReturnValue:
    """Take a person off a sitting."""
    reason = parsing.text("reason", longest=200)
    service.relieve_staff(post_id, reason=reason, by=guards.current().actor)
    return _back(service.find_sitting(sitting_id).batch_id, gettext("The post is free again."))


def _back(batch_id: int, said: str) -> ResponseReturnValue:
    flask.flash(said)
    return flask.redirect(flask.url_for("planning.arrangement", batch_id=batch_id))
