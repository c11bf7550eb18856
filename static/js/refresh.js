/* Keeps a region marked data-refresh="seconds" (with an id) up to date, until the server sends it without the mark. */
async function refresh(id) {
  const region = document.getElementById(id);
  const seconds = Number(region?.dataset.refresh);
  if (!seconds) return;
  await new Promise((done) => setTimeout(done, seconds * 1000));
  if (!document.hidden) {
    try {
      const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
      if (answer.redirected) return location.assign(answer.url);
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.getElementById(id);
      const held = region.contains(document.activeElement) ? document.activeElement.textContent.trim() : null;
      const open = region.querySelector("details[open]");
      if (answer.ok && fresh && !open) {
        region.replaceWith(document.adoptNode(fresh));
        if (held) [...fresh.querySelectorAll("a, button, summary")].find((one) => one.textContent.trim() === held)?.focus();
      }
    } catch { /* offline for a moment: try again */ }
  }
  refresh(id);
}
for (const region of document.querySelectorAll("[data-refresh][id]")) refresh(region.id);
