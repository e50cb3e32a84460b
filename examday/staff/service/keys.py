"""Keys of people: a signing certificate each, and X25519 for custodians (保管人)."""

from pathlib import Path

from sqlalchemy.orm import Session

from examday import clock, settings
from examday.db import db, unit_of_work
from examday.errors import NotFound
from examday.i18n import N_
from examday.signing import (
    PLACE_SUFFIX,
    CertifiedSigner,
    CustodianKey,
    SiteCA,
    Sm2Key,
    TokenPlace,
    key_sha256,
    token_public_key,
    unlock,
    unlock_token,
)
from examday.staff.models import AccountRow
from examday.staff.rules import Account, AlreadyIssued, NoKey, Role
from examday.staff.rules.accounts import NotCustodian
from examday.staff.service.accounts import account_of
from examday.trace import service as trace
from examday.trace.service import Action

_SM2 = ".sm2.pem"


def issue_certificate(account_id: int, passphrase: str, *, by: str) -> Account:
    """
    Make a key pair with a certificate; the private key exists only under the passphrase.

    A second call makes a new pair (a forgotten passphrase): old signatures keep their
    certificate. Where the site wants SM2, a key of that kind comes with it. Raises
    WeakPassphrase, and Unavailable where SM2 is wanted without openssl.
    """
    account = _account(account_id)
    path = _authority().issue_person(account.login, account.name, passphrase, now=clock.now())
    facts = {"cert_sha256": unlock(path, passphrase).cert_sha256}
    if settings.current().sm2:
        made = Sm2Key.create(path.with_suffix(_SM2), passphrase)
        facts["sm2_sha256"] = key_sha256(made.public_der)
    return _keep_certificate(account_id, path, facts, by=by)


def certify_token(account_id: int, place: TokenPlace, pin: str, *, by: str) -> Account:
    """
    Certify the key on a person's own token, after it has signed a challenge.

    From then on this person signs with it and its PIN. Raises NoToken, WrongPassphrase (the PIN),
    TokenLocked, BadSignature (no P-256 key).
    """
    account = _account(account_id)
    public = token_public_key(settings.current().pkcs11_module, place, pin)
    authority = _authority()
    path = authority.certify_token(account.login, account.name, place, public, now=clock.now())
    found = unlock_token(settings.current().pkcs11_module, path, pin)
    facts = {"cert_sha256": found.cert_sha256, "token": place.token}
    return _keep_certificate(account_id, path, facts, by=by)


def _keep_certificate(account_id: int, path: Path, facts: dict[str, str], *, by: str) -> Account:
    with unit_of_work() as work:
        row = _row(work, account_id)
        row.cert_sha256 = facts["cert_sha256"]
        row.key_file = path.relative_to(settings.current().keys).as_posix()
        trace.append(Action.CERTIFICATE_ISSUED, subject=row.login, by=by, facts=facts)
        return account_of(row)


def issue_custodian_key(account_id: int, passphrase: str, *, by: str) -> Account:
    """Make the one key of a custodian; raises NotCustodian, AlreadyIssued, WeakPassphrase."""
    account = _account(account_id)
    if Role.CUSTODIAN not in account.roles:
        raise NotCustodian(name=account.name)
    if account.has_custodian_key:
        raise AlreadyIssued(name=account.name)
    # The key file comes first: were the row there first, a crash would leave a key nobody has.
    path = settings.current().keys / "custodians" / f"{account.login}.json"
    path.unlink(missing_ok=True)
    key = CustodianKey.create(path, account.login, passphrase)
    with unit_of_work() as work:
        row = _row(work, account_id)
        row.custodian_public = key.public_bytes.hex()
        trace.append(
            Action.CUSTODIAN_KEY_ISSUED,
            subject=row.login,
            by=by,
            facts={"public": row.custodian_public},
        )
        return account_of(row)


def unlock_person_key(account_id: int, passphrase: str) -> CertifiedSigner:
    """
    Open a person's signing key for one act; of a key on a token the passphrase is its PIN.

    Raises NoKey, WrongPassphrase, NoToken, TokenLocked.
    """
    path = _key_path(account_id)
    if path.name.endswith(PLACE_SUFFIX):
        return unlock_token(settings.current().pkcs11_module, path, passphrase)
    return unlock(path, passphrase)


def unlock_sm2_key(account_id: int, passphrase: str) -> Sm2Key | None:
    """Open the SM2 key that came with a person's certificate; None where none did."""
    path = _key_path(account_id).with_suffix(_SM2)
    return Sm2Key.unlock(path, passphrase) if path.exists() else None


def _key_path(account_id: int) -> Path:
    row = _row(db.session(), account_id)
    if not row.key_file:
        raise NoKey(name=row.name)
    return settings.current().keys / row.key_file


def custodian_public_key(account_id: int) -> bytes:
    """Give the 32 public bytes a paper is sealed for; raises NoKey."""
    row = _row(db.session(), account_id)
    if not row.custodian_public:
        raise NoKey(name=row.name)
    return bytes.fromhex(row.custodian_public)


def unlock_custodian_key(account_id: int, passphrase: str) -> CustodianKey:
    """Open a custodian's key for one opening; raises NoKey or WrongPassphrase."""
    row = _row(db.session(), account_id)
    if not row.custodian_public:
        raise NoKey(name=row.name)
    path = settings.current().keys / "custodians" / f"{row.login}.json"
    return CustodianKey.unlock(path, passphrase)


def authority_pem() -> bytes:
    """Give the site's root certificate, for whoever verifies signatures elsewhere."""
    return _authority().certificate_pem


def _authority() -> SiteCA:
    site = settings.current()
    return SiteCA.load_or_create(site.keys / "ca", site.site_name, now=clock.now())


def _account(account_id: int) -> Account:
    return account_of(_row(db.session(), account_id))


def _row(work: Session, account_id: int) -> AccountRow:
    row = work.get(AccountRow, account_id)
    if row is None:
        raise NotFound(N_("account"), account_id)
    return row
