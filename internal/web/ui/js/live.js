// Pages that update by themselves. An element with an id and data-topic="ticket:1042 list" is a fragment: when the server
// says that a topic changed, the page fetches its own address again (or that in data-src), names the fragments it wants in
// the header Goodturn-Fragment (ids, separated by spaces), and morphs them in place. The server may answer with those
// elements alone or with the whole page. All pages of a browser hear of changes over one stream; see live_worker.js.
import { morphFrom } from "./morph.js";
import { changeStream } from "./stream.js";
import { say } from "./say.js";
import { tellNews } from "./told.js";

const due = new Set();
let knownSeq = Number(document.body.dataset.seq || 0);
const freshAt = new Map(); // when each fragment was fetched last
let fetchTimer, fetching = false, pause = 0, signedOut = false, saidHello = "";
const afterFailure = 3000;

const liveFragments = () => [...document.querySelectorAll("[data-topic][id]")];
const topicsOf = (el) => el.dataset.topic.split(" ");

// A page that nobody sees is told what changed all the same, but looks at nothing.
function topicsHere() {
  const looking = document.hidden ? [] : [...document.querySelectorAll("[data-looking]")].map((el) => "looking:" + el.dataset.looking);
  return [...new Set([...liveFragments().flatMap(topicsOf), ...looking])];
}

async function fetchFrom(address, ids, asked) {
  const res = await fetch(address, { headers: { "Goodturn-Fragment": ids.join(" ") } });
  const came = new URL(res.url).pathname;
  if (res.status === 401 || came === "/sign-in") return saySignedOut();
  if (res.status === 429 || res.status >= 500) throw new Error(res.statusText); // asked again in a while
  if (!res.ok || came !== new URL(address, location.href).pathname) return;
  const html = await res.text();
  tellNews(() => morphFrom(html, ids, !asked));
}

export async function refresh(ids, asked) {
  const by = new Map();
  for (const id of ids) {
    const at = document.getElementById(id)?.dataset.src || location.href;
    by.set(at, [...(by.get(at) || []), id]);
  }
  await Promise.all([...by].map(([at, some]) => fetchFrom(at, some, asked)));
}

// Changes come in bunches, one for each event of a ticket: a short wait makes one fetch of them. A server that has much to
// do is asked less often.
function wantTopics(topics) {
  for (const el of liveFragments()) if (topicsOf(el).some((t) => topics.includes(t))) due.add(el.id);
  planRefresh();
}

// catchUp fetches again what was fetched since then: an answer that was on its way meanwhile may be older, and was put in its place.
export function catchUp(since) {
  for (const [id, at] of freshAt) if (at >= since) due.add(id);
  planRefresh();
}

function planRefresh() {
  if (!due.size || document.hidden || fetching || signedOut) return;
  clearTimeout(fetchTimer);
  fetchTimer = setTimeout(async () => {
    const ids = [...due], began = performance.now();
    due.clear();
    fetching = true;
    const failed = await refresh(ids).catch(() => ids.map((id) => due.add(id)));
    fetching = false;
    ids.forEach((id) => freshAt.set(id, performance.now()));
    pause = failed ? afterFailure : Math.min(10000, 4 * (performance.now() - began));
    planRefresh();
  }, Math.max(pause, 60 + Math.random() * 120));
}

function saySignedOut() {
  signedOut = true;
  const b = document.body.dataset;
  say(b.signedOut, true, { text: b.signIn, href: "/sign-in?next=" + encodeURIComponent(location.pathname + location.search) });
}

function hearNews(news) {
  if (news.out) return saySignedOut();
  signedOut = false;
  knownSeq = news.anew ? news.id : Math.max(knownSeq, news.id);
  wantTopics(news.changed);
}

// post gives the stream what this page wants: the shared one where browsers have that, else one of this page's own, which it
// gives back while nobody sees it. Browsers without shared workers are those of phones, which show one page at a time.
let postHello;
function ownStream() {
  const own = changeStream(hearNews);
  postHello = (hello) => (hello.bye || document.hidden ? own.close() : own.want(hello.topics, hello.after));
  helloStream();
}
function connectStream() {
  if (!window.SharedWorker) return ownStream();
  try {
    const worker = new SharedWorker(document.body.dataset.live);
    worker.addEventListener("error", ownStream);
    worker.port.onmessage = (e) => hearNews(e.data);
    postHello = (hello) => worker.port.postMessage(hello);
    helloStream();
  } catch {
    ownStream();
  }
}

function helloStream() {
  const topics = topicsHere();
  saidHello = topics.join(" ");
  postHello({ topics, after: knownSeq });
}

document.addEventListener("goodturn:signed-out", saySignedOut);
document.addEventListener("goodturn:release", (e) => refresh([e.detail.id], true).then(e.detail.then, () => {}));

if (liveFragments().length) {
  connectStream();
  setInterval(helloStream, 45000);
  document.addEventListener("goodturn:morphed", () => topicsHere().join(" ") !== saidHello && helloStream());
  document.addEventListener("visibilitychange", () => {
    helloStream();
    planRefresh();
  });
  // A page made ready ahead was not looked at until now: that is told by asking once more for what is read.
  document.addEventListener("prerenderingchange", () => {
    due.add("timeline");
    helloStream();
    planRefresh();
  });
  addEventListener("online", helloStream);
  addEventListener("pagehide", () => postHello({ bye: true }));
  addEventListener("pageshow", (e) => e.persisted && helloStream());
}
