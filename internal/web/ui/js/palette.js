// The palette: one box that finds tickets and people and does every action by its name. What can be done is read from the page
// (its list of keys, its menus, its navigation); what can be found is asked of the server while somebody types.
import { act, perform, actionList } from "./keys.js";
import { say } from "./say.js";

const palette = document.getElementById("palette");
const paletteBox = palette?.querySelector("input");
const paletteParts = ["own", "found", "maybe"].map((id) => document.getElementById("palette-" + id));
const paletteSaid = document.getElementById("palette-said");
const paletteWait = 60;
let paletteEntries = [], paletteChosen, paletteMoved, paletteOpens, paletteTimer, paletteAsking;

const palettePlain = (s) => s.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().replace(/ß/g, "ss").trim();
const paletteText = (s) => s.replace(/\s+/g, " ").trim();

// paletteAll lists what can be done from this page by name: {group, label, key, run}.
function paletteAll() {
  const data = palette.dataset;
  const on = [document.querySelector(".ticket-row"), document.querySelector(".ticket"), true];
  const out = [];
  const tables = [...document.querySelectorAll("#keys dl.keys")];
  const keys = new Map();
  for (const a of actionList()) {
    if (a.id.startsWith("go-")) { // the navigation has them too
      keys.set(a.id.slice(3), a.key);
      continue;
    }
    const table = tables.findIndex((t) => t.querySelector(`[data-action="${a.id}"]`));
    if (a.id === "palette" || a.id === "search" || !on[Math.min(table, 2)]) continue;
    out.push({ group: data.actions, id: "do-" + a.id, label: a.label, key: a.key, run: () => perform(a.id) || say(data.not, true) });
  }
  for (const el of document.querySelectorAll("#ticket-menu a, #ticket-menu button")) {
    const label = paletteText(el.textContent);
    if (!el.dataset.does && label && !out.some((e) => palettePlain(e.label) === palettePlain(label))) out.push({ group: data.change, id: "menu-" + label, label, run: () => el.click() });
  }
  for (const el of document.querySelectorAll("[popover][id^=set-] button[value]:not([aria-current])")) {
    const about = document.querySelector(`[popovertarget="${el.closest("[popover]").id}"] .unseen`);
    const text = paletteText((el.querySelector("span")?.firstChild || el).textContent);
    out.push({ group: data.change, id: el.closest("[popover]").id + el.value, label: paletteText(about?.textContent || "") + " " + text, run: () => el.form.requestSubmit(el) });
  }
  for (const el of document.querySelectorAll("select[id^=set-]")) {
    for (const o of el.options) {
      if (o.selected) continue;
      const run = () => ((el.value = o.value), el.form.requestSubmit());
      const verb = data[el.id.slice(4)] || paletteText(el.labels[0]?.textContent || "") + ":";
      out.push({ group: data.change, id: el.id + o.value, label: verb + " " + paletteText(o.text), run });
    }
  }
  for (const a of document.querySelectorAll("#views a.view[href], #me-menu a[href]")) {
    if (a.getAttribute("href") === "/search") continue;
    const copy = a.cloneNode(true);
    copy.querySelectorAll(".count, kbd").forEach((el) => el.remove());
    out.push({ group: data.places, id: "go-" + a.getAttribute("href"), label: paletteText(copy.textContent), key: keys.get(new URL(a.href).searchParams.get("view")), href: a.href });
  }
  return out.map((e) => ({ ...e, text: palettePlain(e.label), words: palettePlain(e.label).split(/[^\p{L}\p{N}]+/u) }));
}

// paletteFit says how well a label fits what was typed: 2 when each word begins one of its own, 1 when they are somewhere in it,
// else 0. A half is off for words of one or two letters that fit nothing ("assign to Amara").
function paletteFit(entry, typed) {
  let best = 2, any = false, off = 0;
  for (const word of typed) {
    const n = entry.words.some((w) => w.startsWith(word)) ? 2 : word.length > 2 && (entry.text.includes(word) || paletteSkips(entry.text, word)) ? 1 : 0;
    if (!n && word.length > 2) return 0;
    if (n) best = Math.min(best, n), any = true;
    else off = 0.5;
  }
  return any ? best - off : 0;
}
// paletteSkips: the letters stand in this order near one another, as in "mku" for "mark unread".
function paletteSkips(text, word) {
  let at = -1;
  for (const c of word) {
    const next = text.indexOf(c, at + 1);
    if (next < 0 || (at >= 0 && next - at > 8)) return false;
    at = next;
  }
  return true;
}

function paletteOption(entry) {
  const el = document.createElement(entry.href ? "a" : "div");
  el.className = "palette-option";
  el.id = "palette-own-" + entry.id.replace(/[^\w-]/g, "_");
  el.setAttribute("role", "option");
  el.setAttribute("aria-selected", "false");
  if (entry.href) el.href = entry.href, (el.tabIndex = -1);
  else el.paletteRun = entry.run;
  const text = document.createElement("span");
  text.className = "palette-text";
  text.textContent = entry.label.charAt(0).toLocaleUpperCase() + entry.label.slice(1);
  el.append(text);
  if (entry.key) {
    const key = document.createElement("kbd");
    key.textContent = entry.key;
    el.append(key);
  }
  return el;
}

// palettePart puts entries under their headings into a part of the list.
function palettePart(part, list, name) {
  const groups = new Map();
  for (const e of list) groups.set(e.group, [...(groups.get(e.group) || []), e]);
  part.replaceChildren(...[...groups].map(([label, all], i) => {
    const group = document.createElement("div");
    const head = document.createElement("div");
    group.setAttribute("role", "group");
    group.setAttribute("aria-labelledby", `palette-${name}-${i}`);
    head.id = `palette-${name}-${i}`;
    head.className = "palette-head";
    head.setAttribute("role", "presentation");
    head.textContent = label;
    group.append(head, ...all.map(paletteOption));
    return group;
  }));
}

function paletteDraw() {
  const typed = palettePlain(paletteBox.value).split(/\s+/).filter(Boolean);
  if (!typed.length) {
    palettePart(paletteParts[0], [], "own");
    palettePart(paletteParts[2], paletteEntries.filter((e) => e.group === palette.dataset.actions), "maybe");
    return;
  }
  let fits = paletteEntries.map((e) => [paletteFit(e, typed), e]).filter(([n]) => n);
  if (fits.some(([n]) => n === 2)) fits = fits.filter(([n]) => n !== 1.5 && n !== 0.5);
  const sure = fits.filter(([n]) => n > 1).map(([, e]) => e).sort((a, b) => a.text.length - b.text.length);
  palettePart(paletteParts[0], sure.slice(0, 6), "own");
  palettePart(paletteParts[2], fits.filter(([n]) => n <= 1).map(([, e]) => ({ ...e, group: palette.dataset.more })).slice(0, 4), "maybe");
}

const paletteOptions = () => [...palette.querySelectorAll("[role=option]")];

function paletteChoose(el) {
  for (const o of paletteOptions()) o.setAttribute("aria-selected", String(o === el));
  paletteChosen = el?.id;
  if (el) paletteBox.setAttribute("aria-activedescendant", el.id), el.scrollIntoView({ block: "nearest" });
  else paletteBox.removeAttribute("aria-activedescendant");
}
// paletteSettle keeps the choice where it was, or begins at the first.
function paletteSettle() {
  const all = paletteOptions();
  paletteChoose((paletteMoved && all.find((o) => o.id === paletteChosen)) || all[0]);
  if (!paletteMoved) document.getElementById("palette-list").scrollTop = 0;
}

async function paletteAsk() {
  paletteAsking?.abort();
  const asking = (paletteAsking = new AbortController());
  try {
    const res = await fetch("/palette?q=" + encodeURIComponent(paletteBox.value), { signal: asking.signal });
    if (!res.ok || res.redirected) throw new Error(res.statusText);
    const found = new DOMParser().parseFromString(await res.text(), "text/html").getElementById("palette-found");
    if (asking.signal.aborted || !found) return;
    paletteParts[1].replaceChildren(...found.childNodes);
    if (!paletteBox.value.trim()) paletteParts[1].querySelector(`a[href="${CSS.escape(location.pathname)}"]`)?.remove(); // we are here
    paletteSaid.textContent = found.dataset.said;
  } catch (err) {
    if (err.name === "AbortError") return;
    paletteParts[1].replaceChildren();
    paletteSaid.textContent = document.body.dataset.offline;
  }
  paletteAsking = null;
  paletteSettle();
  if (paletteOpens) paletteGo(paletteOpens);
}

function paletteTyped() {
  paletteMoved = paletteOpens = false;
  paletteDraw();
  paletteSettle();
  clearTimeout(paletteTimer);
  paletteAsking?.abort();
  paletteAsking = new AbortController(); // from now on an answer is waited for
  paletteTimer = setTimeout(paletteAsk, paletteBox.value ? paletteWait : 0);
}

// paletteGo does what is chosen. What is chosen before the server has answered for what was typed would be of another
// search: it waits for the answer, unless somebody chose it, or it is of this page.
function paletteGo(how) {
  const el = paletteOptions().find((o) => o.id === paletteChosen);
  if (paletteAsking && !paletteMoved && !(el && paletteParts[0].contains(el))) return void (paletteOpens = how);
  paletteOpens = false;
  if (!el) return;
  if (el.href && how.newTab) return void window.open(el.href, "_blank", "noopener");
  palette.close();
  if (el.href) location.assign(el.href);
  else el.paletteRun?.();
}

function openPalette() {
  if (!palette) return false;
  if (palette.open) return palette.close(), true;
  paletteEntries = paletteAll();
  paletteBox.value = "";
  paletteParts[1].replaceChildren();
  paletteSaid.textContent = "";
  palette.showModal();
  paletteBox.focus();
  paletteTyped();
  return true;
}
act("palette", openPalette);
act("pin", () => {
  const form = document.querySelector("form[action$='/pin']");
  form?.requestSubmit();
  return Boolean(form);
});

if (palette) {
  paletteBox.addEventListener("input", (e) => e.isComposing || paletteTyped());
  paletteBox.addEventListener("compositionend", paletteTyped);
  paletteBox.addEventListener("keydown", (e) => {
    if (e.isComposing) return;
    const all = paletteOptions();
    const at = all.findIndex((o) => o.id === paletteChosen);
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 6, PageUp: -6 }[e.key];
    if (step) {
      e.preventDefault();
      const to = Math.abs(step) > 1 ? Math.min(all.length - 1, Math.max(0, at + step)) : (at + step + all.length) % all.length;
      paletteMoved = true;
      paletteChoose(all[to]);
    } else if (e.key === "Enter") {
      e.preventDefault();
      e.stopPropagation();
      paletteGo({ newTab: e.ctrlKey || e.metaKey });
    }
  });
  palette.addEventListener("click", (e) => {
    const option = e.target.closest("[role=option]");
    if (e.target === palette || e.target.closest("[data-close]")) return palette.close();
    if (!option || (option.href && (e.ctrlKey || e.metaKey || e.shiftKey))) return;
    e.preventDefault();
    paletteMoved = true;
    paletteChoose(option);
    paletteGo({});
  });
  palette.addEventListener("mousedown", (e) => e.target.closest("[role=option]") && e.preventDefault()); // the box keeps the focus
  palette.querySelector("form").addEventListener("submit", (e) => e.preventDefault()); // what is chosen counts, not the box
  palette.addEventListener("close", () => (clearTimeout(paletteTimer), paletteAsking?.abort()));
  document.addEventListener("keydown", (e) => {
    if (e.defaultPrevented || e.altKey || e.shiftKey || !(e.ctrlKey || e.metaKey) || e.key.toLowerCase() !== "k") return;
    e.preventDefault();
    openPalette();
  });
  document.addEventListener("click", (e) => {
    if (e.defaultPrevented || e.ctrlKey || e.metaKey || e.shiftKey || !e.target.closest?.("a[href='/search']")) return;
    e.preventDefault();
    openPalette();
  });
  // Where somebody was is kept for them, so that they find back.
  if (/^\/(tickets(\/\d+)?|people\/\d+)$/.test(location.pathname))
    navigator.sendBeacon?.("/palette/visits", new URLSearchParams({ at: location.pathname + (location.pathname === "/tickets" ? location.search : "") }));
}
