// Weighs pages as a browser with an empty cache gets them: requests, bytes over the wire, and the time until the page can
// be used on a telephone line. Prints one JSON object.
//   node scripts/page-weight.mjs http://127.0.0.1:8080      the address of a running demo
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

const modules = fileURLToPath(new URL("../.cache/node_modules/", import.meta.url));
const { chromium } = createRequire(modules)("playwright-core");
const base = process.argv[2];
if (!["127.0.0.1", "localhost"].includes(new URL(base).hostname)) throw new Error("only a demo on this machine is measured");

const modem = { kbit: 33.6, latency: 150 };
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--no-first-run"],
});

// fresh gives a page with an empty cache, signed in as the demo's first agent where asked.
async function fresh(agent) {
  const context = await browser.newContext();
  if (agent) {
    const door = await context.newPage();
    await door.goto(base + "/demo");
    await door.locator("form[action='/demo/persons'] button").first().click();
    await door.waitForURL("**/tickets**");
    await door.close();
  }
  const page = await context.newPage();
  const wire = await context.newCDPSession(page);
  await wire.send("Network.enable");
  await wire.send("Network.setCacheDisabled", { cacheDisabled: true });
  return { context, page, wire };
}

async function weigh(path, agent, usable) {
  const { context, page, wire } = await fresh(agent);
  let requests = 0, bytes = 0;
  const streams = new Set();
  wire.on("Network.requestWillBeSent", (e) => e.request.url.includes("/live") && streams.add(e.requestId));
  wire.on("Network.loadingFinished", (e) => {
    if (streams.has(e.requestId)) return;
    requests++;
    bytes += e.encodedDataLength;
  });
  await page.goto(base + path, { waitUntil: "load" });
  await page.waitForSelector(usable);
  await page.waitForTimeout(500); // what scripts ask for afterwards counts too
  await context.close();
  return { requests, bytes };
}

async function onTheLine(path, usable) {
  const { context, page, wire } = await fresh(false);
  const speed = (modem.kbit * 1000) / 8;
  await wire.send("Network.emulateNetworkConditions", { offline: false, latency: modem.latency, downloadThroughput: speed, uploadThroughput: speed });
  const began = Date.now();
  await page.goto(base + path, { waitUntil: "commit" });
  await page.waitForSelector(usable, { state: "visible" });
  const usableMS = Date.now() - began;
  await page.waitForLoadState("load");
  const loadMS = Date.now() - began;
  await context.close();
  return { usableMS, loadMS };
}

const form = await weigh("/", false, "textarea");
const slow = await onTheLine("/", "textarea");
const list = await weigh("/tickets", true, "#list");
const number = await (async () => {
  const { context, page } = await fresh(true);
  await page.goto(base + "/tickets");
  const path = await page.locator("#list a[href^='/tickets/1']").first().getAttribute("href");
  await context.close();
  return path;
})();
const ticket = await weigh(number, true, "#timeline");
await browser.close();
console.log(JSON.stringify({
  form_bytes: form.bytes, form_requests: form.requests, form_usable_ms: slow.usableMS, form_load_ms: slow.loadMS,
  list_bytes: list.bytes, list_requests: list.requests, ticket_bytes: ticket.bytes, ticket_requests: ticket.requests,
}));
