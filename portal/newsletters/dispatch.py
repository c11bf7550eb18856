"""Staff pages where an issue leaves: preview, test, confirmation, and watching it go."""

from flask import (
    Blueprint,
    Response,
    abort,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue

from portal.core.limits import limiter
from portal.core.web import or_404, staff_only, visitor, with_query
from portal.mail import queries as ledger
from portal.members import queries as members
from portal.members.models import Member
from portal.newsletters import actions, preflight, press, queries, readers, sending
from portal.newsletters.forms import PressForm
from portal.newsletters.models import Newsletter
from portal.newsletters.queries import Piece
from portal.newsletters.readers import Reader
from portal.newsletters.sending_forms import SendForm
from portal.segments import rules

room = Blueprint("newsletters_dispatch", __name__, url_prefix="/admin/newsletters/<int:newsletter_id>")

# The letter is shown as a mail reader would show it: its own inline styles and pictures, and nothing that runs.
LETTER_POLICY = (
    "default-src 'none'; img-src 'self' data:; style-src 'unsafe-inline'; form-action 'none'; "
    "base-uri 'none'; frame-ancestors 'self'; sandbox allow-same-origin"
)
WIDTHS = ("desktop", "phone", "text")


@room.get("/preview")
@staff_only("newsletters.edit")
def preview(newsletter_id: int) -> ResponseReturnValue:
    """Show the issue as one member would get it: at desktop and phone width, and as text."""
    newsletter = or_404(queries.by_id(newsletter_id))
    pieces = queries.pieces(newsletter)
    width = request.args.get("width", WIDTHS[0])
    typed = request.args.get("q", "").strip()[:100]
    try:
        reader = _reader(newsletter, pieces)
        words = press.shown(newsletter, pieces, reader)
    except rules.Broken as broken:
        return render_template(
            "newsletters/admin/preview.html", newsletter=newsletter, broken=broken.problems
        ), 409
    shown_segments = readers.variants({reader.mask: 1}, pieces)[0].segments
    return render_template(
        "newsletters/admin/preview.html",
        newsletter=newsletter,
        broken=[],
        reader=reader,
        who=request.args.get("as", ""),
        words=words,
        size=len(words.html.encode()),
        width=width if width in WIDTHS else WIDTHS[0],
        typed=typed,
        found=readers.found(typed),
        shown_segments=shown_segments,
        sender=queries.sender(newsletter),
        sender_address=press.sender_address(),
    )


@room.get("/preview/letter")
@staff_only("newsletters.edit")
def letter(newsletter_id: int) -> ResponseReturnValue:
    """The letter itself, for the frame of the preview."""
    newsletter = or_404(queries.by_id(newsletter_id))
    pieces = queries.pieces(newsletter)
    try:
        words = press.shown(newsletter, pieces, _reader(newsletter, pieces))
    except rules.Broken:
        abort(409)
    response: Response = make_response(press.in_a_frame(words.html))
    response.headers["Content-Security-Policy"] = LETTER_POLICY
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    return response


@room.post("/test")
@staff_only("newsletters.edit")
@limiter.limit("40 per hour")
def test(newsletter_id: int) -> ResponseReturnValue:
    """Send the issue to the one who asks, as the member they are looking at would get it."""
    newsletter = or_404(queries.by_id(newsletter_id))
    _pressed()
    who = request.form.get("as", "")
    member = _member(who)
    actions.send_test(newsletter, visitor(), member.id if member is not None else 0)
    flash(f"A test is on its way to {visitor().address}.", "success")
    back = url_for(".preview", newsletter_id=newsletter.id)
    return redirect(with_query(back, **{"as": who}))


@room.get("/confirmation")
@staff_only("newsletters.send")
def confirm(newsletter_id: int) -> ResponseReturnValue:
    """Name who gets the issue, who is left out and why, before anything leaves."""
    newsletter = or_404(queries.by_id(newsletter_id))
    if not newsletter.is_draft:
        return redirect(url_for(".progress", newsletter_id=newsletter.id))
    return _confirmation(newsletter, _send_form())


@room.post("/confirmation")
@staff_only("newsletters.send")
def send(newsletter_id: int) -> ResponseReturnValue:
    """Start the one mailing of the issue; whoever comes second is led to the running one."""
    newsletter = or_404(queries.by_id(newsletter_id))
    form = _send_form()
    if not newsletter.is_draft:
        return _led_to_the_running_one(newsletter)
    if not form.validate_on_submit():
        return _confirmation(newsletter, form), 422
    try:
        sending.start(newsletter, form.typed or 0, by=visitor(), plan=form.plan())
    except sending.AlreadySent:
        return _led_to_the_running_one(newsletter)
    except sending.AnotherNumber as another:
        form.number.errors = [_another(form, another.number)]
    except sending.NobodyGetsIt:
        form.number.errors = ["Nobody would get it."]
    except (sending.NotReady, sending.TooLarge, rules.Broken):
        form.number.errors = ["Something stands in the way. It is listed on this page."]
    else:
        return redirect(url_for(".progress", newsletter_id=newsletter.id))
    return _confirmation(newsletter, form), 422


@room.get("/sending")
@staff_only("newsletters.see")
def progress(newsletter_id: int) -> ResponseReturnValue:
    """Watch the mailing go: where everybody stands, and why somebody was skipped."""
    newsletter = or_404(queries.by_id(newsletter_id))
    mailing = queries.mailing(newsletter)
    if mailing is None:
        return redirect(url_for("newsletters_admin.edit", newsletter_id=newsletter.id))
    return render_template(
        "newsletters/admin/progress.html",
        newsletter=newsletter,
        mailing=mailing,
        balance=ledger.balance(mailing),
        settings=press.settings(),
    )


def _confirmation(newsletter: Newsletter, form: SendForm) -> str:
    pieces = queries.pieces(newsletter)
    report = preflight.check(newsletter, pieces)
    count, sizes = None, {}
    if report.is_clear:
        count = readers.count(newsletter, pieces)
        sizes = {
            one.mask: one for one in press.sizes(newsletter, pieces, [each.mask for each in count.variants])
        }
    return render_template(
        "newsletters/admin/confirm.html",
        newsletter=newsletter,
        form=form,
        report=report,
        count=count,
        sizes=sizes,
        zone=_zone(),
        settings=press.settings(),
        has_too_large=any(one.is_too_large for one in sizes.values()),
        audience=queries.audience(newsletter),
        sender=queries.sender(newsletter),
        sender_address=press.sender_address(),
    )


def _zone() -> str:
    """The zone of whoever looks, or the company's."""
    return visitor().zone or press.settings().company_zone


def _send_form() -> SendForm:
    form = SendForm()
    form.know(press.settings(), _zone())
    return form


def _another(form: SendForm, number: int) -> str:
    if form.shown.data == str(form.typed):
        return f"While you were looking, the number changed from {form.typed:,} to {number:,}. Please look again."
    return f"{number:,} people get it, not {form.typed:,}. Type the number that the page shows."


def _led_to_the_running_one(newsletter: Newsletter) -> ResponseReturnValue:
    flash("It has been started already, and only once. This is how it goes.", "info")
    return redirect(url_for(".progress", newsletter_id=newsletter.id))


def _pressed() -> None:
    if not PressForm().validate_on_submit():
        abort(400)


def _member(who: str) -> Member | None:
    if who == "emptiest":
        return readers.emptiest()
    if who == "longest":
        return readers.longest_named()
    return members.by_public_id(who) if who else None


def _reader(newsletter: Newsletter, pieces: list[Piece]) -> Reader:
    """The reader that `?as=` names: a member's public id, emptiest, longest, or nobody in particular."""
    member = _member(request.args.get("as", ""))
    return readers.as_member(newsletter, pieces, member) if member is not None else readers.nobody()
