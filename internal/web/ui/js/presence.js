// Tells colleagues that somebody writes here, while they do. The editor says "goodturn:typing" every few seconds; a plain
// field is heard as it is typed in.
const writingAt = () => document.getElementById("writing")?.dataset.src;
let saidWriting = 0, saidWhat = "";

function sayWriting(what) {
  const at = writingAt();
  if (!at || (what === saidWhat && (!what || Date.now() - saidWriting < 4000))) return;
  saidWhat = what;
  saidWriting = Date.now();
  navigator.sendBeacon(at, new URLSearchParams({ writing: what }));
}

document.addEventListener("goodturn:typing", (e) => sayWriting(e.detail.note ? "note" : "reply"));
document.addEventListener("input", (e) => {
  const sheet = e.target.matches?.("textarea") && e.target.closest("#composer [data-sheet]");
  if (sheet) sayWriting(e.target.value.trim() ? sheet.dataset.sheet : "");
});
document.addEventListener("goodturn:sent", (e) => e.detail.closest?.("#composer") && sayWriting(""));
addEventListener("pagehide", () => sayWriting(""));
