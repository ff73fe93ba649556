// Comfort for writing answers and notes: tabs, files by paste and drop, room that grows, and a word before unsent text
// is left behind.
import { focusField } from "./editor.js";
import { addFiles } from "./files.js";
import { say } from "./say.js";

const composer = () => document.getElementById("composer");
const sheets = () => [...(composer()?.querySelectorAll(".composer-box > details") || [])];
const tabs = () => [...(composer()?.querySelectorAll("[role=tab]") || [])];

export function openSheet(name, focus) {
  for (const sheet of sheets()) sheet.open = sheet.dataset.sheet === name;
  syncTabs();
  if (focus) focusField(composer()?.querySelector("details[open] textarea"));
}

function syncTabs() {
  const open = sheets().find((s) => s.open) || sheets()[0];
  if (open) open.open = true;
  for (const tab of tabs()) {
    const here = tab.dataset.sheet === open?.dataset.sheet;
    tab.setAttribute("aria-selected", here);
    tab.tabIndex = here ? 0 : -1;
  }
}

document.addEventListener("click", (e) => {
  const tab = e.target.closest?.("#composer [role=tab]");
  if (tab) openSheet(tab.dataset.sheet, true);
});
document.addEventListener("keydown", (e) => {
  if (!e.target.matches?.("#composer [role=tab]") || !["ArrowLeft", "ArrowRight"].includes(e.key)) return;
  const all = tabs();
  const next = all[(all.indexOf(e.target) + 1) % all.length];
  openSheet(next.dataset.sheet);
  next.focus();
});

// Ctrl+Enter in the rich editor, which is no field of the form.
document.addEventListener("keydown", (e) => {
  if (e.key !== "Enter" || !(e.ctrlKey || e.metaKey) || e.altKey) return;
  const form = e.target.closest?.("#composer form");
  const button = form?.querySelector(`[aria-keyshortcuts~="Control+${e.shiftKey ? "Shift+" : ""}Enter"]`);
  if (!button) return;
  e.preventDefault();
  e.stopPropagation();
  form.requestSubmit(button);
}, true);

document.addEventListener("goodturn:say", (e) => say(e.detail));
document.addEventListener("goodturn:files", (e) => addFiles(e.target.querySelector("input[type=file]"), e.detail));

function filesOf(target) {
  return target.closest?.("#composer form")?.querySelector("input[type=file]");
}
document.addEventListener("paste", (e) => {
  const input = filesOf(e.target);
  if (!input || !e.clipboardData?.files.length) return;
  e.preventDefault();
  addFiles(input, e.clipboardData.files);
});
document.addEventListener("dragover", (e) => {
  if (!e.dataTransfer?.types.includes("Files") || !composer()) return;
  e.preventDefault();
  composer().classList.add("is-dropping");
});
for (const end of ["dragleave", "drop"]) {
  document.addEventListener(end, (e) => {
    if (end === "drop" || !e.relatedTarget) composer()?.classList.remove("is-dropping");
  });
}
document.addEventListener("drop", (e) => {
  const input = composer()?.querySelector("details[open] input[type=file]");
  if (!input || !e.dataTransfer?.files.length) return;
  e.preventDefault();
  addFiles(input, e.dataTransfer.files);
});

// Browsers without field-sizing keep a fixed box: grow it by hand.
if (!CSS.supports("field-sizing", "content")) {
  document.addEventListener("input", (e) => {
    if (e.target.tagName !== "TEXTAREA") return;
    e.target.style.height = "auto";
    e.target.style.height = e.target.scrollHeight + "px";
  });
}

// Going to another page of the desk loses nothing, because the text waits in this tab; closing the tab would.
let within = false;
addEventListener("click", (e) => {
  const link = e.target.closest?.("a[href]");
  within = Boolean(link && link.origin === location.origin && !link.target);
});
addEventListener("submit", () => (within = true));
addEventListener("beforeunload", (e) => {
  const unsent = [...(composer()?.querySelectorAll("textarea, input[type=file]") || [])];
  const files = unsent.some((el) => el.files?.length);
  if (files || (!within && unsent.some((el) => el.tagName === "TEXTAREA" && el.value.trim()))) e.preventDefault();
});

document.addEventListener("goodturn:morphed", syncTabs);
syncTabs();
