"""Which copy is this?"""

import flask
from flask.typing import ResponseReturnValue

from examday.papers import service
from examday.papers.views.blueprint import bp
from examday.web import parsing


@bp.get("/papers/copies")
def copies() -> ResponseReturnValue:
    """Show the form that asks which copy a photo or a scan shows."""
    return flask.render_template("papers/copies.html", found=None)


@bp.post("/papers/copies")
def find_copy() -> ResponseReturnValue:
    """Name the copy of a QR's text or of a scanned page."""
    text = parsing.text("copy_code", required=False, longest=60)
    if text:
        found = service.find_copy(text)
    else:
        _, picture = parsing.upload("page_picture", kinds=(".jpg", ".jpeg", ".png"))
        found = service.find_copy_in_picture(picture)
    paper = service.find_paper(found.paper_id)
    return flask.render_template("papers/copies.html", found=found, paper=paper)
