"""Signing in without a password: a mail with a link and a code, ten minutes. The page never says who is a member."""

from datetime import timedelta

from portal.core import sessions, tokens
from portal.core.addresses import Address
from portal.core.db import session
from portal.core.knock import Knock
from portal.core.settings import Settings
from portal.core.tokens import OneTimeToken, Outcome
from portal.mail import actions as mail_actions
from portal.mail import limits
from portal.members import joining, queries
from portal.members.models import Member


def ask(address: Address, knock: Knock, settings: Settings) -> None:
    """Plan the mail that fits this address: sign in, confirm first, or "no membership here".

    An address we do not know gets a token that opens nothing, so that typing codes tells nobody more than the page.
    """
    may = limits.take_leave(address, knock.requester, settings, knock.is_known_browser)
    member = queries.by_address(address)
    with session().connection().begin_nested() as deed:
        if member is not None:
            joining.plan_way_in(member, knock, settings, is_joining=False)
        else:
            _plan_no_membership(address, knock, settings)
        if not may:
            deed.rollback()


def sign_in(token: OneTimeToken, code: str | None = None) -> Outcome:
    """Use the token up, by link or with the typed code; of many at once exactly one is `good`."""
    member = joining.member_of(token)
    outcome = tokens.consume(token) if code is None else tokens.consume_by_code(token, code)
    if outcome is Outcome.good and (member is None or not member.may_enter):
        return Outcome.wrong
    return outcome


def waiting_for(browser: str) -> OneTimeToken | None:
    """The newest thing that this browser can open with a code: a sign-in or a confirmation."""
    found = [tokens.of_browser(purpose, browser) for purpose in (joining.SIGN_IN, joining.CONFIRM)]
    return max((token for token in found if token is not None), key=lambda token: token.id, default=None)


def end_session(member: Member, session_id: int) -> bool:
    """Sign one browser of a member out; returns whether it was theirs and open."""
    return sessions.end_one("member", member.id, session_id)


def _plan_no_membership(address: Address, knock: Knock, settings: Settings) -> None:
    subject = f"nobody:{tokens.keyed_hash('nobody', address.key)}"
    lives = timedelta(minutes=settings.sign_in_minutes)
    token = tokens.issue(joining.SIGN_IN, subject, lives, knock.browser)
    mail_actions.post(
        "members/no-membership", to=address, occasion=f"token:{token.id}", facts={"token": token.id}
    )
