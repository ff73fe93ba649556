// Swiping a row of a list with a finger: to the end it is taken, to the start it is snoozed, which asks until when. The same
// stands in the bar of chosen rows (#bulk), which sends it, so that what was swiped can be taken back.
import { openMenu } from "./keys.js";
import { showChosen } from "./select.js";

const swipeAt = 88; // pixels after which letting go does it
let swipe;

function swipeEnd() {
  const row = swipe?.row;
  swipe = undefined;
  row?.style.removeProperty("--swipe");
  row?.removeAttribute("data-swipe");
}

document.addEventListener("pointerdown", (e) => {
  const row = e.pointerType === "touch" && e.isPrimary && e.target.closest?.(".row:has(.row-tick)");
  swipe = row ? { row, x: e.clientX, y: e.clientY, by: 0 } : undefined;
});
document.addEventListener("pointermove", (e) => {
  if (!swipe || e.pointerType !== "touch") return;
  const by = e.clientX - swipe.x;
  if (!swipe.on && Math.abs(e.clientY - swipe.y) > 12) return void (swipe = undefined);
  if (!swipe.on && Math.abs(by) < 16) return;
  swipe.on = true;
  swipe.by = by;
  const forward = by > 0 === (document.dir !== "rtl");
  swipe.row.style.setProperty("--swipe", by + "px");
  swipe.row.dataset.swipe = forward ? "take" : "snooze";
  swipe.row.dataset.swipeWord = document.getElementById("bulk")?.dataset[forward ? "take" : "snooze"] || "";
});
document.addEventListener("pointercancel", swipeEnd);
document.addEventListener("pointerup", () => {
  if (!swipe?.on) return swipeEnd();
  const { row, by } = swipe;
  const what = row.dataset.swipe;
  swipeEnd();
  const form = document.getElementById("bulk");
  if (!form || Math.abs(by) < swipeAt) return;
  for (const tick of document.querySelectorAll(".row-tick")) tick.checked = tick.closest(".row") === row;
  showChosen();
  document.getElementById("flash")?.replaceChildren(); // it would lie on the bar
  if (what === "snooze") return setTimeout(() => openMenu("bulk-snooze"), 60); // letting go would close it at once
  form.querySelector("[name=do][value='assignee:me']")?.click();
});
