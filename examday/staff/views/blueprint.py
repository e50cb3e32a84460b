"""The blueprint, and how a browser's token becomes a person for every room."""

from flask import Blueprint, g
from flask.blueprints import BlueprintSetupState

from examday.staff import service
from examday.web import guards
from examday.web.guards import Person

bp = Blueprint("staff", __name__, template_folder="../templates", url_prefix="/staff")
# Until a first or expired password is changed, only this page and the way out are open.
_CONFINED = ("staff.own_account", "staff.change_password", "staff.sign_out", "web.static")


def load_person(token: str) -> Person | None:
    """Give the person of an open sign-in, or None."""
    account = service.resume(token)
    if account is None:
        return None
    return Person(
        account_id=account.id,
        login=account.login,
        name=account.name,
        roles=frozenset(account.roles),
        token=token,
        confined_to=_CONFINED if service.needs_new_password(account.id) else (),
    )


guards.sign_ins.user_loader(load_person)


@bp.app_template_filter("person_name")
def person_name(actor: str) -> str:
    """Show the name behind an actor of the trace; kiosks, jobs and unknown logins stay as is."""
    if "actor_names" not in g:
        g.actor_names = {account.actor: account.name for account in service.list_accounts()}
    name: str = g.actor_names.get(actor, actor)
    return name


@bp.record_once
def name_pages(state: BlueprintSetupState) -> None:
    """Tell the frame of every page where one signs in and out."""
    state.app.extensions["examday_pages"] = guards.Pages(
        sign_in="staff.sign_in", sign_out="staff.sign_out", account="staff.own_account"
    )
