"""Save, change and remove segments."""

from portal.core import clock, words
from portal.core.db import lock, session
from portal.members import guard
from portal.segments import queries, rules
from portal.segments.models import Segment, SegmentVersion
from portal.segments.queries import InUse
from portal.staff import actions as staff_actions
from portal.staff.models import Staff

RESERVED_SLUGS = frozenset({"new", "draft", "lists", "tags"})


class NameTaken(Exception):
    """Another segment has this name."""


def create(name: str, line: str, rule: rules.Node, by: Staff) -> Segment:
    """Save a new segment.

    Raises:
        NameTaken: another one has this name.
        guard.Sensitive: its name is about a sensitive trait.
        rules.Broken: the rule names something that does not exist.
    """
    _check(name, line, rule, None)
    moment = clock.now()
    segment = Segment(
        slug=_free_slug(name),
        name=name,
        line=line,
        rule=rules.to_json(rule),
        version=1,
        made_by=by.id,
        created_at=moment,
        changed_at=moment,
    )
    session().add(segment)
    session().flush()
    _keep_version(segment, by)
    staff_actions.record("segments.create", subject=f"segment:{segment.id}", words=f"Made the segment {name}")
    return segment


def change(segment: Segment, name: str, line: str, rule: rules.Node, by: Staff) -> None:
    """Save the segment anew; its version rises when the rule is another one, and the old rule is kept.

    Raises:
        NameTaken: another one has this name.
        guard.Sensitive: its name is about a sensitive trait.
        rules.Broken: the rule names something that does not exist, or the segment itself.
    """
    _check(name, line, rule, segment)
    session().refresh(segment, with_for_update=True)
    stored = rules.to_json(rule)
    is_other = stored != segment.rule
    segment.name, segment.line, segment.rule = name, line, stored
    segment.changed_at = clock.now()
    if is_other:
        segment.version += 1
        _keep_version(segment, by)
    session().flush()
    staff_actions.record(
        "segments.change", subject=f"segment:{segment.id}", words=f"Changed the segment {name}"
    )


def remove(segment: Segment) -> None:
    """Delete a segment that nothing uses.

    Raises:
        InUse: something does.
    """
    lock("segments")
    uses = queries.uses_of(segment)
    if uses:
        raise InUse(uses)
    session().delete(segment)
    session().flush()
    staff_actions.record(
        "segments.remove", subject=f"segment:{segment.id}", words=f"Removed the segment {segment.name}"
    )


def _check(name: str, line: str, rule: rules.Node, own: Segment | None) -> None:
    guard.check(name, line)
    lock("segments")
    other = queries.named(name)
    if other is not None and (own is None or other.id != own.id):
        raise NameTaken
    broken = rules.problems(rule, [own.slug] if own is not None else [])
    if broken:
        raise rules.Broken(broken)


def _keep_version(segment: Segment, by: Staff) -> None:
    session().add(
        SegmentVersion(
            segment_id=segment.id,
            version=segment.version,
            rule=segment.rule,
            saved_by=by.id,
            at=segment.changed_at,
        )
    )


def _free_slug(name: str) -> str:
    wished = words.slug(name) or "segment"
    slug, number = wished, 1
    while slug in RESERVED_SLUGS or queries.segment(slug) is not None:
        number += 1
        slug = f"{wished}-{number}"
    return slug
