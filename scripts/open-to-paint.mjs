// Measures how long it takes to open a ticket of a list that somebody has looked at for a moment, from the click to the first
// paint. A driver would switch off what is measured here (pages that are made ready ahead), so nothing drives the browser: it
// loads the desk through a small proxy that adds a script to each page, which focuses a row, waits, and clicks it.
//   node scripts/open-to-paint.mjs http://127.0.0.1:8080 [SESSION]     a running demo, or any desk with an agent's session
// Prints one JSON object, in milliseconds.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import http from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";

let [base, session] = process.argv.slice(2);
const desk = new URL(base);
if (!["127.0.0.1", "localhost"].includes(desk.hostname)) throw new Error("only a desk on this machine is measured");
const rounds = 30, look = 600; // how long somebody looks at a row

if (!session) { // a demo: be its first person
  const [, person] = /name="person" value="(\d+)"/.exec(await (await fetch(base + "/demo")).text());
  const res = await fetch(base + "/demo/persons", { method: "POST", redirect: "manual", body: new URLSearchParams({ person }) });
  session = /goodturn-session=([^;]+)/.exec(res.headers.get("set-cookie"))[1];
}

function walk(rounds, look) {
  const go = async () => {
    const wait = (ms) => new Promise((done) => setTimeout(done, ms));
    const clicked = Number(sessionStorage.getItem("clicked"));
    const paint = await new Promise((done) => new PerformanceObserver((l) => l.getEntriesByName("first-contentful-paint").forEach(done)).observe({ type: "paint", buffered: true }));
    const ready = performance.getEntriesByType("navigation")[0].activationStart;
    const n = Number(sessionStorage.getItem("n"));
    if (clicked) await fetch(`/measured?took=${performance.timeOrigin + Math.max(paint.startTime, ready) - clicked}&ready=${ready > 0}`);
    if (n >= rounds) return fetch("/measured?end");
    await wait(300);
    const rows = [...document.querySelectorAll(".ticket-row")];
    const row = rows[(rows.findIndex((r) => r.hasAttribute("aria-current")) + 1) % rows.length];
    row.focus();
    await wait(look);
    sessionStorage.setItem("n", n + 1);
    sessionStorage.setItem("clicked", performance.timeOrigin + performance.now());
    row.click();
  };
  if (document.prerendering) document.addEventListener("prerenderingchange", go, { once: true });
  else addEventListener("load", go);
}

const took = [];
let readied = 0, ended;
const end = new Promise((done) => (ended = done));
const proxy = http.createServer((req, res) => {
  const url = new URL(req.url, desk);
  if (url.pathname === "/measured") {
    if (url.searchParams.has("end")) ended();
    else took.push(Number(url.searchParams.get("took"))), (readied += url.searchParams.get("ready") === "true");
    return res.writeHead(204).end();
  }
  const headers = { ...req.headers, host: desk.host, cookie: [req.headers.cookie, `goodturn-session=${session}`].filter(Boolean).join("; ") };
  delete headers["accept-encoding"];
  const upstream = http.request(url, { method: req.method, headers }, (answer) => {
    if (!answer.headers["content-type"]?.startsWith("text/html")) {
      res.writeHead(answer.statusCode, answer.headers);
      return answer.pipe(res);
    }
    let html = "";
    answer.setEncoding("utf8");
    answer.on("data", (part) => (html += part));
    answer.on("end", () => {
      const { "content-security-policy": _, "content-length": __, ...rest } = answer.headers;
      res.writeHead(answer.statusCode, rest);
      res.end(html.replace("</body>", `<script>(${walk})(${rounds}, ${look})</script></body>`));
    });
  });
  upstream.on("error", () => res.destroy());
  req.pipe(upstream);
});
await new Promise((done) => proxy.listen(0, "127.0.0.1", done));

const profile = mkdtempSync(join(tmpdir(), "goodturn-paint-"));
const chromium = spawn(process.env.CHROMIUM ?? "/usr/bin/chromium", [
  "--headless=new", "--no-sandbox", "--disable-gpu", "--window-size=1440,900", "--no-first-run", "--disable-background-networking", "--disable-component-update",
  "--user-data-dir=" + profile, `http://127.0.0.1:${proxy.address().port}/tickets?view=all`,
], { stdio: "ignore", detached: true }); // a group of its own, with its helpers
await Promise.race([end, new Promise((_, fail) => setTimeout(() => fail(new Error(`only ${took.length} of ${rounds} tickets were opened in time`)), rounds * (look + 2000)).unref())]);
process.kill(-chromium.pid);
await new Promise((done) => chromium.once("exit", done));
proxy.close();
proxy.closeAllConnections();
rmSync(profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 }); // its helpers still write a moment

took.sort((a, b) => a - b);
const percentile = (p) => Math.round(took[Math.min(took.length - 1, Math.floor((took.length * p) / 100))] * 10) / 10;
console.log(JSON.stringify({ open_ready_p50_ms: percentile(50), open_ready_p95_ms: percentile(95), opened: took.length, opened_ready: readied }));
process.exit(); // streams to the desk may still be open
