// A conversation opens at what is new, keeps its place while it grows, and can be walked through by message.
import { act } from "./keys.js";
import { say } from "./say.js";

export const talk = document.getElementById("timeline");
// On a wide window the conversation scrolls by itself, on a small one the page does.
const talkScrolls = () => getComputedStyle(talk).overflowY === "auto";
export const talkScroller = () => (talkScrolls() ? talk : document.scrollingElement);
export const talkMessages = () => [...document.querySelectorAll("#timeline > article.message")];
// talkTop is where the visible part of the conversation begins in the window.
const talkTop = () => (talkScrolls() ? talk.getBoundingClientRect().top : document.querySelector(".ticket-facts")?.getBoundingClientRect().bottom || 0);

function showMessage(el, focus) {
  if (!el) return false;
  el.scrollIntoView({ block: "start" });
  if (focus) el.focus({ preventScroll: true });
  return true;
}

// walkMessages goes from the message that has the focus, or else from the one that is being read.
function walkMessages(step) {
  const all = talkMessages();
  let at = all.indexOf(document.activeElement?.closest?.("article.message"));
  if (at < 0) {
    const top = talkTop() + 24;
    at = all.findIndex((m) => m.getBoundingClientRect().bottom > top);
    if (at >= 0 && step > 0 && all[at].getBoundingClientRect().top > top) at--;
  }
  return showMessage(all[Math.min(all.length - 1, Math.max(0, at + step))], true);
}

function toNewest() {
  const link = document.getElementById("to-newest");
  if (!link) return false;
  if (!link.getAttribute("href").startsWith("#")) return location.assign(link.href), true;
  talkScroller().scrollTop = talkScroller().scrollHeight;
  talkMessages().at(-1)?.focus({ preventScroll: true });
  return true;
}

function copyLink(button) {
  if (!button || !navigator.clipboard) return false;
  navigator.clipboard.writeText(new URL(button.dataset.copy, location.href).href).then(() => say(button.dataset.copied));
  return true;
}

function openConversation() {
  if (location.hash) return;
  const fresh = document.getElementById("new");
  const first = talkMessages()[0];
  if (!fresh || fresh.nextElementSibling === first && !document.querySelector("[data-part-link]")) return;
  if (talkScrolls()) talk.scrollTop = fresh.offsetTop - 80;
  else fresh.scrollIntoView({ block: "start" });
}

if (talk) {
  openConversation();
  act("message-next", () => walkMessages(1));
  act("message-previous", () => walkMessages(-1));
  act("newest", toNewest);
  act("print", () => (location.assign(location.pathname + "/print"), true));
  act("copy-link", () => copyLink(document.querySelector("[data-copy]")));
  act("unread", () => {
    const form = document.querySelector("form[data-unread]");
    form?.requestSubmit();
    return Boolean(form);
  });
  act("first-unread", () => showMessage(document.getElementById("new")?.nextElementSibling, true));
  // The way to the newest message is offered as long as it is out of sight.
  const atEnd = new IntersectionObserver(([end]) => document.getElementById("to-newest")?.classList.toggle("is-needed", !end.isIntersecting), { rootMargin: "120px" });
  const watchEnd = () => {
    atEnd.disconnect();
    atEnd.observe(document.getElementById("end"));
  };
  watchEnd();
  document.addEventListener("goodturn:morphed", watchEnd);
  document.addEventListener("click", (e) => {
    if (e.target.closest?.("#to-newest") && toNewest()) e.preventDefault();
    if (e.target.closest?.("[data-copy]")) copyLink(e.target.closest("[data-copy]"));
    const own = e.target.closest?.("a.permalink");
    if (!own || e.ctrlKey || e.metaKey || e.shiftKey || !navigator.clipboard) return;
    e.preventDefault();
    history.replaceState(history.state, "", new URL(own.href).hash);
    navigator.clipboard.writeText(own.href).then(() => say(talk.dataset.copied), () => location.assign(own.href));
  });
}
// What we sent ourselves, we want to see.
document.addEventListener("goodturn:sent", (e) => {
  if (e.detail.closest("#composer") && talk) document.getElementById("end")?.scrollIntoView({ block: "end" });
});
