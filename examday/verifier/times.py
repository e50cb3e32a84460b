"""
Time from outside: RFC 3161 stamps and witnesses against what the entries say of themselves.

A head cannot have been stamped or co-signed before the last entry it covers was written: then
the site's clock, or its history, is wrong. Later is only a delay (a site off line), and is told.
"""

from collections.abc import Iterable, Sequence

from cryptography import x509

from . import openssl
from .faults import Malformed
from .heads import SignedHead, log_signed
from .layout import STAMPS
from .log import Log
from .note import Verifier
from .policy import Policy
from .report import Report
from .shown import hours, local, seconds
from .stamp import Stamp, objection, parse_stamp
from .store import Store

# An honest server may run this far ahead of the authority's clock.
AHEAD_TOLERANCE_MS = 60_000
DELAY_MS = 3_600_000


def check_stamps(
    store: Store,
    log: Log,
    heads: Sequence[SignedHead],
    policy: Policy,
    report: Report,
    *,
    roots: Sequence[x509.Certificate] = (),
) -> None:
    """
    Check each trace/tsr/<size>.tsr: of its head, signed by a trusted authority, not too early.

    Stamped is the head as the log alone signed it, so late cosignatures leave it valid. Without
    `roots` the issuer is not judged. A token in looser DER than this program reads is shown to
    the openssl command; without it, the token must at least hold the digest.
    """
    by_size = {head.checkpoint.size: head.checkpoint for head in heads}
    for name in sorted(store.names):
        if not name.startswith(f"{STAMPS}/"):
            continue
        stem, data = name.removeprefix(f"{STAMPS}/").removesuffix(".tsr"), store.read(name)
        head = by_size.get(int(stem)) if stem.isdecimal() else None
        wanted = log_signed(head.note, policy) if head else b""
        stamp = _read(data)
        if head is None or wanted != (
            stamp.imprint if stamp else wanted if wanted in data else b""
        ):
            report.find("STAMP_MISMATCH", name)
        elif stamp is None:
            at = _judge_loose(data, wanted, name, report, roots)
            _compare(log.time_of(head.size), at, report, code="LOG_TIME_VS_TSA", where=name)
        else:
            _judge(stamp, name, report, roots)
            _compare(log.time_of(head.size), stamp.time, report, code="LOG_TIME_VS_TSA", where=name)


def check_witnesses(
    log: Log, heads: Sequence[SignedHead], witnesses: Iterable[Verifier], report: Report
) -> None:
    """Compare the time in each valid cosignature with the last entry its head covers."""
    for head in heads:
        for witness in witnesses:
            signature = head.checkpoint.note.signed_by(witness)
            if signature is not None:
                at, where = signature.time * 1000, f"{head.where} {witness.name}"
                written = log.time_of(head.checkpoint.size)
                _compare(written, at, report, code="WITNESS_TSA_SKEW", where=where)


def _read(data: bytes) -> Stamp | None:
    try:
        return parse_stamp(data)
    except Malformed:
        return None


def _judge(stamp: Stamp, name: str, report: Report, roots: Sequence[x509.Certificate]) -> None:
    if not roots:
        report.note("STAMP_SEEN", name)
        return
    reason = objection(stamp, roots)
    if reason:
        report.find("STAMP_SIGNATURE", name, reason=reason)
    else:
        report.note("STAMP_VALID", name, time=local(stamp.time))


def _judge_loose(
    data: bytes, imprint: bytes, name: str, report: Report, roots: Sequence[x509.Certificate]
) -> int | None:
    """Let openssl judge a token; gives its time, None where openssl cannot tell it."""
    at = openssl.stamped_at(data, imprint)
    if at is None or not roots:
        report.note("STAMP_SEEN", name)
    elif openssl.accepts(data, imprint, roots, at=at):
        report.note("STAMP_VALID", name, time=local(at))
    else:
        report.find("STAMP_SIGNATURE", name, reason="openssl ts -verify refuses it")
    return at


def _compare(written: int | None, at: int | None, report: Report, *, code: str, where: str) -> None:
    """Tell when the outside saw a head before its last entry was written, or much later."""
    if written is None or at is None:
        return
    if at < written - AHEAD_TOLERANCE_MS:
        report.find(code, where, seconds=seconds(written - at), time=local(at))
    elif at > written + DELAY_MS:
        report.note("OUTSIDE_TIME_LATE", where, hours=hours(at - written))
