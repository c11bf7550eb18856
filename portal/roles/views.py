"""Open roles as candidates find them."""

from typing import TypeVar

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from portal.core import web
from portal.core.pages import for_everybody
from portal.members.models import Level, WorkMode
from portal.preferences import queries as preferences
from portal.roles import queries
from portal.roles.forms import WishForm
from portal.roles.models import RoleState
from portal.roles.queries import Wish
from portal.stories import fits

room = Blueprint("roles", __name__)

Kind = TypeVar("Kind", Level, WorkMode)


@room.get("/roles")
def index() -> ResponseReturnValue:
    """List open roles, as narrowly as somebody wishes, with why each fits its reader."""
    interests, places = fits.interests(), preferences.all_places(with_retired=True)
    form = WishForm(request.args)
    form.offer(interests.active, [one for one in places if one.retired_at is None])
    wish = Wish(
        interest=interests.named(form.about.data),
        place=next((one for one in places if one.slug == form.place.data), None),
        level=_known(Level, form.level.data),
        work_mode=_known(WorkMode, form.mode.data),
        is_remote=bool(form.remote.data),
    )
    who = queries.reader(web.visitor(), interests)
    page = queries.listing(who, interests, places, wish, request.args.get("page"))
    kept = {name: value for name, value in request.args.items() if name != "page"}
    return for_everybody(render_template("roles/index.html", page=page, form=form, wish=wish, kept=kept))


@room.get("/roles/<slug>")
def show(slug: str) -> ResponseReturnValue:
    """Show a role, who says that it is real, and where one applies."""
    offered = web.or_404(queries.whole(web.visitor(), slug))
    if offered.role.state is RoleState.closed:
        others = [one for one in queries.open_ones(4) if one.role.id != offered.role.id]
        return render_template("roles/_closed.html", offered=offered, others=others), 410
    web.or_404(offered.role.is_open or None)
    return for_everybody(
        render_template("roles/show.html", offered=offered, role=offered.role, is_preview=False)
    )


def _known(kind: type[Kind], value: str | None) -> Kind | None:
    return kind(value) if value in set(kind) else None
