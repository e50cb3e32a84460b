"""
What one check-in costs pretix 2026.8, run by an environment that has it (never a dependency).

pretix asks for newer and older releases than examday does, so it gets an environment of its own,
named in PRETIX_PYTHON. Its API is asked in this process, as the benchmark beside asks ours: what a
client or a web server does is counted for neither. Prints milliseconds of processor time.

Usage: PRETIX_CONFIG_FILE=... python pretix_peer.py COUNT
"""

import json
import os
import sys
import time
from datetime import timedelta
from decimal import Decimal

WARM_UP = 10
os.environ["DJANGO_SETTINGS_MODULE"] = "pretix.settings"


def main(count: int) -> None:
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    settings.ALLOWED_HOSTS = ["*"]
    call_command("migrate", verbosity=0)
    device, checkin_list, secrets = make_event(count + WARM_UP)
    print(json.dumps({"milliseconds": redeem_all(device, checkin_list, secrets)}))


def make_event(count: int) -> tuple[str, int, list[str]]:
    """Make an organiser with one event of so many paid tickets, and a device for its door."""
    from django.utils.timezone import now
    from django_scopes import scopes_disabled
    from pretix.base.models import Device, Event, Item, Order, OrderPosition, Organizer

    with scopes_disabled():
        organizer = Organizer.objects.create(name="Door", slug=f"door{os.getpid()}")
        event = Event.objects.create(
            organizer=organizer, name="Exam", slug="exam", live=True, date_from=now(),
            plugins="pretix.plugins.banktransfer",
        )  # fmt: skip
        item = Item.objects.create(event=event, name="Seat", default_price=0)
        checkin_list = event.checkin_lists.create(name="Door", all_products=True)
        secrets = []
        for number in range(count):
            order = Order.objects.create(
                event=event, code=f"A{number:05}", email="a@example.org", locale="en",
                status=Order.STATUS_PAID, datetime=now(), expires=now() + timedelta(days=9),
                total=Decimal(0), sales_channel=organizer.sales_channels.get(identifier="web"),
            )  # fmt: skip
            position = OrderPosition.objects.create(
                order=order, item=item, price=Decimal(0), positionid=1, secret=f"t{number:030}"
            )
            secrets.append(position.secret)
        device = Device.objects.create(
            organizer=organizer, name="Kiosk", all_events=True, initialized=now(),
            api_token=f"token{os.getpid()}", hardware_brand="x", hardware_model="y",
            software_brand="z", software_version="1",
        )  # fmt: skip
        return f"{organizer.slug} {device.api_token}", checkin_list.pk, secrets


def redeem_all(device: str, checkin_list: int, secrets: list[str]) -> float:
    """Let everyone in by the API a scanner uses; gives CPU milliseconds each."""
    from django.test import Client

    slug, token = device.split()
    client = Client(HTTP_AUTHORIZATION=f"Device {token}", HTTP_HOST="localhost")
    costs = []
    for secret in secrets:
        asked = {"secret": secret, "lists": [checkin_list], "source_type": "barcode"}
        since = time.process_time()
        answer = client.post(
            f"/api/v1/organizers/{slug}/checkinrpc/redeem/", asked, content_type="application/json"
        )
        costs.append((time.process_time() - since) * 1000)
        if answer.status_code != 201:
            sys.exit(f"{answer.status_code}: {answer.content[:500]!r}")
    return sum(costs[WARM_UP:]) / len(costs[WARM_UP:])


if __name__ == "__main__":
    main(int(sys.argv[1]))
