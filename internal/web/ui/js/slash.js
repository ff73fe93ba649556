// A slash at the beginning of a line of an answer offers the macros of the ticket: type on to narrow them, Enter puts the first
// one in. The list comes from the server, filled for this ticket; the button in the composer's foot opens the same list. An @ in
// an answer or a note offers the colleagues who may see the ticket in the same way.
import { caretPlace, caretText, focusField, penOf, replaceBeforeCaret } from "./editor.js";
import { act } from "./keys.js";
import { openSheet } from "./composer.js";

const slashPause = 90;
let slashBox, slashField, slashTimer, slashAsked;
let slashMoved = false; // somebody chose by the arrows

const slashOptions = () => [...(slashBox?.querySelectorAll("[role=option]:not([aria-disabled])") || [])];
const slashHere = () => slashBox?.querySelector("[aria-selected=true]");
const slashURL = () => document.querySelector("#composer .macro-button")?.href;
const slashOpen = () => Boolean(slashBox?.matches(":popover-open"));

// typedSlash is what stands before the caret from the slash on, or null.
function typedSlash(field) {
  const before = caretText(field);
  return /^\s*\/[^\s/][^/]{0,40}$|^\s*\/$/.test(before) ? before.trimStart() : null;
}

// typedMention is what stands before the caret from an @ on that begins a word, or null.
function typedMention(field) {
  const m = /(?:^|[\s(])(@[\p{L}\p{M}'-]{0,30}(?: [\p{L}\p{M}'-]{0,30})?)$/u.exec(caretText(field));
  return m && m[1];
}

// typedCall is the slash or the @ that is being typed.
const typedCall = (field) => (field.id === "reply" ? typedSlash(field) : null) ?? typedMention(field);

function makeSlashBox() {
  if (slashBox?.isConnected) return;
  slashBox = document.createElement("div");
  slashBox.id = "slash";
  slashBox.className = "slash";
  slashBox.popover = "manual";
  (document.getElementById("main") || document.body).append(slashBox);
}

function closeSlash() {
  if (slashOpen()) slashBox.hidePopover();
  writerOf(slashField)?.removeAttribute("aria-activedescendant");
  slashAsked = undefined;
  slashMoved = false;
}

// writerOf is what has the focus while somebody writes: the rich field, or the plain one.
const writerOf = (field) => (penOf(field)?.rich ? field?.closest(".editor")?.querySelector("[contenteditable=true]") : field);

function markSlash(option) {
  for (const o of slashOptions()) o.setAttribute("aria-selected", o === option);
  option?.scrollIntoView({ block: "nearest" });
  const writer = writerOf(slashField);
  if (option) writer?.setAttribute("aria-activedescendant", option.id);
}

function placeSlash() {
  const at = caretPlace(slashField) || slashField.getBoundingClientRect();
  const below = innerHeight - at.bottom;
  const left = Math.max(8, Math.min(at.left, innerWidth - slashBox.offsetWidth - 8));
  slashBox.style.insetInlineStart = "auto";
  slashBox.style.left = left + "px";
  if (below < 240) {
    slashBox.style.top = "auto";
    slashBox.style.bottom = innerHeight - at.top + 6 + "px";
  } else {
    slashBox.style.bottom = "auto";
    slashBox.style.top = at.bottom + 6 + "px";
  }
}

async function askSlash(query) {
  if (query === slashAsked) return;
  slashAsked = query;
  const from = query[0] === "@" ? slashURL().replace(/macros$/, "mentions") : slashURL();
  const res = await fetch(from + "?q=" + encodeURIComponent(query.slice(1)), { headers: { "Goodturn-Fragment": "slash-list" } });
  if (!res.ok || slashAsked !== query) return;
  makeSlashBox();
  const page = new DOMParser().parseFromString(await res.text(), "text/html");
  if (slashAsked !== query) return;
  const chosen = slashHere()?.textContent;
  slashBox.replaceChildren(...page.body.querySelectorAll("#slash-list, .slash-none"));
  if (query[0] === "@" && !slashOptions().length) return slashOpen() && slashBox.hidePopover(); // it is no name: no word about it
  if (!slashOpen()) slashBox.showPopover();
  placeSlash();
  markSlash(slashOptions().find((o) => slashMoved && o.textContent === chosen) ?? slashOptions()[0]);
}

// takeMacro puts a macro into the answer: its text where the slash stood, and the line that says what it does below.
function takeMacro(option) {
  const typed = typedCall(slashField) || "";
  const form = slashField.form;
  if (option.dataset.insert) {
    replaceBeforeCaret(slashField, typed.length, { text: option.dataset.insert });
    closeSlash();
    return focusField(slashField);
  }
  if (!option.dataset.text) {
    replaceBeforeCaret(slashField, typed.length, { text: "" });
    closeSlash();
    return doMacro(option);
  }
  const what = option.dataset.html ? { text: option.dataset.text, html: option.dataset.html } : { text: option.dataset.text };
  if (!penOf(slashField).rich) delete what.html;
  replaceBeforeCaret(slashField, typed.length, what);
  const lines = form.querySelector(".macro-lines");
  addLine(lines, option);
  keepLines(lines);
  closeSlash();
  focusField(slashField);
}

function addLine(lines, option) {
  if (lines && option && !lines.querySelector(`[data-macro="${option.dataset.macro}"]`)) lines.append(option.querySelector("template").content.cloneNode(true));
}

// The text waits in a draft; what belongs to it waits in this browser, so that a reload does not part them.
const linesKey = () => "macros:" + location.pathname;
function keepLines(lines) {
  const ids = [...(lines?.querySelectorAll(".macro-line") || [])].map((l) => l.dataset.macro).join(" ");
  try { ids ? localStorage.setItem(linesKey(), ids) : localStorage.removeItem(linesKey()); } catch {}
}
async function restoreLines() {
  const field = document.getElementById("reply");
  const lines = field?.form.querySelector(".macro-lines");
  let kept = "";
  try { kept = localStorage.getItem(linesKey()) || ""; } catch {}
  if (!kept || !lines || !slashURL()) return;
  if (!field.value.trim()) return keepLines(null);
  for (const id of kept.split(" ")) {
    const res = await fetch(slashURL() + "?macro=" + id, { headers: { "Goodturn-Fragment": "slash-list" } });
    if (res.ok) addLine(lines, new DOMParser().parseFromString(await res.text(), "text/html").querySelector("[role=option]"));
  }
}
restoreLines().catch(() => {});

// A macro without a text is done at once; one that may lose something asks on its own page.
function doMacro(option) {
  if ("risky" in option.dataset) return location.assign(slashURL() + "?macro=" + option.dataset.macro);
  const form = document.createElement("form");
  form.method = "post";
  form.action = slashURL();
  form.dataset.swap = "";
  form.hidden = true;
  const id = document.createElement("input");
  id.name = "macro";
  id.value = option.dataset.macro;
  form.append(id);
  document.body.append(form);
  form.requestSubmit();
  setTimeout(() => form.remove(), 5000);
}

document.addEventListener("input", (e) => {
  const field = penOf(e.target)?.field;
  if (!field || !field.closest("#composer") || e.isComposing || !slashURL()) return;
  slashField = field;
  const typed = typedCall(field);
  clearTimeout(slashTimer);
  if (typed === null) return closeSlash();
  slashTimer = setTimeout(() => askSlash(typed).catch(() => {}), slashPause);
});

document.addEventListener("keydown", (e) => {
  if (!slashOpen()) return;
  const all = slashOptions();
  const at = all.indexOf(slashHere());
  if (e.key === "ArrowDown" || e.key === "ArrowUp") {
    slashMoved = true;
    markSlash(all[(at + (e.key === "ArrowDown" ? 1 : all.length - 1)) % all.length]);
  } else if ((e.key === "Enter" || e.key === "Tab") && !e.ctrlKey && !e.metaKey && slashHere()) takeMacro(slashHere());
  else if (e.key === "Escape") closeSlash();
  else return;
  e.preventDefault();
  e.stopImmediatePropagation();
}, true);

document.addEventListener("pointerdown", (e) => {
  const option = e.target.closest?.("#slash [role=option]:not([aria-disabled])");
  if (option) {
    e.preventDefault(); // the caret stays where it is
    takeMacro(option);
  } else if (slashOpen() && !e.target.closest?.("#slash")) closeSlash();
});

// openMacros begins a slash where somebody writes, on a line of its own.
function openMacros() {
  const field = document.getElementById("reply");
  if (!field || !slashURL()) return false;
  openSheet("reply", true);
  focusField(field);
  const pen = penOf(field);
  if (pen.text().trim()) pen.insert({ text: "\n" });
  slashField = field;
  pen.insert({ text: "/" });
  askSlash("/").catch(() => {});
  return true;
}
act("macro", openMacros);
document.addEventListener("click", (e) => {
  if (!e.target.closest?.(".macro-button") || e.ctrlKey || e.metaKey || e.shiftKey) return;
  e.preventDefault();
  openMacros();
});

// What belongs to a macro goes with the answer, or when everything that was written is taken away.
function dropLines(form) {
  const lines = form.querySelector?.(".macro-lines");
  if (!lines?.children.length) return;
  lines.replaceChildren();
  keepLines(lines);
}
document.addEventListener("goodturn:sent", (e) => {
  const form = e.detail;
  if (form.querySelector?.(".macro-lines") && !form.querySelector(".wrong")) dropLines(form);
});
document.addEventListener("input", (e) => {
  const field = penOf(e.target)?.field;
  if (field?.id === "reply" && !field.value.trim() && !(e.target.textContent || "").trim()) dropLines(field.form);
});
