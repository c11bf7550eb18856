/* Says an event's time in the zone of this browser, where the page does not know the reader's zone yet. */
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
const words = (moment) => new Intl.DateTimeFormat("en-GB", {
  timeZone: zone, weekday: "short", day: "numeric", month: "long", year: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23",
}).format(moment).replace(" at ", ", ").replace(/^(\w+),/, "$1");
for (const there of document.querySelectorAll("[data-when-here] .when > .there")) {
  if (!zone || there.nextElementSibling) continue;
  const here = document.createElement("time");
  here.className = "here";
  here.dateTime = there.dateTime;
  here.textContent = `For you: ${words(new Date(there.dateTime))} (${zone.split("/").pop().replaceAll("_", " ")})`;
  const same = (text) => text.match(/\d{1,2} \w+ \d{4}, \d\d:\d\d/)?.[0];
  if (same(here.textContent) !== same(there.textContent)) there.after(" ", here);
}
