"""A 评分记录表 of two tasks, as a TOML file and as a workbook."""

from examday import documents
from examday.scoring.rules.rubric_reading import columns

RUBRIC = """
title = "电工四级操作技能考核评分记录表"

[[tasks]]
title = "三相异步电动机正反转控制线路的安装与调试"
weight = 60
minutes = 90
vetoes = ["带电接线或造成短路的", "发生人身、设备安全事故的"]
items = [
  { content = "识图与选件", element = "元器件选择正确、检查完好", most = 20, standard = "每错一件扣2分" },
  { content = "安装与接线", element = "布线整齐、端子压接牢固", most = 50, standard = "每处不合要求扣1.5分" },
  { content = "通电试车", element = "一次试车成功", most = 30, standard = "第二次成功扣10分，不成功扣30分" },
]

[[tasks]]
title = "常用电工仪表的使用"
weight = 40
minutes = 20
items = [
  { content = "万用表", element = "量程选择与读数", most = 25, standard = "量程错扣5分，读数错扣10分" },
  { content = "兆欧表", element = "使用前检查、接线与读数", most = 25, standard = "未做开路短路试验扣10分" },
]
"""


def rubric_rows() -> list[list[object]]:
    """The first task alone, row by row, as a clerk would type it."""
    heads = [known[0] for known in columns().values()]
    return [
        [heads[i] for i in range(8)],
        ["正反转控制线路", None, 90, "识图与选件", "选择正确", 20, "每错一件扣2分", None],
        [None, None, None, "安装与接线", "布线整齐", 50, "每处扣1.5分", None],
        [None, None, None, "通电试车", "一次成功", 30, "第二次成功扣10分", None],
        [None, None, None, None, None, None, None, "带电接线的"],
    ]


def rubric_workbook(rows: list[list[object]] | None = None) -> bytes:
    head, *body = rows or rubric_rows()
    return documents.fill_workbook(
        documents.WorkbookSpec(
            sheet="评分记录表",
            title="操作技能考核评分记录表",
            columns=[documents.Column(str(one)) for one in head],
            rows=body,
        )
    )
