"""The blueprint of publicity: /notices and /verify for everyone, /publicity for the office."""

from flask import Blueprint

bp = Blueprint("publicity", __name__, template_folder="../templates")
