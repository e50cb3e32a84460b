"""The trust policy of this site (C2SP tlog-policy): its log key, its witnesses, the quorum."""

from examday import settings
from examday.trace.adapters.log_key import log_key


def policy_text() -> str:
    """
    Write the policy a verifier needs; hand it out by another way than the evidence.

    The verifier trusts this file, so it must not come out of the bundle it judges.
    """
    site = settings.current()
    lines = [f"log {log_key(site).vkey}"]
    lines += [f"witness {one.name} {one.vkey} {one.url}".rstrip() for one in site.witnesses]
    if site.quorum:
        names = " ".join(one.name for one in site.witnesses)
        lines += [f"group witnesses {site.quorum} {names}", "quorum witnesses"]
    else:
        lines += ["quorum none"]
    return "\n".join([*lines, ""])
