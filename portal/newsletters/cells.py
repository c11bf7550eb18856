"""Lines of a sheet that a spreadsheet opens: nothing in them is ever taken for a formula."""

import csv
import io

_FORMULA = tuple("=+-@\t\r\n＝＋－＠")


def line(*values: object) -> str:
    """One line of CSV. Text that a spreadsheet would reckon with gets an apostrophe in front."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n", quoting=csv.QUOTE_ALL).writerow([_safe(value) for value in values])
    return out.getvalue()


def _safe(value: object) -> object:
    if isinstance(value, str) and value.lstrip(" \u00a0").startswith(_FORMULA):
        return f"'{value}"
    return value
