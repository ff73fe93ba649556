// Pages that update by themselves. An element with an id and data-topic="ticket:1042 list" is a fragment: when the server
// says on the one stream of this page that a topic changed, the page fetches its own address again, names the fragments
// it wants in the header Goodturn-Fragment (ids, separated by spaces), and morphs them in place. The server may answer
// with those elements alone or with the whole page.
import { morphFrom } from "./morph.js";

const pollEvery = 20000;
const due = new Set();
let stream, poll, opened, timer;

const liveFragments = () => [...document.querySelectorAll("[data-topic][id]")];
const topicsOf = (el) => el.dataset.topic.split(" ");

export async function refresh(ids) {
  if (!ids.length) return;
  const res = await fetch(location.href, { headers: { "Goodturn-Fragment": ids.join(" ") } });
  if (res.ok && new URL(res.url).pathname === location.pathname) morphFrom(await res.text(), ids);
}

// Changes come in bunches, one for each event of a ticket: a short wait makes one fetch of them.
function want(topic) {
  for (const el of liveFragments()) if (!topic || topicsOf(el).includes(topic)) due.add(el.id);
  clearTimeout(timer);
  timer = setTimeout(() => {
    const ids = [...due];
    due.clear();
    refresh(ids).catch(() => {});
  }, 120 + Math.random() * 180);
}

function startPolling() {
  poll ||= setInterval(() => document.hidden || want(), pollEvery);
}

function listen() {
  const topics = [...new Set(liveFragments().flatMap(topicsOf))];
  if (!topics.length || stream) return;
  if (!window.EventSource) return startPolling();
  stream = new EventSource("/live?topics=" + topics.map(encodeURIComponent).join(","));
  stream.addEventListener("changed", (e) => want(e.data));
  stream.addEventListener("open", () => {
    clearInterval(poll);
    poll = 0;
    if (opened) want();
    opened = true;
  });
  // The browser tries again by itself after a broken connection; a refused one is closed for good, so ask instead.
  stream.addEventListener("error", () => stream?.readyState === EventSource.CLOSED && startPolling());
}

// A browser has few connections to one server: a page that nobody sees gives its own back.
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) return listen();
  stream?.close();
  stream = undefined;
});
addEventListener("pagehide", () => {
  stream?.close();
  stream = undefined;
});
addEventListener("pageshow", (e) => e.persisted && listen());
if (!document.hidden) listen();
