// Comfort for writing answers and notes: tabs, files by paste and drop, room that grows, and a word before unsent text
// is left behind.
import { focusField } from "./editor.js";
import { uploadAll } from "./draft.js";
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
// Files that are chosen, pasted or dropped go up at once; pictures put into the text stay where they were put.
const formOf = (target) => target.closest?.("#composer form");
document.addEventListener("goodturn:files", (e) => uploadAll(e.target, e.detail, false));
document.addEventListener("change", (e) => {
  if (e.target.type !== "file" || !formOf(e.target)) return;
  uploadAll(e.target.form, [...e.target.files], false);
  e.target.value = "";
});
document.addEventListener("paste", (e) => {
  if (!formOf(e.target) || !e.clipboardData?.files.length || e.clipboardData.types.includes("text/html")) return;
  e.preventDefault();
  e.stopPropagation();
  uploadAll(formOf(e.target), e.clipboardData.files, true);
}, true);
document.addEventListener("dragover", (e) => {
  if (!e.dataTransfer?.types.includes("Files") || !composer()) return;
  e.preventDefault();
  composer().classList.add("is-dropping");
});
for (const end of ["dragleave", "drop"]) {
  document.addEventListener(end, (e) => {
    if (end === "drop" || !e.relatedTarget) composer()?.classList.remove("is-dropping");
  }, true);
}
document.addEventListener("drop", (e) => {
  const form = composer()?.querySelector("details[open] form");
  if (!form || !e.dataTransfer?.files.length) return;
  e.preventDefault();
  e.stopPropagation();
  uploadAll(form, e.dataTransfer.files, Boolean(e.target.closest?.(".rich")));
}, true);

// Browsers without field-sizing keep a fixed box: grow it by hand.
if (!CSS.supports("field-sizing", "content")) {
  document.addEventListener("input", (e) => {
    if (e.target.tagName !== "TEXTAREA") return;
    e.target.style.height = "auto";
    e.target.style.height = e.target.scrollHeight + "px";
  });
}

document.addEventListener("goodturn:morphed", syncTabs);
syncTabs();
