"""Read the mails in the outbox folder. Registered in development only: there the mails go nowhere else."""

from flask import Blueprint, Response, current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.utils import secure_filename

from portal.core import web
from portal.mail.transports import outbox
from portal.mail.transports.outbox import Letter, NoLetter

room = Blueprint("outbox", __name__, url_prefix="/dev/outbox")
MOST = 200

# A mail brings its own styles and no scripts; it may not reach anything, and only our own page may frame it.
MAIL_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox"
)


@room.get("")
def index() -> ResponseReturnValue:
    """List the newest mails, to one address when `?to=` names it."""
    to = request.args.get("to", "").strip()
    folder = current_app.extensions["portal"].outbox
    found = outbox.letters(folder, None if to else MOST)
    if to:
        found = [one for one in found if to.lower() in one.to.lower()][:MOST]
    return render_template("mail/outbox_pages/index.html", letters=found, to=to, count=outbox.count(folder))


@room.get("/<string:key>")
def show(key: str) -> ResponseReturnValue:
    """Show one mail: as HTML in a frame that may do nothing, as text, its headers and attachments."""
    letter = _letter(key)
    return render_template("mail/outbox_pages/show.html", letter=letter)


@room.get("/<string:key>/html")
def html(key: str) -> ResponseReturnValue:
    """Give the HTML part as it is; its links open in a new tab."""
    letter = _letter(key)
    page = letter.html.replace("<head>", '<head><base target="_blank">', 1)
    response = Response(page, mimetype="text/html")
    response.headers["Content-Security-Policy"] = MAIL_POLICY
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    return response


@room.get("/<string:key>/source")
def source(key: str) -> ResponseReturnValue:
    """Give the mail as it would travel."""
    return Response(_letter(key).source, mimetype="text/plain")


@room.get("/<string:key>/attachments/<int:number>")
def attachment(key: str, number: int) -> ResponseReturnValue:
    """Give one attachment to keep."""
    letter = _letter(key)
    one = web.or_404(letter.attachments[number] if number < len(letter.attachments) else None)
    response = Response(one.content, mimetype="application/octet-stream")
    name = secure_filename(one.filename) or f"attachment-{number}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _letter(key: str) -> Letter:
    try:
        return outbox.letter(current_app.extensions["portal"].outbox, key)
    except NoLetter:
        return web.gone(
            "This mail is not in the outbox any more.", [("Back to the outbox", url_for("outbox.index"))]
        )
