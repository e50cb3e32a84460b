"""
How /api/v1 speaks: the keys to its doors, and one form for every error.

A room's API blueprint takes `ERRORS` as its `abp_responses`; the document itself is served at
/openapi/openapi.json (docs/api.md).
"""

from typing import Any

from flask_openapi3.types import ResponseDict
from pydantic import BaseModel, Field, ValidationError

from examday.errors import BadInput
from examday.i18n import N_

SECURITY: dict[str, Any] = {
    "kiosk": {
        "type": "apiKey",
        "in": "header",
        "name": "Examday-Kiosk",
        "description": (
            "`<kiosk> <counter> <signature>`: an Ed25519 signature by an enrolled kiosk over "
            "method, path, counter and body (docs/api.md)."
        ),
    },
    "sign_in": {"type": "apiKey", "in": "cookie", "name": "session"},
}


class ErrorAnswer(BaseModel):
    """What went wrong: a stable code, a sentence in the reader's language, a number to quote."""

    code: str
    text: str
    id: str = Field(pattern=r"^[0-9a-f]{8}$")


_MOST_NAMED, _LONGEST = 5, 300  # a caller may send a thousand fields, each with a long name

ERRORS: ResponseDict = {
    "400": ErrorAnswer,
    "401": ErrorAnswer,
    "403": ErrorAnswer,
    "404": ErrorAnswer,
    "409": ErrorAnswer,
    "413": ErrorAnswer,
    "415": ErrorAnswer,
    "422": ErrorAnswer,
    "429": ErrorAnswer,
    "500": ErrorAnswer,
    "503": ErrorAnswer,
}


class UnusableCall(BadInput):
    """A call whose body, query or header does not fit the OpenAPI document."""

    code = "unusable_call"
    message = N_("This call does not fit the interface: %(where)s.")


def refuse_call(error: ValidationError) -> None:
    """Say which fields do not fit, and never what stood in them (it may be personal data)."""
    found = [
        f"{'.'.join(map(str, one['loc'])) or 'body'} ({one['type']})" for one in error.errors()
    ]
    raise UnusableCall(where=", ".join(found[:_MOST_NAMED])[:_LONGEST]) from None
