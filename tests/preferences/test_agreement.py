"""After any sequence of choices the page, the hurdles and the consent ledger say the same."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from portal.core import clock
from portal.mail import gate
from portal.mail.models import Stream
from portal.members.models import Member
from portal.preferences import actions
from portal.preferences.models import Cadence, Topic
from tests.preferences.scene import choices, consents, link, mail_to
from tests.preferences.test_contact import stored, ticked
from tests.preferences.test_hurdles import Candidate
from tests.world import World

SAVES = st.fixed_dictionaries(
    {"do": st.just("save")},
    optional={topic.value: st.sampled_from([one.value for one in topic.cadences]) for topic in Topic},
)
DEEDS = st.one_of(
    SAVES,
    st.builds(lambda months: {"do": "pause", "months": str(months)}, st.sampled_from([1, 3, 6, 12])),
    st.builds(lambda answer: {"do": "measure", "measuring": answer}, st.sampled_from(["yes", "no"])),
    st.sampled_from(
        [{"do": deed} for deed in ("less", "resume", "leave", "back", "one-click", "lift", "nonsense")]
    ),
)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(deeds=st.lists(st.tuples(DEEDS, st.booleans()), min_size=1, max_size=7))
def test_page_hurdles_and_ledger_agree(world: World, deeds: list[tuple[dict[str, str], bool]]) -> None:
    person = world.make.member(topics={})
    with world.inside() as current:
        actions.begin(current.get(Member, person.id))
    message = mail_to(world, person, number=person.id, state="skipped", handed_over_at=None)
    mine, passer_by = world.browser(person), world.browser()
    one_click, from_mail = link(world, message), link(world, message, "preferences")
    for deed, is_mine in deeds:
        if deed["do"] == "one-click":
            assert (
                passer_by.post_without_token(one_click, **{"List-Unsubscribe": "One-Click"}).status_code
                == 200
            )
        else:
            door = (mine, "/me/contact") if is_mine else (passer_by, from_mail)
            assert door[0].post(door[1], **deed).status_code in {302, 422}

    held, now = choices(world, person), stored(world, person)
    page = world.browser(person).get("/me/contact").text
    last = {line.about: line for line in consents(world, person)}
    for topic in Topic:
        line = last.get(f"topic:{topic}")
        assert (Cadence(line.value) if line else Cadence.never) is held[topic], "the ledger's last line holds"
        assert line is None or line.is_given is (held[topic] is not Cadence.never)
        with world.inside() as current:
            reason = current.scalar(select(gate.verdict(Candidate(person, topic), Stream.marketing)))
        if not now.is_active:
            assert reason == "left"
        elif now.is_paused:
            assert reason == "paused"
        else:
            assert (reason == "") is (held[topic] is not Cadence.never)
    if now.is_active:
        assert {name: value for name, value in ticked(page).items() if name in set(Topic)} == {
            topic.value: cadence.value for topic, cadence in held.items()
        }
        assert ("We are quiet until" in page) is now.is_paused
        assert (last["pause"].is_given if "pause" in last else False) is now.is_paused or "network" in last
    else:
        assert "You get no mail from us" in page
        assert last["network"].is_given is False
        assert set(held.values()) == {Cadence.never}
    assert now.may_measure is (last["measuring"].is_given if "measuring" in last else None)
    assert all(line.at <= clock.now() for line in last.values())
