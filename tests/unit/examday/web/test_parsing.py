"""Reading of forms: a value, or a sentence that names the field."""

from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO

import pytest
from flask import Flask

from examday.errors import BadInput
from examday.web import parsing


@pytest.fixture
def sent(app: Flask):
    """Give sent(field=value, …): a form that has arrived."""
    opened = []

    def _sent(**fields: object) -> None:
        context = app.test_request_context("/", method="POST", data=fields)
        context.push()
        opened.append(context)

    yield _sent
    for context in reversed(opened):
        context.pop()


def test_text_is_trimmed_and_kept_exactly(sent) -> None:
    sent(name="  𠮷田·阿依古丽  ")

    assert parsing.text("name") == "𠮷田·阿依古丽"


@pytest.mark.parametrize(
    ("value", "code"),
    [("", "missing_field"), ("a\x00b", "odd_character"), ("x" * 2001, "too_long")],
)
def test_bad_text_is_refused(sent, value: str, code: str) -> None:
    sent(name=value)

    with pytest.raises(BadInput) as caught:
        parsing.text("name")

    assert caught.value.code == code


@pytest.mark.parametrize("value", ["", "-1", "1.5", "٣", "101", "1e3", "9" * 30, " "])
def test_bad_whole_numbers_are_refused(sent, value: str) -> None:
    sent(copies=value)

    with pytest.raises(parsing.NotANumber):
        parsing.whole("copies", low=0, high=100)


@pytest.mark.parametrize("value", ["NaN", "Infinity", "-0.5", "100.01", "sixty", "", "1" * 13])
def test_bad_marks_are_refused(sent, value: str) -> None:
    sent(mark=value)

    with pytest.raises(parsing.NotANumber):
        parsing.decimal("mark")


def test_numbers_and_dates_are_read(sent) -> None:
    sent(copies=" 30 ", mark="60.5", on="2026-10-20", at="2026-10-20T09:00", ids=["3", "1"])

    assert parsing.whole("copies") == 30
    assert parsing.decimal("mark") == Decimal("60.5")
    assert parsing.day("on") == date(2026, 10, 20)
    assert parsing.moment("at") == datetime(2026, 10, 20, 1, 0, tzinfo=UTC)
    assert parsing.wholes("ids") == (3, 1)


@pytest.mark.parametrize("value", ["", "20.10.2026", "2026-02-30"])
def test_bad_dates_are_refused(sent, value: str) -> None:
    sent(on=value, at=value)

    with pytest.raises(parsing.NotADate):
        parsing.day("on")
    with pytest.raises(parsing.NotADate):
        parsing.moment("at")


def test_a_file_of_another_kind_is_refused(sent) -> None:
    sent(roster=(BytesIO(b"x"), "roster.exe"))

    with pytest.raises(parsing.WrongFile):
        parsing.upload("roster", kinds=(".xlsx",))


def test_a_file_is_read_with_its_name(sent) -> None:
    sent(roster=(BytesIO(b"content"), "名册.XLSX"))

    assert parsing.upload("roster", kinds=(".xlsx",)) == ("名册.XLSX", b"content")


def test_a_value_that_was_not_offered_is_refused(sent) -> None:
    sent(relation="boss", ids=["1", "x"])

    with pytest.raises(parsing.NotAChoice):
        parsing.choice("relation", ("none", "kinship"))
    with pytest.raises(parsing.NotANumber):
        parsing.wholes("ids")
