"""What a member gets from us now, and the buttons that change it: the same behind every door."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from flask import current_app, request
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # not in the stubs yet

from portal.core import clock, words
from portal.mail import queries as mail
from portal.mail.models import Stream
from portal.members import consent_texts as joining_texts
from portal.members.models import Member
from portal.preferences import actions, consent_texts, promise, queries
from portal.preferences.forms import MeasuringForm, PauseForm, ReasonForm, TopicsForm
from portal.preferences.models import Cadence, Reason, Topic


@dataclass(frozen=True, slots=True)
class Done:
    """What was done, in words; `stopped` names what somebody may want to give a reason for."""

    deed: str
    words: str
    tone: str = "success"
    stopped: str | None = None


@dataclass(slots=True)
class Sheet:
    """What a member gets from us now, and the forms to change it: the same behind every door."""

    member: Member
    zone: ZoneInfo
    choices: dict[Topic, Cadence]
    topics: TopicsForm
    pause: PauseForm
    measuring: MeasuringForm
    reason: ReasonForm

    @classmethod
    def of(cls, member: Member) -> "Sheet":
        """The stored state; a form that was just sent keeps what was typed."""
        zone = words.zone(member.zone, current_app.extensions["portal"].company_zone)
        choices = queries.choices_of(member)
        deed = request.form.get("do", "") if request.method == "POST" else ""

        def form(kind: Callable[..., Any], name: str, **data: Any) -> Any:
            return kind(formdata=request.form if deed == name else None, data=data)

        measured = {True: "yes", False: "no", None: None}[member.may_measure]
        sheet = cls(
            member,
            zone,
            choices,
            form(TopicsForm, "save", **{topic.value: cadence.value for topic, cadence in choices.items()}),
            form(PauseForm, "pause"),
            form(MeasuringForm, "measure", measuring=measured),
            form(ReasonForm, "reason"),
        )
        sheet.pause.months.choices = [
            SelectChoice(
                months, words.plural(months, "month", "months"), {"hint": f"until {words.day(ends, zone)}"}
            )
            for months, ends in ((one, actions.pause_ends(one, zone)) for one in queries.PAUSES)
        ]
        return sheet

    @property
    def has_left(self) -> bool:
        """Whether they left the network."""
        return not self.member.is_active

    @property
    def is_silent(self) -> bool:
        """Whether no topic is chosen."""
        return all(cadence is Cadence.never for cadence in self.choices.values())

    @property
    def can_be_fewer(self) -> bool:
        """Whether some topic can come more rarely without stopping."""
        return any(promise.fewer(topic, cadence) is not cadence for topic, cadence in self.choices.items())

    @property
    def promise(self) -> str:
        """What the stored choices mean, in a sentence."""
        return promise.in_words(self.choices)

    @property
    def next_newsletter(self) -> str:
        """About when the next newsletter comes to this member; "" when they want none."""
        cadence = self.choices[Topic.newsletter]
        if cadence is Cadence.never:
            return ""
        due = queries.due_again(self.member, Topic.newsletter, cadence)
        return words.day(promise.next_newsletter(clock.today(self.zone), due))

    @property
    def measuring_words(self) -> str:
        """The words in force of the question about measuring."""
        return consent_texts.measuring().words

    @property
    def joining_words(self) -> str:
        """The words in force that coming back says yes to."""
        return joining_texts.current().words

    @property
    def bounced(self) -> bool:
        """Whether the address does not take our mail, so that nothing goes out whatever is chosen."""
        found = mail.suppressions_of(self.member.address_key, Stream.marketing)
        return any(one.reason not in queries.OWN_WISH for one in found)

    def takes_nothing_of(self, topic: Topic) -> bool:
        """Whether nothing of this topic is sent."""
        return self.choices[topic] is Cadence.never

    def explained(self, topic: str) -> str:
        """One sentence about what comes."""
        return Topic(topic).explained

    @property
    def stopped(self) -> str:
        """What was stopped a moment ago and is still stopped: a topic, "all", or ""."""
        named = request.args.get("stopped", "")
        if named == "all":
            return named if self.has_left else ""
        return named if named in set(Topic) and self.choices[Topic(named)] is Cadence.never else ""

    def carry_out(self, how: str, only: frozenset[str] | None = None) -> Done | None:
        """Do what the button that was pressed says; None when something in its form does not fit."""
        deed = request.form.get("do", "")
        if only is not None and deed not in only:
            return None
        try:
            return self._carry_out(deed, how)
        except actions.HasLeft:
            return Done(deed, "You have left, so nothing was changed. You can come back first.", "warning")

    def _carry_out(self, deed: str, how: str) -> Done | None:
        member = self.member
        match deed:
            case "save" if self.topics.validate():
                wanted = {topic: Cadence(self.topics[topic.value].data) for topic in Topic}
                changed = actions.choose(member, wanted, how)
                ended = [topic for topic in changed if wanted[topic] is Cadence.never]
                saved = (
                    "Saved. This is what you get from now on."
                    if changed
                    else "Nothing was different, so all stays."
                )
                return Done(deed, saved, stopped=ended[0].value if len(ended) == 1 else None)
            case "less":
                changed = actions.less_often(member, how)
                return Done(
                    deed,
                    "Saved. You hear from us less often now." if changed else "It is as rare as it can be.",
                )
            case "pause" if self.pause.validate():
                until = actions.pause(member, self.pause.months.data, self.zone, how)
                return Done(deed, f"We are quiet until {words.day(until, self.zone)}.")
            case "resume":
                actions.resume(member, how)
                return Done(deed, "Welcome back. Your choices hold again from now on.")
            case "measure" if self.measuring.validate():
                is_given = self.measuring.measuring.data == "yes"
                actions.let_measure(member, is_given, how)
                return Done(
                    deed, "Saved. Thank you for letting us look." if is_given else "Saved. We do not look."
                )
            case "leave":
                actions.leave_everything(member, how)
                return Done(deed, "Done. You get no more mail from us, from this moment on.", stopped="all")
            case "back":
                actions.come_back(member, how)
                return Done(deed, "How good to have you back. This is what you get from now on.")
            case "lift":
                actions.try_again(member)
                return Done(deed, "We try your mailbox again with the next mail.")
            case "reason" if self.reason.validate():
                about = request.form.get("about", "")
                topic = Topic(about) if about in set(Topic) else None
                actions.give_reason(
                    member, topic, Reason(self.reason.reason.data), self.reason.text.data or ""
                )
                return Done(deed, "Thank you for telling us. A person reads this.")
        return None
