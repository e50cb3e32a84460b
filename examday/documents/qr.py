"""QR codes as pictures; what they say is the caller's."""

import io
from typing import Literal

import qrcode
from qrcode import constants

_LEVELS = {
    "L": constants.ERROR_CORRECT_L,
    "M": constants.ERROR_CORRECT_M,
    "Q": constants.ERROR_CORRECT_Q,
    "H": constants.ERROR_CORRECT_H,
}


def qr_png(
    text: str,
    *,
    module_px: int = 6,
    quiet_modules: int = 4,
    level: Literal["L", "M", "Q", "H"] = "M",
) -> bytes:
    """
    Draw the text as a black-and-white PNG with its quiet zone (ISO/IEC 18004: 4 modules).

    Upper-case text of the alphanumeric set takes fewer modules; the library chooses the mode.
    """
    code = qrcode.QRCode(error_correction=_LEVELS[level], box_size=module_px, border=quiet_modules)
    code.add_data(text)
    code.make(fit=True)
    picture = code.make_image(fill_color="black", back_color="white").get_image().convert("1")
    out = io.BytesIO()
    picture.save(out, "PNG", optimize=True)
    return out.getvalue()
