/* Asks before a changed form is left. Only forms marked data-unsaved. */
const changed = new Set();
for (const form of document.querySelectorAll("form[data-unsaved]")) {
  form.addEventListener("input", () => changed.add(form));
  form.addEventListener("submit", () => changed.clear());
}
addEventListener("beforeunload", (event) => {
  if (changed.size) event.preventDefault();
});
