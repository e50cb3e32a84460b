"""The interface of kiosks: enrol with a code, fetch the roster, hand in events, ask the time."""

from typing import Annotated, Any

from flask import Response, request
from flask_openapi3 import APIBlueprint, Tag
from pydantic import BaseModel, ConfigDict, Field

from examday import clock
from examday.admission import service
from examday.admission.service import Report, SignedCall
from examday.web import limits
from examday.web.interface import ERRORS
from examday.wire import HEADER

api = APIBlueprint(
    "admission_api",
    __name__,
    url_prefix="/api/v1",
    abp_tags=[Tag(name="kiosks")],
    abp_responses=ERRORS,
)

ENROL_RATE = "20 per minute"
Hex32 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class EnrolmentBody(BaseModel):
    """A kiosk's public key (Ed25519) and its proof that it knows the one-time code."""

    model_config = ConfigDict(strict=True, extra="forbid")
    kiosk: Annotated[str, Field(pattern=r"^[a-z0-9-]{1,40}$")]
    public_key: Hex32
    proof: Hex32


class EnrolmentAnswer(BaseModel):
    """The server's public key and its proof that it, too, knows the code."""

    kiosk: str
    server_key: Hex32
    proof: Hex32


class CheckInBody(BaseModel):
    """Signed events as canonical text (examday.wire.ScanEvent), and how the kiosk is."""

    model_config = ConfigDict(strict=True, extra="forbid")
    events: Annotated[
        list[Annotated[str, Field(max_length=4096)]], Field(max_length=service.MAX_EVENTS)
    ]
    queue_length: Annotated[int, Field(ge=0, le=10_000_000)]
    clock_offset_ms: Annotated[int, Field(ge=-(10**12), le=10**12)]
    version: Annotated[str, Field(max_length=40)]


class SignedAnswer(BaseModel):
    """A message that the server signed (examday.wire.signed): canonical JSON, Ed25519."""

    body: dict[str, Any]
    kind: str
    sig: Annotated[str, Field(pattern=r"^[0-9a-f]{128}$")]


class WantedBody(BaseModel):
    """The digests (SHA-256) of the small photos that a kiosk lacks."""

    model_config = ConfigDict(strict=True, extra="forbid")
    wanted: Annotated[list[Hex32], Field(max_length=20)]


class PhotosAnswer(BaseModel):
    """Small photos by digest, each sealed for this kiosk (base64)."""

    photos: dict[str, str]


class EntryPhotoBody(BaseModel):
    """A photo taken at the door with consent, sealed (base64), and the event it belongs to."""

    model_config = ConfigDict(strict=True, extra="forbid")
    event_id: Hex32
    photo: Annotated[str, Field(max_length=600_000)]
    consented: bool


class EntryPhotoAnswer(BaseModel):
    """The SHA-256 of the photo that is kept now."""

    sha256: Hex32


class TimeAnswer(BaseModel):
    """The server's time, RFC 3339 UTC."""

    now: str


# A code has 80 random bits; the brake keeps guesses from costing the morning its processor.
@api.post("/kiosks/enrol", responses={200: EnrolmentAnswer})
@limits.limiter.limit(ENROL_RATE)
def enrol(body: EnrolmentBody) -> dict[str, str]:
    """Enrol a kiosk with its one-time code."""
    enrolled = service.enrol_kiosk(body.kiosk, bytes.fromhex(body.public_key), body.proof)
    return {
        "kiosk": enrolled.kiosk,
        "server_key": enrolled.server_key.hex(),
        "proof": enrolled.proof,
    }


@api.get("/kiosks/roster", responses={200: SignedAnswer}, security=[{"kiosk": []}])
def roster() -> Response:
    """Give the calling kiosk the signed roster of its door."""
    return _message(service.door_roster(_call()))


@api.post("/check-ins", responses={200: SignedAnswer}, security=[{"kiosk": []}])
def check_in(body: CheckInBody) -> Response:
    """Store a batch of events and answer each, signed; a repeat is answered alike."""
    report = Report(body.queue_length, body.clock_offset_ms, body.version)
    messages = [event.encode("utf-8", "surrogatepass") for event in body.events]
    return _message(service.receive_scans(_call(), messages, report))


@api.post("/kiosks/photos", responses={200: PhotosAnswer}, security=[{"kiosk": []}])
def photos(body: WantedBody) -> dict[str, dict[str, str]]:
    """Give the calling kiosk small photos of its roster."""
    return {"photos": service.door_photos(_call(), body.wanted)}


@api.post("/kiosks/entry-photos", responses={200: EntryPhotoAnswer}, security=[{"kiosk": []}])
def entry_photo(body: EntryPhotoBody) -> dict[str, str]:
    """Keep a photo that was taken at the door, with consent."""
    digest = service.keep_entry_photo(_call(), body.event_id, body.photo, consented=body.consented)
    return {"sha256": digest}


@api.get("/time", responses={200: TimeAnswer})
def time() -> dict[str, str]:
    """Tell the server's time."""
    return {"now": clock.rfc3339(clock.now())}


def _call() -> SignedCall:
    return SignedCall(
        header=request.headers.get(HEADER, ""),
        method=request.method,
        path=request.path,
        body=request.get_data(),
    )


def _message(signed: bytes) -> Response:
    return Response(signed, mimetype="application/json")
