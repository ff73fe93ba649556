// The stream that all pages of a browser share: a browser has six connections to a server over HTTP/1.1, and ten pages. A page
// says hello with its topics and the event that it knows of, again and again while it lives, and bye when it goes.
import { changeStream } from "./stream.js";

const pageLost = 150000; // a page in the background is let speak once a minute
const pages = new Map(); // by port: {topics, after, at, fresh}: fresh until the stream is asked for its topics

const stream = changeStream((news) => {
  for (const [port, page] of pages) {
    if (news.out) port.postMessage(news);
    else if (news.anew || !news.id || (news.id > page.after && !page.fresh)) {
      const changed = news.changed.filter((t) => page.topics.includes(t));
      page.after = news.anew ? news.id : Math.max(page.after, news.id);
      if (changed.length) port.postMessage({ ...news, changed });
    }
  }
});

let soon;
function gather() {
  clearTimeout(soon);
  soon = setTimeout(() => {
    const now = Date.now();
    for (const [port, page] of pages) {
      if (now - page.at > pageLost) pages.delete(port);
      page.fresh = false;
    }
    const all = [...pages.values()];
    if (!all.length) return stream.close();
    stream.want([...new Set(all.flatMap((p) => p.topics))], Math.min(...all.map((p) => p.after)));
  }, 30);
}

self.onconnect = (e) => {
  const port = e.ports[0];
  port.onmessage = ({ data }) => {
    const before = pages.get(port);
    if (data.bye) pages.delete(port);
    else pages.set(port, { topics: data.topics, after: Math.max(before?.after || 0, data.after), at: Date.now(), fresh: true });
    gather();
  };
};
