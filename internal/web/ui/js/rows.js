// A list changes under nobody's hand: while somebody points at it, is in it with the keyboard, or has scrolled down, rows that
// are there are brought up to date in their place, and those that came are told of on a button that lets them in.
import { tellAloud } from "./told.js";

const rowsOf = (list) => [...list.querySelectorAll(".rows > li")];
const rowName = (li) => li.querySelector(".ticket-row")?.getAttribute("href")?.match(/\/tickets\/(\d+)/)?.[1];

// nameRows gives rows an id, so that a row stays the one it is wherever it moves.
export function nameRows(list) {
  if (list.id !== "list") return;
  for (const li of rowsOf(list)) if (!li.id && rowName(li)) li.id = "row-" + rowName(li);
}

const inUse = (list) => list.scrollTop > 40 || list.matches(":hover, :focus-within") || (list.scrollHeight <= list.clientHeight && scrollY > 100);

// holdRows keeps a list as it is but for what the rows say; false when it may change freely.
export function holdRows(list, fresh, bring) {
  if (list.id !== "list" || !inUse(list) || list.dataset.place !== fresh.dataset.place) return false;
  const now = rowsOf(list), next = rowsOf(fresh);
  if (!now.length || (now.length === next.length && now.every((li, i) => li.id === next[i].id))) return false;
  const ids = new Set(now.map((li) => li.id));
  for (const li of next) if (ids.has(li.id)) bring(document.getElementById(li.id), li);
  offerRows(list, next.filter((li) => !ids.has(li.id)).length);
  list.dataset.behind = "";
  return true;
}

function offerRows(list, count) {
  const had = document.getElementById("list-news");
  const text = document.body.dataset.news?.replace("#", count);
  if (!count || had?.textContent === text) return count || had?.remove();
  const button = had || document.createElement("button");
  button.type = "button";
  button.id = "list-news";
  button.textContent = text;
  if (!had) list.querySelector(".rows").before(button);
  tellAloud(text);
}

function letIn(list, then) {
  delete list.dataset.behind;
  document.getElementById("list-news")?.remove();
  document.dispatchEvent(new CustomEvent("goodturn:release", { detail: { id: "list", then } }));
}

document.addEventListener("click", (e) => {
  if (e.target.id !== "list-news") return;
  const list = document.getElementById("list");
  list.querySelector(".ticket-row")?.focus();
  letIn(list, () => {
    list.scrollTop = 0;
    list.querySelector(".ticket-row")?.focus();
  });
});
for (const end of ["focusout", "pointerout", "scroll"]) {
  document.addEventListener(end, () => {
    const list = document.getElementById("list");
    if (list && "behind" in list.dataset) setTimeout(() => "behind" in list.dataset && !inUse(list) && letIn(list), 300);
  }, true);
}
