// Similar solved tickets are fetched once the page stands, and kept while the page brings itself up to date. What solved one
// of them can be put into the answer.
import { act } from "./keys.js";
import { openSheet } from "./composer.js";

async function findSimilar() {
  const place = document.querySelector("#similar[data-similar]");
  if (!place) return;
  const res = await fetch(place.dataset.similar, { headers: { "Goodturn-Fragment": "similar" } });
  if (!res.ok) return;
  const found = new DOMParser().parseFromString(await res.text(), "text/html").getElementById("similar");
  found.dataset.loaded = "";
  found.hidden = !found.querySelector("li");
  place.replaceWith(found);
}

function useAnswer(button) {
  if (!button || !document.getElementById("composer")) return false;
  openSheet("reply", true);
  document.dispatchEvent(new CustomEvent("goodturn:insert", { detail: { text: button.previousElementSibling.content.textContent } }));
  return true;
}

(window.requestIdleCallback || setTimeout)(() => findSimilar().catch(() => {}));
document.addEventListener("click", (e) => useAnswer(e.target.closest?.("[data-insert]")));
// The first of them, or the one that has the focus.
const inSimilar = (what) => document.activeElement?.closest?.(".similar")?.querySelector(what) || document.querySelector("#similar .similar " + what);
act("use-answer", () => useAnswer(inSimilar("[data-insert]")));
act("link-article", () => useAnswer(document.querySelector(".near-article [data-insert]")));
act("link-similar", () => {
  const button = inSimilar("[data-link-similar]");
  button?.form.requestSubmit(button);
  return Boolean(button);
});
