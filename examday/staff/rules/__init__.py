"""What staff decides, without a database: roles, passwords, sign-ins, who may be posted."""

from examday.staff.rules.accounts import (
    Account,
    AlreadyIssued,
    LoginTaken,
    NoKey,
    NotYourself,
    check_login,
)
from examday.staff.rules.passwords import SamePassword, WeakPassword, check_password, has_expired
from examday.staff.rules.roles import MixedDuties, check_roles
from examday.staff.rules.serving import (
    Avoidance,
    NobodyAttended,
    Obstacle,
    ObstacleKind,
    Record,
    Relation,
    Training,
    obstacles,
)
from examday.staff.rules.sign_ins import (
    MustWait,
    NotConfirmed,
    SignIn,
    WrongPassword,
    has_ended,
    wait_until,
)
from examday.web.access import Role

__all__ = [
    "Account",
    "AlreadyIssued",
    "Avoidance",
    "LoginTaken",
    "MixedDuties",
    "MustWait",
    "NoKey",
    "NobodyAttended",
    "NotConfirmed",
    "NotYourself",
    "Obstacle",
    "ObstacleKind",
    "Record",
    "Relation",
    "Role",
    "SamePassword",
    "SignIn",
    "Training",
    "WeakPassword",
    "WrongPassword",
    "check_login",
    "check_password",
    "check_roles",
    "has_ended",
    "has_expired",
    "obstacles",
    "wait_until",
]
