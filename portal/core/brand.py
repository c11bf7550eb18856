"""How the company shows itself: name, hue, logo and postal address, from the settings."""

from dataclasses import dataclass

from portal.core.settings import Settings


@dataclass(frozen=True, slots=True)
class Brand:
    """What pages and letters say about the company."""

    name: str
    tagline: str
    hue: int
    logo_url: str | None
    postal_address: str


def brand_of(settings: Settings) -> Brand:
    """The brand that the settings describe."""
    return Brand(
        name=settings.brand_name,
        tagline=settings.brand_tagline,
        hue=settings.brand_hue,
        logo_url="/brand/logo" if settings.brand_logo else None,
        postal_address=settings.postal_address,
    )
