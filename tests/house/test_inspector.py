"""The inspector sees what it is there to see."""

import pytest

from tests.rig import pages

PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Join us - Perennial</title><link rel="stylesheet" href="/static/site.css"></head>
<body><a href="#main">Skip</a><main id="main"><h1>Join us</h1>{}</main></body></html>"""
FORM = '<form method="post" action="/join"><input type="hidden" name="csrf_token" value="x">{}</form>'

FAULTS = {
    "a second heading": "<h1>Again</h1>",
    "an id twice": '<p id="main">Text</p>',
    "a field without a label": FORM.format('<input name="email">'),
    "a label for nothing": '<label for="nowhere">Name</label>',
    "a form without a method": '<form action="/join"></form>',
    "a form without an action": '<form method="get"></form>',
    "a writing form without a token": '<form method="post" action="/join"></form>',
    "a token in an address": '<form method="get" action="/a"><input type="hidden" name="csrf_token" value="x"></form>',
    "an inline style": '<p style="color:red">Text</p>',
    "an inline script": "<script>alert(1)</script>",
    "an inline handler": '<p onclick="go()">Text</p>',
    "a script address": '<a href="javascript:go()">Go</a>',
    "a picture from elsewhere": '<img alt="" src="https://cdn.example.org/a.png">',
    "a picture without words": '<img src="/a.png">',
    "a link without words": '<a href="/a"></a>',
    "a link to nowhere": '<a href="#gone">Go</a>',
    "a block in a phrase": "<span><div>Text</div></span>",
    "text in a list": "<ul><p>Text</p></ul>",
    "a button in a link": '<a href="/a"><button type="button">Go</button></a>',
    "a wrong end tag": "<p>Text</div>",
    "an unclosed element": "<section>Text",
}


def test_a_clean_page_passes() -> None:
    pages.inspect(PAGE.format(FORM.format('<label>Name <input name="name"></label>')))


@pytest.mark.parametrize("fault", FAULTS)
def test_sees(fault: str) -> None:
    assert pages.faults(PAGE.format(FAULTS[fault]))


def test_the_title_begins_with_the_heading() -> None:
    assert pages.faults(PAGE.format("").replace("<title>Join us", "<title>Welcome"))


def test_a_page_needs_its_language_and_its_type() -> None:
    assert pages.faults(PAGE.format("").replace(' lang="en"', ""))
    assert pages.faults(PAGE.format("").replace("<!doctype html>", ""))
