// The keyboard: j and k walk the list, Enter opens, r answers, n notes, / searches, ? lists all of it. Single keys can be
// switched off in that list, because they are in the way of speech input.
import { openSheet } from "./composer.js";

const keySwitch = "goodturn:keys";
const keysOn = () => { try { return localStorage.getItem(keySwitch) !== "off"; } catch { return true; } };

function walk(step) {
  const rows = [...document.querySelectorAll(".ticket-row")];
  if (!rows.length) return false;
  const focused = rows.indexOf(document.activeElement);
  const from = focused >= 0 ? focused : rows.findIndex((r) => r.hasAttribute("aria-current"));
  const next = rows[Math.min(rows.length - 1, Math.max(0, from + step))];
  next.focus();
  next.scrollIntoView({ block: "nearest" });
  return true;
}

function search() {
  const box = document.querySelector("input[type=search]");
  if (!box) return location.assign("/search"), true;
  box.focus();
  box.select();
  return true;
}

const keyActions = {
  j: () => walk(1),
  k: () => walk(-1),
  r: () => document.getElementById("composer") && (openSheet("reply", true), true),
  n: () => document.getElementById("composer") && (openSheet("note", true), true),
  z: () => {
    const undo = document.querySelector("form[data-undo]");
    undo?.requestSubmit();
    return Boolean(undo);
  },
  c: () => (location.assign("/tickets/new"), true),
  "/": search,
  "?": () => (document.getElementById("keys")?.togglePopover(), true),
};

document.addEventListener("keydown", (e) => {
  const typing = e.target.matches?.("input, textarea, select, [contenteditable]");
  if (e.key === "Enter" && (e.ctrlKey || e.metaKey) && e.target.form) {
    const button = e.target.form.querySelector("[aria-keyshortcuts~='Control+Enter']");
    if (button) e.preventDefault(), e.target.form.requestSubmit(button);
    return;
  }
  if (e.key === "Escape") {
    if (typing) e.target.blur();
    else if (document.querySelector(".views:target, .side:target")) location.hash = "main";
    return;
  }
  if (typing || e.ctrlKey || e.metaKey || e.altKey || e.isComposing || !keysOn()) return;
  if (keyActions[e.key]?.()) e.preventDefault();
});

const keyBox = document.getElementById("keys-on");
if (keyBox) {
  keyBox.checked = keysOn();
  keyBox.addEventListener("change", () => { try { localStorage.setItem(keySwitch, keyBox.checked ? "on" : "off"); } catch {} });
}
