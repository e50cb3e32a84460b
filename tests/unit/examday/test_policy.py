"""Each number of a notice is read from a clause, and a silent province gets the strictest."""

import shutil
import tomllib
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from examday.policy import BadPolicy, CandidateKind, UnknownPolicy, find_policy, load_policies
from examday.settings import config_folder

FOLDER = config_folder() / "policy"
POLICIES = load_policies(FOLDER)
FILES = sorted(FOLDER.glob("*.toml"))
DOCUMENTS = {
    "gansu-2021": "甘人社通〔2021〕138号",
    "hebei-2021": "冀职鉴字〔2021〕7号",
    "liaoning-2020": "辽人社〔2020〕22号",
    "huangshi-2021": "黄人社函〔2021〕26号",
    "shandong-2020": "鲁人社字〔2020〕201号",
}


def test_the_five_provinces_and_the_strictest_are_there():
    assert set(POLICIES) == {*DOCUMENTS, "strictest"}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_each_rule_names_a_clause(path):
    content = tomllib.loads(path.read_text("utf-8"))
    content.pop("notice")

    for section, rules in content.items():
        for rule, entry in rules.items():
            assert set(entry) == {"value", "source"}, f"{path.stem}: {section}.{rule}"
            assert entry["source"].strip()


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_province_quotes_its_own_notice_for_what_it_states_itself(name):
    policy = POLICIES[name]

    own = {rule: clause for rule, clause in policy.clauses.items() if rule not in policy.inherited}

    assert policy.notice.document == DOCUMENTS[name]
    assert own
    assert all(clause.startswith(DOCUMENTS[name]) for clause in own.values())


@pytest.mark.parametrize("name", [*DOCUMENTS, "strictest"])
def test_where_a_province_is_silent_the_strictest_number_holds(name):
    policy = POLICIES[name]

    assert policy.filing.before_working_days == 5
    assert policy.publicity.min_working_days == 5
    assert policy.publicity.publish_within_working_days == 7
    assert (policy.retention.paper_years, policy.retention.electronic_years) == (3, 5)
    assert policy.rooms.examiners_min >= 3
    assert policy.rooms.examiners_odd
    assert policy.scoring.pass_mark == Decimal(60)


def test_inherited_rules_are_marked_and_keep_the_clause_they_come_from():
    liaoning = POLICIES["liaoning-2020"]

    assert "publicity.min_working_days" in liaoning.inherited
    assert liaoning.clause("publicity.min_working_days").startswith("甘人社通〔2021〕138号 五(四)")
    assert "body.valid_years" not in liaoning.inherited


def test_candidate_kinds_differ_by_province():
    kinds = {name: set(policy.candidates.kinds) for name, policy in POLICIES.items()}

    assert kinds["liaoning-2020"] == {CandidateKind.STAFF, CandidateKind.DISPATCHED}
    assert kinds["shandong-2020"] == {CandidateKind.STAFF}
    assert CandidateKind.COOPERATIVE_STUDENT in kinds["gansu-2021"]
    assert CandidateKind.FREE_TRAINEE in kinds["hebei-2021"]
    assert kinds["huangshi-2021"] == {
        CandidateKind.STAFF,
        CandidateKind.DISPATCHED,
        CandidateKind.OUTSOURCED,
    }
    # The strictest allows only what every province allows.
    assert kinds["strictest"] == set.intersection(*kinds.values())


def test_gansus_notice_has_run_out_and_says_so():
    notice = POLICIES["gansu-2021"].notice

    assert not notice.has_expired(date(2024, 4, 15))
    assert notice.has_expired(date(2024, 4, 16))
    assert not POLICIES["hebei-2021"].notice.has_expired(date(2030, 1, 1))


def test_labels_are_those_of_the_forms():
    policy = POLICIES["liaoning-2020"]

    assert policy.level_label(4) == "四级/中级工"
    assert policy.kind_label(CandidateKind.STAFF) == "本企业员工"
    assert policy.certificate.no_trade == "——"
    assert POLICIES["hebei-2021"].certificate.no_trade == "--"


def test_an_unknown_name_lists_the_known_ones():
    with pytest.raises(UnknownPolicy, match="hebei-2021"):
        find_policy(POLICIES, "atlantis-1999")


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ('source = "甘人社通〔2021〕138号 五(四) GS-21"', 'source = " "', "publicity"),
        ("min_working_days = { value = 5,", "min_working_days = { value = true,", "publicity"),
        ("min_working_days = { value = 5,", 'min_working_days = { value = "5",', "publicity"),
        ("min_working_days =", "minimum_days =", "publicity.minimum_days"),
        ('kinds = { value = ["staff"', 'kinds = { value = ["martian"', "candidates.kinds"),
        ("[notice]", "[note]", "note"),
    ],
)
def test_a_spoilt_rule_is_refused_by_name(tmp_path: Path, old, new, rule):
    for path in FILES:
        shutil.copy(path, tmp_path)
    spoilt = tmp_path / "gansu-2021.toml"
    text = spoilt.read_text("utf-8")
    assert old in text
    spoilt.write_text(text.replace(old, new), "utf-8")

    with pytest.raises(BadPolicy) as refused:
        load_policies(tmp_path)

    assert str(refused.value.params["rule"]).startswith(rule)
