"""
The log's key, changed and revoked: both stand in the log, so that any copy of it tells.

A new key comes into force in three steps, each durable before the next: it is made beside the
old one, an entry that names both is appended, and a head over that entry is signed with the old
key. Only then does the new key take the old one's place, and the old one is gone. A crash in
between is finished by the next publish (heads.py), or by asking for the rotation again.
"""

import json

from examday import settings
from examday.db import unit_of_work
from examday.errors import Refusal
from examday.i18n import N_
from examday.trace.adapters.files import write_durably
from examday.trace.adapters.log_key import log_key, next_log_key, spare_key_is_ours
from examday.trace.rules import Action
from examday.trace.service import rows
from examday.trace.service.entries import append
from examday.trace.service.heads import head, publish
from examday.trace.service.policy import policy_text


class KeyElsewhere(Refusal):
    """The log key comes from outside home/keys, so it cannot be changed here."""

    code = "log_key_elsewhere"
    message = N_("The log key is not kept in this site's key folder. Change it where it is kept.")


class KeyInForce(Refusal):
    """Only a key that was replaced can be revoked."""

    code = "log_key_in_force"
    message = N_("This key still signs the trace. Change the log key first, then revoke it.")


class KeyUnknown(Refusal):
    """Not a key this log ever had."""

    code = "log_key_unknown"
    message = N_("This trace never had the key %(vkey)s.")


def rotate_log_key(reason: str, *, by: str) -> str:
    """
    Give the log a new key and write the site's policy again; gives the new verifier key.

    Witnesses and verifiers must be given the new policy by another way. Raises KeyElsewhere.
    """
    site = settings.current()
    if not spare_key_is_ours(site):
        raise KeyElsewhere
    old, new = log_key(site).vkey, next_log_key(site).vkey
    if not _was_announced(new):
        with unit_of_work():
            append(
                Action.KEY_ROTATED,
                subject="log",
                by=by,
                facts={"old": old, "new": new, "reason": reason},
            )
    publish()
    write_durably(site.home / "policy.txt", policy_text().encode())
    return new


def revoke_log_key(vkey: str, reason: str, *, by: str) -> None:
    """
    Let an earlier key of this log count no further than the newest head of now.

    Raises KeyInForce, KeyUnknown.
    """
    site = settings.current()
    if vkey == log_key(site).vkey:
        raise KeyInForce
    if f"log {vkey}" not in policy_text().split("\n"):
        raise KeyUnknown(vkey=vkey)
    newest = head()
    with unit_of_work():
        append(
            Action.KEY_REVOKED,
            subject="log",
            by=by,
            facts={"vkey": vkey, "size": newest.size if newest else 0, "reason": reason},
        )
    publish()


def _was_announced(vkey: str) -> bool:
    newest = rows.last_of(Action.KEY_ROTATED.value)
    return newest is not None and json.loads(newest.leaf)["facts"]["new"] == vkey
