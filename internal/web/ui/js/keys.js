// The keyboard. Which actions there are, their keys and their names stand in the page's list of keys (#keys); what they do is
// said here and by other scripts: act("merge", () => …). An action that does not apply to this page gives false, and the
// key goes on its way. Single keys can be switched off in that list, because they are in the way of speech input.
import { openSheet } from "./composer.js";

const keySwitch = "goodturn:keys";
const strokePause = 1200;
const acts = new Map();
let typedStroke = "", strokeTimer;

const keysOn = () => { try { return localStorage.getItem(keySwitch) !== "off"; } catch { return true; } };

// Several may know an action: the one who said so last is asked first, and one who gives false leaves it to the others.
export function act(id, run) {
  acts.set(id, [run, ...(acts.get(id) || [])]);
}
// perform does an action by its id; false when it does not apply here.
export const perform = (id) => (acts.get(id) || []).some((run) => run());

// actionList is every action of the page: {id, key, label}.
export const actionList = () =>
  [...document.querySelectorAll("#keys [data-action]")].map((el) => ({ id: el.dataset.action, key: el.dataset.key, label: el.nextElementSibling.textContent }));

// press clicks the first control that can be seen.
export function press(selector) {
  const found = [...document.querySelectorAll(selector)].find((el) => el.checkVisibility?.({ visibilityProperty: true }) ?? el.offsetParent);
  found?.click();
  return Boolean(found);
}

function walk(step) {
  const rows = [...document.querySelectorAll(".ticket-row")];
  if (!rows.length) return false;
  const focused = rows.indexOf(document.activeElement.closest?.(".ticket-row") || document.activeElement);
  const from = focused >= 0 ? focused : rows.findIndex((r) => r.hasAttribute("aria-current"));
  const next = rows[Math.min(rows.length - 1, Math.max(0, from + step))];
  next.focus();
  next.scrollIntoView({ block: "nearest" });
  return true;
}

// into opens what holds a control of the ticket's side, which is a drawer on a small window, and goes to it.
export function into(id) {
  const el = document.getElementById(id);
  if (!el) return false;
  if (!el.checkVisibility?.({ visibilityProperty: true })) location.hash = "side";
  el.focus();
  if (el.matches("select")) el.showPicker?.();
  return true;
}
// openMenu opens a menu beside its button and goes to its first choice.
export function openMenu(id) {
  const menu = document.getElementById(id);
  if (!menu) return false;
  const source = document.querySelector(`[popovertarget="${id}"]`);
  if (!source?.checkVisibility?.({ visibilityProperty: true })) location.hash = "side";
  menu.showPopover({ source });
  menu.querySelector("[aria-current], button, a, input")?.focus();
  return true;
}

function searchBox() {
  const box = document.querySelector("#list input[type=search], main input[type=search]");
  if (!box?.checkVisibility?.()) return perform("palette") || (location.assign("/search"), true);
  box.focus();
  box.select();
  return true;
}

const compose = (sheet) => Boolean(document.getElementById("composer")) && (openSheet(sheet, true), true);

act("next", () => walk(1));
act("previous", () => walk(-1));
act("reply", () => compose("reply"));
act("note", () => compose("note"));
act("take", () => press(".ticket form[action$='/assignee'] button[value=me]"));
act("solve", () => press(".ticket .actions form[action$='/status'] button, .ticket-title form[action$='/status'] button"));
act("assign", () => into("set-assignee"));
act("status", () => openMenu("set-status"));
act("priority", () => openMenu("set-priority"));
act("tag", () => into("add-tag"));
act("subject", () => openMenu("edit-subject"));
act("list", () => {
  const back = document.querySelector(".ticket-back");
  if (back) location.assign(back.href);
  return Boolean(back);
});
act("undo", () => {
  const undo = [...document.querySelectorAll("form[data-undo], #flash form[data-takes-back]")].pop();
  undo?.requestSubmit();
  return Boolean(undo);
});
act("new", () => (location.assign("/tickets/new"), true));
act("cover", () => (location.assign("/rota/cover"), true));
act("rota", () => (location.assign("/rota"), true));
act("account", () => (location.assign("/account"), true));
act("search", searchBox);
act("keys", () => (document.getElementById("keys")?.togglePopover(), true));

// stroke takes one typed sign: it does the action whose key is complete with it, or waits for the second sign of one.
function stroke(sign) {
  clearTimeout(strokeTimer);
  const all = actionList();
  for (const key of typedStroke ? [typedStroke + " " + sign, sign] : [sign]) {
    const hit = all.find((a) => a.key === key);
    if (hit) {
      typedStroke = "";
      return perform(hit.id);
    }
    if (all.some((a) => a.key.startsWith(key + " "))) {
      typedStroke = key;
      strokeTimer = setTimeout(() => (typedStroke = ""), strokePause);
      return true;
    }
  }
  typedStroke = "";
  return false;
}

document.addEventListener("keydown", (e) => {
  const typing = e.target.matches?.("input:not([type=checkbox]), textarea, select, [contenteditable]") || e.target.isContentEditable;
  if (e.defaultPrevented) return;
  if (e.key === "Enter" && (e.ctrlKey || e.metaKey)) {
    const form = e.target.form || e.target.closest?.("form");
    const wanted = e.shiftKey ? "Control+Shift+Enter" : "Control+Enter";
    const button = form?.querySelector(`[aria-keyshortcuts~='${wanted}']`);
    if (button) e.preventDefault(), form.requestSubmit(button);
    return;
  }
  if (e.key === "Escape") {
    if (typing) e.target.blur();
    else if (document.querySelector(".views:target, .side:target")) location.hash = "main";
    return;
  }
  if (typing || e.ctrlKey || e.metaKey || e.altKey || e.isComposing || !keysOn() || [...e.key].length !== 1 || e.key === " ") return;
  if (stroke(e.key)) e.preventDefault();
});

const keyBox = document.getElementById("keys-on");
if (keyBox) {
  keyBox.checked = keysOn();
  keyBox.addEventListener("change", () => { try { localStorage.setItem(keySwitch, keyBox.checked ? "on" : "off"); } catch {} });
}
