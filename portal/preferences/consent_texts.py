"""The words beside the choices of mail and of measuring. A version is never edited: new words are a new version."""

from datetime import date

from portal.members.consent_texts import ConsentText, know

TOPICS = (
    ConsentText(
        version="topics-2026-11",
        since=date(2026, 11, 1),
        words="Write to me about this, as often as I say here. I can change it at any time, from any mail or from "
        "my page.",
    ),
)
MEASURING = (
    ConsentText(
        version="measuring-2026-11",
        since=date(2026, 11, 1),
        words="You may see whether I open your mails and which links in them I follow, to learn what is worth "
        "sending. Nothing is decided by it, and no other company sees it.",
    ),
)

know(*TOPICS, *MEASURING)


def topics() -> ConsentText:
    """The words in force beside the topics."""
    return TOPICS[-1]


def measuring() -> ConsentText:
    """The words in force beside the question about measuring."""
    return MEASURING[-1]
