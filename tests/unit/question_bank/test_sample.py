"""Every key of the sample bank is true: reckoned again from the printed numbers alone."""
# ruff: noqa: N803, E741  the relations use the symbols of physics

import re
from collections import Counter
from math import isclose, sqrt

import pytest

from question_bank import Kind, check, import_files, open_store
from question_bank.items import LETTERS, RIGHT, defects
from question_bank.items.wording import plain
from question_bank.sample import sample_bank
from question_bank.sample.bank import words

# Each law as physics says it, written apart from the formulas that made the items:
# the two sides must be equal for the quantities named by their symbols in laws.toml.
RELATIONS = {
    "欧姆定律": lambda U, I, R: (U / I, R),
    "直流电功率": lambda P, U, I: (P / U, I),
    "电阻的功率与电流": lambda P, I, R: (sqrt(P / R), I),
    "电阻的功率与电压": lambda P, U, R: (sqrt(P * R), U),
    "电能计算": lambda W, P, t: (W / t, P),
    "焦耳定律": lambda Q, I, R, t: (sqrt(Q / R / t), I),
    "全电路欧姆定律": lambda U, E, I, r: ((E - U) / r, I),
    "电导": lambda G, R: (G * R, 1),
    "电流强度": lambda q, I, t: (q / I, t),
    "铜导线的电阻": lambda R, L, S: (R * S / L, 0.0175),
    "电阻串联": lambda R, R1, R2: (R - R1, R2),
    "串联电路的电流": lambda U, I, R1, R2: (I * R1 + I * R2, U),
    "串联分压": lambda U1, U, R1, R2: (U1 / R1, (U - U1) / R2),
    "两电阻并联": lambda R, R1, R2: (1 / R1 + 1 / R2, 1 / R),
    "相等电阻并联": lambda R, r, n: (n / r, 1 / R),
    "并联分流": lambda I1, I, R1, R2: (I1 * R1, (I - I1) * R2),
    "节点电流定律": lambda I3, I1, I2: (I1 + I2 - I3 + 1, 1),
    "电池串联": lambda E, e, n: (E / n, e),
    "电容器的电荷量": lambda Q, C, U: (Q / U, C),
    "电容并联": lambda C, C1, C2: (C - C2, C1),
    "相等电容串联": lambda C, c, n: (1 / C, n / c),
    "RC电路的时间常数": lambda T, R, C: (T / R, C),
    "RL电路的时间常数": lambda T, L, R: (T * R, L),
    "均匀磁场的磁通": lambda F, B, S: (F / S, B),
    "直导体的感应电动势": lambda E, B, L, v: (E / v / L, B),
    "载流导体所受的力": lambda F, B, I, L: (F / I / L, B),
    "线圈的感应电动势": lambda E, N, F, t: (E * t, N * F),
    "电感线圈的磁场能量": lambda W, L, I: (sqrt(2 * W / L), I),
    "周期与频率": lambda T, f: (T * f / 1000, 1),
    "角频率": lambda w, f: (w / f, 2 * 3.14),
    "感抗": lambda X, f, L: (X / L / f, 2 * 3.14),
    "电阻与感抗串联的阻抗": lambda Z, R, X: (R**2 + X**2, Z**2),
    "单相有功功率": lambda P, U, I, k: (P / k, U * I),
    "单相视在功率": lambda S, U, I: (S / I, U),
    "功率因数": lambda P, S, k: (P / k, S),
    "功率三角形": lambda S, P, Q: (S**2 - P**2, Q**2),
    "交流电路欧姆定律": lambda U, I, Z: (U / Z, I),
    "对称三相负载的功率": lambda P, U, I, k: (P / 3 / k, U * I),
    "变压器的变比": lambda a, k, b: (a / b, k),
    "变压器的电压变换": lambda U2, U1, N1, N2: (U1 / U2, N1 / N2),
    "变压器的电流变换": lambda I2, U1, I1, U2: (U1 * I1, U2 * I2),
    "变压器的效率": lambda P, p, n: (P / p, n / 100),
    "变压器的损耗": lambda p, P, d: (p - P, d),
    "电流互感器的变流比": lambda I, k, i: (I / i, k),
    "电压互感器的变压比": lambda U, k, u: (U / u, k),
    "单相变压器的额定电流": lambda S, U, I: (S / U, I),
    "异步电动机的同步转速": lambda n, f, p: (n / 60 * p, f),
    "异步电动机的转差率": lambda n, a, s: (1 - n / a, s / 100),
    "异步电动机的转速差": lambda n, a, d: (n + d, a),
    "电动机的额定转矩": lambda T, P, n: (T * n / P, 9550),
    "电动机的效率": lambda P, p, n: (P / p, n / 100),
    "电动机的起动电流倍数": lambda S, k, I: (S / I, k),
    "星三角降压起动": lambda D, Y: (D / Y, 3),
    "直流电动机的反电动势": lambda E, U, I, r: (E + I * r, U),
    "带传动的转速": lambda m, n, D, d: (m * d, n * D),
    "绝对误差": lambda x, a, d: (x - d, a),
    "相对误差": lambda d, a, g: (d / a, g / 100),
    "电压表扩大量程": lambda R, k, r: ((R + r) / r, k),
    "电流表扩大量程": lambda r, R, k: ((R + r) / R, k),
    "仪表的最大绝对误差": lambda d, a, A: (d / A, a / 100),
    "指针式仪表的读数": lambda x, n, A, N: (x / A, n / N),
    "电能表的用电量": lambda W, d, k: (W / k, d),
    "直流单臂电桥": lambda X, k, R: (X / k, R),
    "功率表的分格常数": lambda C, U, I, N: (C * N, U * I),
    "电热负载的电流": lambda P, I: (P / I, 220),
    "线路的电压损失": lambda U, u, d: (u + d, U),
    "电压损失百分数": lambda d, U, g: (d / U, g / 100),
    "需要系数法": lambda C, P, k: (C / P, k),
    "平均照度": lambda F, E, S: (F / S, E),
    "变压器的负载率": lambda L, S, b: (L / S, b / 100),
}
FACTORS = {
    ("A", "mA"): 1e3,
    ("kV", "V"): 1e3,
    ("kΩ", "Ω"): 1e3,
    ("MΩ", "kΩ"): 1e3,
    ("kW", "W"): 1e3,
    ("μF", "nF"): 1e3,
    ("H", "mH"): 1e3,
    ("h", "s"): 3600,
    ("kWh", "MJ"): 3.6,
    ("kHz", "Hz"): 1e3,
    ("m", "mm"): 1e3,
    ("个周期", "°"): 360,
}
NUMBER = r"([0-9]+(?:\.[0-9]+)?)"


@pytest.fixture(scope="module")
def bank():
    return sample_bank(3)


def holds(law, text):
    """Read every quantity a text names, and see whether the law holds among them."""
    values = {}
    for symbol, name in law["names"].items():
        found = re.findall(rf"(?:^|[，、知若则时]){name}为{NUMBER}", text)
        assert len(found) == 1, (name, text)
        values[symbol] = float(found[0])
    left, right = RELATIONS[law["title"]](**values)
    return isclose(left, right, rel_tol=1e-9)


def items_of(bank, title):
    points = {one.code for one in bank.blueprint.points if one.name.startswith(title + "：求")}
    return [item for item in bank.items if item.point in points]


@pytest.mark.parametrize("law", words("laws")["laws"], ids=lambda law: law["title"])
def test_every_key_obeys_its_law_and_no_distractor_does(bank, law):
    items = items_of(bank, law["title"])
    assert len(items) >= 6 * len(law["solve"])
    for item in items:
        if item.kind is Kind.JUDGE:
            assert holds(law, item.stem) == (item.answer == RIGHT), item
        elif item.kind is Kind.SINGLE:
            truths = [
                holds(
                    law,
                    re.sub(r"(?:应为|为)（　）", f"为{option}", item.stem).replace("那么", "则"),
                )
                for option in item.options
            ]
            assert (
                "".join(letter for letter, true in zip(LETTERS, truths, strict=False) if true)
                == item.answer
            ), item
        elif item.kind is Kind.MULTIPLE:
            truths = [holds(law, option) for option in item.options]
            assert (
                "".join(letter for letter, true in zip(LETTERS, truths, strict=False) if true)
                == item.answer
            ), item
        else:
            target = re.search(r"求(.+?)，写出", item.stem)[1]
            value = re.search(rf"得{target}为{NUMBER}", item.answer)[1]
            assert holds(law, item.stem.replace("。求", f"，{target}为{value}。求")), item


def test_every_conversion_is_right():
    bank = sample_bank(3)
    points = {one.code for one in bank.blueprint.points if "换算" in one.name}
    items = [item for item in bank.items if item.point in points]
    assert len(items) == 6 * len(FACTORS)
    for item in items:
        texts = (
            [item.stem.replace("（　）", option) for option in item.options]
            if item.kind is Kind.SINGLE
            else list(item.options) or [item.stem]
        )
        truths = [_converts(text) for text in texts]
        letters = "".join(letter for letter, true in zip(LETTERS, truths, strict=False) if true)
        assert item.answer == (letters if item.options else RIGHT if truths[0] else "×"), item


def _converts(text):
    match = re.match(rf"{NUMBER} (\S+?)等于{NUMBER} (\S+?)。?$", text)
    factor = FACTORS[match[2], match[4]]
    return isclose(float(match[1]) * factor, float(match[3]), rel_tol=1e-9)


def test_statements_are_keyed_by_the_side_they_stand_on(bank):
    rules = words("facts")["rules"]
    right = {one for rule in rules for one in rule["right"]}
    wrong = {one for rule in rules for one in rule["wrong"]}
    assert not right & wrong
    for item in bank.items:
        if item.options and set(item.options) <= right | wrong:
            asked = wrong if "错误的" in item.stem else right
            truths = [option in asked for option in item.options]
            letters = "".join(letter for letter, true in zip(LETTERS, truths, strict=False) if true)
            assert item.answer == letters, item


def test_pairs_are_keyed_by_their_table(bank):
    for table in words("facts")["tables"]:
        asked = {table["ask"].format(left=left): right for left, right in table["pairs"]}
        stated = {table["state"].format(left=a, right=b).rstrip("。") for a, b in table["pairs"]}
        rights = [right for _left, right in table["pairs"]]
        assert len(set(rights)) == len(rights), table["title"]
        for item in bank.items:
            if item.stem in asked:
                assert item.options[LETTERS.index(item.answer)] == asked[item.stem]
            elif item.stem == f"关于{table['title']}，下列说法正确的有（　）。":
                truths = [option in stated for option in item.options]
                assert (
                    "".join(letter for letter, true in zip(LETTERS, truths, strict=False) if true)
                    == item.answer
                )


def test_the_bank_is_large_sound_and_without_repeats(bank):
    kinds = Counter(item.kind for item in bank.items)

    assert len(bank.items) >= 600
    assert len(bank.blueprint.points) >= 120
    assert min(kinds[kind] for kind in (Kind.SINGLE, Kind.MULTIPLE, Kind.JUDGE)) >= 120
    assert kinds[Kind.CALCULATION] > 0
    assert {item.difficulty for item in bank.items} == {1, 2, 3, 4, 5}
    assert len({item.source for item in bank.items}) == 3
    assert [item for item in bank.items if defects(item)] == []
    assert len({item.fingerprint for item in bank.items}) == len(bank.items)
    assert len({plain(item.stem) + "|".join(item.options) for item in bank.items}) == len(
        bank.items
    )
    assert check(bank.blueprint) == []


def test_letters_of_single_choice_keys_are_spread(bank):
    letters = Counter(item.answer for item in bank.items if item.kind is Kind.SINGLE)

    assert min(letters[letter] for letter in "ABCD") > 0.18 * letters.total()


@pytest.mark.parametrize("seed", [1, 2])
def test_real_files_give_back_every_item_and_list_what_was_planted(seed, tmp_path):
    from question_bank import write_sample

    files = write_sample(tmp_path / "files", seed=seed)
    with open_store(tmp_path / "bank.db") as store:
        report = import_files(store, [*files.texts, files.workbook])
    made = {item.fingerprint: item for item in sample_bank(seed).items}

    assert (len(report.accepted), len(report.listed)) == (files.items, files.planted_bad)
    assert len(made) == files.items
    for item in report.accepted:
        twin = next((one for one in (made.get(item.fingerprint),) if one), None)
        assert twin is not None, item
        assert (item.answer, item.point, item.difficulty, item.source, item.enemies) == (
            twin.answer,
            twin.point,
            twin.difficulty,
            twin.source,
            twin.enemies,
        )
