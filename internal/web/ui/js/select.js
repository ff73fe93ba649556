// Choosing rows of a list for the bar at its foot (#bulk): boxes, x, ranges with Shift, and everything that the list finds.
// The boxes are the choice; nothing is remembered beside them.
import { act } from "./keys.js";

const bulkForm = () => document.getElementById("bulk");
const ticks = () => [...document.querySelectorAll(".row-tick")];
const chosen = () => ticks().filter((t) => t.checked);
const rowOf = (tick) => tick.closest(".row")?.querySelector(".ticket-row");
const tickOf = (el) => el?.closest?.(".row")?.querySelector(".row-tick");
const wholeList = () => bulkForm()?.querySelector("[name=all]");
let lastTick; // the value of the box that was used last: where a range begins
let placeAfter = -1;

// here is the row that is meant: the one in focus, the one whose box is, or the open ticket's.
const here = () => tickOf(document.activeElement) || tickOf(document.querySelector(".ticket-row[aria-current]"));

export function showChosen() {
  const form = bulkForm();
  if (!form) return;
  const n = chosen().length;
  const whole = wholeList().checked;
  form.classList.toggle("is-open", n > 0 || whole);
  form.classList.toggle("is-whole", whole);
  const count = document.getElementById("bulk-count");
  const text = whole || !n ? "" : n === 1 ? count.dataset.one : count.dataset.many.replace("#", n);
  if (count.textContent !== text) count.textContent = text;
}

function setTick(tick, on) {
  tick.checked = on;
  lastTick = tick.value;
}

// upTo gives every box between the last one used and this one the state of this one.
function upTo(tick) {
  const all = ticks();
  const from = all.findIndex((t) => t.value === lastTick);
  const to = all.indexOf(tick);
  if (from >= 0) for (const t of all.slice(Math.min(from, to), Math.max(from, to) + 1)) t.checked = tick.checked;
  lastTick = tick.value;
}

function extend(step) {
  const all = ticks();
  if (!all.length) return false;
  const from = here();
  if (from) setTick(from, true);
  const next = all[Math.min(all.length - 1, Math.max(0, (from ? all.indexOf(from) : -1) + step))];
  setTick(next, true);
  rowOf(next).focus();
  rowOf(next).scrollIntoView({ block: "nearest" });
  showChosen();
  return true;
}

function chooseNone() {
  const any = chosen().length || wholeList()?.checked;
  for (const t of chosen()) t.checked = false;
  if (wholeList()) wholeList().checked = false;
  lastTick = undefined;
  showChosen();
  return Boolean(any);
}

// openBulk opens a menu of the bar, when something is chosen.
function openBulk(id) {
  const menu = document.getElementById(id);
  if (!menu || !bulkForm()?.classList.contains("is-open")) return false;
  document.querySelector(`[popovertarget="${id}"]`).click(); // a menu that its button opens stands at its button
  menu.querySelector("input, button")?.focus();
  return true;
}

function bulkDo(value) {
  const form = bulkForm();
  const button = form?.classList.contains("is-open") && form.querySelector(`button[name=do][value="${value}"]`);
  if (button) form.requestSubmit(button);
  return Boolean(button);
}

act("select", () => {
  const tick = here();
  if (!tick) return false;
  setTick(tick, !tick.checked);
  showChosen();
  return true;
});
act("select-range", () => {
  const tick = here();
  if (!tick || !lastTick) return false;
  tick.checked = true;
  upTo(tick);
  showChosen();
  return true;
});
// Where no conversation is open, the keys that walk through its messages take the next row into the choice.
act("message-next", () => !document.getElementById("timeline") && extend(1));
act("message-previous", () => !document.getElementById("timeline") && extend(-1));
act("snooze", () => openBulk("bulk-snooze"));
act("select-all", () => {
  const all = wholeList();
  if (!all) return false;
  all.checked = true;
  for (const t of ticks()) t.checked = true;
  showChosen();
  return true;
});
act("select-none", chooseNone);
act("assign", () => openBulk("bulk-assignee"));
act("status", () => openBulk("bulk-status"));
act("priority", () => openBulk("bulk-priority"));
act("tag", () => openBulk("bulk-tag"));
act("take", () => bulkDo("assignee:me"));
act("solve", () => bulkDo("status:solved"));
act("merge", () => bulkDo("merge"));

document.addEventListener("click", (e) => {
  const tick = e.target.closest?.(".row-tick");
  if (tick) {
    if (e.shiftKey) upTo(tick);
    lastTick = tick.value;
    return showChosen();
  }
  if (e.target.closest?.(".bulk-clear")) {
    const back = chosen()[0];
    chooseNone();
    if (back) rowOf(back)?.focus();
  }
});
document.addEventListener("change", (e) => {
  if (!e.target.matches?.("#bulk [name=all]")) return;
  for (const t of ticks()) t.checked = e.target.checked;
  showChosen();
});
document.addEventListener("keydown", (e) => {
  if (e.target.id === "bulk-tag-name" && e.key === "Enter") {
    e.preventDefault();
    bulkForm().requestSubmit(bulkForm().querySelector("button[value=tag]"));
  }
  if (e.shiftKey && ["ArrowDown", "ArrowUp"].includes(e.key) && e.target.closest?.(".row") && extend(e.key === "ArrowDown" ? 1 : -1)) e.preventDefault();
  if (e.key !== "Escape" || e.defaultPrevented || document.querySelector(":popover-open, dialog[open]")) return;
  if (!e.target.matches?.("input:not([type=checkbox]), textarea, select, [contenteditable]") && chooseNone()) e.preventDefault();
});

// The focus goes on to the row that stands where the first chosen one stood.
document.addEventListener("submit", (e) => {
  if (e.target.id === "bulk") placeAfter = ticks().findIndex((t) => t.checked);
}, true);
document.addEventListener("goodturn:sent", (e) => {
  if (e.detail.id !== "bulk") return;
  document.querySelector("#bulk :popover-open")?.hidePopover();
  showChosen();
  if (bulkForm()?.classList.contains("is-open")) return; // it was refused: the choice stays
  const rows = [...document.querySelectorAll(".ticket-row")];
  (rows[Math.min(rows.length - 1, Math.max(0, placeAfter))] || document.getElementById("main"))?.focus();
});
document.addEventListener("goodturn:morphed", showChosen);
document.addEventListener("reset", (e) => e.target.id === "bulk" && setTimeout(showChosen));
addEventListener("pageshow", showChosen);
showChosen();
