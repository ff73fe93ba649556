// Measures how long an agent waits between a key and what it shows: in the page (the browser's own event timing), and where
// the key opens another page, until that page's first paint. Prints one JSON object, in milliseconds.
//   node scripts/key-to-paint.mjs http://127.0.0.1:8080 [SESSION]     a running demo, or any desk with an agent's session
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

const modules = fileURLToPath(new URL("../.cache/node_modules/", import.meta.url));
const { chromium } = createRequire(modules)("playwright-core");
const [base, session] = process.argv.slice(2);
if (!["127.0.0.1", "localhost"].includes(new URL(base).hostname)) throw new Error("only a desk on this machine is measured");

const rounds = 30;
const reading = 600; // how long somebody looks at a row before they open it
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--no-first-run"],
});
const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
if (session) await context.addCookies([{ name: "goodturn-session", value: session, url: base }]);
const page = await context.newPage();
if (!session) {
  await page.goto(base + "/demo");
  await page.locator("form[action='/demo/persons'] button").first().click();
  await page.waitForURL("**/tickets**");
}
await context.addInitScript(() => {
  window.keyPaints = [];
  new PerformanceObserver((list) => {
    for (const e of list.getEntries()) if (e.name === "keydown") window.keyPaints.push(e.duration);
  }).observe({ type: "event", durationThreshold: 16, buffered: true });
});

const percentile = (all, p) => {
  const sorted = [...all].sort((a, b) => a - b);
  return Math.round(sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * p) / 100))] * 10) / 10;
};
const settled = () => page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));

// inPage presses keys and takes what the browser measured from the key to the next paint; shorter than 16 ms counts as 16.
async function inPage(path, keys) {
  await page.goto(base + path, { waitUntil: "load" });
  await settled();
  const before = await page.evaluate(() => window.keyPaints.length);
  for (const key of keys) {
    await page.keyboard.press(key);
    await page.waitForTimeout(80);
  }
  await page.waitForTimeout(300);
  const long = (await page.evaluate(() => window.keyPaints)).slice(before);
  return [...long, ...Array(Math.max(0, keys.length - long.length)).fill(16)];
}

// opening walks through the tickets of the list with j and Enter, and takes each page's first paint.
async function opening() {
  const took = [];
  await page.goto(base + "/tickets?view=all", { waitUntil: "load" });
  for (let i = 0; i < rounds; i++) {
    await page.keyboard.press("j");
    await page.waitForTimeout(reading);
    const at = page.url();
    await page.evaluate(() => addEventListener("keydown", (e) => e.key === "Enter" && sessionStorage.setItem("pressed", performance.timeOrigin + e.timeStamp), { capture: true, once: true }));
    await page.keyboard.press("Enter");
    await page.waitForURL((url) => url.href !== at, { waitUntil: "load" });
    took.push(await page.evaluate(async () => {
      const paint = await new Promise((done) => new PerformanceObserver((l) => l.getEntriesByName("first-contentful-paint").forEach(done)).observe({ type: "paint", buffered: true }));
      const shown = Math.max(paint.startTime, performance.getEntriesByType("navigation")[0].activationStart || 0);
      return performance.timeOrigin + shown - Number(sessionStorage.getItem("pressed"));
    }));
  }
  return took;
}

const walk = await inPage("/tickets?view=all", Array(rounds).fill("j"));
const type = await inPage("/tickets?view=all", ["/", ..."printer in the hall"]);
const open = await opening();
const out = {};
for (const [name, all] of Object.entries({ walk, type, open })) Object.assign(out, { [`key_${name}_p50_ms`]: percentile(all, 50), [`key_${name}_p95_ms`]: percentile(all, 95) });
console.log(JSON.stringify(out));
await browser.close();
