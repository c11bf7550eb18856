/* Counts while one builds: asks what the buttons would answer, and puts only the rule and its numbers into the page.
   Without this every button loads the page anew. Saving always does, and so does a rule too long for an address. */
const WAIT = 500;
const LONGEST = 3500;
let waiting = 0;
let newest = 0;

async function ask(form, button) {
  const mine = ++newest;
  clearTimeout(waiting);
  const query = new URLSearchParams({ do: button ? button.value : "count", of: form.dataset.of });
  for (const [name, value] of new FormData(form)) {
    if (name === "r.join" || name.startsWith("r-") || (button && name.endsWith(".add"))) query.append(name, value);
  }
  const address = `${form.dataset.draft}?${query}`;
  if (address.length > LONGEST) return button && plainly(form, button);
  const at = document.activeElement && document.activeElement.id;
  try {
    const answer = await fetch(address);
    if (!answer.ok) return button && plainly(form, button);
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("form.segment-form");
    if (mine !== newest || !fresh) return;
    if (button) form.querySelector("#r").replaceWith(fresh.querySelector("#r"));
    else number(form, fresh);
    form.querySelector(".counted").replaceChildren(...fresh.querySelector(".counted").childNodes);
    const next = button && (form.querySelector("#r [autofocus]") || document.getElementById(at) || form.querySelector("#r-add"));
    if (next) next.focus();
  } catch {
    if (button) plainly(form, button);
  }
}

/* Only the numbers change, so that nothing moves under the hand that types. */
function number(form, fresh) {
  for (const old of form.querySelectorAll(".rule-left")) old.remove();
  for (const left of fresh.querySelectorAll(".rule-left")) {
    const part = document.getElementById(left.id.replace(/-left$/, ""));
    if (part) part.after(left);
  }
}

function plainly(form, button) {
  form.dataset.plainly = "";
  form.requestSubmit(button);
}

for (const form of document.querySelectorAll("form.segment-form")) {
  form.addEventListener("submit", (event) => {
    const button = event.submitter;
    if ("plainly" in form.dataset || !button || button.value === "save") return;
    event.preventDefault();
    ask(form, button).then(() => form.dispatchEvent(new Event("input")));
  });
  form.addEventListener("input", (event) => {
    if (!/\.(join|how|pick|day|days)$/.test(event.target.name || "")) return;
    clearTimeout(waiting);
    waiting = setTimeout(() => ask(form), WAIT);
  });
}
