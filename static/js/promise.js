/* Says what the chosen cadences would mean, before they are saved. The server counts; without this the stored sentence stays. */
for (const form of document.querySelectorAll("form[data-promise]")) {
  const sentence = form.querySelector("[data-promise-words]");
  let asked = 0;
  form.addEventListener("change", async () => {
    const mine = ++asked;
    const query = new URLSearchParams();
    for (const [name, value] of new FormData(form)) if (name !== "csrf_token" && name !== "do") query.set(name, value);
    try {
      const answer = await fetch(`${form.dataset.promise}?${query}`);
      if (answer.ok && mine === asked) sentence.textContent = `If you save this: ${await answer.text()}`;
    } catch { /* Not reachable now: the stored sentence stays true. */ }
  });
}
