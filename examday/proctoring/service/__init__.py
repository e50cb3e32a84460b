"""The front desk of proctoring: cameras, footage, gaps, measures, incidents, closing a room."""

from examday.proctoring.rules import (
    Digest,
    Doubt,
    Evidence,
    Incident,
    IncidentKind,
    Measure,
    MeasureKind,
    MediaFacts,
    MissingMeasure,
    Segment,
    Signature,
    Span,
    Violation,
    Voids,
    beacon_text,
)
from examday.proctoring.rules.uploads import Upload
from examday.proctoring.service.beacons import ShownBeacon, beacon
from examday.proctoring.service.cameras import (
    Camera,
    CoveragePlan,
    enrol_camera,
    find_camera,
    list_cameras,
    list_plans,
    plan_coverage,
)
from examday.proctoring.service.closing import (
    Closure,
    close_room,
    closure_of,
    open_points,
)
from examday.proctoring.service.exceptions import (
    Gap,
    Waiver,
    declare_gap,
    list_gaps,
    missing_spans,
    undeclared_gaps,
    waive_cameras,
    waiver_of,
)
from examday.proctoring.service.footage import Taken, take_segment
from examday.proctoring.service.inbox import (
    ScanReport,
    inbox_folder,
    scan_inbox,
)
from examday.proctoring.service.incidents import (
    list_incidents,
    list_kinds,
    record_incident,
    violations,
)
from examday.proctoring.service.measures import (
    list_measures,
    missing_measures,
    record_measure,
)
from examday.proctoring.service.picture import (
    CameraCoverage,
    CoveragePicture,
    RoomCoverage,
    coverage,
)
from examday.proctoring.service.proofs import prove_segments
from examday.proctoring.service.quarantine import Refused, list_refused
from examday.proctoring.service.record import print_room_record
from examday.proctoring.service.recording import record_camera, recorder_state
from examday.proctoring.service.register import (
    check_fixity,
    find_segment,
    list_segments,
    view_segment,
)
from examday.proctoring.service.uploads import (
    abandon_upload,
    find_upload,
    forget_old_uploads,
    open_upload,
    receive_part,
    take_upload,
    take_whole_uploads,
)

__all__ = [
    "Camera",
    "CameraCoverage",
    "Closure",
    "CoveragePicture",
    "CoveragePlan",
    "Digest",
    "Doubt",
    "Evidence",
    "Gap",
    "Incident",
    "IncidentKind",
    "Measure",
    "MeasureKind",
    "MediaFacts",
    "MissingMeasure",
    "Refused",
    "RoomCoverage",
    "ScanReport",
    "Segment",
    "ShownBeacon",
    "Signature",
    "Span",
    "Taken",
    "Upload",
    "Violation",
    "Voids",
    "Waiver",
    "abandon_upload",
    "beacon",
    "beacon_text",
    "check_fixity",
    "close_room",
    "closure_of",
    "coverage",
    "declare_gap",
    "enrol_camera",
    "find_camera",
    "find_segment",
    "find_upload",
    "forget_old_uploads",
    "inbox_folder",
    "list_cameras",
    "list_gaps",
    "list_incidents",
    "list_kinds",
    "list_measures",
    "list_plans",
    "list_refused",
    "list_segments",
    "missing_measures",
    "missing_spans",
    "open_points",
    "open_upload",
    "plan_coverage",
    "print_room_record",
    "prove_segments",
    "receive_part",
    "record_camera",
    "record_incident",
    "record_measure",
    "recorder_state",
    "scan_inbox",
    "take_segment",
    "take_upload",
    "take_whole_uploads",
    "undeclared_gaps",
    "view_segment",
    "violations",
    "waive_cameras",
    "waiver_of",
]
