"""The blueprint of this room's pages."""

from flask import Blueprint

bp = Blueprint("admission", __name__, url_prefix="/admission", template_folder="../templates")
