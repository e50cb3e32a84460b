"""Sealed papers and the people around them, made through the services."""

import json
import time
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from examday import clock
from examday.db import release_reads
from examday.papers import service as papers
from examday.papers.service import Paper
from examday.staff import service as staff
from examday.staff.service import Account, Role
from question_bank import seal
from tests.factories.staff import make_account

CANARY = "金丝雀试题正文：三相异步电动机的转差率"
PASSPHRASE = "Custodian-9-of-the-safe"
OFFICE = "staff:office"


_RUBRIC = """6.评分记录表
考核内容\t评分要素\t配分\t评分标准
准备\t检查表笔\t20\t未检查扣20分
测量\t选择量程\t50\t量程选错扣50分
测量\t读数\t30\t读数错误扣30分
安全(否定项)\t带电换挡\t\t出现即为不合格
合计\t\t100\t
"""


def _task(number: str, code: str, title: str) -> str:
    return f"""{number}、{code} {title}
1.考试要求
(1)着装规范。
(2)操作正确。
2.准备要求
(1)场地准备：工位照明良好。
名称\t规格\t单位\t数量\t备注
万用表\tMF47\t块\t1\t
直流稳压电源\t0～30V\t台\t1\t可调
3.操作程序说明
(1)检查仪表。
(2)选择量程。
4.考试规定说明
(1)违章操作停止考试。
5.考试时限
(1)准备时间:2 min
(2)正式操作:20 min
{_RUBRIC}"""


# Two tasks at one point, one at another: layout F13.
TASKS = "".join(
    [
        _task("一", "AA001", "用万用表测直流电压"),
        _task("二", "AA001", "用钳形表测交流电流"),
        _task("三", "AA002", "接单相电度表"),
    ]
)


def finished(job: papers.Job) -> int:
    """Wait for a job as a person does, by looking again; give the number it leads to."""
    for _ in range(1200):
        if job.is_done:
            break
        time.sleep(0.05)
    assert job.failure == ""
    # The thread of the job wrote; a request of its own would begin to read afresh.
    release_reads()
    assert job.result is not None
    return job.result[1]


def paper_payload(*, form: str = "A", items: int = 6) -> dict[str, Any]:
    """A short paper with its key; every stem carries the canary."""
    questions = [
        {
            "no": number,
            "item": f"i{number}",
            "version": 1,
            "point": "A",
            "stem": f"{CANARY}第{number}问（　　）。",
            "options": ["正比", "反比", "相等", "无关"],
            "pictures": [],
        }
        for number in range(1, items + 1)
    ]
    return {
        "paper": {
            "v": 1,
            "code": f"DG4-{form}",
            "title": "电工四级理论知识试卷",
            "occupation": "电工",
            "level": 4,
            "form": form,
            "spare": False,
            "minutes": 90,
            "total": str(items),
            "notes": [],
            "sections": [
                {
                    "kind": "single",
                    "heading": "单项选择",
                    "instruction": "选择一个正确的答案，将相应的字母填入题内的括号中。",
                    "mark_each": "1",
                    "items": questions,
                }
            ],
        },
        "key": {
            "v": 1,
            "form": form,
            "items": [{"no": n, "mark": "1", "answer": "B"} for n in range(1, items + 1)],
        },
    }


@dataclass
class Safe:
    """A paper in custody, 2 of its 3 custodians needed."""

    paper: Paper
    custodians: list[Account]
    outsider: Account
    keepers: tuple[Account, Account]

    def approve(self, number: int) -> Paper:
        """Let the custodian of that number approve."""
        return papers.approve_opening(self.paper.id, self.custodians[number].id, PASSPHRASE)


def make_custodians(count: int = 3) -> list[Account]:
    """People with a custodian's key."""
    made = [make_account(Role.CUSTODIAN) for _ in range(count)]
    for account in made:
        staff.issue_custodian_key(account.id, PASSPHRASE, by=account.actor)
    return made


def seal_paper(
    custodians: list[Account], not_before: datetime, *, form: str = "A", threshold: int = 2
) -> bytes:
    """Seal the short paper for these people."""
    return seal.seal(
        json.dumps(paper_payload(form=form), ensure_ascii=False).encode(),
        header={"form": form},
        custodians={one.login: staff.custodian_public_key(one.id) for one in custodians},
        threshold=threshold,
        not_before=not_before,
    )


def make_safe(batch_id: int, *, opens_in: timedelta = timedelta(0), form: str = "A") -> Safe:
    """Take a paper into custody that may be opened so much later than now."""
    custodians = make_custodians()
    outsider = make_custodians(1)[0]
    keepers = (make_account(Role.OFFICE), make_account(Role.OFFICE))
    sealed = seal_paper(custodians, clock.now() + opens_in, form=form)
    paper = papers.take_custody(
        sealed,
        batch_id=batch_id,
        subject="theory",
        form_code=form,
        by=(keepers[0].id, keepers[1].id),
    )
    return Safe(paper, custodians, outsider, keepers)


def make_printer(**changed: Any) -> papers.Printer:
    """A printer whose agreement covers the year."""
    given = {
        "qualification": "国家秘密载体印制资质乙级",
        "agreement_no": "BM-2026-01",
        "valid_from": date(2026, 1, 1),
        "valid_to": date(2026, 12, 31),
        "by": OFFICE,
    } | changed
    return papers.register_printer("示范印务", **given)
