/* Counts while one builds: the form is sent as its buttons would send it, and the answer takes its place. Without this
   every button loads the page anew. Saving always does. */
const WAIT = 500;
let waiting = 0;
let newest = 0;

async function send(form, button) {
  const mine = ++newest;
  clearTimeout(waiting);
  const body = new FormData(form);
  body.set("do", button ? button.value : "count");
  const at = document.activeElement && document.activeElement.id;
  form.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector("form.segment-form");
    if (mine !== newest) return;
    if (!fresh) return plainly(form, button);
    if (button) form.replaceChildren(...fresh.childNodes);
    else refresh(form, fresh);
    const next = (button && form.querySelector("[autofocus]")) || (at && document.getElementById(at));
    if (next) next.focus();
  } catch {
    if (button) plainly(form, button);
  } finally {
    form.removeAttribute("aria-busy");
  }
}

function plainly(form, button) {
  form.dataset.plainly = "";
  form.requestSubmit(button);
}

/* Only the numbers change, so that nothing moves under the hand that types. */
function refresh(form, fresh) {
  form.querySelector(".counted").replaceChildren(...fresh.querySelector(".counted").childNodes);
  for (const old of form.querySelectorAll(".rule-left")) old.remove();
  for (const left of fresh.querySelectorAll(".rule-left")) {
    const part = document.getElementById(left.id.replace(/-left$/, ""));
    if (part) part.after(left);
  }
}

for (const form of document.querySelectorAll("form.segment-form")) {
  form.addEventListener("submit", (event) => {
    const button = event.submitter;
    if ("plainly" in form.dataset || !button || button.value === "save") return;
    event.preventDefault();
    send(form, button).then(() => form.dispatchEvent(new Event("input")));
  });
  form.addEventListener("input", (event) => {
    if (!/\.(join|how|pick|day|days)$/.test(event.target.name || "")) return;
    clearTimeout(waiting);
    waiting = setTimeout(() => send(form), WAIT);
  });
}
