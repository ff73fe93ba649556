// The place in the line stays true while the page is looked at; only a new place is spoken.
const lineAt = document.getElementById("line");
let lineTimer = 0;

async function freshLine() {
  clearTimeout(lineTimer);
  if (document.hidden) return;
  const place = () => lineAt.querySelector("[data-place]");
  try {
    const answer = await fetch(lineAt.dataset.from);
    if (!answer.ok) return;
    const was = place()?.dataset.place;
    const text = await answer.text();
    if (lineAt.kept !== text && !lineAt.contains(document.activeElement)) lineAt.innerHTML = lineAt.kept = text;
    const now = place()?.dataset.place;
    if (now && now !== was) document.getElementById("line-said").textContent = now;
  } catch {}
  nextLine();
}

function nextLine() {
  const wait = lineAt.querySelector("[data-next]")?.dataset.next;
  if (wait) lineTimer = setTimeout(freshLine, wait * 1000);
}

if (lineAt) {
  nextLine();
  document.addEventListener("visibilitychange", freshLine);
}
