// The lists at the side: keys lead there, and numbers that were not fresh when the page was made are asked for again.
import { act } from "./keys.js";
import { refresh } from "./live.js";

for (const view of ["ours", "mine", "unassigned", "team", "waiting", "snoozed", "followed", "suspect", "all", "done"]) {
  act("go-" + view, () => {
    const link = document.querySelector(`#views [data-view="${view}"]`);
    if (link) location.assign(link.href);
    return Boolean(link);
  });
}

let viewsTimer;
function askAgain() {
  clearTimeout(viewsTimer);
  const pause = Number(document.getElementById("views")?.dataset.again);
  if (pause && !document.hidden) viewsTimer = setTimeout(() => refresh(["views"]).catch(() => {}), pause);
}
document.addEventListener("goodturn:morphed", askAgain);
document.addEventListener("visibilitychange", askAgain);
askAgain();
