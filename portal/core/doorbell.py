"""The doorbell: pages on which somebody rings, gets a mail, and opens with its link or its six digits.

The browser that rang opens with one press; any other has to be shown the digits (docs/decisions/0020).
Members and staff share this; what a ring means is theirs.
"""

import hmac
from typing import Any

from flask import Response, after_this_request, current_app, g, request
from flask import session as cookie
from flask_wtf import FlaskForm
from wtforms import EmailField, StringField
from wtforms.form import BaseForm
from wtforms.validators import DataRequired, Regexp, ValidationError

from portal.core import clock, limits, tokens, words
from portal.core.addresses import Address, NotAnAddress, parse
from portal.core.knock import Knock
from portal.core.tokens import CODE_TRIES, OneTimeToken, Outcome

_BROWSER, _KNOWN = "browser", "known"
_BROWSER_LIVES, _KNOWN_LIVES = 180 * 86400, 365 * 86400
_MOST_KNOWN = 5
_WRONG = "said_wrong"

NOT_THE_CODE = "That is not the code, or its time is over. Look at the newest mail, or ask for another one."
CODE_OVER = "That was the code, but its time is over. Ask for another mail below."
CODE_USED = "That code has been used already. Ask for another mail below."


class AddressField(EmailField):
    """A mail address; once the form is valid `address` holds what was read."""

    address: Address

    def pre_validate(self, form: BaseForm) -> None:
        """Read what was typed."""
        if not self.data:
            return
        try:
            self.address = parse(self.data)
        except NotAnAddress as wrong:
            raise ValidationError(str(wrong)) from wrong


class CodeForm(FlaskForm):
    """The six digits from the mail."""

    code = StringField(
        "The six digits from the mail",
        filters=[lambda typed: "".join(sign for sign in words.clean(typed) if sign.isdecimal())],
        validators=[
            DataRequired("Please type the six digits from the mail."),
            Regexp(r"^[0-9]{6}$", message="The code has six digits. Please look at the mail once more."),
        ],
    )


def this_browser() -> str:
    """What rows may keep of this browser; "" when it never rang."""
    return tokens.browser_digest(request.cookies.get(_name(_BROWSER), "")[:100])


def knock(address: Address) -> Knock:
    """Who rings for that mailbox; the browser gets its cookie if it has none."""
    return Knock(limits.requester(), _own_browser(), _digest(address) in _known())


def is_same_browser(token: OneTimeToken) -> bool:
    """Whether this browser is the one that asked for the token."""
    return bool(token.browser) and hmac.compare_digest(token.browser, this_browser())


def remember(address: Address) -> None:
    """Know from now on that the owner of this mailbox was signed in in this browser."""
    marks = [_digest(address), *(mark for mark in _known() if mark != _digest(address))]
    _set(_KNOWN, tokens.sign("known-browser", list(marks[:_MOST_KNOWN])), _KNOWN_LIVES)


def forget_this_browser() -> None:
    """Take our cookies back."""
    _set(_BROWSER, "", 0)
    _set(_KNOWN, "", 0)


def ring(bell: str, **kept: str) -> None:
    """Keep in this browser what was asked for, so that the next page can show it and ask again."""
    cookie[f"bell:{bell}"] = kept


def rung(bell: str) -> dict[str, str]:
    """What this browser rang for; empty when it did not."""
    kept = cookie.get(f"bell:{bell}")
    return kept if isinstance(kept, dict) else {}


def forget_rings() -> None:
    """Forget what this browser rang for."""
    for name in [name for name in cookie if name.startswith("bell:")]:
        cookie.pop(name)


def outcome_in_words(token: OneTimeToken | None, typed: str, outcome: Outcome) -> str:
    """Why a typed code did not open. Only whoever has the right digits learns more than that they do not fit."""
    is_right = token is not None and token.tries < CODE_TRIES and hmac.compare_digest(typed, token.code)
    if is_right and outcome is Outcome.expired:
        return CODE_OVER
    if is_right and outcome is Outcome.used:
        return CODE_USED
    return NOT_THE_CODE


def say_wrong(sentence: str) -> None:
    """Say it beside the code field of the next page.

    A wrong try is answered by a redirect, because only an answer below 400 is stored, and tries must count.
    """
    cookie[_WRONG] = sentence


def add_what_was_wrong(form: CodeForm) -> None:
    """Put beside the code field what the last try led to."""
    sentence = cookie.pop(_WRONG, None)
    if isinstance(sentence, str):
        form.code.errors = [sentence]


def masked(address: str) -> str:
    """An address that its owner recognises and nobody else learns: "a...@example.org"."""
    local, _, domain = address.rpartition("@")
    return f"{local[:1]}...@{domain}"


def stamp(*facts: str) -> str:
    """A signed mark for a form: when it was shown, and what it showed."""
    return tokens.sign("form", [int(clock.now().timestamp() * 10), *facts])


def read_stamp(text: str | None) -> tuple[float, list[str]] | None:
    """The seconds since the form was shown, and what it showed; None when we never wrote the mark."""
    value = tokens.read("form", text or "")
    if not isinstance(value, list) or not value or not isinstance(value[0], int):
        return None
    return clock.now().timestamp() - value[0] / 10, [str(fact) for fact in value[1:]]


def _own_browser() -> str:
    digest = this_browser() or g.get("fresh_browser", "")
    if not digest:
        text, digest = tokens.fresh_browser()
        g.fresh_browser = digest
        _set(_BROWSER, text, _BROWSER_LIVES)
    return str(digest)


def _known() -> list[str]:
    marks = tokens.read("known-browser", request.cookies.get(_name(_KNOWN), ""))
    return [str(mark) for mark in marks] if isinstance(marks, list) else []


def _digest(address: Address) -> str:
    return tokens.keyed_hash("known-browser", address.key)[:32]


def _name(cookie_name: str) -> str:
    return f"__Host-{cookie_name}" if _is_https() else cookie_name


def _is_https() -> bool:
    settings: Any = current_app.extensions["portal"]
    return bool(settings.is_https)


def _set(cookie_name: str, value: str, seconds: int) -> None:
    @after_this_request
    def add(response: Response) -> Response:
        name, is_https = _name(cookie_name), _is_https()
        if seconds:
            response.set_cookie(
                name, value, max_age=seconds, path="/", secure=is_https, httponly=True, samesite="Lax"
            )
        else:
            response.delete_cookie(name, path="/", secure=is_https, httponly=True, samesite="Lax")
        return response
