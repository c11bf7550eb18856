"""Eight roles of the demo, one of them honestly not a vacancy, one closed."""

from dataclasses import dataclass

from portal.demo import content_roles_text as text
from portal.demo.prose import prose


@dataclass(frozen=True, slots=True)
class OpenRole:
    """A role, and the colleague who confirmed that it is real."""

    slug: str
    title: str
    summary: str
    """At most 200 characters."""
    interests: tuple[str, ...]
    places: tuple[str, ...]
    level: str
    """student, junior, mid, senior or lead; empty when any will do."""
    work_mode: str
    """full_time, part_time, freelance or internship."""
    is_remote: bool
    pay: str
    description: str
    """Markdown."""
    confirmed_by: str
    """Slug of a colleague."""
    confirmed_days_ago: int
    opened_days_ago: int
    is_pool: bool = False
    closed_days_ago: int | None = None

    @property
    def apply_url(self) -> str:
        """Where to apply: outside the portal."""
        return f"https://jobs.example.com/alderford/{self.slug}"


ROLES: tuple[OpenRole, ...] = (
    OpenRole(
        "firmware-engineer",
        "Firmware engineer",
        "Make two batteries last four years, inside a gauge that somebody has to wade to.",
        ("engineering", "hardware"),
        ("lisbon", "porto", "dakar", "berlin"),
        "mid",
        "full_time",
        True,
        "52,000 to 64,000 euros a year",
        prose(text.FIRMWARE),
        "amina",
        4,
        19,
    ),
    OpenRole(
        "calibration-technician",
        "Calibration technician",
        "Measure gauges against water, with a brass point and your eyes. We train you for three months.",
        ("hardware",),
        ("lisbon",),
        "junior",
        "full_time",
        False,
        "24,500 to 29,000 euros a year",
        prose(text.CALIBRATION),
        "leonor",
        2,
        12,
    ),
    OpenRole(
        "field-technician-east",
        "Field technician, Vecht to Roer",
        "Set posts, mend gauges, drink coffee with the people who own the bank. The van is yours.",
        ("field", "hardware"),
        ("utrecht", "rotterdam"),
        "mid",
        "full_time",
        False,
        "38,000 to 45,000 euros a year",
        prose(text.FIELD),
        "wouter",
        6,
        33,
    ),
    OpenRole(
        "forecast-hydrologist",
        "Forecast hydrologist",
        "Turn rain into hours for small, fast rivers, and say plainly how sure you are.",
        ("hydrology", "data"),
        ("nairobi", "dakar", "utrecht", "berlin"),
        "senior",
        "full_time",
        True,
        "58,000 to 70,000 euros a year",
        prose(text.FORECAST),
        "ruth",
        3,
        26,
    ),
    OpenRole(
        "product-designer-warnings",
        "Product designer, warnings",
        "Design a page for somebody with cold hands and four seconds, and stand beside them when they "
        "use it.",
        ("design", "product"),
        ("lisbon", "porto", "berlin", "warsaw", "dublin"),
        "senior",
        "full_time",
        True,
        "46,000 to 57,000 euros a year",
        prose(text.DESIGN),
        "yuki",
        9,
        41,
    ),
    OpenRole(
        "customer-success-brazil",
        "Customer success, Brazil",
        "Be the first of us in Brazil: 14 gauges, nine towns, two universities, one valley.",
        ("customer-success", "product"),
        ("sao-paulo",),
        "mid",
        "full_time",
        True,
        "132,000 to 168,000 reais a year",
        prose(text.CUSTOMERS),
        "nikos",
        5,
        17,
    ),
    OpenRole(
        "field-list-for-the-next-flood",
        "Field list for the next flood",
        "Not a vacancy: a list of people whom we ask first when a river needs forty gauges at once.",
        ("field", "hydrology", "hardware"),
        ("lisbon", "porto", "utrecht", "rotterdam", "warsaw", "nairobi"),
        "",
        "freelance",
        False,
        "170 to 230 euros a day, when there is work",
        prose(text.POOL),
        "samuel",
        11,
        310,
        is_pool=True,
    ),
    OpenRole(
        "people-partner-leave-cover",
        "People partner, parental leave cover",
        "Nine months of pay, contracts and a diary. Closed: eleven applied, eleven have had an answer.",
        ("people", "finance"),
        ("utrecht",),
        "mid",
        "part_time",
        False,
        "40,000 to 48,000 euros a year",
        prose(text.CLOSED),
        "joost",
        58,
        96,
        closed_days_ago=34,
    ),
)
