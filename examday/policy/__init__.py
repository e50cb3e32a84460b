"""
规则档案: the numbers that a province's notice sets, each with the clause it is read from.

One file per notice in config/policy; where a province is silent, strictest.toml speaks, so a new
province starts with the strictest rules (DOMAIN §1.7). Policy is frozen and knows no room.
"""

from examday.policy.loading import (
    STRICTEST,
    BadPolicy,
    UnknownPolicy,
    find_policy,
    load_policies,
)
from examday.policy.profile import (
    AdmissionRules,
    BodyRules,
    CandidateKind,
    CandidateRules,
    CertificateRules,
    ExamRules,
    FilingRules,
    Method,
    MonitoringRules,
    Notice,
    Policy,
    PublicityRules,
    RetentionRules,
    RoomRules,
    ScoringRules,
    StaffRules,
    Subject,
)

__all__ = [
    "STRICTEST",
    "AdmissionRules",
    "BadPolicy",
    "BodyRules",
    "CandidateKind",
    "CandidateRules",
    "CertificateRules",
    "ExamRules",
    "FilingRules",
    "Method",
    "MonitoringRules",
    "Notice",
    "Policy",
    "PublicityRules",
    "RetentionRules",
    "RoomRules",
    "ScoringRules",
    "StaffRules",
    "Subject",
    "UnknownPolicy",
    "find_policy",
    "load_policies",
]
