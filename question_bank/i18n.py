"""
The reader's language: Chinese unless EXAMDAY_LANG says otherwise.

Code holds English msgids; the Chinese is in locale/zh_Hans/LC_MESSAGES/question_bank.po.
"""

import gettext as _gettext
import os
from functools import cache
from pathlib import Path

DOMAIN = "question_bank"
LOCALE = Path(__file__).parent / "locale"


def N_(message: str) -> str:  # noqa: N802  the customary name that extractors look for
    """Mark a message for the catalogue without translating it yet."""
    return message


@cache
def _catalogue(language: str) -> _gettext.NullTranslations:
    return _gettext.translation(DOMAIN, LOCALE, languages=[language], fallback=True)


def gettext(message: str) -> str:
    """Translate one msgid into the language of the environment."""
    return _catalogue(os.environ.get("EXAMDAY_LANG", "zh_Hans")).gettext(message)
