"""What a member of the demo can follow, and where its people are."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Interest:
    """A team or role area."""

    slug: str
    name: str
    line: str


@dataclass(frozen=True, slots=True)
class Place:
    """A town where somebody works, or might."""

    slug: str
    name: str
    country: str
    """ISO 3166-1 alpha-2."""
    region: str
    zone: str
    """IANA time zone."""


INTERESTS: tuple[Interest, ...] = (
    Interest(
        "engineering",
        "Engineering",
        "Riverbook and the firmware: from two AA batteries to a map.",
    ),
    Interest(
        "hardware",
        "Hardware",
        "Radar, probes and housings that survive a winter under water.",
    ),
    Interest("hydrology", "Hydrology", "What the water does, why, and how sure we are of it."),
    Interest("data", "Data", "Series, gaps, forecasts, and the odd otter in between."),
    Interest("field", "Field operations", "Posts, boats, ladders and waders, in all weather."),
    Interest(
        "design",
        "Design",
        "Charts and pages for people who are in a hurry, or in gloves.",
    ),
    Interest(
        "product",
        "Product",
        "Deciding what to build, with the people who will stand beside it.",
    ),
    Interest(
        "customer-success",
        "Customer success",
        "Water boards, towns, anglers: helping them use it.",
    ),
    Interest(
        "people",
        "People",
        "Hiring, pay, leave and everything that makes a job a good one.",
    ),
    Interest("finance", "Finance", "Counting what things cost, later as well as now."),
)

PLACES: tuple[Place, ...] = (
    Place("lisbon", "Lisbon", "PT", "Southern Europe", "Europe/Lisbon"),
    Place("porto", "Porto", "PT", "Southern Europe", "Europe/Lisbon"),
    Place("thessaloniki", "Thessaloniki", "GR", "Southern Europe", "Europe/Athens"),
    Place("utrecht", "Utrecht", "NL", "Western Europe", "Europe/Amsterdam"),
    Place("rotterdam", "Rotterdam", "NL", "Western Europe", "Europe/Amsterdam"),
    Place("berlin", "Berlin", "DE", "Western Europe", "Europe/Berlin"),
    Place("dublin", "Dublin", "IE", "Western Europe", "Europe/Dublin"),
    Place("warsaw", "Warsaw", "PL", "Eastern Europe", "Europe/Warsaw"),
    Place("nairobi", "Nairobi", "KE", "Africa", "Africa/Nairobi"),
    Place("dakar", "Dakar", "SN", "Africa", "Africa/Dakar"),
    Place("bengaluru", "Bengaluru", "IN", "Asia", "Asia/Kolkata"),
    Place("kyoto", "Kyoto", "JP", "Asia", "Asia/Tokyo"),
    Place("toronto", "Toronto", "CA", "Americas", "America/Toronto"),
    Place("sao-paulo", "São Paulo", "BR", "Americas", "America/Sao_Paulo"),
)
