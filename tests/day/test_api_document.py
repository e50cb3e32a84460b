"""The OpenAPI document says what /api/v1 does, and nothing sent to /api/v1 breaks the server."""

import json
from typing import Any

import pytest
import schemathesis
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.core import NotSet

from examday.web import guards
from examday.wire import HEADER, request_header
from tests.factories.admission import Device

PREFIX = "/api/v1/"
FEW = settings(
    max_examples=25,
    deadline=None,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def operations(document: dict[str, Any]) -> dict[tuple[str, str], dict[str, Any]]:
    """Each operation of the document by (method, path)."""
    paths = document["paths"].items()
    return {(method, path): said for path, item in paths for method, said in item.items()}


def key_of(operation: dict[str, Any]) -> str:
    """The one key that opens this operation, or nothing."""
    return "".join(name for keys in operation.get("security", []) for name in keys)


def as_bytes(body: Any) -> bytes:
    """What travels: JSON, nothing, or bytes that are no JSON at all."""
    if isinstance(body, bytes | NotSet):
        return body if isinstance(body, bytes) else b""
    return json.dumps(body).encode("utf-8", "surrogatepass")


def call(app: Flask, operation: Any, body: bytes, device: Device | None) -> Any:
    """Send one call, signed by this kiosk if there is one."""
    method, headers = operation.method.upper(), {}
    if device:
        device.counter += 1
        headers[HEADER] = request_header(
            device.id,
            device.counter,
            device.key.sign,
            method=method,
            path=operation.path,
            body=body,
        )
    return app.test_client().open(
        operation.path, method=method, data=body, headers=headers, content_type="application/json"
    )


@pytest.fixture
def document(client: FlaskClient) -> dict[str, Any]:
    """What anyone may read at /openapi/openapi.json."""
    answer = client.get("/openapi/openapi.json")
    assert answer.status_code == 200
    return answer.get_json()


def test_the_document_is_openapi_3_1(document: dict[str, Any]) -> None:
    schema = schemathesis.openapi.from_dict(document)

    assert document["openapi"].startswith("3.1")
    schema.validate()
    assert len(list(schema.get_all_operations())) == len(operations(document))


def test_the_document_lists_every_route_with_its_key(app: Flask, document: dict[str, Any]) -> None:
    table = guards.access()
    expected = {}
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith(PREFIX):
            for method in rule.methods - {"HEAD", "OPTIONS"}:
                words = table.words(rule.endpoint)
                key = "" if "public" in words else "kiosk" if "kiosk" in words else "sign_in"
                expected[method.lower(), rule.rule] = key

    told = {place: key_of(operation) for place, operation in operations(document).items()}

    assert expected
    assert told == expected
    assert set(told.values()) - {""} <= set(document["components"]["securitySchemes"])


def test_each_error_is_told_in_one_form(document: dict[str, Any]) -> None:
    for operation in operations(document).values():
        for status, answer in operation["responses"].items():
            schema = answer["content"]["application/json"]["schema"]["$ref"]
            assert (status == "200") != schema.endswith("/ErrorAnswer")


def test_a_call_that_does_not_fit_is_refused_without_repeating_it(client: FlaskClient) -> None:
    answer = client.post("/api/v1/kiosks/enrol", json={"kiosk": "Li Hua 13800001234", "x": 1})

    assert answer.status_code == 422
    assert set(answer.get_json()) == {"code", "text", "id"}
    assert answer.get_json()["code"] == "unusable_call"
    assert "x (extra_forbidden)" in answer.get_json()["text"]
    assert "13800001234" not in answer.text


@pytest.mark.parametrize("is_enrolled", [False, True], ids=["stranger", "kiosk"])
@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
def test_nothing_sent_to_the_interface_breaks_it(
    app: Flask, document: dict[str, Any], *, mode: GenerationMode, is_enrolled: bool
) -> None:
    app.config["TESTING"] = False  # a fault is to be answered as on a site, not raised here
    app.config["RATELIMIT_ENABLED"] = False
    device = Device.enrol() if is_enrolled else None
    schema = schemathesis.openapi.from_dict(document)
    seen: dict[str, set[int]] = {}

    def send(operation: Any, given_body: Any) -> None:
        answer = call(app, operation, as_bytes(given_body), device)
        seen.setdefault(operation.path, set()).add(answer.status_code)
        assert answer.status_code < 500, answer.text
        assert str(answer.status_code) in operation.definition.raw["responses"]
        assert answer.is_json

    for operation in [found.ok() for found in schema.get_all_operations()]:
        spoilt = mode if operation.body else GenerationMode.POSITIVE  # nothing to spoil in a GET
        bodies = operation.as_strategy(generation_mode=spoilt).map(lambda case: case.body)
        FEW(given(st.just(operation), bodies)(send))()

    assert seen["/api/v1/time"] == {200}
    assert seen["/api/v1/kiosks/roster"] == ({200} if is_enrolled else {403})
    if mode is GenerationMode.NEGATIVE:
        assert seen["/api/v1/kiosks/enrol"] >= {422}
