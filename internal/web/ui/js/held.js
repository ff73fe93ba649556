// An answer that is about to be sent: its seconds run down, and one that is taken back stands in the composer again.
import { openSheet } from "./composer.js";

setInterval(() => {
  for (const form of document.querySelectorAll("form[data-undo]")) {
    const left = Math.max(0, Math.ceil((form.dataset.undo - Date.now()) / 1000));
    const shown = form.querySelector("[data-left]");
    if (shown && shown.textContent !== String(left)) shown.textContent = left;
  }
}, 250);

document.addEventListener("goodturn:sent", (e) => {
  if (!e.detail.querySelector(".wrong")) e.detail.querySelector(".composer-people")?.removeAttribute("open");
  if ("undo" in e.detail.dataset) openSheet("reply", true);
});
