"""Items: the shelf, one item with its way, and the desk of a reviewer."""

import flask
from flask.typing import ResponseReturnValue

from examday.i18n import gettext
from examday.papers import service
from examday.papers.service import Wording
from examday.papers.views.blueprint import COGNITIONS, KINDS, SOURCES, bp, shown_item
from examday.staff import service as staff
from examday.staff.service import Account
from examday.web import guards, parsing
from question_bank import Item, Kind, PracticalItem, Source, Status

_PAGE = 50


@bp.get("/papers/banks/<int:bank_id>/items")
def items(bank_id: int) -> ResponseReturnValue:
    """Show the shelf: by status and words, fifty at a time."""
    asked = flask.request.args
    status = Status(asked["status"]) if asked.get("status") in set(Status) else None
    page = max(asked.get("page", 1, type=int), 1)
    shelf = service.list_items(
        bank_id, status=status, words=asked.get("words", "").strip(), page=page, size=_PAGE
    )
    return flask.render_template(
        "papers/bank/items.html",
        bank=service.find_bank(bank_id),
        shelf=shelf,
        status=status,
        words=asked.get("words", "").strip(),
        page=page,
        last=max(-(-shelf.found // _PAGE), 1),
    )


@bp.get("/papers/banks/<int:bank_id>/items/<item_id>")
def item(bank_id: int, item_id: str) -> ResponseReturnValue:
    """Show one written or practical item, with history and what is much alike."""
    dossier = service.find_item(bank_id, item_id, account=_account())
    is_written = isinstance(dossier.item, Item)
    return flask.render_template(
        "papers/bank/item.html" if is_written else "papers/bank/task.html",
        bank=service.find_bank(bank_id),
        dossier=dossier,
        show=shown_item,
    )


@bp.get("/papers/banks/<int:bank_id>/write")
def write(bank_id: int) -> ResponseReturnValue:
    """Show the form for a new item, or for an edit of one."""
    name = flask.request.args.get("item", "")
    known = service.find_item(bank_id, name, account=_account()).item if name else None
    return flask.render_template(
        "papers/bank/write.html", bank=service.find_bank(bank_id), item=known
    )


@bp.post("/papers/banks/<int:bank_id>/write")
def write_item(bank_id: int) -> ResponseReturnValue:
    """Enter an item or an edit as a draft."""
    name = parsing.text("item", required=False, longest=64)
    kept = service.write_item(bank_id, name, _wording(), account=_account())
    flask.flash(gettext("Kept as a draft. Another person reviews it."))
    return _to_item(bank_id, kept)


@bp.post("/papers/banks/<int:bank_id>/enemies")
def declare_enemies(bank_id: int) -> ResponseReturnValue:
    """Say of the ticked items that a paper may hold one of them only."""
    items = service.declare_enemies(
        bank_id,
        flask.request.form.getlist("items"),
        parsing.text("group", longest=40),
        account=_account(),
    )
    flask.flash(gettext("Items declared enemies of one another: %(count)s") % {"count": len(items)})
    return flask.redirect(flask.url_for("papers.items", bank_id=bank_id))


@bp.get("/papers/banks/<int:bank_id>/review")
def review(bank_id: int) -> ResponseReturnValue:
    """Lead to the next draft this person may review."""
    after = flask.request.args.get("after", "")
    name = service.next_to_review(bank_id, after=after, account=_account())
    if not name:
        flask.flash(gettext("There is no draft left for you to review."))
        return flask.redirect(flask.url_for("papers.items", bank_id=bank_id))
    return flask.redirect(flask.url_for("papers.item", bank_id=bank_id, item_id=name))


@bp.post("/papers/banks/<int:bank_id>/items/<item_id>/review")
def review_item(bank_id: int, item_id: str) -> ResponseReturnValue:
    """Find a draft good, and go on to the next."""
    note = parsing.text("note", required=False, longest=500)
    service.review_item(bank_id, item_id, account=_account(), note=note)
    flask.flash(gettext("Reviewed: %(item)s") % {"item": item_id})
    return flask.redirect(flask.url_for("papers.review", bank_id=bank_id, after=item_id))


@bp.post("/papers/banks/<int:bank_id>/items/<item_id>/send-back")
def send_back(bank_id: int, item_id: str) -> ResponseReturnValue:
    """Give an item back, saying what to change, and go on to the next."""
    note = parsing.text("note", longest=500)
    service.send_back(bank_id, item_id, account=_account(), note=note)
    flask.flash(gettext("Sent back: %(item)s") % {"item": item_id})
    return flask.redirect(flask.url_for("papers.review", bank_id=bank_id, after=item_id))


@bp.post("/papers/banks/<int:bank_id>/items/<item_id>/retire")
def retire_item(bank_id: int, item_id: str) -> ResponseReturnValue:
    """Take an item out of use."""
    note = parsing.text("note", longest=500)
    return _to_item(bank_id, service.retire_item(bank_id, item_id, account=_account(), note=note))


@bp.post("/papers/banks/<int:bank_id>/items/<item_id>/reopen")
def reopen_item(bank_id: int, item_id: str) -> ResponseReturnValue:
    """Take a retired item up again."""
    note = parsing.text("note", longest=500)
    return _to_item(bank_id, service.reopen_item(bank_id, item_id, account=_account(), note=note))


@bp.get("/papers/banks/<int:bank_id>/pictures/<digest>")
def item_picture(bank_id: int, digest: str) -> ResponseReturnValue:
    """Show a picture of an item."""
    content, kind = service.find_picture(bank_id, digest)
    response = flask.make_response(content)
    response.headers["Content-Type"] = kind
    response.headers["Cache-Control"] = "no-store"
    return response


def _wording() -> Wording:
    options = parsing.text("options", required=False).splitlines()
    return Wording(
        kind=Kind(parsing.choice("kind", KINDS)),
        point=parsing.text("point", required=False, longest=40),
        difficulty=parsing.whole("difficulty", high=5),
        source=Source(parsing.choice("item_source", SOURCES)),
        stem=parsing.text("stem", longest=4000),
        options=tuple(line.strip() for line in options if line.strip()),
        answer=parsing.text("answer", longest=4000),
        explanation=parsing.text("explanation", required=False, longest=4000),
        cognition=parsing.choice("cognition", COGNITIONS),
        enemies=tuple(sorted(set(parsing.text("enemies", required=False, longest=200).split()))),
        fixed_order=parsing.choice("order", ("free", "fixed")) == "fixed",
    )


def _account() -> Account:
    return staff.find_account(guards.current().account_id)


def _to_item(bank_id: int, kept: Item | PracticalItem) -> ResponseReturnValue:
    return flask.redirect(flask.url_for("papers.item", bank_id=bank_id, item_id=kept.id))
