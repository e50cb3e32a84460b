"""Someone at a desk with a browser: signs in, follows links, fills forms, reads what is said."""

import hashlib
import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Locator, Page
from playwright.sync_api import TimeoutError as NotThere
from sqlalchemy import select

from examday.db import db

# What a refused act may write all the same: the trace of the refusal, and the sign-in itself.
_NOT_COMPARED = ("trace_", "staff_sign_ins", "staff_attempts")
_LATIN_WORD = re.compile(r"[a-z]+_[a-z_]+|%\(\w+\)s")


class Clerk:
    """One person with a browser of their own; `password` follows the first sign-in's change."""

    def __init__(self, page: Page, login: str, password: str) -> None:
        self.page, self.login, self.password = page, login, password
        page.on("dialog", lambda dialog: dialog.accept())
        self.files: list[tuple[str, bytes]] = []

    @property
    def passphrase(self) -> str:
        """The passphrase of this person's own key."""
        return f"{self.login} Kaoshi-2026-Mishi"

    def settle_in(self, password: str) -> "Clerk":
        """Sign in for the first time and choose an own password, as the site asks."""
        self.go("/")
        self.send("修改密码", old=self.password, new=password, new_again=password)
        self.password = password
        return self

    def go(self, url: str) -> "Clerk":
        """Open an address; a sign-in that has ended is made anew."""
        self.page.goto(url)
        if "/staff/sign-in" in self.page.url:
            self.sign_in(self.password)
            assert "/staff/sign-in" not in self.page.url, self.text()
        return self

    def sign_in(self, password: str) -> None:
        """Fill in the door."""
        self.send("登录", login=self.login, password=password)

    def follow(self, *links: str) -> "Clerk":
        """Click through links by their words, from the page at hand."""
        for words in links:
            link = self.page.get_by_role("link", name=words, exact=True)
            link = link if link.count() else self.page.get_by_role("link", name=words)
            self._is_there(link, f"link {words}")
            self.open(link.first)
        return self

    def open(self, link: Locator) -> "Clerk":
        """Click one link and wait until its page is there."""
        with self.page.expect_navigation():
            link.click()
        return self

    def _is_there(self, found: Locator, what: str) -> None:
        try:
            found.first.wait_for(state="attached", timeout=4000)
        except NotThere:
            raise AssertionError(
                f"{self.login}: no {what} at {self.page.url}\n{self.text()}"
            ) from None

    def start(self, *links: str) -> "Clerk":
        """Begin at the day board and click through links: what no link reaches is not there."""
        return self.go("/").follow(*links)

    def form(self, button: str, *, within: str = "") -> Locator:
        """Find the form that has this button, the first whose card or row holds `within`."""
        found = self.page.locator("form").filter(
            has=self.page.get_by_role("button", name=button, exact=True)
        )
        if within:
            around = self.page.locator("section, article, tr").filter(has_text=within).last
            found = around.locator("form").filter(
                has=self.page.get_by_role("button", name=button, exact=True)
            )
        self._is_there(found, f"form {button}")
        return found.first

    def send(self, button: str, *, within: str = "", **fields: object) -> "Clerk":
        """Fill in the form with this button by the names of its fields and press it."""
        form = self.form(button, within=within)
        for name, value in fields.items():
            _put(form, name.rstrip("_").replace("__", "-"), value)
        with self.page.expect_navigation():
            form.get_by_role("button", name=button, exact=True).click()
        return self

    def fetch(self, url_or_link: str, *, is_link: bool = True) -> bytes:
        """Take what a link offers for download, as this person."""
        link = self.page.get_by_role("link", name=url_or_link, exact=True).first
        url = link.get_attribute("href") if is_link else url_or_link
        answer = self.page.request.get(str(url))
        assert answer.ok, f"{url}: {answer.status} {answer.text()[:400]}"
        return answer.body()

    def print_form(self, button: str, **fields: object) -> bytes:
        """Press a button that opens a PDF in a new tab, and give its bytes."""
        form = self.form(button)
        for name, value in fields.items():
            _put(form, name, value)
        data = dict(form.evaluate("form => Object.fromEntries(new FormData(form))"))
        url = form.get_attribute("action") or self.page.url
        answer = self.page.request.post(url, form=data)
        assert answer.ok, f"{url}: {answer.status} {answer.text()[:400]}"
        return answer.body()

    def text(self) -> str:
        """Give the words of the page."""
        return self.page.locator("main").inner_text()

    def sees(self, *words: str) -> "Clerk":
        """Assert that the page says all of this."""
        for word in words:
            assert word in self.text(), f"{self.login} at {self.page.url}: {word}?\n{self.text()}"
        return self

    def refused(self, act: Callable[[], object], *words: str) -> str:
        """Let the act be refused: the page says these words, in Chinese, and nothing changed."""
        before, here = kept(), self.page.url
        act()
        said = self.text()
        after = {name: digest for name, digest in kept().items() if before[name] != digest}
        assert not after, f"changed all the same: {sorted(after)}\n{said}"
        for word in words:
            assert word in said, f"{self.login}: {word}?\n{said}"
        assert not _LATIN_WORD.search(said), f"not in Chinese: {said}"
        self.page.goto(here)
        return said


def kept() -> dict[str, str]:
    """Digest every table but those a refusal may write."""
    db.session.rollback()
    digests = {
        name: hashlib.sha256(repr(db.session.execute(select(table)).all()).encode()).hexdigest()
        for name, table in db.Model.metadata.tables.items()
        if not name.startswith(_NOT_COMPARED)
    }
    # A look that stays open would show this thread the past for the rest of the test.
    db.session.rollback()
    return digests


def _put(form: Locator, name: str, value: object) -> None:
    fields = form.locator(f"[name='{name}']")
    assert fields.count(), f"no field {name} in {form.inner_text()}"
    first = fields.first
    kind = first.evaluate("one => one.tagName === 'SELECT' ? 'select' : one.type")
    if value is False:
        first.uncheck()
    elif kind in {"checkbox", "radio"}:
        for one in value if isinstance(value, list | tuple) else [value]:
            form.locator(f"[name='{name}'][value='{one}']").check()
    elif kind == "select":
        _choose(first, str(value))
    elif kind == "file":
        first.set_input_files(value if isinstance(value, str | Path) else [value])
    else:
        first.fill(str(value))


def _choose(select_: Locator, wanted: str) -> None:
    """Choose by value or, where no value is that, by what the option says."""
    offered = select_.evaluate("one => [...one.options].map(o => [o.value, o.text])")
    numbers = [n for n, (value, _says) in enumerate(offered) if value == wanted]
    numbers += [n for n, (_value, says) in enumerate(offered) if wanted in says]
    assert numbers, f"{wanted} is not offered: {offered}"
    select_.select_option(index=numbers[0])
