"""Letters to people who work here."""

from portal.core.db import session
from portal.core.tokens import OneTimeToken, Outcome
from portal.core.web import link
from portal.mail.letters import Letter, NotNeeded, letter
from portal.mail.models import Message, Stream
from portal.staff.models import Staff


@letter(
    "desk/invite", Stream.account, words="Invitation to the staff pages", trigger="An admin invites somebody"
)
def invite(message: Message) -> Letter:
    """The way in for somebody new."""
    token, person = _token_and_person(message)
    return Letter(
        template="desk/invite",
        context={"person": person, "url": link("desk.link", token=token.link_text), "token": token},
        to_name=person.name,
    )


@letter(
    "desk/sign-in",
    Stream.account,
    words="Sign-in link for staff",
    trigger="Somebody asks on the staff entrance",
)
def sign_in(message: Message) -> Letter:
    """A link and a code that work once, for a few minutes."""
    token, person = _token_and_person(message)
    return Letter(
        template="desk/sign-in",
        context={
            "person": person,
            "url": link("desk.link", token=token.link_text),
            "code": token.code,
            "token": token,
        },
        to_name=person.name,
    )


def _token_and_person(message: Message) -> tuple[OneTimeToken, Staff]:
    facts = message.facts or {}
    token = session().get(OneTimeToken, facts.get("token", 0))
    person = session().get(Staff, facts.get("staff", 0))
    if token is None or person is None or token.state is not Outcome.good:
        raise NotNeeded("the link is over already")
    return token, person
