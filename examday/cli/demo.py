"""`examday demo`: a whole assessment day with every real part, then the site it left behind."""

import argparse
import resource
from pathlib import Path
from typing import Any

from examday.cli.printing import Commands, add_home, add_json, print_json
from examday.errors import BadInput, Refusal
from examday.i18n import N_
from examday.i18n import gettext as _

FEWEST, MOST = 16, 60


class WrongCount(BadInput):
    """Two rooms of thirty seats, and enough people for every scene of the day."""

    code = "wrong_count"
    message = N_("The demo day takes %(fewest)s to %(most)s candidates, not %(given)s.")


class HomeInUse(Refusal):
    """The demo never writes over a site."""

    code = "home_in_use"
    message = N_("%(home)s is already a site: name another folder with --home, or remove it.")


def add_to(commands: "Commands[Any]") -> None:
    """Declare the command."""
    parser = commands.add_parser("demo", help=_("run a whole demo day, then serve it"))
    add_home(parser)
    parser.add_argument("--seed", type=int, default=2026, help=_("same seed, same people"))
    parser.add_argument("--candidates", type=int, default=60)
    parser.add_argument("--no-serve", action="store_true", help=_("stop after the day"))
    parser.add_argument("--host")
    parser.add_argument("--port", type=int)
    add_json(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Run the day unless the home holds a finished one; print what was made; serve it."""
    from examday.demo import day

    home: Path = arguments.home
    if not FEWEST <= arguments.candidates <= MOST:
        raise WrongCount(fewest=FEWEST, most=MOST, given=arguments.candidates)
    if (home / "examday.db").exists():
        if arguments.json or arguments.no_serve or not day.is_finished(home):
            raise HomeInUse(home=home)
        outcome = None
    else:
        outcome = day.run(home, seed=arguments.seed, candidates=arguments.candidates)
    if outcome and not arguments.json:
        _print_table(outcome)
    if outcome and arguments.json:
        print_json(outcome.as_json())
    if not arguments.no_serve and not arguments.json:
        _serve(home, arguments)
    return 0


def _print_table(outcome: Any) -> None:
    print()
    for name, what in outcome.made:
        print(f"  {name:<14} {what}")
    total = sum(stage.seconds for stage in outcome.stages)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print()
    print(
        _("The day took %(seconds).1f s, at most %(peak)s MB.") % {"seconds": total, "peak": peak}
    )


def _serve(home: Path, arguments: argparse.Namespace) -> None:
    from examday.cli.server import serve
    from examday.demo import cast, outside
    from examday.settings import load_settings

    print()
    print(_("Demo accounts (password %(password)s):") % {"password": cast.PASSWORD})
    for login, roles in cast.introduce():
        print(f"  {login:<12} {roles}")
    settings = load_settings(home)
    host, port = arguments.host or settings.host, arguments.port or settings.port
    with outside.returning(settings):
        serve(settings, host=host, port=port)
