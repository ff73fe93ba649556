// Replaces fragments of the page by newer ones in place. What a person is typing in, has changed or has opened is theirs:
// it is never touched; what they read stays where it is under their eyes, and the focus stays too.
import { keepFocus } from "./focus.js";
import { keepPlaces } from "./place.js";
import { holdRows, nameRows } from "./rows.js";

const keptAttributes = new Set(["open", "data-changed", "data-sent", "data-seen", "aria-selected", "aria-disabled", "data-live"]);

function isChanged(el) {
  if (el.type === "checkbox" || el.type === "radio") return el.checked !== el.defaultChecked;
  if (el.type === "file") return el.files.length > 0;
  if (el.tagName === "SELECT") return [...el.options].some((o) => o.selected !== o.defaultSelected) && el.form?.hasAttribute("data-changed");
  return el.value !== el.defaultValue;
}

// What a form was shown with is kept while somebody is about to change it, so that a colleague's change is not undone unseen.
const isTouched = (form) => form?.hasAttribute("data-changed") || [...(form?.elements || [])].some((el) => el.type !== "hidden" && "value" in el && el.tagName !== "BUTTON" && (el === document.activeElement || isChanged(el)));

const morphRules = {
  beforeNodeMorphed(old, fresh) {
    if (old.nodeType !== Node.ELEMENT_NODE) return true;
    if (old.matches("input[name=was]")) return !isTouched(old.form);
    if (old.matches("input, textarea, select")) return !(old === document.activeElement || isChanged(old));
    if (old.matches(".mail")) return old.dataset.key !== fresh.dataset.key;
    if (old.matches("time[data-ago]")) return old.dateTime !== fresh.dateTime;
    return !old.matches(".files, .rich, .editor-bar, .draft-state, .macro-lines, [data-loaded]");
  },
  beforeAttributeUpdated: (name) => !keptAttributes.has(name),
};

function morphInto(old, fresh) {
  if (!old.isEqualNode(fresh)) Idiomorph.morph(old, fresh, { callbacks: morphRules });
}

// morphFrom takes each of the fragments that the fetched page has; it says whether there was any. By itself says that nobody
// asked for it: then a list that somebody is in keeps its rows, and says how many are new.
export function morphFrom(html, ids, byItself) {
  const page = new DOMParser().parseFromString(html, "text/html");
  const focusBack = keepFocus(), placesBack = keepPlaces();
  let any = false;
  for (const id of ids) {
    const old = document.getElementById(id);
    const fresh = page.getElementById(id);
    if (!old || !fresh) continue;
    if (id === "flash") {
      if (fresh.children.length) old.replaceChildren(...fresh.children);
      continue;
    }
    any = true;
    nameRows(old);
    nameRows(fresh);
    if (!byItself || !holdRows(old, fresh, morphInto)) morphInto(old, fresh);
  }
  placesBack();
  focusBack();
  document.dispatchEvent(new CustomEvent("goodturn:morphed"));
  return any;
}
