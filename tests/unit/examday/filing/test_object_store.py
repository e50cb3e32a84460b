"""The second copy of a bundle, on an S3-compatible store (moto): made, looked at, mended, deleted."""

import dataclasses
import json
from datetime import datetime

import pytest

from examday.errors import Unavailable
from examday.filing import service as filing
from examday.filing.adapters import ObjectStore
from examday.trace import service as trace

OFFICE = "staff:office"


@pytest.fixture(scope="module")
def s3():
    """A store on the loopback, with a bucket."""
    boto3 = pytest.importorskip("boto3")
    server = pytest.importorskip("moto.server").ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    with pytest.MonkeyPatch.context() as patch:
        for name, value in (
            ("AWS_ACCESS_KEY_ID", "test"),
            ("AWS_SECRET_ACCESS_KEY", "test"),
            ("AWS_DEFAULT_REGION", "us-east-1"),
        ):
            patch.setenv(name, value)
        server.start()
        host, port = server.get_host_and_port()
        endpoint = f"http://{host}:{port}"
        client = boto3.client("s3", endpoint_url=endpoint)
        client.create_bucket(Bucket="archive")
        yield endpoint, client
        client.close()
        server.stop()


@pytest.fixture
def stored(app, settings, s3, certified):
    """An archived batch of a site that names the store."""
    app.extensions["examday_settings"] = dataclasses.replace(
        settings, archive_store="s3://archive/site1", archive_endpoint=s3[0]
    )
    batch = certified(3, failed=())
    return batch, filing.archive_batch(batch.id, by=OFFICE), s3[1]


def entries(action: str) -> list[dict]:
    return [json.loads(entry.leaf)["facts"] for entry in trace.list_entries(action=action).entries]


def test_a_bundle_is_copied_once_whole_and_traced(stored):
    batch, bundle, client = stored

    assert filing.copy_bundles() == 1
    assert filing.copy_bundles() == 0

    name = bundle.zip.name
    body = client.get_object(Bucket="archive", Key=f"site1/{name}")["Body"].read()
    assert body == bundle.zip.read_bytes()
    copy = filing.find_copy(filing.find_bundle(batch.id).id)
    assert (copy.place, copy.is_whole) == (f"s3://archive/site1/{name}", True)
    assert [each["is_whole"] for each in entries("filing:bundle:copied")] == [True]


def test_a_changed_or_lost_copy_is_found_after_a_month_and_mended(stored, clock):
    _, bundle, client = stored
    key = {"Bucket": "archive", "Key": f"site1/{bundle.zip.name}"}
    filing.copy_bundles()
    assert filing.check_oldest_copy() is None

    for damage in (
        lambda: client.put_object(**key, Body=bundle.zip.read_bytes()[:-1] + b"x"),
        lambda: client.delete_object(**key),
    ):
        damage()
        clock.advance(days=31)
        assert filing.check_oldest_copy() is False
        assert filing.copy_bundles() == 1
        assert client.get_object(**key)["Body"].read() == bundle.zip.read_bytes()

    assert [each["is_whole"] for each in entries("filing:copy:checked")] == [False, False]
    clock.advance(days=31)
    assert filing.check_oldest_copy() is True


def test_a_damaged_bundle_never_replaces_a_whole_copy(stored, clock):
    batch, bundle, client = stored
    key = {"Bucket": "archive", "Key": f"site1/{bundle.zip.name}"}
    whole = bundle.zip.read_bytes()
    filing.copy_bundles()
    bundle.zip.write_bytes(whole[:-1] + b"x")
    filing.verify_bundle(batch.id, by=OFFICE)
    client.delete_object(**key)
    clock.advance(days=31)

    assert filing.check_oldest_copy() is False
    assert filing.copy_bundles() == 0


def test_what_is_deleted_after_its_years_is_deleted_there_too(stored, clock):
    batch, bundle, client = stored
    filing.copy_bundles()
    clock.move_to(datetime(2031, 11, 4, 9, 0))
    filing.propose_destruction(batch.id, by="staff:second")

    filing.destroy_bundle(batch.id, by=OFFICE)

    listed = client.list_objects_v2(Bucket="archive", Prefix=f"site1/{bundle.zip.name}")
    assert listed["KeyCount"] == 0


def test_a_store_that_does_not_answer_is_unavailable_and_changes_nothing(stored, app, settings):
    batch, _, _ = stored
    app.extensions["examday_settings"] = dataclasses.replace(
        settings, archive_store="s3://no-such-bucket/site1", archive_endpoint="http://127.0.0.1:9"
    )

    with pytest.raises(Unavailable):
        filing.copy_bundles()

    assert filing.find_copy(filing.find_bundle(batch.id).id) is None


def test_a_site_without_a_store_needs_no_library(app):
    assert filing.copy_bundles() == 0
    assert filing.check_oldest_copy() is None


def test_an_address_nobody_understands_is_unavailable():
    with pytest.raises(Unavailable):
        ObjectStore("nonsense://archive")
