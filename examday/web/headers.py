"""
What every answer says about itself, and how the session cookie is kept.

The content policy allows nothing but this server's own files: no inline script, no inline
style, no frame around us (ASVS 5.0 V3; RELIABILITY threat 7).
"""

from flask import Flask, Response, request

from examday.settings import Settings

CONTENT_POLICY = (
    "default-src 'self'; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": CONTENT_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=()",
}
_YEAR_SECONDS = 365 * 24 * 60 * 60
_DAY_SECONDS = 24 * 60 * 60
_MOST_FORM_FIELDS = 5000  # a mark sheet of 300 candidates with a dozen fields each
_MOST_FORM_BYTES = 2 * 1024 * 1024


def init_app(app: Flask, settings: Settings) -> None:
    """Set the cookie's flags, the limits of a request and the headers of every answer."""
    secure = settings.secure_cookie
    app.config.update(
        SESSION_COOKIE_NAME="__Host-session" if secure else "session",
        SESSION_COOKIE_SECURE=secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Strict",
        SESSION_COOKIE_PATH="/",
        MAX_CONTENT_LENGTH=settings.upload_megabytes << 20,
        MAX_FORM_PARTS=_MOST_FORM_FIELDS,
        MAX_FORM_MEMORY_SIZE=_MOST_FORM_BYTES,
        SEND_FILE_MAX_AGE_DEFAULT=_DAY_SECONDS,
    )

    @app.after_request
    def add_headers(response: Response) -> Response:
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if request.endpoint != "web.static":
            # Signed-in pages must not come back with the Back button after signing out.
            response.headers.setdefault("Cache-Control", "no-store")
        if secure:
            response.headers["Strict-Transport-Security"] = f"max-age={_YEAR_SECONDS}"
        return response
