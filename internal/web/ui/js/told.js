// Says in a live region what a live update brought, and no more: who wrote, what was set, how many came. What somebody did
// themselves is on the page before it comes back as news, and is not told.
const toldBefore = () => ({
  messages: new Set([...document.querySelectorAll("#timeline article[id]")].map((el) => el.id)),
  lines: [...document.querySelectorAll("[data-told]")].map((el) => el.textContent.trim()),
  events: document.querySelectorAll("#timeline .event").length,
});

export function tellAloud(text) {
  const place = document.getElementById("told");
  if (!place || !text) return;
  place.textContent = "";
  setTimeout(() => (place.textContent = text), 50);
}

export function tellNews(change) {
  const before = toldBefore();
  change();
  const fresh = [...document.querySelectorAll("#timeline article[id]")].filter((el) => !before.messages.has(el.id)).map((el) => el.getAttribute("aria-label"));
  const events = [...document.querySelectorAll("#timeline .event")];
  for (const el of events.slice(before.events)) fresh.push(el.textContent.trim().replace(/\s+/g, " "));
  [...document.querySelectorAll("[data-told]")].forEach((el, i) => el.textContent.trim() !== before.lines[i] && fresh.push(el.textContent.trim()));
  tellAloud(fresh.slice(0, 3).join(". "));
}
