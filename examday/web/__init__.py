"""
Web: the frame of every page and the guard at every door. No room is named here.

`guards` decides who may open what (config/access.toml), `parsing` reads forms, `error_pages`
answers errors, `headers` sets the content policy, `frame` and `templates/base.html` with
`templates/_parts.html` are what surrounds a page, `static/` the site's own style and scripts.
Browser libraries of others come from npm at set-up (`assets`) and may be missing.
"""

from flask import Flask

from examday.web import error_pages, frame, guards, headers, limits
from examday.web.views import bp


def init_app(app: Flask) -> None:
    """Hang the frame, the guard and the error pages into an app whose rooms are in."""
    app.register_blueprint(bp)
    headers.init_app(app, app.extensions["examday_settings"])
    limits.init_app(app)
    frame.init_app(app)
    error_pages.init_app(app)
    guards.init_app(app)
