// Tells the server how far its reader has read: a message counts once it has been on the screen for a moment while the page
// was in front. And keeps the address of the page true to what it shows, so that news come into this part of the
// conversation and the line above what was new stays where it is.
import { talk, talkMessages } from "./talk.js";

const readAfter = 900;
const ticketPath = location.pathname;
let toldUpTo = Number(talk?.dataset.read || 0);
let seenUpTo = toldUpTo;
let readTimer;

function tellRead() {
  if (seenUpTo <= toldUpTo) return;
  toldUpTo = seenUpTo;
  const body = new URLSearchParams({ upto: toldUpTo });
  fetch(ticketPath + "/read", { method: "POST", body, keepalive: true }).then((res) => {
    if (res.ok && !document.querySelector(`#timeline > article[data-seq="${toldUpTo + 1}"]`)) showRead();
  }).catch(() => (toldUpTo = 0));
}

// The row in the list beside it says so at once; the next change of the list brings the same.
function showRead() {
  const row = document.querySelector(".ticket-row[aria-current]");
  row?.classList.add("is-read");
  row?.querySelector("[data-unread-word]")?.remove();
}

// Every message up to the last one whose end, or a screen of whose text, could be seen.
function lookRead() {
  clearTimeout(readTimer);
  readTimer = setTimeout(() => {
    if (document.hidden) return;
    const { top, bottom } = talk.getBoundingClientRect();
    const low = Math.min(bottom, innerHeight);
    for (const m of talkMessages()) {
      const box = m.getBoundingClientRect();
      if (box.top < low - 40 && (box.bottom <= low + 40 || box.top < Math.max(top, 0))) seenUpTo = Math.max(seenUpTo, Number(m.dataset.seq));
    }
    tellRead();
  }, readAfter);
}

export function nameAddress(change) {
  const url = new URL(location.href);
  for (const [name, value] of Object.entries(change)) value ? url.searchParams.set(name, value) : url.searchParams.delete(name);
  if (url.href !== location.href) history.replaceState(history.state, "", url);
}

if (talk) {
  const [from, to] = (talk.dataset.part || "").split("-").map(Number);
  nameAddress({ m: "", since: talk.dataset.new ? talk.dataset.read : "", from, to });
  lookRead();
  addEventListener("scroll", lookRead, { passive: true, capture: true });
  addEventListener("focus", lookRead);
  document.addEventListener("visibilitychange", () => document.hidden || lookRead());
  document.addEventListener("goodturn:morphed", lookRead);
}
