"""
Planning: the assessment body and its filed scope, the batch, who sits what, where and when.

评价机构 is a `Body` with its 备案号 and scope lines, 批次 a `Batch`, 名册 the list of `Candidate`,
场次 a `Sitting`, 考场 an `ExamRoom`, a person's duty in it a `Post`. Serves 甘人社通〔2021〕138号
一, 五(一)(二), 六(三) (GS-01..08, 14, 15, 29, 30); 冀职鉴字〔2021〕7号 流程一 to 六 (HE-02..06,
HE-09..11); 辽人社〔2020〕22号 二(三), 四(二) (LN-06, LN-12); 黄人社函〔2021〕26号 三(四), 四(二)
(HS-11..13). Asks staff about cards, training and avoidance; knows nothing of papers or marks.
"""
