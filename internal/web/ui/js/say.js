// Speaks through #flash, the live region that every page has. A link {text, href} may lead further.
export function say(text, bad, link) {
  const place = document.getElementById("flash");
  if (!place || !text) return;
  const note = document.createElement("div");
  note.className = bad ? "notice is-bad" : "notice";
  const words = document.createElement("span");
  words.textContent = text;
  note.append(words);
  if (link) {
    const way = document.createElement("a");
    way.textContent = link.text;
    way.href = link.href;
    note.append(way);
  }
  place.replaceChildren(note);
  passing();
}

// Good news goes by itself, and waits while somebody points at it; bad news stays until it is closed.
function passing() {
  for (const note of document.querySelectorAll("#flash > .notice:not([data-seen])")) {
    note.dataset.seen = "";
    const close = document.createElement("button");
    close.type = "button";
    close.className = "close";
    close.textContent = "✕";
    close.setAttribute("aria-label", note.parentElement.dataset.close || "");
    close.addEventListener("click", () => note.remove());
    note.append(close);
    if (note.classList.contains("is-bad")) continue;
    const go = () => (note.matches(":hover, :focus-within") ? setTimeout(go, 2000) : note.remove());
    setTimeout(go, note.querySelector("form") ? 30000 : 9000);
  }
}
passing();
document.addEventListener("goodturn:morphed", passing);
