"""
Staff: who may act on the day, and how they show who they are.

人员 are `Account`s with `Role`s: 考务 office, 命题 setter, 审题 reviewer, 保管 custodian, 考评员
examiner, 监考员 proctor, 督导员 quality supervisor, 审计 auditor, 系统管理 admin, 签发 signer. A
`SignIn` is one person at one browser; a certificate lets a person sign, a custodian's key opens
a share of a sealed paper. 考前培训 (`Training`), 回避 (`Avoidance`) and the 考评员证卡 say who may
be posted.

Serves 甘人社通〔2021〕138号 一(一)5 (GS-03), 五(一) (GS-14, 考务 and 监督 apart), 冀职鉴字〔2021〕7号
流程六 (HE-11) and 等保 L3-CES1-01…11. Looks back at nothing; every room asks it who is who.
"""
