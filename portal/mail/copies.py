"""Each person's own copy of a mailing: the frozen words, their values, and the links that name their message."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from html import escape

from flask import current_app
from sqlalchemy import select

from portal.core import tokens
from portal.core.db import session
from portal.mail import hand_over, letters, measuring
from portal.mail.models import Mailing, Variant
from portal.mail.render import Rendered
from portal.mail.transports.batch import Batch, Recipient


@dataclass(frozen=True, slots=True)
class Claimed:
    """A message this worker may hand over, once."""

    id: int
    address: str
    member_id: int | None


class Words:
    """A mailing's frozen words, read once, and what makes them personal."""

    def __init__(self, mailing: Mailing) -> None:
        self.id, self.stream = mailing.id, mailing.stream
        rows = session().scalars(select(Variant).where(Variant.mailing_id == mailing.id))
        self.variants = {one.mask: Rendered(one.subject, one.text, one.html) for one in rows}
        links = measuring.links_of(mailing.id)
        # Where no links are stored, nothing is measured, whoever agreed.
        self.measured = (
            {
                mask: replace(one, html=measuring.measured(one.html, links))
                for mask, one in self.variants.items()
            }
            if links
            else {}
        )
        self.merge = letters.kind(mailing.letter).merge
        self._public_id = tokens.seal("mailing", mailing.id)
        self._sender = (mailing.sender_name, mailing.sender_address, mailing.reply_to)
        self._base_url: str = current_app.extensions["portal"].base_url

    def batch(
        self,
        mask: int,
        people: Sequence[Claimed],
        merged: Mapping[int, Mapping[str, str]],
        is_tracked: bool = False,
    ) -> tuple[Batch, dict[str, int]]:
        """One request's worth, and whose public id is whose; `is_tracked` when these people agreed to be measured."""
        is_measured = is_tracked and mask in self.measured
        words, base_url = (self.measured if is_measured else self.variants)[mask], self._base_url
        recipients, ids = [], {}
        sealed = tokens.seal_all(person.id for person in people)
        for person, (_, message, unsubscribe, preferences) in zip(people, sealed, strict=True):
            values = dict(merged.get(person.member_id or 0, {}))
            html_values = {tag: escape(value) for tag, value in values.items()}
            links = hand_over.personal_links(base_url, unsubscribe, preferences)
            if is_measured:
                links |= measuring.personal(base_url, person.id)
            ids[message] = person.id
            recipients.append(
                Recipient(
                    message=message,
                    address=person.address,
                    name=values.get("name", ""),
                    values=values | links,
                    html_values=html_values | links,
                    headers=hand_over.unsubscribe_headers(base_url, unsubscribe),
                )
            )
        name, address, reply_to = self._sender
        batch = Batch(
            sender_name=name,
            sender_address=address,
            reply_to=reply_to,
            reply_to_name=name,
            subject=words.subject,
            text=words.text,
            html=words.html,
            recipients=tuple(recipients),
            stream=self.stream.value,
            mailing=self._public_id,
        )
        return batch, ids
