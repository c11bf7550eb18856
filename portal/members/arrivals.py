"""What else happens when somebody has confirmed: rooms above register here, so that nothing is imported upward."""

from collections.abc import Callable

from portal.members.models import Member

Deed = Callable[[Member], None]
Promise = Callable[[Member], list[str]]

_deeds: list[Deed] = []
_promises: list[Promise] = []


def on_arrival(deed: Deed) -> Deed:
    """Do this in the transaction that makes somebody active: the first time, and when they come back."""
    _deeds.append(deed)
    return deed


def promise(words: Promise) -> Promise:
    """Say in the welcome letter what will come, how often, and when next: a sentence each."""
    _promises.append(words)
    return words


def happen(member: Member) -> None:
    """Let every room do what it does when somebody arrives."""
    for deed in _deeds:
        deed(member)


def promises(member: Member) -> list[str]:
    """What the rooms promise a member; empty when none of them says anything."""
    return [sentence for words in _promises for sentence in words(member)]
