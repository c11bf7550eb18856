"""Staff pages of the spreadsheet that comes in: bring it, say what its columns mean, look, import, take back."""

from collections.abc import Iterator
from typing import Any

from flask import (
    Blueprint,
    Response,
    abort,
    flash,
    redirect,
    render_template,
    request,
    stream_with_context,
    url_for,
)
from flask.typing import ResponseReturnValue

from portal.core import web
from portal.sheets import actions, cells, columns, files, forms, queries, reading
from portal.sheets.columns import Field
from portal.sheets.models import Going, SheetImport, Stage, Verdict

room = Blueprint("sheets_admin", __name__, url_prefix="/admin/spreadsheet")
_NOT_NOW = "Somebody did something with this file meanwhile, or its day is over. This is how it stands now."


@room.url_value_preprocessor
def _let_large_files_in(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Before the form is read: whoever may import brings more at once than any other page takes."""
    if endpoint == "sheets_admin.bring" and request.method == "POST":
        files.let_large_in("members.import", reading.MOST_BYTES + 64 * 1024)


@room.get("")
@web.staff_only("members.export")
def index() -> ResponseReturnValue:
    """List what came in and what went out: who, why, when."""
    may_import = web.visitor().may("members.import")
    return render_template(
        "sheets/admin/index.html",
        imports=queries.sheets() if may_import else [],
        exports=queries.exports(),
        me=web.visitor(),
        going=Going,
        stage=Stage,
    )


@room.get("/imports/new")
@web.staff_only("members.import")
def create() -> ResponseReturnValue:
    """Ask for the file."""
    return _create(forms.UploadForm())


@room.post("/imports/new")
@web.staff_only("members.import")
def bring() -> ResponseReturnValue:
    """Keep the file, and ask what its columns mean."""
    form = forms.UploadForm()
    if not form.validate_on_submit():
        return _create(form), 422
    upload = form.upload.data
    try:
        with upload.stream as stream:
            sheet = actions.bring(stream, upload.filename or "", by=web.visitor())
    except reading.Unreadable as wrong:
        form.upload.errors = [wrong.words]
        return _create(form), 422
    except files.TooLarge:
        form.upload.errors = [f"The file is larger than {reading.MOST_BYTES // 2**20} MB. Bring it in parts."]
        return _create(form), 422
    return redirect(url_for(".show", public_id=sheet.public_id))


@room.get("/imports/<string:public_id>")
@web.staff_only("members.import")
def show(public_id: str) -> ResponseReturnValue:
    """Show where an import stands, and what can be done next."""
    sheet = _sheet(public_id)
    if sheet.stage is Stage.mapping:
        form = forms.ColumnsForm(
            data={
                "origin": sheet.origin,
                "source": sheet.source,
                "is_inviting": sheet.is_inviting,
                "is_adding": sheet.is_adding,
            }
        )
        return _mapping(sheet, form)
    return render_template(
        "sheets/admin/show.html",
        sheet=sheet,
        stage=Stage,
        verdicts=[(one, sheet.counts.get(one.value, 0)) for one in Verdict if one is not Verdict.unread],
        remarks=queries.first_remarks(sheet.id),
        remarked=queries.count_of_remarks(sheet.id),
        has_rows=queries.has_rows(sheet.id),
        left=queries.left_to_undo(sheet.id) if sheet.stage is Stage.undoing else 0,
        verdict=Verdict,
    )


@room.post("/imports/<string:public_id>/shape")
@web.staff_only("members.import")
def reshape(public_id: str) -> ResponseReturnValue:
    """Read the file in another way."""
    sheet, form = _sheet(public_id), forms.ShapeForm()
    if not form.validate_on_submit():
        return _mapping(sheet, forms.ColumnsForm(formdata=None), shape=form), 422
    try:
        actions.read_anew(sheet, form.encoding.data, form.separator.data, form.has_head.data)
    except actions.NotNow:
        flash(_NOT_NOW, "warning")
    except reading.Unreadable as wrong:
        form.encoding.errors = [wrong.words]
        return _mapping(sheet, forms.ColumnsForm(formdata=None), shape=form), 422
    return redirect(url_for(".show", public_id=public_id))


@room.post("/imports/<string:public_id>/columns")
@web.staff_only("members.import")
def look_through(public_id: str) -> ResponseReturnValue:
    """Take the columns for that, and look through every row; nothing is imported yet."""
    sheet, form = _sheet(public_id), forms.ColumnsForm()
    is_good = form.validate_on_submit()
    try:
        chosen = forms.meanings(len(sheet.head), request.form, sheet.columns)
    except ValueError as wrong:
        form.form_errors.append(str(wrong))
        return _mapping(sheet, form), 422
    if not is_good:
        return _mapping(sheet, form, chosen), 422
    try:
        actions.look_through(
            sheet, chosen, form.origin.data or "", form.tag, form.is_inviting.data, form.is_adding.data
        )
    except actions.NotYet as wrong:
        form.form_errors.extend(wrong.problems)
        return _mapping(sheet, form, chosen), 422
    except actions.NotNow:
        flash(_NOT_NOW, "warning")
    return redirect(url_for(".show", public_id=public_id))


@room.post("/imports/<string:public_id>/anew")
@web.staff_only("members.import")
def back(public_id: str) -> ResponseReturnValue:
    """Say anew what the columns mean."""
    return _deed(public_id, actions.back_to_columns)


@room.post("/imports/<string:public_id>/start")
@web.staff_only("members.import")
def start(public_id: str) -> ResponseReturnValue:
    """Bring the rows in."""
    return _deed(public_id, actions.start)


@room.post("/imports/<string:public_id>/undo")
@web.staff_only("members.import")
def undo(public_id: str) -> ResponseReturnValue:
    """Take the import back as a whole."""
    return _deed(public_id, actions.take_back)


@room.post("/imports/<string:public_id>/removal")
@web.staff_only("members.import")
def remove(public_id: str) -> ResponseReturnValue:
    """Let the file go."""
    return _deed(public_id, actions.throw_away)


@room.get("/imports/<string:public_id>/report.csv")
@web.staff_only("members.import")
def report(public_id: str) -> ResponseReturnValue:
    """What becomes of each row, and why, as a file."""
    sheet = _sheet(public_id)
    wanted = request.args.get("verdict", "")
    only = Verdict(wanted) if wanted in set(Verdict) and wanted else None
    response = Response(stream_with_context(_lines(sheet.id, only)), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="import-report.csv"'
    return response


def _lines(import_id: int, only: Verdict | None) -> Iterator[str]:
    yield "\ufeff" + cells.line(["Line", "Mail address", "What becomes of it", "Remarks"])
    for line, address, decided, why in queries.report(import_id, only):
        yield cells.line([str(line), address, decided, why])


def _deed(public_id: str, deed: Any) -> ResponseReturnValue:
    sheet = _sheet(public_id)
    if not forms.DeedForm().validate_on_submit():
        abort(400)
    try:
        deed(sheet)
    except actions.NotNow:
        flash(_NOT_NOW, "warning")
    return redirect(url_for(".show", public_id=public_id))


def _create(form: forms.UploadForm) -> str:
    return render_template("sheets/admin/create.html", form=form, most=reading.MOST_BYTES // 2**20)


def _mapping(
    sheet: SheetImport,
    form: forms.ColumnsForm,
    chosen: list[Field] | None = None,
    shape: forms.ShapeForm | None = None,
) -> str:
    path = files.upload(sheet.public_id)
    try:
        found = reading.shape(path, sheet.encoding, sheet.separator, sheet.has_head)
        samples = found.samples
    except (reading.Unreadable, FileNotFoundError):
        samples = []
    if chosen is None:
        chosen = [Field(one) for one in sheet.columns]
    rows = [
        (place, one, chosen[place], [row[place] for row in samples if place < len(row) and row[place]][:3])
        for place, one in enumerate(columns.guesses(sheet.head, samples))
    ]
    return render_template(
        "sheets/admin/_mapping.html",
        sheet=sheet,
        form=form,
        shape=shape
        or forms.ShapeForm(
            formdata=None,
            data={"encoding": sheet.encoding, "separator": sheet.separator, "has_head": sheet.has_head},
        ),
        rows=rows,
        fields=[one for one in Field if one is not Field.nothing],
    )


def _sheet(public_id: str) -> SheetImport:
    return web.or_404(queries.sheet(public_id))
