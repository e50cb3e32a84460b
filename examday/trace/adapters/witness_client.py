"""Asking a witness to co-sign a checkpoint (C2SP tlog-witness, POST add-checkpoint)."""

import http.client
import logging
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from examday.errors import Tampered, Unavailable
from examday.i18n import N_
from examday.settings import Witness
from examday.verifier.checkpoint import Checkpoint, parse_decimal
from examday.verifier.faults import Malformed
from examday.verifier.note import Signature, encode64, parse_signature, parse_vkey

log = logging.getLogger(__name__)

_SECONDS = 5
_MAX_ANSWER = 65536
_CONFLICT = 409
_SIZE_TYPE = "text/x.tlog.size"

Prove = Callable[[int], Sequence[bytes]]
"""old size -> consistency proof from there to the checkpoint at hand."""


class WitnessObjects(Tampered):
    """A witness has seen another history of this log: the supervisor must look into it."""

    code = "witness_objects"
    message = N_(
        "Witness %(name)s has seen another history of this trace (%(answer)s)."
        " Stop and call the supervisor."
    )


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back over the line."""

    status: int
    content_type: str
    body: str


def cosign(witness: Witness, checkpoint: Checkpoint, *, old: int, prove: Prove) -> Signature:
    """
    Get this witness's cosignature on the checkpoint; `old` is where we think it stands.

    Raises Unavailable when the line or the witness fails, WitnessObjects on a fork.
    """
    answer = _post(witness, _request(checkpoint, old, prove))
    if answer.status == _CONFLICT and answer.content_type.startswith(_SIZE_TYPE):
        stands_at = _size(witness, answer)
        if stands_at > checkpoint.size or stands_at == old:
            raise WitnessObjects(name=witness.name, answer=f"409 {stands_at}")
        answer = _post(witness, _request(checkpoint, stands_at, prove))
    if answer.status in (_CONFLICT, http.client.UNPROCESSABLE_ENTITY):
        raise WitnessObjects(name=witness.name, answer=answer.status)
    if answer.status != http.client.OK:
        raise Unavailable(what=f"{witness.name} {answer.status}")
    return _cosignature(witness, checkpoint, answer)


def _request(checkpoint: Checkpoint, old: int, prove: Prove) -> bytes:
    lines = [f"old {old}", *(encode64(step) for step in prove(old)), "", ""]
    return "\n".join(lines).encode() + checkpoint.note.encoded()


def _post(witness: Witness, body: bytes) -> Answer:
    url = witness.url.rstrip("/") + "/add-checkpoint"
    if not url.startswith(("http://", "https://")):
        raise Unavailable(what=url)
    request = urllib.request.Request(url, data=body, method="POST")  # noqa: S310 (checked above)
    try:
        with urllib.request.urlopen(request, timeout=_SECONDS) as reply:  # noqa: S310
            return _answer(reply.status, reply)
    except urllib.error.HTTPError as error:
        with error:
            return _answer(error.code, error)
    except (OSError, http.client.HTTPException) as error:
        raise Unavailable(what=f"{witness.name}: {error}") from error


def _answer(status: int, reply: http.client.HTTPResponse | urllib.error.HTTPError) -> Answer:
    body = reply.read(_MAX_ANSWER).decode("utf-8", "replace")
    return Answer(status, reply.headers.get("Content-Type", ""), body)


def _size(witness: Witness, answer: Answer) -> int:
    try:
        return parse_decimal(answer.body.removesuffix("\n"))
    except Malformed as error:
        raise Unavailable(what=f"{witness.name}: {error}") from error


def _cosignature(witness: Witness, checkpoint: Checkpoint, answer: Answer) -> Signature:
    key = parse_vkey(witness.vkey)
    for line in answer.body.removesuffix("\n").split("\n"):
        try:
            signature = parse_signature(line)
        except Malformed:
            continue
        ours = (signature.name, signature.key_id) == (key.name, key.key_id)
        if ours and key.accepts(checkpoint.note.text, signature.blob):
            return signature
    raise Unavailable(what=f"{witness.name}: no valid cosignature in its answer")
