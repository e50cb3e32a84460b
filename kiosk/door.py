"""
The door: scanned, judged, identified. What the examiner does and sees, whatever the input.

Each act is an event in the outbox first; then the server is asked, and answers within three
seconds or is not waited for. A scan that lets in stays open until the examiner's tap; the next
scan is taken at once and the open ones wait in a list, so no one in the queue is lost.
"""

import hashlib
import os
import threading
from dataclasses import replace

from examday.wire import (
    Act,
    Answer,
    Decision,
    Fate,
    Malformed,
    Means,
    Place,
    ScanEvent,
    Shown,
    Sign,
    Verdict,
    decide,
    is_ticket_number,
    parse_scan,
    token_proof,
)
from kiosk import clock, words
from kiosk.line import Line
from kiosk.outbox import Kept, Outbox
from kiosk.picture import Open, Picture, earlier_of, picture_of
from kiosk.words import Words


class Door:
    """One kiosk's door."""

    def __init__(self, kiosk: str, sign: Sign, outbox: Outbox, line: Line) -> None:
        """Stand at the door of this kiosk."""
        self.kiosk, self.outbox, self.line = kiosk, outbox, line
        self._sign = sign
        self._lock = threading.RLock()
        self.changed = threading.Condition(self._lock)
        self.number = 0
        self.is_closed = False
        self.picture = Picture(words.IDLE)
        self.open: dict[str, Open] = {}

    @property
    def room(self) -> str:
        """The room whose door this is; empty for the door of the whole site."""
        return self.line.roster.door.room if self.line.roster else ""

    def scan(self, text: str, means: Means) -> Picture:
        """Take what a camera or a scanner read."""
        with self._lock:
            try:
                token = parse_scan(text)
            except Malformed:
                self._record(Act.SCANNED, Decision(Verdict.UNKNOWN), means=means)
                return self._show(Picture(words.UNREADABLE, Verdict.UNKNOWN.value))
            roster = self.line.roster
            shown = (
                roster.shown(token, admitted=self.outbox.admitted(token.number))
                if roster
                else Shown(is_listed=False, is_genuine=False)
            )
            return self._ask(token.number, shown, means, secret=token.secret)

    def choose(self, ticket_no: str, means: Means) -> Picture:
        """Take a ticket number that was typed, or found by name."""
        with self._lock:
            ticket_no = "".join(ticket_no.split())
            if not is_ticket_number(ticket_no):
                return self._show(Picture(words.UNREADABLE, Verdict.UNKNOWN.value))
            roster = self.line.roster
            shown = (
                roster.named(ticket_no, admitted=self.outbox.admitted(ticket_no))
                if roster
                else Shown(is_listed=False, is_genuine=False)
            )
            return self._ask(ticket_no, shown, means)

    def reopen(self, open_id: str) -> Picture:
        """Show one of those who wait for a tap."""
        with self._lock:
            waiting = self.open.get(open_id)
            return self._show(picture_of(waiting)) if waiting else self.picture

    def identify(self, open_id: str, *, is_holder: bool, photo: bytes = b"") -> Picture:
        """
        Take the examiner's tap: 本人 admits, 存疑 holds and does not use the ticket up.

        `photo` is a picture of the candidate taken now, given only when they have consented.
        """
        with self._lock:
            someone = self.open.pop(open_id, None)
            if someone is None:
                return self.picture
            act = Act.IDENTIFIED if is_holder else Act.HELD
            decision = Decision(someone.verdict, someone.place)
            kept, answer = self._record(act, decision, ticket_no=someone.ticket_no, about=open_id)
            if photo:
                self.line.faces.album.keep_entry(kept.event_id, photo)
            said = self._words_after(act, answer, was_offline=someone.is_offline)
            someone = _placed(someone, answer)
            picture = picture_of(someone, said=said, earlier=earlier_of(answer), open_id="")
            if act is Act.IDENTIFIED and said is not words.CONFLICT:
                picture = picture_of(someone, said=said, open_id="", undo_id=kept.event_id)
            return self._show(picture)

    def undo(self, reason: str) -> Picture:
        """Take back the admission on the screen, just made or shown again, with the reason."""
        with self._lock:
            last = self.picture
            if not last.undo_id or not reason.strip():
                return last
            roster = self.line.roster
            place = roster.place(last.ticket_no, last.sitting) if roster else None
            decision = Decision(Verdict(last.verdict), place)
            self._record(
                Act.UNDONE,
                decision,
                ticket_no=last.ticket_no,
                about=last.undo_id,
                reason=reason[:200],
            )
            return self._show(
                Picture(words.UNDONE, last.verdict, last.ticket_no, last.name, last.id_tail)
            )

    def face(self, ticket_no: str) -> bytes:
        """Give the small photo of a candidate of the roster; empty when there is none."""
        line = self.line.roster.line(ticket_no) if self.line.roster else None
        return self.line.faces.album.face(line.photo) if line else b""

    def close(self) -> None:
        """Let go of whoever waits for news."""
        with self._lock:
            self.is_closed = True
            self._tell()

    def refresh(self) -> None:
        """Tell the screen that the line or the queue may look different."""
        with self._lock:
            self._tell()

    def _ask(self, ticket_no: str, shown: Shown, means: Means, *, secret: bytes = b"") -> Picture:
        again = next((one for one in self.open.values() if one.ticket_no == ticket_no), None)
        if again is not None and (shown.is_genuine or not shown.is_listed):
            return self._show(picture_of(again))
        doors = self.line.roster.door.doors if self.line.roster else ()
        at_hand = decide(shown, doors, room=self.room, now=self.line.clock.now(), online=False)
        kept, answer = self._record(
            Act.SCANNED, at_hand, ticket_no=ticket_no, means=means, secret=secret
        )
        if answer is not None and answer.fate is not Fate.ACCEPTED:
            return self._show(Picture(words.UNTRUSTED, Verdict.UNKNOWN.value, ticket_no))
        verdict, place = _settle(at_hand, answer, self._places(ticket_no))
        line = self.line.roster.line(ticket_no) if self.line.roster else None
        someone = Open(
            event_id=kept.event_id,
            ticket_no=ticket_no,
            name=line.name if line and verdict is not Verdict.UNKNOWN else "",
            id_tail=line.id_tail if line and verdict is not Verdict.UNKNOWN else "",
            place=place,
            verdict=verdict,
            is_offline=answer is None,
        )
        if verdict.lets_in:
            self.open[kept.event_id] = someone
            return self._show(picture_of(someone, is_late=at_hand.is_late))
        # Whoever was let in at this door can be shown again, and the admission be taken back here.
        admission = (
            self.outbox.admission(ticket_no, at_hand.place.sitting)
            if verdict is Verdict.ALREADY_IN and at_hand.place
            else ""
        )
        earlier = earlier_of(answer)
        return self._show(picture_of(someone, earlier=earlier, open_id="", undo_id=admission))

    def _places(self, ticket_no: str) -> tuple[Place, ...]:
        line = self.line.roster.line(ticket_no) if self.line.roster else None
        return line.places if line else ()

    def _record(
        self,
        act: Act,
        decision: Decision,
        *,
        ticket_no: str = "",
        means: Means = Means.TYPED,
        secret: bytes = b"",
        about: str = "",
        reason: str = "",
    ) -> tuple[Kept, Answer | None]:
        """Write the event down, then ask the server about it."""
        nonce = os.urandom(16).hex()

        def make(sequence: int, previous: str) -> ScanEvent:
            return ScanEvent(
                kiosk=self.kiosk,
                sequence=sequence,
                previous=previous,
                nonce=nonce,
                act=act,
                about=about,
                means=means,
                ticket_no=ticket_no,
                proof=token_proof(secret, nonce=nonce) if secret else "",
                sitting=decision.place.sitting if decision.place else "",
                room=self.room,
                verdict=decision.verdict,
                is_offline=not self.line.is_up,
                reason=reason,
                at=self.line.clock.now(),
                wall_at=clock.wall_now(),
                mono_ms=clock.mono_ms(),
                boot=clock.boot_id(),
            )

        kept = self.outbox.add(make, self._sign)
        return kept, self.line.ask(hashlib.sha256(kept.message).hexdigest())

    @staticmethod
    def _words_after(act: Act, answer: Answer | None, *, was_offline: bool) -> Words:
        if act is Act.HELD:
            return words.HELD
        if answer is None or (was_offline and answer.verdict is Verdict.PROVISIONAL):
            return words.INSIDE_OFFLINE
        if answer.verdict is Verdict.ALREADY_IN:
            return words.CONFLICT
        return words.INSIDE if answer.verdict.lets_in else words.VERDICTS[answer.verdict]

    def _show(self, picture: Picture) -> Picture:
        self.picture = picture
        self._tell()
        return picture

    def _tell(self) -> None:
        self.number += 1
        self.changed.notify_all()


def _placed(someone: Open, answer: Answer | None) -> Open:
    """Take the place that the server names: a station is drawn by the tap and not before."""
    if answer is None or not answer.room or someone.place is None:
        return someone
    return replace(someone, place=Place(someone.place.sitting, answer.room, answer.seat))


def _settle(
    at_hand: Decision, answer: Answer | None, places: tuple[Place, ...]
) -> tuple[Verdict, Place | None]:
    """Take the server's word where there is one, else the roster's."""
    if answer is None:
        return at_hand.verdict, at_hand.place
    if not answer.room:
        return answer.verdict, at_hand.place
    same = (p for p in places if (p.room, p.seat) == (answer.room, answer.seat))
    return answer.verdict, next(same, Place("", answer.room, answer.seat))
