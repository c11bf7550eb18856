"""What staff offer to follow: interests and places, and how many people chose each."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from portal.core import web
from portal.preferences import catalogue, queries
from portal.preferences.forms import InterestForm, PlaceForm
from portal.staff import actions as staff

room = Blueprint("preferences_admin", __name__, url_prefix="/admin/interests")
MAY = "interests.edit"


@room.get("")
@web.staff_only(MAY)
def index() -> ResponseReturnValue:
    """List interests and places with how many active members chose each."""
    interests = queries.all_interests(with_retired=True)
    return render_template(
        "preferences/admin/index.html",
        interests=interests,
        places=queries.all_places(with_retired=True),
        followers=queries.followers(),
        people=queries.people_of_places(),
        left=queries.BITS - len(interests),
    )


@room.route("/add", methods=["GET", "POST"])
@web.staff_only(MAY)
def add() -> ResponseReturnValue:
    """Offer a new interest."""
    form = InterestForm()
    if form.validate_on_submit():
        try:
            made = catalogue.add_interest(form.name.data or "", form.line.data or "")
        except catalogue.NameTaken as twin:
            form.name.errors = [f"There is one called {twin} already."]
        except catalogue.NoRoom:
            form.name.errors = ["There is no room for another interest. Rename one that is retired instead."]
        else:
            staff.record("interest added", f"interest:{made.id}", f"Added the interest {made.name}")
            flash(f"{made.name} can be followed now.", "success")
            return redirect(url_for(".index"))
    return render_template("preferences/admin/add.html", form=form), 422 if form.is_submitted() else 200


@room.route("/<string:slug>", methods=["GET", "POST"])
@web.staff_only(MAY)
def edit(slug: str) -> ResponseReturnValue:
    """Rename an interest."""
    interest = web.or_404(queries.interest(slug))
    form = InterestForm(obj=interest)
    if form.validate_on_submit():
        try:
            catalogue.rename_interest(interest, form.name.data or "", form.line.data or "")
        except catalogue.NameTaken as twin:
            form.name.errors = [f"There is one called {twin} already."]
        else:
            staff.record("interest renamed", f"interest:{interest.id}", f"It is called {interest.name} now")
            flash("Saved.", "success")
            return redirect(url_for(".index"))
    page = render_template("preferences/admin/edit.html", form=form, interest=interest)
    return page, 422 if form.is_submitted() else 200


@room.post("/<string:slug>/retirement")
@web.staff_only(MAY)
def retire(slug: str) -> ResponseReturnValue:
    """Offer an interest to nobody new, or offer it again."""
    interest = web.or_404(queries.interest(slug))
    if interest.retired_at is None:
        catalogue.retire(interest)
        staff.record("interest retired", f"interest:{interest.id}", f"Retired the interest {interest.name}")
        flash(f"{interest.name} is offered to nobody new. Whoever follows it still does.", "success")
    else:
        catalogue.restore(interest)
        staff.record("interest restored", f"interest:{interest.id}", f"Offered {interest.name} again")
        flash(f"{interest.name} can be followed again.", "success")
    return redirect(url_for(".index"))


@room.route("/places/add", methods=["GET", "POST"])
@web.staff_only(MAY)
def add_place() -> ResponseReturnValue:
    """Offer a new place."""
    form = PlaceForm()
    if form.validate_on_submit():
        try:
            made = catalogue.add_place(
                form.name.data or "", form.country.data or "", form.region.data or "", form.zone.data
            )
        except catalogue.NameTaken as twin:
            form.name.errors = [f"There is one called {twin} in that country already."]
        else:
            staff.record("place added", f"place:{made.id}", f"Added the place {made.name}")
            flash(f"{made.name} can be chosen now.", "success")
            return redirect(url_for(".index"))
    return render_template("preferences/admin/add_place.html", form=form), 422 if form.is_submitted() else 200


@room.route("/places/<string:slug>", methods=["GET", "POST"])
@web.staff_only(MAY)
def edit_place(slug: str) -> ResponseReturnValue:
    """Correct a place."""
    place = web.or_404(queries.place(slug))
    form = PlaceForm(obj=place)
    if form.validate_on_submit():
        try:
            catalogue.change_place(
                place, form.name.data or "", form.country.data or "", form.region.data or "", form.zone.data
            )
        except catalogue.NameTaken as twin:
            form.name.errors = [f"There is one called {twin} in that country already."]
        else:
            staff.record("place changed", f"place:{place.id}", f"Changed the place {place.name}")
            flash("Saved.", "success")
            return redirect(url_for(".index"))
    page = render_template("preferences/admin/edit_place.html", form=form, place=place)
    return page, 422 if form.is_submitted() else 200


@room.post("/places/<string:slug>/retirement")
@web.staff_only(MAY)
def retire_place(slug: str) -> ResponseReturnValue:
    """Offer a place to nobody new, or offer it again."""
    place = web.or_404(queries.place(slug))
    if place.retired_at is None:
        catalogue.retire(place)
        staff.record("place retired", f"place:{place.id}", f"Retired the place {place.name}")
        flash(f"{place.name} is offered to nobody new. Whoever chose it keeps it.", "success")
    else:
        catalogue.restore(place)
        staff.record("place restored", f"place:{place.id}", f"Offered {place.name} again")
        flash(f"{place.name} can be chosen again.", "success")
    return redirect(url_for(".index"))
