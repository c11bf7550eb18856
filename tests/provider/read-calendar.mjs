// Reads calendar files with ical.js: one base64 line in, one line of JSON out.
import readline from "node:readline";
import ICAL from "ical.js";

const text = (entry, name) => entry.getFirstPropertyValue(name);
const moment = (entry, name) => {
  const value = text(entry, name);
  return value === null ? null : value.toUnixTime();
};
const person = (entry, name) => {
  const found = entry.getFirstProperty(name);
  return found === null
    ? null
    : { address: found.getFirstValue(), name: found.getParameter("cn") ?? null, answer: found.getParameter("partstat") ?? null };
};

function read(file) {
  const calendar = new ICAL.Component(ICAL.parse(file));
  return {
    method: text(calendar, "method"),
    entries: calendar.getAllSubcomponents("vevent").map((entry) => ({
      uid: text(entry, "uid"),
      sequence: text(entry, "sequence"),
      starts: moment(entry, "dtstart"),
      ends: moment(entry, "dtend"),
      stamp: moment(entry, "dtstamp"),
      summary: text(entry, "summary"),
      description: text(entry, "description"),
      location: text(entry, "location"),
      url: text(entry, "url"),
      status: text(entry, "status"),
      transparency: text(entry, "transp"),
      organizer: person(entry, "organizer"),
      attendee: person(entry, "attendee"),
    })),
  };
}

for await (const line of readline.createInterface({ input: process.stdin })) {
  let answer;
  try {
    answer = read(Buffer.from(line, "base64").toString("utf8"));
  } catch (error) {
    answer = { error: String(error) };
  }
  process.stdout.write(JSON.stringify(answer) + "\n");
}
