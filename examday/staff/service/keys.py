"""Keys of people: a signing certificate each, and X25519 for custodians (保管人)."""

from sqlalchemy.orm import Session

from examday import clock, settings
from examday.db import db, unit_of_work
from examday.errors import NotFound
from examday.signing import CustodianKey, PersonKey, SiteCA, unlock
from examday.staff.models import AccountRow
from examday.staff.rules import Account, AlreadyIssued, NoKey, Role
from examday.staff.rules.accounts import NotCustodian
from examday.staff.service.accounts import account_of
from examday.trace import service as trace
from examday.trace.service import Action


def issue_certificate(account_id: int, passphrase: str, *, by: str) -> Account:
    """
    Make a key pair with a certificate; the private key exists only under the passphrase.

    A second call makes a new pair (a forgotten passphrase): old signatures keep their
    certificate. Raises WeakPassphrase.
    """
    account = _account(account_id)
    path = _authority().issue_person(account.login, account.name, passphrase, now=clock.now())
    fingerprint = unlock(path, passphrase).cert_sha256
    with unit_of_work() as work:
        row = _row(work, account_id)
        row.cert_sha256 = fingerprint
        row.key_file = path.relative_to(settings.current().keys).as_posix()
        trace.append(
            Action.CERTIFICATE_ISSUED,
            subject=row.login,
            by=by,
            facts={"cert_sha256": fingerprint},
        )
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


def unlock_person_key(account_id: int, passphrase: str) -> PersonKey:
    """Open a person's signing key for one act; raises NoKey or WrongPassphrase."""
    row = _row(db.session(), account_id)
    if not row.key_file:
        raise NoKey(name=row.name)
    return unlock(settings.current().keys / row.key_file, passphrase)


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
        raise NotFound(what=account_id)
    return row
