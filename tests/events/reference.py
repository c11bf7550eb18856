"""What a waitlist should do, as simply as it can be said: lists and dictionaries, no database."""

from dataclasses import dataclass, field
from datetime import datetime

from portal.events import windows
from portal.events.models import Answer, Way


@dataclass
class Standing:
    """Where one person stands."""

    zone: str
    answer: Answer | None = None
    way: Way | None = None
    until: datetime | None = None
    changes: int = 0

    @property
    def holds(self):
        return self.answer in {Answer.seat, Answer.offered}

    def becomes(self, answer, until=None):
        self.answer, self.until = answer, until
        self.changes += 1


@dataclass
class Reference:
    """An event with two ways to come, its people, and a line for each way."""

    starts_at: datetime
    capacity: dict[Way, int]
    people: dict[int, Standing]
    lines: dict[Way, list[int]] = field(default_factory=lambda: {way: [] for way in Way})
    is_called_off: bool = False

    def is_open(self, now):
        return not self.is_called_off and now < self.starts_at

    def held(self, way):
        return sum(one.holds and one.way is way for one in self.people.values())

    def ask(self, who, way, now):
        one = self.people[who]
        if not self.is_open(now):
            return
        if one.answer is Answer.offered:
            if now < one.until:
                one.becomes(Answer.seat)
                return
            self.lapse(who, now)
        if one.answer in {Answer.seat, Answer.waiting}:
            return
        self._place(who, way)

    def accept(self, who, now):
        one = self.people[who]
        if self.is_open(now) and one.answer is Answer.offered and now < one.until:
            one.becomes(Answer.seat)

    def give_up(self, who, now):
        one = self.people[who]
        if not self.is_open(now) or one.answer in {None, Answer.cancelled}:
            return
        self._leave(who)
        one.becomes(Answer.cancelled)
        self.serve(now)

    def switch(self, who, way, now):
        one = self.people[who]
        if not self.is_open(now) or one.answer in {None, Answer.cancelled} or one.way is way:
            return
        if one.answer is Answer.seat:
            if self.held(way) < self.capacity[way]:
                one.way = way
                one.becomes(Answer.seat)
        else:
            self._leave(who)
            one.answer = None
            self._place(who, way)
        self.serve(now)

    def lapse(self, who, now):
        self.people[who].becomes(Answer.cancelled)
        self.serve(now)

    def pass_on(self, now):
        late = [who for who, one in self.people.items() if one.answer is Answer.offered and one.until <= now]
        for who in sorted(late, key=self.tickets.__getitem__):
            if self.is_open(now):
                self.lapse(who, now)

    def set_capacity(self, way, seats, now):
        self.capacity[way] = seats
        self.serve(now)

    def erase(self, who, now):
        self._leave(who)
        self.people[who].answer = None
        self.serve(now)

    def call_off(self, now):
        if self.is_open(now):
            self.is_called_off = True
            for one in self.people.values():
                one.changes += one.answer not in {None, Answer.cancelled}

    def serve(self, now):
        if not self.is_open(now):
            return
        for way in Way:
            while self.lines[way] and self.held(way) < self.capacity[way]:
                one = self.people[self.lines[way].pop(0)]
                window = windows.window(now, self.starts_at, one.zone)
                one.becomes(Answer.offered if window else Answer.seat, window.ends if window else None)

    def position(self, who):
        one = self.people[who]
        return self.lines[one.way].index(who) + 1 if one.answer is Answer.waiting else 0

    tickets: dict[int, int] = field(default_factory=dict)

    def _place(self, who, way):
        one = self.people[who]
        one.way = way
        if self.held(way) < self.capacity[way]:
            one.becomes(Answer.seat)
        else:
            self.lines[way].append(who)
            self.tickets[who] = max(self.tickets.values(), default=0) + 1
            one.becomes(Answer.waiting)

    def _leave(self, who):
        for line in self.lines.values():
            if who in line:
                line.remove(who)
