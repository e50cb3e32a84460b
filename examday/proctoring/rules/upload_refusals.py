"""What a resumable upload can meet, with the status each has in tus 1.0.0."""

from examday.errors import BadInput, NotFound, Unavailable
from examday.i18n import N_


class UnknownUpload(NotFound):
    """No such upload, or it was abandoned, or it is somebody else's."""

    code = "upload_unknown"
    message = N_("This upload is not known here any more. Choose the file again.")


class BadUploadHeader(BadInput):
    """A header of the upload protocol is missing or malformed."""

    code = "upload_header"
    message = N_("The upload cannot be understood: %(header)s is missing or wrong.")
    status = 400


class WrongOffset(BadInput):
    """The client goes on at another byte than the one the server has."""

    code = "upload_offset"
    message = N_("The upload goes on at byte %(expected)s, not at byte %(given)s.")
    status = 409


class WrongUploadVersion(BadInput):
    """Only tus 1.0.0 is spoken."""

    code = "upload_version"
    message = N_("This server speaks version %(version)s of the upload protocol.")
    status = 412


class UploadTooLong(BadInput):
    """More bytes than were announced, or more than one file may have."""

    code = "upload_too_long"
    message = N_("The file is longer than announced or larger than %(gigabytes)s GB.")
    status = 413


class WrongUploadType(BadInput):
    """A part of a file comes as application/offset+octet-stream."""

    code = "upload_type"
    message = N_("A part of a file must be sent as %(kind)s.")
    status = 415


class UploadBusy(BadInput):
    """Another request is writing to the same upload."""

    code = "upload_busy"
    message = N_("Another request is still writing to this upload. Wait a moment.")
    status = 423


class WrongChecksum(BadInput):
    """A part was damaged on the line; nothing of it is kept."""

    code = "upload_checksum"
    message = N_("A part of the file was damaged on the way. It is sent again.")
    status = 460


class UploadUnfinished(BadInput):
    """The file is not here as a whole yet."""

    code = "upload_unfinished"
    message = N_("Only %(offset)s of %(length)s bytes have arrived yet.")
    status = 409


class NoRoomForUploads(Unavailable):
    """The disk is nearly full: uploads stop first, the writes of the exam day last."""

    code = "upload_no_room"
    message = N_(
        "The disk of the server is nearly full, so no footage is taken: %(free)s GB are free "
        "and %(kept)s GB stay reserved for the exam itself. Ask the administrator to make room; "
        "the upload then goes on where it stopped."
    )
    status = 507
