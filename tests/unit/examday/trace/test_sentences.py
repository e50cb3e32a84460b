"""Every act the trace can name is said in plain words, in Chinese too."""

import pytest

from examday import i18n
from examday.trace.rules import SENTENCES, Action, sentence


@pytest.mark.parametrize("action", list(Action))
def test_each_act_has_a_sentence_in_both_languages(app, action):
    """A new action without words fails here; the catalogue must know it."""
    assert action in SENTENCES
    with app.test_request_context("/"):
        assert sentence(action.value) != SENTENCES[action]
        assert sentence(action.value) == i18n.gettext(SENTENCES[action])


def test_an_act_of_a_newer_program_is_shown_by_its_code(app):
    """Old programs read new logs."""
    with app.test_request_context("/"):
        assert sentence("trace:unheard:of") == "trace:unheard:of"
