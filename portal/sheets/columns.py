"""What a column of a spreadsheet can mean, and a guess from how it is called."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from portal.members import guard
from portal.members.actions import fold
from portal.members.models import Own


class Field(StrEnum):
    """What a column can be taken for. There is none for a consent: only the person can give it."""

    nothing = ""
    address = "address"
    full_name = "name"
    first_name = "first_name"
    last_name = "last_name"
    call_name = "call_name"
    level = "level"
    work_mode = "work_mode"
    zone = "zone"
    country = "country"
    is_remote = "remote"
    is_open_to_move = "move"
    birthday = "birthday"
    anniversary = "anniversary"
    interests = "interests"
    places = "places"
    source = "source"
    status = "status"
    seal = "seal"

    @property
    def words(self) -> str:
        """What it is called on a page, and in the head of an export."""
        return _FIELDS[self][0]

    @property
    def own(self) -> int:
        """The bit that says whether a member set it themselves; 0 for what is not theirs to set."""
        return _BITS.get(self, 0)


# Words on a page, and what people call such a column; compared without case, accents, spaces and signs.
_FIELDS: dict[Field, tuple[str, str]] = {
    Field.nothing: ("Leave it out", ""),
    Field.address: (
        "Mail address",
        "email emailaddress mail mailaddress address emailadresse mailadresse courriel correo 电子邮件",
    ),
    Field.full_name: (
        "Name",
        "name fullname displayname contact contactname nomcomplet nombrecompleto candidate candidatename 姓名 имя",
    ),
    Field.first_name: (
        "First name",
        "firstname givenname forename vorname prenom prénom nombre primeironome nome fname förnamn voornaam",
    ),
    Field.last_name: (
        "Last name",
        "lastname surname familyname nachname nomdefamille apellido apellidos sobrenome lname efternamn achternaam",
    ),
    Field.call_name: (
        "What we call them",
        "callname nickname whatwecallthem preferredname knownas rufname spitzname",
    ),
    Field.level: ("Level", "level seniority senioritylevel experiencelevel erfahrungsstufe niveau nivel"),
    Field.work_mode: ("Work mode", "workmode employmenttype worktype contracttype beschäftigungsart"),
    Field.zone: ("Time zone", "timezone zone tz zeitzone fuseauhoraire"),
    Field.country: ("Country", "country countrycode land pays país pais paese staat"),
    Field.is_remote: ("Remote work", "remote remotework opentoremote worksremotely"),
    Field.is_open_to_move: ("Open to move", "opentomove relocation opentorelocation willingtorelocate umzugsbereit"),
    Field.birthday: ("Birthday (day and month)", "birthday birthdaydayandmonth geburtstag anniversaire"),
    Field.anniversary: (
        "Work anniversary (day and month)",
        "workanniversary workanniversarydayandmonth anniversary jubiläum",
    ),
    Field.interests: ("Interests", "interests interest topicsofinterest fields skills interessen intérêts intereses"),
    Field.places: ("Places", "places place location locations city cities town ort orte stadt ville ciudad cidade"),
    Field.source: ("Source", "source camefrom campaign utmsource quelle herkunft origin"),
    Field.status: ("Status elsewhere", "status subscriptionstatus memberstatus optinstatus state"),
    Field.seal: ("Seal of our own export", "seal sealofourownexport"),
}  # fmt: skip
_OWN = {
    Field.full_name: Own.full_name,
    Field.first_name: Own.full_name,
    Field.last_name: Own.full_name,
    Field.call_name: Own.call_name,
    Field.level: Own.level,
    Field.work_mode: Own.work_mode,
    Field.zone: Own.zone,
    Field.country: Own.country,
    Field.is_remote: Own.is_remote,
    Field.is_open_to_move: Own.is_open_to_move,
    Field.birthday: Own.birthday,
    Field.anniversary: Own.anniversary,
    Field.interests: Own.interests,
    Field.places: Own.places,
}
_BITS = {field: int(own) for field, own in _OWN.items()}
_CONSENT_WORDS = (
    "consent",
    "optin",
    "subscribed",
    "newsletter",
    "einwilligung",
    "consentement",
    "gdpr",
    "permission",
    "mailinglist",
    "eventinvitations",
    "rolealerts",
    "notesfrompeople",
    "greetings",
)


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a file: what it is called, what it most likely means, and what must be said about it."""

    name: str
    guess: Field
    words: str = ""
    is_refused: bool = False


def guesses(head: Sequence[str], samples: Sequence[Sequence[str]]) -> list[Column]:
    """What each column most likely means; a meaning is given once, to the first that fits."""
    known = {name: field for field, (_, names) in _FIELDS.items() for name in map(_plain, names.split())}
    taken: set[Field] = set()
    columns = []
    for place, name in enumerate(head):
        trait = guard.trait_in(name)
        if trait is not None:
            columns.append(Column(name, Field.nothing, guard.Sensitive(name, trait).words, is_refused=True))
            continue
        field = known.get(_plain(name), Field.nothing)
        if field is Field.nothing and Field.address not in taken and _holds_addresses(samples, place):
            field = Field.address
        words = ""
        if field in taken:
            field, words = Field.nothing, f"Another column is taken for “{field.words}” already."
        elif field is Field.nothing and any(one in _plain(name) for one in _CONSENT_WORDS):
            words = "A consent cannot be brought along: only the person can give it."
        if field is not Field.nothing:
            taken.add(field)
        columns.append(Column(name, field, words))
    return columns


def problems(head: Sequence[str], chosen: Sequence[Field]) -> list[str]:
    """What stands against taking the columns for that; empty when nothing does."""
    found = []
    if Field.address not in chosen:
        found.append("Say which column holds the mail address.")
    found.extend(
        f"Only one column can be taken for “{field.words}”."
        for field in Field
        if field is not Field.nothing and chosen.count(field) > 1
    )
    if Field.full_name in chosen and (Field.first_name in chosen or Field.last_name in chosen):
        found.append("Choose either one column for the name, or first and last name.")
    for name, field in zip(head, chosen, strict=True):
        trait = guard.trait_in(name)
        if trait is not None and field is not Field.nothing:
            found.append(guard.Sensitive(name, trait).words)
    return found


def _plain(name: str) -> str:
    return "".join(sign for sign in fold(name) if sign.isalnum())


def _holds_addresses(samples: Sequence[Sequence[str]], place: int) -> bool:
    cells = [row[place] for row in samples if place < len(row) and row[place]]
    return bool(cells) and all("@" in cell and "." in cell.rpartition("@")[2] for cell in cells)
