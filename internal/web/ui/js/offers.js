// What is offered to somebody and a long call are there for a while only: the minutes left stay true, and once one is over the
// server is asked what is there now.
import { act, press } from "./keys.js";
import { refresh } from "./live.js";

function showLeft() {
  for (const el of document.querySelectorAll("time[data-left]")) {
    const text = el.dataset.left.replace("#", Math.max(0, Math.ceil((Date.parse(el.dateTime) - Date.now()) / 60000)));
    if (el.textContent.trim() !== text) el.textContent = text;
  }
  const ends = document.getElementById("offers")?.dataset.ends;
  if (ends && Date.parse(ends) <= Date.now()) refresh(["offers"]).catch(() => {});
}
setInterval(showLeft, 10000);
document.addEventListener("visibilitychange", () => document.hidden || showLeft());

// A live chat that waits is seen in the name of the page too, where it is one of many.
function markWaiting() {
  const waits = document.querySelector("#offers .is-chat"), marked = document.title.startsWith("● ");
  if (!waits === marked) document.title = waits ? "● " + document.title : document.title.slice(2);
}
markWaiting();
document.addEventListener("goodturn:morphed", markWaiting);

act("take-next", () => press("form[action='/tickets/next'] button"));
act("call", () => press("form[action='/account/call'] button"));
