"""What I follow, what mail I get and how often: on my own pages, and from any mail without signing in."""

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # not in the stubs yet

from portal.core import tokens, web
from portal.mail import queries as mail
from portal.mail.models import Stream
from portal.members.models import Member
from portal.preferences import actions, promise, queries
from portal.preferences import traces as _traces  # noqa: F401 - what this room keeps is known to the export
from portal.preferences.forms import InterestsForm
from portal.preferences.models import Cadence, Topic
from portal.preferences.sheet import Sheet
from portal.sources import counting
from portal.sources.models import Step

room = Blueprint("preferences", __name__)

PAGE, MAIL_LINK, STOP_PAGE, ONE_CLICK = "contact page", "mail link", "unsubscribe page", "one-click"
_ON_STOP_PAGE = frozenset({"less", "pause", "resume", "leave", "reason"})
_GONE = (
    "This mail went to a mailbox that is not, or no longer, part of our network. If you are a member, "
    "we can mail you a new link."
)


@room.route("/me/interests", methods=["GET", "POST"])
@web.members_only
def interests() -> ResponseReturnValue:
    """Choose what I follow and where; the first of three questions after joining."""
    member: Member = web.visitor()
    welcome = request.args.get("welcome") == "1"
    here = url_for(".interests", welcome="1" if welcome else None)
    on_offer, places = queries.all_interests(), queries.all_places()
    held, theirs = queries.interests_of(member), queries.places_of(member)
    retired = [one for one in held if one.retired_at is not None]
    if request.form.get("do") == "unfollow":
        gone = web.or_404(next((one for one in retired if str(one.id) == request.form.get("interest")), None))
        actions.unfollow(member, gone)
        flash(f"You no longer follow {gone.name}.", "success")
        return redirect(here)
    form = InterestsForm(
        data={
            "interests": [one.id for one in held],
            "places": [one.id for one in theirs],
            "is_remote": member.is_remote,
            "is_open_to_move": member.is_open_to_move,
        }
    )
    form.interests.choices = [SelectChoice(one.id, one.name, {"hint": one.line}) for one in on_offer]
    has_regions = any(one.region for one in places)
    form.places.choices = [
        SelectChoice(one.id, one.name, optgroup=(one.region or "Elsewhere") if has_regions else None)
        for one in places
    ]
    status = 200
    if form.is_submitted():
        if form.validate():
            chosen, wanted = set(form.interests.data or []), list(form.places.data or [])
            by_id = {one.id: one for one in places}
            actions.follow(
                member,
                [one for one in on_offer if one.id in chosen],
                [by_id[one] for one in wanted],
                form.is_remote.data,
                form.is_open_to_move.data,
            )
            if welcome:
                counting.add(Step.chose, member.source)
            flash("Saved. This is what you follow now.", "success")
            return redirect(_next_question("members.profile", "2") if welcome else here)
        status = 422
    page = render_template(
        "preferences/interests.html",
        form=form,
        here=here,
        retired=retired,
        has_places=bool(places),
        skip=_next_question("members.profile", "2") if welcome else None,
    )
    return page, status


@room.route("/me/contact", methods=["GET", "POST"])
@web.members_only
def contact() -> ResponseReturnValue:
    """Choose which mails I get and how often, pause, leave, come back."""
    member: Member = web.visitor()
    welcome = request.args.get("welcome") == "3"
    here = url_for(".contact", welcome="3" if welcome else None)
    sheet = Sheet.of(member)
    done = sheet.carry_out(PAGE) if request.method == "POST" else None
    if done is not None:
        flash(done.words, done.tone)
        if welcome and done.deed == "save":
            return redirect(url_for("home.me"))
        return redirect(url_for(".contact", welcome="3" if welcome else None, stopped=done.stopped))
    page = render_template(
        "preferences/contact.html", sheet=sheet, here=here, skip=url_for("home.me") if welcome else None
    )
    return page, 422 if request.method == "POST" else 200


@room.get("/contact-promise")
def estimate() -> ResponseReturnValue:
    """Say what some choices would mean, before they are saved; the same for everybody who asks the same."""
    choices = dict.fromkeys(Topic, Cadence.never)
    for topic in Topic:
        asked = request.args.get(topic.value, "")
        if asked in set(Cadence) and Cadence(asked) in topic.cadences:
            choices[topic] = Cadence(asked)
    response = Response(promise.in_words(choices), mimetype="text/plain")
    return web.cacheable(response, 3600)


@room.route("/p/<string:token>", methods=["GET", "POST"])
def from_mail(token: str) -> ResponseReturnValue:
    """The same choices from any mail, without signing in; nothing here says whose they are."""
    link = web.or_404(queries.from_mail("preferences", token))
    if link.member is None or not link.is_current:
        web.gone(_GONE, [("Mail me my link", url_for("members.sign_in")), ("Go to the front page", "/")])
    sheet = Sheet.of(link.member)
    done = sheet.carry_out(MAIL_LINK) if request.method == "POST" else None
    if done is not None:
        flash(done.words, done.tone)
        return redirect(url_for(".from_mail", token=token, stopped=done.stopped))
    page = render_template("preferences/from_mail.html", sheet=sheet, here=url_for(".from_mail", token=token))
    return page, 422 if request.method == "POST" else 200


@room.get("/u/<string:token>")
def unsubscribe(token: str) -> ResponseReturnValue:
    """Ask what should stop, and show what holds now. Opening this page changes nothing."""
    return _stop_page(web.or_404(queries.from_mail("unsubscribe", token)), token)


@room.post("/u/<string:token>")
def one_click(token: str) -> ResponseReturnValue:
    """Stop what the mail was about: a mail program asks, on its own, as RFC 8058 describes. Repeating does no harm.

    Only the path and the body count: no cookie, no session, no redirect.
    """
    link = queries.from_mail("unsubscribe", token)
    if link is None:
        return Response("There is nothing here.\n", 404, mimetype="text/plain")
    if not _is_one_click():
        return Response("Expected List-Unsubscribe=One-Click in the body.\n", 400, mimetype="text/plain")
    actions.unsubscribe(link, ONE_CLICK)
    return Response("Done. You will get no more of these mails.\n", mimetype="text/plain")


@room.post("/u/<string:token>/choose")
def choose(token: str) -> ResponseReturnValue:
    """Stop this topic, hear less, pause, or stop everything, as a person chose on the page."""
    link = web.or_404(queries.from_mail("unsubscribe", token))
    if request.form.get("do") == "stop" or link.member is None:
        actions.unsubscribe(link, STOP_PAGE)
        stopped = (link.topic.value if link.topic else "all") if link.is_current else None
        return redirect(url_for(".unsubscribe", token=token, stopped=stopped))
    sheet = Sheet.of(link.member)
    done = sheet.carry_out(STOP_PAGE, only=_ON_STOP_PAGE if link.is_current else frozenset({"leave"}))
    if done is None:
        return _stop_page(link, token, sheet), 422
    flash(done.words, done.tone)
    return redirect(url_for(".unsubscribe", token=token, stopped=done.stopped))


def _stop_page(link: queries.FromMail, token: str, sheet: Sheet | None = None) -> str:
    """The page behind the link "Stop these mails". It says nothing about the person.

    What holds now is shown only to the mailbox that is still theirs; an older one may only stop things.
    """
    if link.is_current and link.member is not None:
        state, choices_link = (
            sheet or Sheet.of(link.member),
            url_for(".from_mail", token=tokens.seal("preferences", link.message.id)),
        )
    else:
        state, choices_link = None, None
    return render_template(
        "preferences/unsubscribe.html",
        topic=link.topic,
        sheet=state,
        choices_link=choices_link,
        is_over=_is_over(link),
        here=url_for(".choose", token=token),
    )


def _is_over(link: queries.FromMail) -> bool:
    """Whether nothing is left that this link could stop."""
    if link.member is None:
        key = link.message.address_key
        return not link.message.address or bool(mail.suppressions_of(key, Stream.marketing))
    if not link.is_current:
        return not link.member.is_active or (
            link.topic is not None and queries.has_stopped(link.member, link.topic)
        )
    return False


def _is_one_click() -> bool:
    """Whether the body says so: as a form of either kind, or bare from a sender that named no type."""
    if request.mimetype in {"application/x-www-form-urlencoded", "multipart/form-data"}:
        return request.form.get("List-Unsubscribe", "").strip() == "One-Click"
    return request.get_data(cache=False)[:200].strip() == b"List-Unsubscribe=One-Click"


def _next_question(endpoint: str, number: str) -> str:
    return url_for(endpoint, welcome=number)
