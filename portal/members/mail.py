"""Letters about coming in, signing in and changing one's address. Nothing a stranger typed stands in them."""

from typing import Any

from flask import current_app

from portal.core import clock, words
from portal.core.doorbell import masked
from portal.core.season import season_of
from portal.core.settings import Settings
from portal.core.tokens import OneTimeToken, Outcome
from portal.core.web import link
from portal.mail.letters import Letter, NotNeeded, letter
from portal.mail.models import Message, Stream
from portal.members import arrivals, queries
from portal.members.models import Member


@letter(
    "members/confirm",
    Stream.account,
    words="Confirm that you want to join",
    trigger="Somebody asks to join with an address we do not know, or asks again before confirming",
)
def confirm(message: Message) -> Letter:
    """The link and code that make somebody a member."""
    return _with_link("members/confirm", "members.confirm", _token(message))


@letter(
    "members/come-back",
    Stream.account,
    words="Confirm that you want to come back",
    trigger="Somebody asks to join with the address of a member who left",
)
def come_back(message: Message) -> Letter:
    """The link and code that bring somebody back."""
    return _with_link("members/come-back", "members.confirm", _token(message))


@letter(
    "members/already-in",
    Stream.account,
    words="You are in already: a sign-in link",
    trigger="Somebody asks to join with the address of an active member",
)
def already_in(message: Message) -> Letter:
    """A sign-in link instead of a second membership."""
    return _with_link("members/already-in", "members.sign_in_link", _token(message))


@letter("members/sign-in", Stream.account, words="Sign-in link", trigger="A member asks on the sign-in page")
def sign_in(message: Message) -> Letter:
    """The link and code that sign a member in."""
    return _with_link("members/sign-in", "members.sign_in_link", _token(message))


@letter(
    "members/no-membership",
    Stream.account,
    words="No membership under this address",
    trigger="Somebody asks on the sign-in page with an address we do not know",
)
def no_membership(message: Message) -> Letter:
    """Nothing to sign in to, and how to join."""
    _token(message)
    return Letter("members/no-membership", {"link": link("members.join")})


@letter(
    "members/welcome",
    Stream.account,
    words="Welcome",
    trigger="Somebody confirmed that they want to join, or to come back",
)
def welcome(message: Message) -> Letter:
    """What comes, how often, and when next, from somebody who can be answered."""
    member = queries.by_id(message.member_id or 0)
    if member is None or not member.is_active:
        raise NotNeeded("they left again")
    settings = _settings()
    return Letter(
        "members/welcome",
        {
            "called": member.called,
            "is_back": bool((message.facts or {}).get("is_back")),
            "promises": arrivals.promises(member) or _promises(settings),
            "page_link": link("home.me"),
            "data_link": link("members.data"),
            "sender_name": settings.sender_name,
        },
        to_name=member.name,
        offers_choices=True,
    )


@letter(
    "members/new-address",
    Stream.account,
    words="Confirm your new mail address",
    trigger="A member asks to be written to at another address",
)
def new_address(message: Message) -> Letter:
    """The link and code that prove the new address."""
    return _with_link("members/new-address", "members.new_address", _token(message))


@letter(
    "members/address-taken",
    Stream.account,
    words="Somebody wanted to use your address",
    trigger="A member asks to be written to at an address that another member has",
)
def address_taken(message: Message) -> Letter:
    """Nothing changed, told to the owner of the address only."""
    _token(message)
    return Letter("members/address-taken", {"link": link("members.sign_in")})


@letter(
    "members/address-changed",
    Stream.account,
    words="Your mail address was changed, and how to undo it",
    trigger="The new address of a member was confirmed; this goes to the old one",
)
def address_changed(message: Message) -> Letter:
    """Told to the old address, with three days to undo it."""
    token = _token(message)
    change = queries.address_change(int(token.subject.partition(":")[2]))
    if change is None:
        raise NotNeeded("the membership is gone")
    return Letter(
        "members/address-changed",
        {
            "link": link("members.undo_address", token=token.link_text),
            "new_masked": masked(change.new_address),
            "until": words.moment(token.expires_at, _zone(queries.by_id(change.member_id))),
        },
    )


def _with_link(template: str, endpoint: str, token: OneTimeToken) -> Letter:
    context: dict[str, Any] = {
        "link": link(endpoint, token=token.link_text),
        "code": token.code,
        "lives": _span(token),
        "until": words.moment(token.expires_at, _settings().zone),
        "host": link("members.join").split("/")[2],
    }
    return Letter(template, context)


def _token(message: Message) -> OneTimeToken:
    """The token the letter was planned for, if it can still be used."""
    token = queries.token(int((message.facts or {}).get("token", 0)))
    if token is None or token.state is not Outcome.good:
        raise NotNeeded("a newer mail has replaced it, or its time is over")
    return token


def _span(token: OneTimeToken) -> str:
    minutes = round((token.expires_at - token.created_at).total_seconds() / 60)
    if minutes < 120:
        return words.plural(minutes, "minute", "minutes")
    hours = minutes // 60
    return words.plural(hours, "hour", "hours") if hours < 48 else words.plural(hours // 24, "day", "days")


def _promises(settings: Settings) -> list[str]:
    """What the house promises everybody, as long as no room says more."""
    coming = season_of(clock.today(settings.zone)).next
    return [
        "A newsletter each quarter, and invitations to events: about four mails a quarter at most.",
        f"The next newsletter comes about {words.day(coming.begins)}.",
    ]


def _zone(member: Member | None) -> Any:
    settings = _settings()
    return words.zone(member.zone, settings.company_zone) if member else settings.zone


def _settings() -> Settings:
    settings: Settings = current_app.extensions["portal"]
    return settings
