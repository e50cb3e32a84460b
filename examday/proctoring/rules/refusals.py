"""What proctoring refuses, and what the person at the door of the footage store should do."""

from examday.errors import BadInput, NotFound, Refusal
from examday.i18n import N_


class UnknownCamera(NotFound):
    """No camera of that code is enrolled (LN-02: the camera register comes first)."""

    code = "unknown_camera"
    message = N_("Camera %(camera)s is not enrolled. Enrol it before its footage arrives.")


class CameraTaken(Refusal):
    """A camera code is used once."""

    code = "camera_taken"
    message = N_("Camera %(camera)s is already enrolled in room %(room)s.")


class DeviceTaken(Refusal):
    """One device hangs in one place."""

    code = "device_taken"
    message = N_("The device %(identity)s is enrolled as camera %(camera)s already.")


class NotInSitting(Refusal):
    """Coverage is planned for the rooms of a sitting."""

    code = "room_not_in_sitting"
    message = N_("This sitting does not use room %(room)s. Choose a camera of one of its rooms.")


class WrongRoom(Refusal):
    """A camera belongs to one room."""

    code = "camera_wrong_room"
    message = N_("Camera %(camera)s hangs in room %(room)s, not here.")


class RoomIsClosed(Refusal):
    """A closed room takes no further records."""

    code = "room_closed"
    message = N_("Room %(room)s of this sitting is closed. Nothing can be added.")


class RoomNotReady(Refusal):
    """A room closes only when nothing is open (GS-19, GS-20)."""

    code = "room_not_ready"
    message = N_("Room %(room)s cannot close yet: %(open)s")


class RoomIsWaived(Refusal):
    """A room without cameras takes no coverage plan."""

    code = "room_waived"
    message = N_("Room %(room)s is in no-camera mode.")


class AlreadyPlanned(Refusal):
    """A camera has one plan per sitting."""

    code = "coverage_already_planned"
    message = N_("Camera %(camera)s already has a plan for this sitting.")


class NotApproved(Refusal):
    """An exception needs a second person of standing."""

    code = "approver_refused"
    message = N_("%(approver)s cannot approve this: it takes a supervisor other than the asker.")


class NoSuchGap(Refusal):
    """Only a span of the plan without footage can be declared."""

    code = "no_such_gap"
    message = N_("Nothing is missing there: camera %(camera)s covers this span.")


class EmptySpan(BadInput):
    """A span ends after it starts."""

    code = "empty_span"
    message = N_("The end must be later than the start.")


class ReasonMissing(BadInput):
    """An exception without a reason is no record."""

    code = "reason_missing"
    message = N_("Give the reason in a few words.")


class UnknownKind(BadInput):
    """The kind of incident or measure is not in config/incidents.toml."""

    code = "unknown_kind"
    message = N_("Unknown kind %(kind)s. Choose one from the list.")


class CandidateMissing(BadInput):
    """Misconduct is somebody's."""

    code = "candidate_missing"
    message = N_("Misconduct needs the candidate it is recorded against.")


class SignatureMissing(BadInput):
    """The candidate signs, or two witnesses attest the refusal (DOMAIN §3.5)."""

    code = "signature_missing"
    message = N_("The candidate signs, or two different witnesses attest the refusal to sign.")


class AlreadyDecided(Refusal):
    """An incident is decided once; what comes later is an objection."""

    code = "incident_decided"
    message = N_("This incident was decided already. What changes now is an objection.")


class OwnIncident(Refusal):
    """Who wrote a record down does not judge it."""

    code = "incident_own"
    message = N_("Who recorded an incident cannot decide it. Ask another supervisor.")


class ReasonToViewMissing(Refusal):
    """Looking at a record is itself on record, with its reason (GS-31)."""

    code = "view_reason_missing"
    message = N_("Say first why you look at this. The view is traced.")


class NothingToDraw(Refusal):
    """There is no footage to draw spots from, or all of it was drawn."""

    code = "nothing_to_draw"
    message = N_("There is no footage in this sitting that was not drawn already.")


class AlreadySeen(Refusal):
    """A spot is recorded once."""

    code = "playback_recorded"
    message = N_("This spot was played back and signed already.")


class TwoPeopleNeeded(BadInput):
    """A measure is taken by two people."""

    code = "two_people_needed"
    message = N_("This needs two different people.")


class NotAPicture(BadInput):
    """A photo is a JPEG or PNG of sensible size."""

    code = "not_a_picture"
    message = N_("The photo must be a JPEG or PNG file of at most %(megabytes)s MB.")


class SegmentRefused(BadInput):
    """Parent of all reasons not to take a file as footage; nothing of it is registered."""

    code = "segment_refused"
    message = N_("%(name)s cannot be taken as footage.")


class EmptyFile(SegmentRefused):
    """Nothing in it."""

    code = "segment_empty"
    message = N_("%(name)s is empty. Copy it from the recorder again.")


class NotAFile(SegmentRefused):
    """A link, folder or device is not opened."""

    code = "segment_not_a_file"
    message = N_("%(name)s is not an ordinary file. Copy the footage itself, not a link to it.")


class StillGrowing(SegmentRefused):
    """Someone is writing to the file."""

    code = "segment_growing"
    message = N_("%(name)s is still being written. It is taken once the recorder has closed it.")


class NotAVideo(SegmentRefused):
    """The first bytes are those of no known video container (a playlist, a text, a picture)."""

    code = "segment_not_video"
    message = N_("%(name)s is not a video file. Export the footage from the recorder again.")


class UnreadableVideo(SegmentRefused):
    """The container is broken, or reading it broke a limit."""

    code = "segment_unreadable"
    message = N_("%(name)s cannot be read (%(reason)s). Export it from the recorder again.")


class DamagedAfterReceiving(SegmentRefused):
    """What the disk gives back is not what arrived over the line."""

    code = "segment_damaged"
    message = N_("%(name)s changed on the disk after it was received. Upload it again.")


class TruncatedVideo(SegmentRefused):
    """The file ends in the middle of a packet."""

    code = "segment_truncated"
    message = N_("%(name)s ends in the middle of a picture. Copy it from the recorder again.")


class NoStartTime(SegmentRefused):
    """Neither the name nor the person says when the recording started."""

    code = "segment_no_start"
    message = N_(
        "%(name)s does not say when it starts. Keep the recorder's name, or state the start."
    )


class ForeignSegment(SegmentRefused):
    """The file is another camera's, by its name or because its bytes are already kept."""

    code = "segment_foreign"
    message = N_("%(name)s belongs to camera %(owner)s. Put it into that camera's folder.")


class NotPlanned(SegmentRefused):
    """No sitting of this camera is planned at that time."""

    code = "segment_not_planned"
    message = N_("%(name)s lies outside every sitting planned for camera %(camera)s.")


class NothingPlanned(Refusal):
    """A room is either covered by a plan or waived (GS-19, GS-20)."""

    code = "nothing_planned"
    message = N_("no camera is planned and no exemption recorded")


class GapUndeclared(Refusal):
    """A span without footage that nobody has explained."""

    code = "gap_undeclared"
    message = N_("camera %(camera)s has no footage from %(start)s to %(end)s")


class MeasureMissing(Refusal):
    """A room without cameras lacks a patrol or a photo."""

    code = "measure_missing"
    message = N_("no %(kind)s on record from %(start)s to %(end)s")


class BalanceOpen(Refusal):
    """Copies of the paper are not accounted for."""

    code = "balance_open"
    message = N_("papers do not balance: %(issued)s issued, %(missing)s unaccounted for")


class AbsenteesDiffer(Refusal):
    """The paper count and the attendance list disagree."""

    code = "absentees_differ"
    message = N_("%(papers)s papers of absent candidates, but %(absent)s absent on the list")


class SittingNotOver(Refusal):
    """A room closes after its sitting."""

    code = "sitting_not_over"
    message = N_("the sitting lasts until %(ends_at)s")
