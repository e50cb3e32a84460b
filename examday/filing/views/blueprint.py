"""The blueprint of filing."""

from flask import Blueprint

bp = Blueprint("filing", __name__, template_folder="../templates", url_prefix="/filing")
