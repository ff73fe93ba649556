// Of a very long conversation a part is shown. The links to what lies beside it bring that into the page, and nothing that
// is being read moves.
import { talk, talkMessages, talkScroller } from "./talk.js";
import { nameAddress } from "./seen.js";
import { say } from "./say.js";

const mostOnPage = 450;

async function loadPart(line, link) {
  const earlier = line.dataset.partLink === "earlier";
  const [from, to] = talk.dataset.part.split("-").map(Number);
  const url = new URL(link.href);
  const first = Number(url.searchParams.get("from"));
  if (talkMessages().length >= mostOnPage) return location.assign(link.href);
  const res = await fetch(url, { headers: { "Goodturn-Fragment": "timeline" } });
  if (!res.ok) throw new Error(res.statusText);
  const fresh = new DOMParser().parseFromString(await res.text(), "text/html").getElementById("timeline");
  const last = Number(fresh.dataset.part.split("-")[1]);
  const entries = [...fresh.children].filter((el) => el.matches("article, .events, [data-part-link=" + line.dataset.partLink + "]"));
  const held = talkMessages()[earlier ? 0 : talkMessages().length - 1];
  const heldAt = held.getBoundingClientRect().top;
  line.replaceWith(...entries);
  const part = earlier ? [first, to] : [from, last];
  talk.dataset.part = part.join("-");
  nameAddress({ from: part[0], to: part[1] });
  const next = earlier ? entries.findLast((el) => el.matches("article")) : entries.find((el) => el.matches("article"));
  next?.focus({ preventScroll: true });
  document.dispatchEvent(new CustomEvent("goodturn:morphed"));
  talkScroller().scrollTop += held.getBoundingClientRect().top - heldAt;
}

talk?.addEventListener("click", (e) => {
  const link = e.target.closest?.("[data-part-link] a");
  if (!link || e.ctrlKey || e.metaKey || e.shiftKey) return;
  e.preventDefault();
  link.setAttribute("aria-busy", "true");
  loadPart(link.closest("[data-part-link]"), link).catch(() => say(document.body.dataset.offline, true)).finally(() => link.removeAttribute("aria-busy"));
});
