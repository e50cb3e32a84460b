"""The body with its scope, and the rule profile with each rule beside its clause."""

from datetime import date

import flask
from flask import request
from flask.typing import ResponseReturnValue

from examday import clock
from examday.i18n import gettext
from examday.planning import service
from examday.planning.service import Level, ScopeLine
from examday.planning.views.blueprint import bp
from examday.web import guards, parsing

_SPARE_LINES = 3
_MOST_LINES = 200


@bp.get("/body")
def body() -> ResponseReturnValue:
    """Show the assessment body, its validity and its scope."""
    bodies = service.list_bodies()
    found = bodies[0] if bodies else None
    return flask.render_template(
        "planning/body.html",
        body=found,
        warnings=service.list_body_warnings(),
        policy=service.site_policy(),
        levels=[level for level in Level if level in service.site_policy().exam.levels],
        lines=range(_SPARE_LINES + (len(found.scope) if found else 0)),
    )


@bp.post("/body")
def register_body() -> ResponseReturnValue:
    """Register or renew the body."""
    valid_from = parsing.day("valid_from")
    service.register_body(
        name=parsing.text("name", longest=200),
        filing_no=parsing.text("filing_no", longest=20),
        uscc=parsing.text("uscc", longest=20),
        authority=parsing.text("authority", longest=200),
        valid_from=valid_from,
        valid_to=parsing.day("valid_to") if request.form.get("valid_to") else None,
        address=parsing.text("address", longest=200),
        contact=parsing.text("contact", longest=100),
        phone=parsing.text("phone", longest=40),
        scope=_scope(valid_from),
        by=guards.current().actor,
    )
    flask.flash(gettext("The body is registered."))
    if not service.has_check_digit(parsing.text("uscc", longest=20)):
        said = gettext(
            "The check digit of the credit code does not fit: compare it with the licence."
        )
        flask.flash(said, "warn")
    return flask.redirect(flask.url_for("planning.body"))


@bp.get("/rules")
def rules() -> ResponseReturnValue:
    """Show the rule profile: each number beside the clause it is read from."""
    policies = service.list_policies()
    name = request.args.get("profile", "")
    policy = policies.get(name) or service.site_policy()
    return flask.render_template(
        "planning/rules.html",
        policy=policy,
        policies=policies.values(),
        rules=service.list_rules(policy),
        has_expired=policy.notice.has_expired(clock.today()),
    )


def _scope(valid_from: date) -> list[ScopeLine]:
    return [
        ScopeLine(
            occupation=parsing.text(f"occupation_{line}", longest=100),
            trade=parsing.text(f"trade_{line}", required=False, longest=100),
            occupation_code=parsing.text(f"code_{line}", longest=20),
            levels=frozenset(Level(level) for level in parsing.wholes(f"levels_{line}")),
            valid_from=parsing.day(f"from_{line}")
            if request.form.get(f"from_{line}")
            else valid_from,
            mapped_from=parsing.text(f"mapped_{line}", required=False, longest=100),
        )
        for line in range(_MOST_LINES)
        if request.form.get(f"occupation_{line}", "").strip()
    ]
