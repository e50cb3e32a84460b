"""
What surrounds every page: language, the filters templates use, and the facts of the page head.
"""

from typing import Any
from urllib.parse import urlencode

import flask
from flask import Flask, request
from werkzeug.urls import iri_to_uri

from examday import i18n
from examday import settings as site
from examday.web import assets, guards, words


def init_app(app: Flask) -> None:
    """Teach the templates of this app to speak, and give them the facts of the page head."""
    environment: Any = app.jinja_env
    environment.add_extension("jinja2.ext.i18n")
    environment.install_gettext_callables(i18n.gettext, i18n.ngettext, newstyle=True)
    environment.policies["ext.i18n.trimmed"] = True
    environment.trim_blocks = environment.lstrip_blocks = True
    environment.filters.update(
        moment=words.moment,
        hm=words.hours_minutes,
        day=words.day,
        role=words.role_name,
        roles=words.role_names,
        megabytes=words.megabytes,
    )
    app.before_request(_choose_language)
    app.context_processor(_facts)


def _choose_language() -> None:
    wanted = request.args.get("lang")
    if wanted in i18n.LANGUAGES and wanted != flask.session.get("language"):
        flask.session["language"] = wanted


def _facts() -> dict[str, Any]:
    settings = site.current()
    return {
        "site_name": settings.site_name,
        "hotline": settings.hotline,
        "language": i18n.language(),
        "lang_url": _lang_url,
        "pages": guards.pages(),
        "has_htmx": assets.is_there("htmx.min.js"),
        "person": guards.current_or_none(),
        "may_open": guards.may_open,
    }


def _lang_url(code: str) -> str:
    # A page that answered a form cannot be asked for again; its language link leads to the start.
    here = request.path if request.method == "GET" else "/"
    arguments = request.args.to_dict(flat=False) | {"lang": [code]}
    return f"{iri_to_uri(here)}?{urlencode(arguments, doseq=True)}"
