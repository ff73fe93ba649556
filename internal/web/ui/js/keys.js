// The keyboard. Which actions there are, their keys and their names stand in the page's list of keys (#keys); what they do is
// said here and by other scripts: act("merge", () => …). An action that does not apply to this page gives false, and the
// key goes on its way. Single keys can be switched off in that list, because they are in the way of speech input.
import { openSheet } from "./composer.js";

const acts = new Map();
export function act(id, run) {
  acts.set(id, run);
}
// perform does an action by its id; false when it does not apply here.
export const perform = (id) => Boolean(acts.get(id)?.());

// actionList is every action of the page: {id, key, label}.
export const actionList = () =>
  [...document.querySelectorAll("#keys [data-action]")].map((el) => ({ id: el.dataset.action, key: el.dataset.key, label: el.nextElementSibling.textContent }));

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

act("next", () => walk(1));
act("previous", () => walk(-1));
act("reply", () => document.getElementById("composer") && (openSheet("reply", true), true));
act("note", () => document.getElementById("composer") && (openSheet("note", true), true));
act("undo", () => {
  const undo = document.querySelector("form[data-undo]");
  undo?.requestSubmit();
  return Boolean(undo);
});
act("new", () => (location.assign("/tickets/new"), true));
act("search", search);
act("keys", () => (document.getElementById("keys")?.togglePopover(), true));

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
  const hit = actionList().find((a) => a.key === e.key);
  if (hit && perform(hit.id)) e.preventDefault();
});

const keyBox = document.getElementById("keys-on");
if (keyBox) {
  keyBox.checked = keysOn();
  keyBox.addEventListener("change", () => { try { localStorage.setItem(keySwitch, keyBox.checked ? "on" : "off"); } catch {} });
}
