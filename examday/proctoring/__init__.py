"""
Proctoring: what happens in an exam room, and how it can be shown later that it did.

监控录像 is footage, cut by the recorder into a `Segment`; a `CoveragePlan` says which camera
must see which room from when to when, and a `Gap` is a span of the plan that no segment covers.
违纪 and 异常情况 are an `Incident` of a kind from config/incidents.toml; the 考场情况记录单 is
the room record. Where cameras are impossible for reasons such as production safety, the room
is waived and its `Measure`s (two-person log, timed photos) carry the trace instead.

Serves 甘人社通〔2021〕138号 五(三) (GS-18 discipline, GS-19 monitoring, GS-20 other measures
with a full trace), 六(三) (GS-31 open to supervision), 辽人社〔2020〕22号 一(三) (LN-02 camera
register), 黄石 二(二) (HS-06).
Looks back at planning, admission and papers; knows nothing of marks.
"""
