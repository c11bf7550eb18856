"""Mail through SendGrid: up to a thousand people a request, and what each answer means for each of them."""

import ssl
from collections.abc import Sequence
from dataclasses import dataclass, field

from portal.mail.transports import clean, tags
from portal.mail.transports.batch import Batch, Recipient
from portal.mail.transports.erasure import Erased, erase, forgive
from portal.mail.transports.patience import Patience
from portal.mail.transports.reach import NotReachable
from portal.mail.transports.result import HELD, Checkpoint, Result, Tally, unguarded
from portal.mail.transports.sendgrid_answer import Answer, Kind, understood
from portal.mail.transports.sendgrid_client import Api, NotHandedOver, Unclear, serialised
from portal.mail.transports.sendgrid_request import (
    MOST_BYTES,
    MOST_RECIPIENTS,
    Form,
    Personal,
    Unfit,
    once_each,
)

People = Sequence[tuple[Recipient, Personal]]

_WITNESSES = 3
"""How many more people are tried, each alone, before the content is blamed."""

_MOST_NAMED = 50
"""How many refusals by name are followed by another request; then the rest waits for its next turn."""


@dataclass(frozen=True, slots=True)
class Account:
    """Which SendGrid, and our key to it."""

    url: str
    key: str = field(repr=False)
    connect_seconds: float = 5.0
    read_seconds: float = 30.0
    trust: ssl.SSLContext | None = field(default=None, repr=False)


class _Stop(Exception):
    """No further request makes sense now; the tally says why."""


class SendGrid:
    """Hands batches to SendGrid's v3 API by the `sendgrid` package's client."""

    capacity = MOST_RECIPIENTS

    def __init__(self, account: Account) -> None:
        self._account = account
        is_plain = account.url.startswith("http:")
        self._api = Api(
            account.key,
            account.url,
            trust=None if is_plain else account.trust or ssl.create_default_context(),
            connect_seconds=account.connect_seconds,
            read_seconds=account.read_seconds,
        )
        self._patience = Patience()

    def __repr__(self) -> str:
        return f"SendGrid({self._account.url!r})"

    def check(self) -> str:
        """Ask what the key may do, and say it in words.

        Raises:
            NotReachable: the server does not answer, or the key may not send mail.
        """
        try:
            response = self._api.scopes()
        except (NotHandedOver, Unclear) as error:
            raise NotReachable(f"SendGrid at {self._account.url} does not answer: {error}.") from error
        if response.status_code != 200:
            raise NotReachable(f"SendGrid at {self._account.url} answers {response.status_code} to our key.")
        if b'"mail.send"' not in response.body:
            raise NotReachable("The SendGrid key may not send mail: it lacks the scope mail.send.")
        return f"SendGrid answers at {self._account.url}, and the key may send mail."

    def send(self, batch: Batch, checkpoint: Checkpoint = unguarded) -> Result:
        """Hand the batch over, in one request where nothing forbids it."""
        tally = Tally(checkpoint)
        try:
            form = Form(batch)
            people = _personalised(form, batch, tally)
            for group in once_each(people):
                _HandOver(self._api, self._patience, form, tally).all_of(group)
        except clean.BadAddress:
            tally.pause = "The sender's or the reply address cannot be written."
        except tags.NoValue as missing:
            tally.pause = str(missing)
        except _Stop as stop:
            return tally.result(batch.recipients, why_not_tried=str(stop))
        return tally.result(batch.recipients, why_not_tried=tally.pause or "not tried yet")

    def erase(self, addresses: list[str]) -> Erased:
        """Ask SendGrid to forget these people; at most 5,000 at once. Asking twice does no harm."""
        return erase(self._api, addresses)

    def forgive(self, address: str) -> bool:
        """Have SendGrid try a mailbox again that it gave up; whether it does."""
        return forgive(self._api, address)

    def close(self) -> None:
        """End the connections, of all threads."""
        self._api.close()


def _personalised(form: Form, batch: Batch, tally: Tally) -> list[tuple[Recipient, Personal]]:
    """Return each person with their part of the request; whoever has none that could pass is refused here."""
    people = []
    for person in batch.recipients:
        try:
            people.append((person, form.personal(person)))
        except (clean.BadAddress, Unfit) as unfit:
            tally.refused([person], str(unfit))
    return people


class _HandOver:
    """One group of people on their way, in as few requests as the answers allow."""

    def __init__(self, api: Api, patience: Patience, form: Form, tally: Tally) -> None:
        self._api = api
        self._patience = patience
        self._form = form
        self._tally = tally
        self._named = 0

    def all_of(self, group: People) -> None:
        """Hand everybody over, splitting what is too large and searching for what is refused without a name.

        Raises:
            _Stop: nothing more should be sent now.
        """
        waiting = [group]
        while waiting:
            people = waiting.pop()
            answer = self._ask(people)
            if answer.kind is Kind.too_large:
                waiting += reversed(_halves(people, answer, self._tally))
            elif answer.kind is Kind.somewhere:
                self._search(people, answer)

    def _ask(self, people: People) -> Answer:
        """Hand over to these people, without those who are refused by name; returns the last answer.

        Raises:
            _Stop: the answer, or the lack of one, forbids another request.
        """
        while waiting := [one for one in people if one[0].message not in self._tally.facts]:
            answer = self._request(waiting)
            if answer.kind is not Kind.some_people:
                return answer
            for place, why in (answer.people or {}).items():
                self._tally.refused([waiting[place][0]], why)
            self._named += 1
            if self._named >= _MOST_NAMED:
                raise _Stop(answer.words)
        return Answer(Kind.taken)

    def _request(self, people: People) -> Answer:
        """Make one request and note what is certain about these people.

        Raises:
            _Stop: the answer, or the lack of one, forbids another request.
        """
        everybody = [person for person, _ in people]
        request = serialised(self._form.request([personal for _, personal in people]))
        if len(request) > MOST_BYTES:
            return Answer(Kind.too_large, "The mail is larger than SendGrid takes (30 MB).")
        if not self._tally.may_go_on():
            raise _Stop(HELD)
        try:
            answer = understood(self._api.send(request), len(people))
        except NotHandedOver as error:
            self._tally.wait(self._patience.failed())
            raise _Stop(f"SendGrid could not be reached: {error}") from error
        except Unclear as error:
            self._tally.unknown(everybody, f"SendGrid gave no whole answer: {error}")
            raise _Stop("not tried: the request before it had no whole answer") from error
        self._patience.answered()
        match answer.kind:
            case Kind.taken:
                self._tally.accepted(everybody, answer.provider_id)
            case Kind.everybody:
                self._tally.pause = answer.words
                raise _Stop(answer.words)
            case Kind.too_fast:
                self._tally.wait(answer.wait, is_for_all=True)
                raise _Stop(answer.words)
            case Kind.unclear:
                self._tally.unknown(everybody, answer.words)
                raise _Stop(f"not tried: {answer.words}")
        return answer

    def _search(self, people: People, answer: Answer) -> None:
        """Find the one person the provider refuses, by halves; people set aside go in one request at the end.

        With n people that is about log2(n) requests, one to be sure, and one for the rest. When nobody at all
        passes, not even a few tried alone, what they share is at fault.
        """
        suspects, aside = list(people), list[tuple[Recipient, Personal]]()
        has_passed = is_proven = False
        while len(suspects) > 1:
            half = (len(suspects) + 1) // 2
            first, second = suspects[:half], suspects[half:]
            if self._passes(first):
                has_passed, suspects = True, second
            else:
                suspects, aside = first, aside + second
                is_proven = len(first) == 1
        if not is_proven and len(people) > 1 and self._passes(suspects):
            suspects = []
        for _ in range(_WITNESSES):
            if has_passed or not aside:
                break
            has_passed = self._passes([aside.pop()]) or has_passed
        if not has_passed:
            self._tally.pause = answer.words
            raise _Stop(answer.words)
        self._tally.refused([person for person, _ in suspects], answer.words)
        if aside and not self._passes(aside):
            raise _Stop(answer.words)

    def _passes(self, people: People) -> bool:
        return self._ask(people).kind is Kind.taken


def _halves(people: People, answer: Answer, tally: Tally) -> list[People]:
    """Return two halves of what was too large.

    Raises:
        _Stop: it is one person's mail, so the content itself is too large.
    """
    if len(people) == 1:
        tally.pause = answer.words
        raise _Stop(answer.words)
    half = (len(people) + 1) // 2
    return [people[:half], people[half:]]
