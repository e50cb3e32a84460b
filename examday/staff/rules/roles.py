"""
Which duties one account may hold together.

三权分立: whoever runs the system (admin) or reads its trace (auditor) holds no duty of the day,
and not each other's. GS-14: 考务 and 监督 are two separate groups. Whoever judges does not sign
for the body, and whoever sets items does not guard or judge the papers made of them.
"""

from collections.abc import Collection, Iterable
from itertools import combinations

from examday.errors import Refusal
from examday.i18n import N_
from examday.web.access import Role
from examday.web.words import role_name

_ALONE = frozenset({Role.ADMIN, Role.AUDITOR})
_APART = frozenset(
    frozenset(pair)
    for pair in (
        (Role.OFFICE, Role.SUPERVISOR),
        (Role.EXAMINER, Role.SUPERVISOR),
        (Role.PROCTOR, Role.SUPERVISOR),
        (Role.SIGNER, Role.SUPERVISOR),
        (Role.EXAMINER, Role.SIGNER),
        (Role.SETTER, Role.CUSTODIAN),
        (Role.SETTER, Role.EXAMINER),
    )
)


class MixedDuties(Refusal):
    """Two duties that one person must not hold together."""

    code = "mixed_duties"
    message = N_("One person cannot be both %(one)s and %(other)s. Use two accounts of two people.")


class NoDuty(Refusal):
    """An account without a role could do nothing."""

    code = "no_duty"
    message = N_("Choose at least one role.")


def check_roles(roles: Collection[Role]) -> None:
    """Raise MixedDuties naming the first pair that must be kept apart, NoDuty for none."""
    if not roles:
        raise NoDuty
    for one, other in combinations(sorted(roles), 2):
        if {one, other} & _ALONE or frozenset((one, other)) in _APART:
            raise MixedDuties(one=role_name(one), other=role_name(other))


def read_roles(words: Iterable[str]) -> frozenset[Role]:
    """Turn the words of a form or a row into roles; an unknown word is left out."""
    known = {role.value for role in Role}
    return frozenset(Role(word) for word in words if word in known)
