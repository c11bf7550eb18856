"""Each person's own copy of a mailing: the frozen words, their values, and the links that name their message."""

from collections.abc import Sequence
from dataclasses import replace
from html import escape
from typing import Any, NamedTuple

from flask import current_app
from sqlalchemy import ColumnElement, select

from portal.core import tokens
from portal.core.db import session
from portal.mail import hand_over, letters, measuring
from portal.mail.models import Mailing, Variant
from portal.mail.render import Rendered
from portal.mail.transports.batch import Batch, Recipient


class Claimed(NamedTuple):
    """A message this worker may hand over, once; `made_of` is what the person's values are made of."""

    id: int
    address: str
    made_of: tuple[Any, ...] = ()


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
        self._merge = letters.kind(mailing.letter).merge
        self._public_id = tokens.seal("mailing", mailing.id)
        self._sender = (mailing.sender_name, mailing.sender_address, mailing.reply_to)
        self._base_url: str = current_app.extensions["portal"].base_url

    def made_of(self, row: Any) -> Sequence[ColumnElement[Any]]:
        """SQL over a ledger row for what the person's values are made of."""
        return self._merge.made_of(row) if self._merge is not None else ()

    def batch(
        self,
        mask: int,
        people: Sequence[Claimed],
        is_tracked: bool = False,
    ) -> tuple[Batch, dict[str, int]]:
        """One request's worth, and whose public id is whose; `is_tracked` when these people agreed to be measured."""
        is_measured = is_tracked and mask in self.measured
        words, base_url = (self.measured if is_measured else self.variants)[mask], self._base_url
        values_of = self._merge.values if self._merge is not None else dict
        recipients, ids = [], {}
        sealed = tokens.seal_all(person.id for person in people)
        for person, (_, message, unsubscribe, preferences) in zip(people, sealed, strict=True):
            values = values_of(*person.made_of)
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
                    values={**values, **links},
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
