"""The trust policy of this site (C2SP tlog-policy): its log keys, its witnesses, the quorum."""

import json

from examday import settings
from examday.settings import Settings
from examday.trace.adapters.log_key import log_key
from examday.trace.rules import Action
from examday.trace.service import rows


def log_vkey(site: Settings) -> str:
    """Give the verifier key of a site's log, making the key at the first start; needs no app."""
    return log_key(site).vkey


def policy_text() -> str:
    """
    Write the policy a verifier needs; hand it out by another way than the evidence.

    The verifier trusts this file, so it must not come out of the bundle it judges.
    """
    site = settings.current()
    lines = [f"log {vkey}" for vkey in _log_keys(log_key(site).vkey)]
    lines += [f"witness {one.name} {one.vkey} {one.url}".rstrip() for one in site.witnesses]
    if site.quorum:
        names = " ".join(one.name for one in site.witnesses)
        lines += [f"group witnesses {site.quorum} {names}", "quorum witnesses"]
    else:
        lines += ["quorum none"]
    return "\n".join([*lines, ""])


def _log_keys(present: str) -> list[str]:
    """List the log's keys: the present one, then those it replaced, which signed older heads."""
    rotations = [json.loads(one.leaf)["facts"] for one in rows.all_of(Action.KEY_ROTATED.value)]
    named = [vkey for one in reversed(rotations) for vkey in (one["new"], one["old"])]
    return list(dict.fromkeys([present, *named]))
