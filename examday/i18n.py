"""
Which words a person reads: English msgids in code, Chinese in locale/ (Chinese comes first).

In a request the reader's choice decides (the 中文/English switch, kept in the session);
elsewhere EXAMDAY_LANG does, zh_Hans unless told.
"""

import functools
import gettext as catalogs
import os
from pathlib import Path

import flask

CHINESE = "zh_Hans"
ENGLISH = "en"
LANGUAGES = (CHINESE, ENGLISH)
_LOCALE = Path(__file__).parent / "locale"


def N_(message: str) -> str:  # noqa: N802 (the name every gettext tool looks for)
    """Mark a sentence for the catalogue; it is translated where it is shown."""
    return message


def language() -> str:
    """Name the language of the reader at hand."""
    if flask.has_request_context():
        chosen: str = flask.session.get("language", CHINESE)
        return chosen if chosen in LANGUAGES else CHINESE
    chosen = os.environ.get("EXAMDAY_LANG", CHINESE)
    return ENGLISH if chosen.startswith(ENGLISH) else CHINESE


def gettext(message: str) -> str:
    """Translate one sentence; an unknown one is shown as it is."""
    return _catalog(language()).gettext(message) if message else ""


def ngettext(singular: str, plural: str, number: int) -> str:
    """Translate a sentence that counts."""
    return _catalog(language()).ngettext(singular, plural, number)


@functools.cache
def _catalog(wanted: str) -> catalogs.NullTranslations:
    if wanted == ENGLISH:
        return catalogs.NullTranslations()
    return catalogs.translation("examday", _LOCALE, languages=[wanted], fallback=True)
