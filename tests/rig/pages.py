"""The inspector: what is wrong with a page, in words. Every page that a test is given passes it."""

from collections import Counter
from collections.abc import Iterator
from html.parser import HTMLParser

from justhtml import Element, JustHTML

# Fields that need a visible or spoken name.
UNLABELLED = {"hidden", "submit", "button", "reset", "image"}
VOID_CHILDREN = {
    "ul": {"li", "template"},
    "ol": {"li", "template"},
    "dl": {"dt", "dd", "div", "template"},
    "select": {"option", "optgroup", "hr"},
    "tr": {"td", "th", "template"},
}
ONLY_PHRASES = set("p span strong em small label button h1 h2 h3 h4 h5 h6 time code".split())
BLOCKS = set(
    "address article aside blockquote div dl fieldset figure footer form h1 h2 h3 h4 h5 h6 header hr main nav ol p "
    "pre section table ul".split()
)
INTERACTIVE = {"a", "button", "input", "select", "textarea", "label", "details"}
VOID = set("area base br col embed hr img input link meta source track wbr".split())
OBSOLETE = {"center", "font", "marquee", "big", "strike", "tt", "frame", "frameset", "acronym"}


def faults(html: str) -> list[str]:
    """Return what is wrong with a page; empty when nothing is."""
    document = JustHTML(html, sanitize=False, collect_errors=True, scripting_enabled=False)
    found = [f"line {error.line}, column {error.column}: {error.code}" for error in document.errors]
    balance = _Balance()
    balance.feed(html)
    balance.close()
    found += balance.found + [f"<{name}> is never closed" for name in balance.open]
    elements = list(_elements(document.root))
    for look in (_frame, _ids, _fields, _forms, _nothing_inline, _stays_here, _content_models):
        found += look(elements)
    return found


def inspect(html: str) -> None:
    """Fail when anything is wrong with the page."""
    found = faults(html)
    assert not found, "The page has faults:\n  " + "\n  ".join(found)


class _Balance(HTMLParser):
    """Every element is closed where it should be; nothing is left to the browser's guesses."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID and "svg" not in self.open and tag != "svg":
            self.found.append(f"line {self.getpos()[0]}: <{tag}/> does not close itself")

    def handle_endtag(self, tag: str) -> None:
        if self.open and self.open[-1] == tag:
            self.open.pop()
            return
        inner = self.open[-1] if self.open else "nothing"
        self.found.append(f"line {self.getpos()[0]}: </{tag}> stands where <{inner}> is open")
        if tag in self.open:
            while self.open.pop() != tag:
                pass


def _elements(node: object) -> Iterator[Element]:
    for child in getattr(node, "children", None) or ():
        if isinstance(child, Element):
            yield child
            if child.name != "svg":
                yield from _elements(child)


def _words(element: Element) -> str:
    return " ".join(element.to_text().split())


def _attribute(element: Element, name: str) -> str:
    return (element.attrs.get(name) or "").strip()


def _about(element: Element) -> str:
    named = [
        f'{name}="{_attribute(element, name)}"' for name in ("id", "name", "class") if name in element.attrs
    ]
    return f"<{' '.join([element.name, *named])}>"


def _frame(elements: list[Element]) -> Iterator[str]:
    """Language, one heading, and a title that begins with it."""
    by_name: dict[str, list[Element]] = {}
    for element in elements:
        by_name.setdefault(element.name, []).append(element)
    if not any(_attribute(element, "lang") for element in by_name.get("html", [])):
        yield "the page does not say its language"
    if not any(_attribute(meta, "name") == "viewport" for meta in by_name.get("meta", [])):
        yield "there is no viewport for phones"
    if len(by_name.get("main", [])) != 1:
        yield f"there are {len(by_name.get('main', []))} main elements, not one"
    titles = [title for title in by_name.get("title", []) if title.parent and title.parent.name == "head"]
    headings = by_name.get("h1", [])
    if len(headings) != 1:
        yield f"there are {len(headings)} h1, not one"
    if len(titles) != 1:
        yield f"there are {len(titles)} titles, not one"
    if len(headings) == len(titles) == 1 and not _words(titles[0]).startswith(_words(headings[0]) or "?"):
        yield f'the title "{_words(titles[0])}" does not begin with the heading "{_words(headings[0])}"'
    for image in by_name.get("img", []):
        if "alt" not in image.attrs:
            yield f"{_about(image)} has no alt"


def _ids(elements: list[Element]) -> Iterator[str]:
    """Ids are unique and whoever names one finds it."""
    ids = Counter(_attribute(element, "id") for element in elements if "id" in element.attrs)
    yield from (f'id "{name}" stands {count} times' for name, count in ids.items() if count > 1)
    yield from (f'id "{name}" is empty or has a space' for name in ids if not name or " " in name)
    references = (
        "for",
        "aria-labelledby",
        "aria-describedby",
        "aria-controls",
        "aria-errormessage",
        "list",
        "form",
    )
    for element in elements:
        for reference in references:
            for name in _attribute(element, reference).split():
                if name not in ids:
                    yield f'{_about(element)} {reference}="{name}" points nowhere'
        href = _attribute(element, "href")
        if element.name == "a" and href.startswith("#") and href not in {"#", "#top"} and href[1:] not in ids:
            yield f'link to "{href}" points nowhere'


def _fields(elements: list[Element]) -> Iterator[str]:
    """Every field has a label; every link and button has words."""
    labelled = {_attribute(element, "for") for element in elements if element.name == "label"}
    for element in elements:
        named = any(_attribute(element, name) for name in ("aria-label", "aria-labelledby"))
        if element.name in {"input", "select", "textarea"}:
            if element.name == "input" and _attribute(element, "type") in UNLABELLED:
                continue
            wrapped = any(parent.name == "label" for parent in _parents(element))
            if not (named or wrapped or _attribute(element, "id") in labelled):
                yield f"{_about(element)} has no label"
        elif element.name in {"button", "a"}:
            pictures = any(
                _attribute(inner, "alt") or _attribute(inner, "aria-label") for inner in _elements(element)
            )
            if not (named or pictures or _words(element)):
                yield f"{_about(element)} has no words"


def _forms(elements: list[Element]) -> Iterator[str]:
    """Forms say how and where; those that write carry a token."""
    for form in (element for element in elements if element.name == "form"):
        method = _attribute(form, "method").lower()
        if method not in {"get", "post", "dialog"}:
            yield f"{_about(form)} has no method"
        if not _attribute(form, "action") and method != "dialog":
            yield f"{_about(form)} has no action"
        tokens = [inner for inner in _elements(form) if _attribute(inner, "name") == "csrf_token"]
        if method == "post" and not any(_attribute(token, "value") for token in tokens):
            yield f"{_about(form)} has no CSRF token"
        if method == "get" and tokens:
            yield f"{_about(form)} shows its CSRF token in the address"


def _nothing_inline(elements: list[Element]) -> Iterator[str]:
    """No inline style, no inline script."""
    for element in elements:
        if element.name == "style" or "style" in element.attrs:
            yield f"{_about(element)} has an inline style"
        if element.name == "script" and not _attribute(element, "src"):
            yield "there is an inline script"
        for name in element.attrs:
            if name.startswith("on"):
                yield f"{_about(element)} has an inline script in {name}"
        if any(
            _attribute(element, name).lower().startswith("javascript:") for name in ("href", "src", "action")
        ):
            yield f"{_about(element)} has an inline script in its address"


def _stays_here(elements: list[Element]) -> Iterator[str]:
    """A page fetches nothing from elsewhere and sends no form there."""
    for element in elements:
        fetched = [_attribute(element, name) for name in ("src", "poster", "action", "formaction")]
        fetched += [part.split()[0] for part in _attribute(element, "srcset").split(",") if part.strip()]
        relation = _attribute(element, "rel").split()
        if element.name == "link" and {"stylesheet", "icon", "preload", "modulepreload"} & set(relation):
            fetched.append(_attribute(element, "href"))
        for address in fetched:
            if "//" in address[:10]:
                yield f"{_about(element)} leads off the site: {address}"


def _content_models(elements: list[Element]) -> Iterator[str]:
    """The parts of the HTML content models that the parser lets pass."""
    for element in elements:
        parent = element.parent
        if element.name in OBSOLETE:
            yield f"<{element.name}> is obsolete"
        if parent is not None and element.name not in VOID_CHILDREN.get(parent.name, {element.name}):
            yield f"<{element.name}> may not stand directly in <{parent.name}>"
        above = [each.name for each in _parents(element)]
        if element.name in BLOCKS:
            yield from (
                f"<{element.name}> may not stand in <{name}>" for name in above if name in ONLY_PHRASES
            )
        if element.name in INTERACTIVE:
            yield from (
                f"<{element.name}> may not stand in <{name}>" for name in above if name in {"a", "button"}
            )
        if element.name == "form" and "form" in above:
            yield "a form stands in a form"


def _parents(element: Element) -> Iterator[Element]:
    parent = element.parent
    while parent is not None and isinstance(parent, Element):
        yield parent
        parent = parent.parent
