"""What the pages of the bank refuse, and what to do about it."""

from examday.errors import BadInput, NotFound, Refusal
from examday.i18n import N_


class NoSuchBank(NotFound):
    """No bank of that number."""

    code = "no_such_bank"
    message = N_("There is no question bank %(bank)s.")


class NoSuchItem(NotFound):
    """The bank holds no item of that name."""

    code = "no_such_item"
    message = N_("The bank holds no item %(item)s.")


class NoSuchImport(NotFound):
    """The import was never looked through, or is settled already."""

    code = "no_such_import"
    message = N_("There is no import %(number)s waiting for a decision.")


class NoSuchDraw(NotFound):
    """No draw of that number."""

    code = "no_such_draw"
    message = N_("There is no draw %(draw)s.")


class BankTaken(Refusal):
    """One bank is one occupation at one level."""

    code = "bank_taken"
    message = N_("There is a bank with the code %(code)s already.")


class UnusableForBank(BadInput):
    """The bank cannot use a file or a value; nothing was changed."""

    code = "unusable_for_bank"
    message = N_("%(why)s Nothing was changed.")


class BankRefusal(Refusal):
    """The bank understood and says no."""

    code = "bank_refusal"
    message = N_("%(why)s")


class OwnWork(Refusal):
    """命题与审题分离: nobody reviews an item of their own."""

    code = "own_item"
    message = N_("%(name)s wrote this item. Another person must review it.")


class TwiceNamed(BadInput):
    """Two columns cannot hold the same part of an item."""

    code = "twice_named"
    message = N_("Two columns were given the same meaning. Leave one of them out.")


class NoDemands(Refusal):
    """A draw follows a blueprint and a model."""

    code = "no_demands"
    message = N_("This bank has no blueprint and assembly model yet. Upload both first.")


class WrongTurn(Refusal):
    """A step that does not follow from where the draw stands."""

    code = "draw_wrong_turn"
    message = N_("This draw is past that step, or not there yet.")


class ReasonForRedraw(BadInput):
    """Every draw after the first says why."""

    code = "reason_for_redraw"
    message = N_("This batch was drawn for before: say why it is drawn for again.")


class BankChanged(Refusal):
    """The bank was changed while a long work ran on it."""

    code = "bank_changed"
    message = N_("Somebody changed the bank in the meantime. Begin this step again.")
