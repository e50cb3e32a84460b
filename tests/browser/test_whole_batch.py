"""One batch through the pages alone, from registering the body to a verified archive."""

import io
import json
import re
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import pytest
from flask import Flask
from PIL import Image
from playwright.sync_api import Page

from examday import clock as planning_clock
from examday.clock import SimulatedClock
from examday.demo import people
from examday.filing import service as filing
from examday.staff import service as staff
from tests.browser.clerk import Clerk
from tests.factories.papers import paper_payload

pytestmark = pytest.mark.browser

FIRST, OWN = "Diyici-2026-Denglu", "Ziji-2026-Mima-7"
CREW = {
    "ou": ("欧阳文", ["office"]),
    "an": ("安静", ["office"]),
    "cao": ("曹守正", ["custodian"]),
    "bai": ("白玉", ["custodian"]),
    "li": ("李考评", ["examiner"]),
    "liu": ("刘考评", ["examiner"]),
    "he": ("何考评", ["examiner"]),
    "qi": ("齐监考", ["proctor"]),
    "tang": ("唐监考", ["proctor"]),
    "su": ("苏督导", ["supervisor"]),
    "shi": ("石签发", ["signer"]),
}
CANDIDATES = 6
EXAM_DAY = date(2026, 10, 20)


@pytest.fixture
def hire(open_page: Callable[..., Page]) -> Callable[[str, str], Clerk]:
    """Give hire(login, password): a person with a browser."""

    def _hire(login: str, password: str) -> Clerk:
        page = open_page(None)
        page.set_default_timeout(8000)
        return Clerk(page, login, password)

    return _hire


def test_a_whole_batch_through_the_pages(
    app: Flask, clock: SimulatedClock, hire: Callable[[str, str], Clerk], tmp_path: Path
) -> None:
    clock.move_to(datetime(2026, 9, 22, 9, 0))
    secret = staff.first_start()
    crew = hire_the_crew(hire, secret)
    make_keys(crew)
    register_the_body(crew["ou"])
    open_the_batch(crew["ou"])
    import_the_roster(crew["ou"], tmp_path)
    approve_twice(crew)
    clock.move_to(datetime(2026, 9, 28, 9, 0))
    train_and_declare(crew)
    arrange(crew)
    clock.move_to(datetime(2026, 10, 9, 10, 0))
    file_the_roster(crew)
    clock.move_to(datetime(2026, 10, 13, 15, 0))
    review_the_filing(crew)
    take_papers(crew)
    tickets = issue_tickets(crew["ou"])
    clock.move_to(datetime(2026, 10, 20, 7, 40))
    open_the_day(crew)
    open_and_pack_papers(crew)
    for sitting, hour, minute in (("理论知识考试", 8, 40), ("操作技能考核", 13, 10)):
        clock.move_to(datetime(2026, 10, 20, hour, minute))
        hold_a_sitting(crew, clock, sitting, tickets, tmp_path)
    clock.move_to(datetime(2026, 10, 20, 16, 0))
    mark_theory(crew, tickets)
    mark_practical(crew, tickets)
    close_marks_and_day(crew)
    clock.move_to(datetime(2026, 10, 21, 9, 0))
    compile_and_sign(crew)
    publish(crew["ou"])
    clock.move_to(datetime(2026, 10, 23, 10, 0))
    number = hear_an_objection(crew["ou"])
    correct_the_sheet(crew, number)
    publish_again(crew["ou"], hire)
    clock.move_to(datetime(2026, 11, 2, 9, 0))
    close_the_notice(crew["ou"])
    file_and_archive(crew["ou"])


def hire_the_crew(hire: Callable[[str, str], Clerk], secret: str) -> dict[str, Clerk]:
    """The administrator of the first start makes everyone's account."""
    admin = hire("admin", secret)
    admin.go("/")
    admin.settle_in(OWN)
    for login, (name, roles) in CREW.items():
        card = {"card_no": f"2101{login}", "card_levels": [5, 4, 3], "card_valid_to": "2028-12-31"}
        admin.start("人员", "添加人员").send(
            "添加",
            name=name,
            login=login,
            roles=roles,
            password=FIRST,
            **(card if "examiner" in roles else {}),
        ).sees(name)
    admin.start("人员", "添加人员")
    mixed = {"name": "万能", "login": "wan", "roles": ["office", "supervisor"], "password": FIRST}
    admin.refused(lambda: admin.send("添加", **mixed), "考务", "督导")
    weak = {"name": "弱", "login": "ruo", "roles": ["proctor"], "password": "12345678"}
    admin.refused(lambda: admin.send("添加", **weak), "密码")
    return {login: hire(login, FIRST).settle_in(OWN) for login in CREW}


def make_keys(crew: dict[str, Clerk]) -> None:
    """Everyone who signs or keeps a seal makes a key of their own."""
    for login in ("li", "shi"):
        own = crew[login].start(CREW[login][0])
        twice = {"passphrase": own.passphrase, "passphrase_again": "another one"}
        own.refused(lambda own=own, twice=twice: own.send("生成我的证书", **twice), "不一致")
        own.send("生成我的证书", **twice | {"passphrase_again": own.passphrase}).sees("已生成")
    for login in ("cao", "bai"):
        own = crew[login].start(CREW[login][0])
        twice = {"passphrase": own.passphrase, "passphrase_again": own.passphrase}
        own.send("生成我的密钥", **twice).sees("已生成")


def register_the_body(ou: Clerk) -> None:
    """The receipt of the filing is typed in; a wrong credit code is found."""
    body = {
        "name": "示范重工集团有限公司",
        "filing_no": "Y000021012001",
        "uscc": "91210100MA0ABCD0AU",
        "authority": "沈阳市人力资源和社会保障局",
        "valid_from": "2025-01-01",
        "address": "示范市示范路1号",
        "contact": "欧阳文",
        "phone": "024-12345678",
        "occupation_0": "电工",
        "code_0": "6-31-01-03",
        "levels_0": [5, 4, 3],
    }
    ou.start("考务安排", "评价机构和备案范围")
    wrong = body | {"filing_no": "Y0000210120"}
    ou.refused(lambda: ou.send("保存", **wrong), "格式应为")
    ou.send("保存", **body).sees("Y000021012001", "电工")


def open_the_batch(ou: Clerk) -> None:
    """A batch inside the scope."""
    batch = {
        "code": "2026-04",
        "title": "2026年第四批职业技能等级认定",
        "target": "四级",
        "starts_on": "2026-10-20",
        "basis": "国家职业技能标准 电工（2018年版）",
    }
    ou.start("考务安排", "新建批次")
    wrong = batch | {"ends_on": "2026-10-19"}
    ou.refused(lambda: ou.send("新建批次", **wrong), "2026-10-19")
    ou.send("新建批次", **batch).sees("2026年第四批")


def import_the_roster(ou: Clerk, tmp_path: Path) -> None:
    """Bad rows are listed with row, column and reason; a picture of a roster is no roster."""
    path = tmp_path / "roster.xlsx"
    planted = people.write_roster(path, CANDIDATES, seed=7, bad_rows=3)
    ou.start("考务安排", "2026-04", "名册")
    assert ou.fetch("下载空白名册").startswith(b"PK")
    photo = {"name": "roster.xlsx", "mimeType": "application/zip", "buffer": b"\xff\xd8\xff" * 99}
    ou.refused(lambda: ou.send("导入", file=photo), "xlsx")
    letter = {"name": "名册.docx", "mimeType": "application/msword", "buffer": b"PK"}
    ou.refused(lambda: ou.send("导入", file=letter), ".xlsx")
    ou.send("导入", file=path).sees(f"{CANDIDATES}")
    for bad in planted:
        ou.sees(str(bad.row))


def approve_twice(crew: dict[str, Clerk]) -> None:
    """Two different people take the two steps."""
    ou, an = crew["ou"], crew["an"]
    ou.start("考务安排", "2026-04").send("单位已审核", signatory="王厂长")
    ou.refused(lambda: ou.send("评价机构核准", signatory="王厂长"), "另一人")
    an.start("考务安排", "2026-04").send("评价机构核准", signatory="赵主任").sees("赵主任")


def train_and_declare(crew: dict[str, Clerk]) -> None:
    """The office records the training, everybody declares for themselves."""
    ou = crew["ou"]
    ou.start("人员", "考前培训")
    boxes = ou.page.locator("[name=account_ids]")
    everyone = [boxes.nth(n).get_attribute("value") for n in range(boxes.count())]
    ou.refused(lambda: ou.send("登记", held_on="2026-09-28", content="考务规则"), "培训")
    ou.send("登记", held_on="2026-09-28", content="考务规则", account_ids=everyone)
    ou.sees("考务规则")
    for login in ("li", "liu", "he", "qi", "tang", "su", "cao"):
        own = crew[login].start(CREW[login][0], "回避申报")
        own.send("提交申报", batch_code="2026-04", text="无").sees("2026-04")


def arrange(crew: dict[str, Clerk]) -> None:
    """One room without cameras, two sittings, the people of the day."""
    ou = crew["ou"].start("考务安排", "2026-04")
    ou.open(ou.page.locator("main").get_by_role("link", name="考务安排", exact=True).last)
    ou.send("增加", code="R1", name="第一考场", capacity="30", has_cameras=False)
    theory = {"code": "T1", "subject": "theory", "starts_at": "2026-10-20T09:00"}
    theory |= {"minutes": "90", "room_codes": "R1", "form": "闭卷笔试"}
    short = theory | {"minutes": "30"}
    ou.refused(lambda: ou.send("安排", **short), "90")
    late = theory | {"starts_at": "2026-10-28T09:00"}
    ou.refused(lambda: ou.send("安排", **late), "2026-10-20")
    ou.send("安排", **theory).sees("T1")
    practical = {"code": "P1", "subject": "practical", "starts_at": "2026-10-20T13:30"}
    ou.send("安排", **practical, minutes="90", room_codes="R1", form="现场操作").sees("P1")
    wrong = {"account_id": "何考评", "duty": "proctor", "room_code": "R1"}
    ou.refused(lambda: ou.send("安排此人", within="T1 ·", **wrong), "何考评")
    posts = [("齐监考", "proctor"), ("唐监考", "proctor"), ("李考评", "examiner_leader")]
    posts += [("刘考评", "examiner"), ("何考评", "examiner")]
    for sitting in ("T1 ·", "P1 ·"):
        for name, duty in posts:
            who = {"account_id": name, "duty": duty, "room_code": "R1"}
            ou.send("安排此人", within=sitting, **who).sees(name)
        who = {"account_id": "苏督导", "duty": "quality_supervisor"}
        ou.send("安排此人", within=sitting, **who)


def file_the_roster(crew: dict[str, Clerk]) -> None:
    """Both forms of filing record 1 are taken away, the days of sending and review recorded."""
    ou = crew["ou"].start("备案归档", "2026年第四批")
    assert ou.fetch("PDF").startswith(b"%PDF")
    assert ou.fetch("XLSX").startswith(b"PK")
    ou.start("考务安排", "2026-04")
    ou.refused(lambda: ou.send("登记报备", sent_on="2026-12-01"), "2026-12-01")
    ou.send("登记报备", sent_on="2026-10-09").sees("2026-10-09")


def review_the_filing(crew: dict[str, Clerk]) -> None:
    """The day does not open before the centre's review, unless somebody answers for it."""
    ou = crew["ou"].start("考务安排", "2026-04")
    ou.page.get_by_text("未经审核开考").click()
    ou.refused(lambda: ou.send("开考"), "审核")
    ou.send("登记审核", reviewed_on="2026-10-13").sees("2026-10-13")


def take_papers(crew: dict[str, Clerk]) -> None:
    """Two people take the sealed papers in; a photo is no sealed paper."""
    ou = crew["ou"]
    for form in ("A", "B"):
        sealed = {"name": f"{form}.sealed", "mimeType": "application/json"}
        sealed["buffer"] = seal_for(("cao", "bai"), form)
        ou.start("试卷", "接收封卷")
        paper = {"batch": "2026-04", "subject": "theory", "form": form, "second": "曹守正"}
        if form == "A":
            photo = sealed | {"buffer": b"\x89PNG" * 20}
            ou.refused(lambda p=paper, f=photo: ou.send("接收保管", sealed=f, **p), "封")
            picture = sealed | {"name": "卷.jpg"}
            ou.refused(lambda p=paper, f=picture: ou.send("接收保管", sealed=f, **p), "封卷文件")
            alone = paper | {"second": "欧阳文"}
            ou.refused(lambda p=alone, f=sealed: ou.send("接收保管", sealed=f, **p), "两")
        ou.send("接收保管", sealed=sealed, **paper).sees("曹守正")
    ou.start("试卷", "印制单位").send(
        "登记",
        name="示范印务",
        qualification="国家秘密载体印制资质乙级",
        agreement_no="BM-2026-01",
        valid_from="2026-01-01",
        valid_to="2026-12-31",
    ).sees("BM-2026-01")


def seal_for(logins: tuple[str, ...], form: str) -> bytes:
    """The question bank seals without the server, with the keys read off the people's pages."""
    from question_bank import seal

    return seal.seal(
        json.dumps(paper_payload(form=form), ensure_ascii=False).encode(),
        header={"form": form},
        custodians={one: staff.custodian_public_key(staff.find_login(one).id) for one in logins},
        threshold=2,
        not_before=planning_clock.at(EXAM_DAY, 7, 30),
    )


def issue_tickets(ou: Clerk) -> list[str]:
    """Tickets from a public seed; seat map, sign-in sheet and door list are printed."""
    ou.start("入场签到", "准考证")
    ou.send(f"发 {CANDIDATES} 张准考证", seed="shuangseqiu-2026117").sees("孙维民")
    assert ou.fetch("打印全部准考证（PDF）").startswith(b"%PDF")
    numbers = [one.inner_text() for one in ou.page.locator("table.data tbody td.num").all()[::2]]
    ou.start("入场签到", "理论知识考试", "R1 考场座位")
    assert ou.fetch("签到表（PDF）").startswith(b"%PDF")
    assert ou.fetch("门贴（PDF）").startswith(b"%PDF")
    return numbers


def open_the_day(crew: dict[str, Clerk]) -> None:
    """The office opens the day; the day board shows it."""
    ou = crew["ou"].start("考务安排", "2026-04").send("开考")
    ou.sees("2026-10-20").go("/").sees("2026年第四批")


def open_and_pack_papers(crew: dict[str, Clerk]) -> None:
    """Two custodians open each form, the office prints, the bags go to the room."""
    ou = crew["ou"]
    for form in ("A", "B"):
        for login in ("cao", "bai"):
            own = crew[login].start("试卷", form)
            if (form, login) == ("A", "cao"):
                own.refused(lambda own=own: own.send("批准启封", passphrase="wrong one"), "曹守正")
            own.send("批准启封", passphrase=own.passphrase)
        own.sees("已启封")
        ou.start("试卷", form)
        pdf = ou.print_form("印制", copies="3", spares="1", printer="示范印务")
        assert pdf.startswith(b"%PDF")
        cao = crew["cao"].start("试卷", "理论 · 2026-10-20")
        bag = {"room": "R1", "paper": form, "copies": "4", "seal_no": f"R1-{form}"}
        pair = {"first": "欧阳文", "second": "曹守正"}
        if form == "A":
            alone = pair | {"second": "欧阳文"}
            cao.refused(lambda c=cao, b=bag, p=alone: c.send("登记", step="packed", **b, **p), "两")
            many = bag | {"copies": "40"}
            cao.refused(lambda c=cao, b=many, p=pair: c.send("登记", step="packed", **b, **p), "40")
        cao.send("登记", step="packed", **bag, **pair)
        cao.send("登记", step="drawn", **bag, first="曹守正", second="齐监考").sees(f"R1-{form}")


def hold_a_sitting(
    crew: dict[str, Clerk],
    clock: SimulatedClock,
    sitting: str,
    tickets: list[str],
    tmp_path: Path,
) -> None:
    """Check-in at the desk, papers, measures, an incident, the doors, the room's close."""
    is_theory = sitting.startswith("理论")
    waive_the_cameras(crew["ou"], is_theory=is_theory)
    check_in(crew["li"], sitting, tickets)
    if is_theory:
        unseal(crew["qi"], tickets)
    clock.advance(minutes=20)
    take_measures(crew["qi"], tmp_path, is_theory=is_theory)
    clock.advance(minutes=29)
    take_measures(crew["qi"], tmp_path, is_theory=is_theory)
    clock.advance(minutes=5)
    close_the_doors(crew["li"], sitting)
    if is_theory:
        report_a_cheat(crew["qi"], tickets[1])
    for _ in range(2):
        clock.advance(minutes=24)
        take_measures(crew["qi"], tmp_path, is_theory=is_theory)
    clock.advance(minutes=20)
    if is_theory:
        count_papers(crew["qi"])
    close_the_room(crew["qi"], is_theory=is_theory)


def to_room(own: Clerk, *, is_theory: bool) -> Clerk:
    """Find the room of the sitting on the list of rooms."""
    own.start("监考录像")
    rooms = own.page.locator("section").filter(has_text="理论" if is_theory else "实操")
    own.open(rooms.get_by_role("link", name="R1").first)
    return own


def waive_the_cameras(ou: Clerk, *, is_theory: bool) -> None:
    """No camera may hang here: the reason, and a supervisor who approves in person."""
    to_room(ou, is_theory=is_theory).follow("不能设置监控")
    waiver = {"reason": "防爆车间，不得安装摄像设备", "approver": "苏督导"}
    ou.refused(lambda: ou.send("启用无监控模式", **waiver, password="not hers"), "密码")
    ou.send("启用无监控模式", **waiver, password=OWN).sees("防爆车间")


def check_in(li: Clerk, sitting: str, tickets: list[str]) -> None:
    """The examiner types ticket numbers; the last candidate does not come."""
    li.start("入场签到", sitting)
    li.refused(lambda: li.send("登记", ticket_no="210120012610200199999"), "210120012610200199999")
    li.refused(lambda: li.send("停止入场并登记缺考"), "迟到")
    for number in tickets[:-1]:
        li.send("登记", ticket_no=number, answer="holder")
    assert li.page.locator(".figure strong").first.inner_text() == str(CANDIDATES - 1)


def unseal(qi: Clerk, tickets: list[str]) -> None:
    """Two proctors, two candidates who see the seal."""
    to_room(qi, is_theory=True).follow("试卷启封与清点")
    for form in ("A", "B"):
        seen = {"seal_no": f"R1-{form}", "copies": "4", "intact": "yes"}
        seen |= {"first": "齐监考", "second": "唐监考", "witness_1": tickets[0]}
        if form == "A":
            qi.refused(lambda s=seen, t=tickets: qi.send("登记启封", **s, witness_2=t[0]), "两名")
        qi.send("登记启封", **seen, witness_2=tickets[1]).sees(f"R1-{form}")
    assert qi.fetch("打印试卷拆封确认表").startswith(b"%PDF")


def take_measures(qi: Clerk, tmp_path: Path, *, is_theory: bool) -> None:
    """A patrol in words and a photo, by two."""
    picture = tmp_path / "room.jpg"
    Image.new("RGB", (640, 360), (90, 110, 120)).save(picture)
    pair = {"first": "齐监考", "second": "唐监考"}
    to_room(qi, is_theory=is_theory).follow("记录措施")
    note = {"name": "照片.jpg", "mimeType": "image/jpeg", "buffer": "不是照片".encode()}
    qi.refused(lambda: qi.send("登记", kind="photo", photo=note, **pair), "JPEG")
    qi.send("登记", kind="photo", photo=picture, **pair).follow("记录措施")
    qi.refused(lambda: qi.send("登记", kind="patrol", **pair), "巡")
    qi.send("登记", kind="patrol", note="秩序良好", **pair).sees("秩序良好")


def report_a_cheat(qi: Clerk, ticket: str) -> None:
    """Misconduct is somebody's, and signed."""
    to_room(qi, is_theory=True).follow("记录违纪或异常")
    act = {"kind": "copying", "fact": "左手压有写有公式的纸条，经当场确认。", "seat": "2"}
    qi.refused(lambda: qi.send("登记", **act, signature="signed"), "考生")
    qi.refused(lambda: qi.send("登记", **act, candidate=ticket, signature="refused"), "见证")
    qi.send("登记", **act, candidate=ticket, signature="signed").sees("纸条")


def close_the_doors(li: Clerk, sitting: str) -> None:
    """Who has not come is absent."""
    li.start("入场签到", sitting).send("停止入场并登记缺考").sees("缺考")


def count_papers(qi: Clerk) -> None:
    """Five wrote, one was absent, two spares came back."""
    to_room(qi, is_theory=True).follow("试卷启封与清点")
    count = {"used": "5", "absent": "1", "spare": "2", "void": "0", "new_seal": "R1-back"}
    qi.refused(lambda: qi.send("登记清点", **count, counter_1="齐监考", counter_2="齐监考"), "两")
    qi.send("登记清点", **count, counter_1="齐监考", counter_2="唐监考").sees("已平衡")


def close_the_room(qi: Clerk, *, is_theory: bool) -> None:
    """Everything confirmed, the record printed."""
    to_room(qi, is_theory=is_theory)
    qi.refused(lambda: qi.send("考场结束"), "考前清场")
    checks = ["cleared", "rules_read", "seats_match", "monitoring", "hotline_shown"]
    qi.send("考场结束", checks=checks)
    assert qi.print_form("打印考场情况记录单").startswith(b"%PDF")


def enter(own: Clerk, subject: str, marks: dict[str, str]) -> Clerk:
    """Type marks into the table by ticket number and hand them in."""
    own.start("成绩")
    own.open(own.page.locator(f"a[href$='/{subject}']").first)
    for ticket, mark in marks.items():
        own.page.get_by_label(f"{ticket}").first.fill(mark)
    own.send("提交成绩")
    return own


def mark_theory(crew: dict[str, Clerk], tickets: list[str]) -> None:
    """Two people type the marks without seeing each other's; the third decides one."""
    here = {tickets[0]: "88", tickets[2]: "71.5", tickets[3]: "64", tickets[4]: "90"}
    first = crew["liu"]
    enter(first, "theory", here | {tickets[0]: "101"}).sees("101", "0", "100")
    enter(first, "theory", {tickets[0]: "88"})
    enter(first, "theory", {tickets[1]: "55"})  # 违纪 is marked like all, and void on the sheet
    assert first.page.get_by_label(tickets[5]).count() == 0  # 缺考
    enter(crew["he"], "theory", here | {tickets[1]: "55", tickets[2]: "77.5"})
    first.start("成绩", "分歧")
    verdict = {"mark": "71.5", "reason": "复核原卷"}
    first.refused(lambda: first.send("作出决定", **verdict), "第三人")
    crew["li"].start("成绩", "分歧").send("作出决定", **verdict).sees("没有分歧")


def mark_practical(crew: dict[str, Clerk], tickets: list[str]) -> None:
    """Three examiners judge; one candidate stays just below the line."""
    for login, shift in (("li", 0), ("liu", 1), ("he", -1)):
        marks = {
            tickets[n]: str(mark + shift)
            for n, mark in ((0, 80), (1, 70), (2, 58), (3, 75), (4, 66))
        }
        enter(crew[login], "practical", marks)


def close_marks_and_day(crew: dict[str, Clerk]) -> None:
    """The leader closes the marks, the office the day."""
    crew["li"].start("成绩").send("锁定成绩").sees("成绩已锁定")
    crew["ou"].start("考务安排", "2026-04").send("结束当日").sees("当日已结束")


def compile_and_sign(crew: dict[str, Clerk]) -> None:
    """The office compiles, the leader signs first, the body seals."""
    ou, li, shi = crew["ou"], crew["li"], crew["shi"]
    ou.start("成绩单", "2026-04").send("生成成绩单").sees("孙维民", "缺考", "违纪")
    sign(li)
    sign(shi)
    shi.sees("已签署封存")
    assert shi.fetch("PDF").startswith(b"%PDF")


def sign(own: Clerk) -> None:
    """A wrong passphrase opens nothing; the right one signs."""
    own.start("成绩单", "2026-04", "签署")
    own.refused(lambda: own.send("用我的密钥签署", passphrase="not mine"), "口令")
    own.send("用我的密钥签署", passphrase=own.passphrase).sees(CREW[own.login][0])


def publish(ou: Clerk) -> None:
    """The signed sheet goes on the board, with a picture of the posted paper."""
    ou.start("公示").send("公示成绩单第1版").sees("公示中")
    letter = {"name": "门口.docx", "mimeType": "application/msword", "buffer": b"PK"}
    where = {"place": "厂区公告栏"}
    ou.refused(lambda: ou.send("保存凭证", picture=letter, **where), ".jpg")
    fake = {"name": "门口.jpg", "mimeType": "image/jpeg", "buffer": "不是照片".encode()}
    ou.refused(lambda: ou.send("保存凭证", picture=fake, **where), "JPEG")
    png = io.BytesIO()
    Image.new("RGB", (60, 40), (200, 60, 60)).save(png, "PNG")
    photo = {"name": "门口.png", "mimeType": "image/png", "buffer": png.getvalue()}
    ou.send("保存凭证", picture=photo, **where).sees("厂区公告栏")
    ou.refused(lambda: ou.send("结束公示"), "2026-10-28")


def hear_an_objection(ou: Clerk) -> str:
    """Received in writing by real name, accepted, investigated, upheld."""
    ou.start("公示")
    ou.open(ou.page.locator("dd a").first)
    ou.send(
        "登记异议",
        name="欧阳玉洁",
        contact="13800001234",
        about="欧阳玉洁 操作技能",
        text="对操作技能成绩有异议，请复核评分表。",
    )
    number = ou.page.locator("h1").inner_text().split()[-1].removeprefix("异议")
    ou.send("受理").send("开始核查", investigator="安静", note="复核三名考评员评分表")
    ou.send("作出决定", decision="upheld", finding="一名考评员漏记一项，应为66分。")
    return number.strip()


def correct_the_sheet(crew: dict[str, Clerk], number: str) -> None:
    """Version 2 names the objection and is signed by both anew."""
    ou = crew["ou"].start("成绩单", "2026-04", "因异议更正")
    change = {"candidate_id": "欧阳玉洁", "subject": "practical", "reason": "漏记一项"}
    change |= {"after": "66"}
    much = change | {"after": "166"}
    ou.refused(lambda: ou.send("出具更正版本", objection_no=number, **much), "166")
    ou.send("出具更正版本", objection_no=number, **change).sees("漏记一项")
    for login in ("li", "shi"):
        sign(crew[login])


def publish_again(ou: Clerk, hire: Callable[[str, str], Clerk]) -> None:
    """The corrected sheet is posted; anyone may read it, masked."""
    ou.start("公示").send("公示成绩单第2版").sees("公示中")
    stranger = hire("", "")
    stranger.page.goto("/notices")
    stranger.follow("2026年第四批").sees("合格")
    assert not re.search(r"\d{15}", stranger.text())


def close_the_notice(ou: Clerk) -> None:
    """After the last day the notice closes."""
    ou.start("公示")
    ou.open(ou.page.locator("dd a").first)
    ou.send("结束公示").sees("已结束")


def file_and_archive(ou: Clerk) -> None:
    """Approval, certificate numbers, every form, the archive verified."""
    ou.start("备案归档", "2026年第四批")
    approval = {"approver": "王审核", "office": "沈阳市人力资源和社会保障局"}
    later = approval | {"approved_on": "2027-01-01"}
    ou.refused(lambda: ou.send("登记审核通过", **later), "2027-01-01")
    ou.send("登记审核通过", **approval, reference="沈人社〔2026〕1号").sees("王审核")
    ou.send("编发证书编号").sees("Y000021012001")
    for word, start in (("XLSX", b"PK"), ("PDF", b"%PDF")):
        for link in ou.page.get_by_role("link", name=word, exact=True).all():
            assert ou.fetch(str(link.get_attribute("href")), is_link=False).startswith(start)
    ou.start("考务安排", "2026-04").send("批次结束")
    ou.start("备案归档", "2026年第四批").send("批次归档").sees("正在归档")
    filing.build_archives()  # what the job of the server does within seconds
    ou.start("备案归档", "2026年第四批").sees("档案包校验通过")
    ou.send("重新校验").sees("档案包校验通过")
    ou.page.get_by_text("查阅档案").click()
    with ou.page.expect_download() as taken:
        form = ou.form("下载")
        form.locator("[name=purpose]").fill("移交档案室")
        form.locator("[name=witness]").fill("苏督导")
        form.get_by_role("button").click()
    assert taken.value.path().read_bytes().startswith(b"PK")
