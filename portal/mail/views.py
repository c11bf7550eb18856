"""Everything we sent to me, when, and why."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.core import paging, web
from portal.mail import actions, gate, letters, queries, suppressing
from portal.mail.models import Aftermath, Message, State, Stream

room = Blueprint("mail", __name__)

_WHY = {
    Stream.account: "You, or somebody who typed your address, asked for it.",
    Stream.event: "You answered an invitation, and it is about that.",
    Stream.marketing: "You chose to hear about this.",
}
_BECAME = {
    Aftermath.delivered: "Delivered",
    Aftermath.blocked: "Turned away by your mail server",
    Aftermath.bounced: "Came back",
    Aftermath.dropped: "Not taken by the mail provider",
    Aftermath.complained: "Reported as spam",
}
_STANDS = {
    State.planned: "On its way",
    State.claimed: "On its way",
    State.accepted: "Sent",
    State.failed: "Could not be sent",
    State.unknown: "May have been sent; we cannot know",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One mail as its reader sees it."""

    message: Message
    title: str
    why: str
    stands: str
    note: str

    @property
    def tone(self) -> str:
        """The colour of where it stands."""
        if self.message.aftermath in set(Aftermath) - {Aftermath.delivered}:
            return "warning"
        return "success" if self.message.state is State.accepted else "neutral"


@room.get("/me/mail")
@web.members_only
def mine() -> ResponseReturnValue:
    """List every mail to me, newest first: what it was, why it came, and what became of it."""
    key = paging.key(request.args.get("before"))
    before = key[0] if key and isinstance(key[0], int) else None
    messages = queries.of_member(web.visitor().id, before, paging.PAGE + 1)
    rows, more = messages[: paging.PAGE], len(messages) > paging.PAGE
    titles, kinds = queries.titles(rows), {one.name: one for one in letters.register()}
    lines = [_line(one, titles, kinds) for one in rows]
    older = paging.cursor(rows[-1].id) if more else None
    bounce = suppressing.bounce_of(web.visitor().address_key) if before is None else None
    return render_template("mail/mine.html", lines=lines, older=older, is_first=before is None, bounce=bounce)


@room.post("/me/mail/lift")
@web.members_only
def try_again() -> ResponseReturnValue:
    """Write to my mailbox again after it did not take our mail: only I can say that it works."""
    if actions.lift_bounces(web.visitor().address_key):
        flash("Thank you. We try your mailbox again with the next mail.", "success")
    else:
        flash("Nothing was stopped, so all stays as it is.", "info")
    return redirect(url_for(".mine"))


def _line(message: Message, titles: dict[int, str], kinds: dict[str, Any]) -> Line:
    kind = kinds.get(message.letter)
    title = titles.get(message.mailing_id or 0, "") or (kind.words if kind else "")
    return Line(
        message=message,
        title=title or message.letter.rpartition("/")[2].replace("-", " ").replace("_", " ").capitalize(),
        why=_WHY[message.stream],
        stands=_stands(message),
        note=_note(message),
    )


def _stands(message: Message) -> str:
    if message.aftermath is not None:
        return _BECAME[message.aftermath]
    return "Not sent" if message.state is State.skipped else _STANDS[message.state]


def _note(message: Message) -> str:
    """Why it was not sent, said to the person it is about."""
    if message.state is not State.skipped:
        return ""
    if message.why.startswith("not needed"):
        return "There was no need for it any more."
    words = gate.words_of(message.why)
    return words.replace("They ", "You ", 1) + "."
