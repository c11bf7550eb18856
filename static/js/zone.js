/* Pre-fills fields marked data-guess-zone with the time zone of this browser, when nothing was chosen yet. */
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
for (const field of document.querySelectorAll("[data-guess-zone]")) {
  if (!zone || (field.value && field.dataset.guessZone !== "always")) continue;
  if (field.tagName === "SELECT" && ![...field.options].some((option) => option.value === zone)) continue;
  field.value = zone;
}
