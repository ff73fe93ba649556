// A box with data-complete="/filter/suggest" is a combobox: while somebody types, the server says how it may go on.
// The arrows choose, Enter or Tab takes what is chosen, Escape closes; with nothing chosen Enter searches as ever.
const completeWait = 80;
let completeTimer, completeAsking;

const completeList = () => document.getElementById("complete");

function completeClose(box) {
  clearTimeout(completeTimer);
  completeAsking?.abort();
  completeList()?.remove();
  box?.setAttribute("aria-expanded", "false");
  box?.removeAttribute("aria-activedescendant");
  box?.removeAttribute("aria-controls");
}

async function complete(box) {
  completeAsking?.abort();
  completeAsking = new AbortController();
  const typed = box.value.slice(0, box.selectionStart);
  const res = await fetch(box.dataset.complete + "?q=" + encodeURIComponent(typed), { signal: completeAsking.signal });
  if (!res.ok || document.activeElement !== box || typed !== box.value.slice(0, box.selectionStart)) return;
  const list = new DOMParser().parseFromString(await res.text(), "text/html").getElementById("complete");
  const chosen = completeList()?.querySelector("[aria-selected=true]")?.dataset.text; // while this was on its way
  completeList()?.remove();
  if (!list?.children.length) return completeClose(box);
  box.parentElement.append(document.importNode(list, true));
  box.setAttribute("aria-expanded", "true");
  box.setAttribute("aria-controls", "complete");
  box.removeAttribute("aria-activedescendant");
  const again = [...completeList().children].findIndex((o) => o.dataset.text === chosen);
  if (again >= 0) completeChoose(box, again + 1);
}

function completeChoose(box, step) {
  const all = [...completeList().children];
  const at = all.findIndex((o) => o.getAttribute("aria-selected") === "true");
  const next = all[(at < 0 && step < 0 ? all.length - 1 : at + step + all.length) % all.length];
  for (const o of all) o.setAttribute("aria-selected", String(o === next));
  next.scrollIntoView({ block: "nearest" });
  box.setAttribute("aria-activedescendant", next.id);
}

function completeTake(box, option) {
  const at = box.selectionStart;
  const { text, back } = option.dataset;
  box.setRangeText(text + (text.endsWith(":") ? "" : " "), at - Number(back), at, "end");
  box.focus();
  completeClose(box);
  box.dispatchEvent(new Event("input", { bubbles: true })); // a field goes on with its values, and a draft is saved
}

document.addEventListener("focusin", (e) => {
  const box = e.target;
  if (!box.dataset?.complete || box.hasAttribute("role")) return;
  box.setAttribute("role", "combobox");
  box.setAttribute("aria-autocomplete", "list");
  box.setAttribute("aria-expanded", "false");
});
document.addEventListener("input", (e) => {
  const box = e.target;
  if (!box.dataset?.complete || e.isComposing) return;
  clearTimeout(completeTimer);
  if (!box.value) return completeClose(box);
  completeTimer = setTimeout(() => complete(box).catch(() => {}), completeWait);
});
document.addEventListener("keydown", (e) => {
  const box = e.target;
  if (!box.dataset?.complete || !completeList() || e.isComposing) return;
  const chosen = completeList().querySelector("[aria-selected=true]");
  if (e.key === "ArrowDown" || e.key === "ArrowUp") completeChoose(box, e.key === "ArrowDown" ? 1 : -1);
  else if ((e.key === "Enter" || e.key === "Tab") && chosen && !e.shiftKey) completeTake(box, chosen);
  else if (e.key === "Escape") completeClose(box);
  else return;
  e.preventDefault();
  e.stopPropagation();
}, true);
document.addEventListener("pointerdown", (e) => {
  const option = e.target.closest?.("#complete [role=option]");
  if (!option) return;
  e.preventDefault(); // the box keeps the focus
  completeTake(completeList().parentElement.querySelector("[data-complete]"), option);
});
document.addEventListener("focusout", (e) => e.target.dataset?.complete && completeClose(e.target));
