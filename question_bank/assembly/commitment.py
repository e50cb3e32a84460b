"""
Commit and reveal: a draw whose seed nobody could choose, and that anybody can check afterwards.

Before: the bank is frozen, and a commitment is published: the salted root of the bank, blueprint,
model, run, the digest of a secret, and which outside source will speak (a dated public draw, dice
thrown by the 督导员). Then the source speaks, and seed = SHA-256 over commitment, secret and
entropy (RFC 3797's pattern). Until the exam is over the secret stays sealed, since bank and
seed together are the papers; afterwards it is revealed and `check_reveal` reckons everything again.
"""

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from examday.wire.canonical import Malformed, canonical, parse_canonical
from question_bank.assembly import AssemblyRun, assemble_snapshot
from question_bank.assembly.merkle import Inclusion, path_of, root_of, salted_leaf, salts
from question_bank.assembly.request import ALGORITHM, Request
from question_bank.errors import BadCertificate, BadInput
from question_bank.i18n import N_
from question_bank.i18n import gettext as _
from question_bank.store import Store
from question_bank.store.snapshot import Snapshot, line_bytes

TYPE = "question_bank:commitment"
SECRET = 32
LEAST_ENTROPY = 6

OTHER_COMMITMENT = N_("the certificate names another commitment")
OTHER_SECRET = N_("the secret is not the one committed to")
OTHER_SEED = N_("the seed does not follow from commitment, secret and entropy")
OTHER_BANK = N_("the bank is not the one committed to")
OTHER_INPUTS = N_("blueprint, model, run or number of papers differ from the commitment")


@dataclass(frozen=True, slots=True)
class Commitment:
    """`public` is published before the draw; `secret` (canonical JSON) is kept under seal."""

    public: bytes
    secret: bytes

    @property
    def digest(self) -> str:
        """SHA-256 (hex) of the public part, by which the certificate names it."""
        return hashlib.sha256(self.public).hexdigest()


def commit(store: Store, request: Request, *, source: str) -> Commitment:
    """
    Freeze the bank and commit to a draw; `source` names the entropy still to come.

    The seed of the request is not looked at. Raises BadInput without a source.
    """
    if not source.strip():
        raise BadInput(why=_("name the public source that will give the entropy"))
    frozen = store.snapshot(batch=request.batch)
    secret, salt = secrets.token_bytes(SECRET), secrets.token_bytes(SECRET)
    public = canonical(
        _inputs(request)
        | {
            "v": 1,
            "type": TYPE,
            "bank": {"root": _root(frozen, salt).hex(), "items": len(frozen)},
            "secret_sha256": hashlib.sha256(secret).hexdigest(),
            "source": source,
        }
    )
    kept = {"secret": secret.hex(), "salt": salt.hex(), "snapshot": frozen.digest}
    return Commitment(public, canonical(kept))


def draw_committed(
    store: Store, commitment: Commitment, request: Request, *, entropy: str
) -> AssemblyRun:
    """
    Draw what was committed to, now that the source has spoken.

    Raises BadInput if the inputs are not those committed to, or the entropy is too short.
    """
    public, kept = _read(commitment)
    if len(entropy.strip()) < LEAST_ENTROPY:
        raise BadInput(why=_("the entropy is shorter than 6 characters"))
    if any(public.get(name) != value for name, value in _inputs(request).items()):
        raise BadInput(why=_(OTHER_INPUTS))
    frozen = store.find_snapshot(str(kept["snapshot"]), audit=False)
    if _root(frozen, bytes.fromhex(kept["salt"])).hex() != public["bank"]["root"]:
        raise BadInput(why=_(OTHER_BANK))
    seed = seed_of(commitment, entropy=entropy)
    asked = replace(request, seed=seed, commitment=commitment.digest, entropy=entropy)
    return assemble_snapshot(frozen, asked)


def seed_of(commitment: Commitment, *, entropy: str) -> bytes:
    """Give the seed that follows from a commitment, its secret and the entropy."""
    _public, kept = _read(commitment)
    parts = {"commitment": commitment.digest, "secret": kept["secret"], "entropy": entropy}
    return hashlib.sha256(canonical(parts)).digest()


def check_reveal(commitment: Commitment, certificate: bytes, snapshot: Snapshot) -> list[str]:
    """Name everything in which a certificate departs from what was committed to before."""
    public, kept = _read(commitment)
    try:
        wire = parse_canonical(certificate)
        drawn = {
            "algorithm": wire["algorithm"],
            "blueprint": wire["blueprint"]["digest"],
            "model": wire["model"]["digest"],
            "papers": len(wire["papers"]),
            "run": wire["run"],
            "reason": wire["reason"],
            "batch": wire["batch"],
            "relaxations": wire["relaxations"],
        }
        seed = seed_of(commitment, entropy=str(wire["entropy"]))
        found = {
            OTHER_COMMITMENT: wire["commitment"] != commitment.digest,
            OTHER_SEED: wire["seed"] != seed.hex(),
            OTHER_INPUTS: any(public.get(name) != value for name, value in drawn.items()),
            OTHER_BANK: wire["bank"]["digest"] != snapshot.digest
            or _root(snapshot, bytes.fromhex(kept["salt"])).hex() != public["bank"]["root"],
        }
    except (Malformed, KeyError, TypeError) as error:
        raise BadCertificate(file="certificate", why=_("it is not a certificate")) from error
    secret = hashlib.sha256(bytes.fromhex(kept["secret"])).hexdigest()
    found[OTHER_SECRET] = public["secret_sha256"] != secret
    return [_(what) for what, is_so in found.items() if is_so]


def prove_item(commitment: Commitment, snapshot: Snapshot, item_id: str) -> Inclusion:
    """Show that an item was in the bank committed to; raises BadInput if it was not."""
    _public, kept = _read(commitment)
    place = next((at for at in range(len(snapshot)) if snapshot.id_at(at) == item_id), -1)
    if place < 0:
        raise BadInput(why=_("there is no item %s") % item_id)
    salt = bytes.fromhex(kept["salt"])
    leaves = _leaves(snapshot, salt)
    return Inclusion(
        place=place,
        size=len(leaves),
        line=line_bytes(snapshot.line(place)),
        salt=salts(salt, len(leaves))[place],
        path=path_of(leaves, place),
    )


def _inputs(request: Request) -> dict[str, Any]:
    return {
        "algorithm": ALGORITHM,
        "blueprint": request.blueprint.digest,
        "model": request.model.digest,
        "papers": request.papers,
        "run": request.run,
        "reason": request.reason,
        "batch": request.batch,
        "relaxations": [one.to_wire() for one in request.relaxations],
    }


def _root(snapshot: Snapshot, salt: bytes) -> bytes:
    return root_of(_leaves(snapshot, salt))


def _leaves(snapshot: Snapshot, salt: bytes) -> list[bytes]:
    return [
        salted_leaf(one, line_bytes(snapshot.line(place)))
        for place, one in enumerate(salts(salt, len(snapshot)))
    ]


def _read(commitment: Commitment) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    try:
        public, kept = parse_canonical(commitment.public), parse_canonical(commitment.secret)
        is_one = public["type"] == TYPE
        bytes.fromhex(kept["secret"] + kept["salt"] + public["bank"]["root"])
    except (Malformed, KeyError, TypeError, ValueError) as error:
        raise BadCertificate(file="commitment", why=_("it is not a commitment")) from error
    if not is_one:
        raise BadCertificate(file="commitment", why=_("it is not a commitment"))
    return public, kept
