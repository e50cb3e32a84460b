"""One's own account: password, signing certificate, custodian's key."""

import flask
from flask.typing import ResponseReturnValue

from examday import settings
from examday.errors import BadInput
from examday.i18n import N_, gettext
from examday.signing import TokenPlace
from examday.staff import service
from examday.staff.views.blueprint import bp
from examday.web import guards, parsing


class NotRepeated(BadInput):
    """Typed twice, and not the same."""

    code = "not_repeated"
    message = N_("The two entries differ. Type the same one twice.")


@bp.get("/account")
def own_account() -> ResponseReturnValue:
    """Show one's own account."""
    person = guards.current()
    account = service.find_account(person.account_id)
    return flask.render_template(
        "staff/account.html",
        account=account,
        seal_key=seal_key(account),
        must_change=bool(person.confined_to),
        profile=settings.current().password_profile,
        takes_tokens=bool(settings.current().pkcs11_module),
        can_sign=bool(person.roles & {"examiner", "signer", "supervisor", "office"}),
    )


@bp.post("/account/password")
def change_password() -> ResponseReturnValue:
    """Change one's own password."""
    new = _twice("new")
    service.change_password(guards.current().token, parsing.secret("old"), new)
    flask.flash(gettext("Password changed. Sign-ins at other places have ended."))
    return flask.redirect(flask.url_for("staff.own_account"))


@bp.post("/account/certificate")
def issue_certificate() -> ResponseReturnValue:
    """Make one's own signing certificate; nobody else ever knows the passphrase."""
    person = guards.current()
    service.issue_certificate(person.account_id, _twice("passphrase"), by=person.actor)
    flask.flash(gettext("Certificate made. Keep the passphrase: nobody can read it back."))
    return flask.redirect(flask.url_for("staff.own_account"))


@bp.post("/account/token")
def certify_token() -> ResponseReturnValue:
    """Have the key on one's own token certified; the PIN is asked for at each signing."""
    person = guards.current()
    place = TokenPlace(parsing.text("token"), parsing.text("key"))
    service.certify_token(person.account_id, place, parsing.secret("pin"), by=person.actor)
    flask.flash(gettext("The token's key is certified. From now on you sign with its PIN."))
    return flask.redirect(flask.url_for("staff.own_account"))


@bp.post("/account/custodian-key")
def issue_custodian_key() -> ResponseReturnValue:
    """Make one's own custodian key."""
    person = guards.current()
    service.issue_custodian_key(person.account_id, _twice("passphrase"), by=person.actor)
    flask.flash(gettext("Custodian key made. Keep the passphrase: nobody can read it back."))
    return flask.redirect(flask.url_for("staff.own_account"))


def seal_key(account: service.Account) -> str:
    """Give a custodian's public key as the question bank takes it: LOGIN=HEX, or ""."""
    if not account.has_custodian_key:
        return ""
    return f"{account.login}={service.custodian_public_key(account.id).hex()}"


@bp.get("/authority.pem")
def authority() -> ResponseReturnValue:
    """Give the site's root certificate to whoever verifies a signature."""
    response = flask.make_response(service.authority_pem())
    response.headers["Content-Type"] = "application/x-pem-file"
    return response


def _twice(field: str) -> str:
    typed = parsing.secret(field)
    if typed != parsing.secret(f"{field}_again"):
        raise NotRepeated
    return typed
