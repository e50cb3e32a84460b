"""The data filing works by: forms and their words."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from examday.errors import NotFound
from examday.filing import rules
from examday.i18n import N_
from examday.settings import current


def words() -> rules.Words:
    """Give the wording of codes on forms."""
    return _words(current().config)


def find_form(name: str) -> rules.StatutoryForm:
    """Find a form by province/name; a name alone is looked up among this site's forms."""
    forms = _forms(current().config)
    if name in forms:
        return forms[name]
    for form in list_forms():
        if form.name.rpartition("/")[2] == name:
            return form
    raise NotFound(N_("statutory form"), name)


def list_forms() -> tuple[rules.StatutoryForm, ...]:
    """List the forms of this site's province, in the order in which a batch needs them."""
    config = current().config
    return rules.forms_of(current().province, _forms(config), _borrowed(config))


def contents() -> rules.Contents:
    """Give the papers a batch's archive should hold."""
    return _contents(current().config)


@cache
def _contents(config: Path) -> rules.Contents:
    return rules.load_contents(config / "forms")


@cache
def _forms(config: Path) -> Mapping[str, rules.StatutoryForm]:
    return rules.load_forms(config / "forms")


@cache
def _borrowed(config: Path) -> tuple[str, ...]:
    return rules.borrowed_forms(config / "forms")


@cache
def _words(config: Path) -> rules.Words:
    return rules.load_words(config / "forms")
