// A form with data-swap is sent without leaving the page, so that a half-written answer, the place in the list and the
// open menus stay. The page that the server answers with gives the new fragments; if it is another page, we go there.
import { morphFrom } from "./morph.js";
import { keepFocus } from "./focus.js";
import { freeForm } from "./form.js";
import { catchUp } from "./live.js";
import { say } from "./say.js";

const swapped = () => [...document.querySelectorAll("[data-topic][id], [data-fragment][id]")].map((el) => el.id);

function bodyOf(form, submitter) {
  const data = new FormData(form, submitter);
  return form.enctype === "multipart/form-data" ? data : new URLSearchParams(data);
}

async function send(form, submitter) {
  const ids = swapped(), focusBack = keepFocus(submitter), began = performance.now();
  const action = submitter?.getAttribute("formaction") || form.getAttribute("action") || location.href;
  const res = await fetch(action, { method: "POST", body: bodyOf(form, submitter), headers: { "Goodturn-Fragment": ids.join(" ") } });
  const elsewhere = res.headers.get("Goodturn-Goto");
  if (elsewhere) {
    form.removeAttribute("data-changed");
    form.querySelectorAll(".wrong, .composer-warning").forEach((el) => el.remove()); // what was said of an earlier try
    form.reset();
    document.dispatchEvent(new CustomEvent("goodturn:sent", { detail: form }));
    return location.assign(elsewhere);
  }
  const html = await res.text();
  if (res.status === 401) return document.dispatchEvent(new CustomEvent("goodturn:signed-out"));
  if (res.ok) {
    form.removeAttribute("data-changed");
    const to = new URL(res.url);
    if (to.pathname !== location.pathname) {
      form.reset();
      return location.assign(res.url);
    }
    form.reset();
    form.closest("[popover]")?.hidePopover();
  }
  if (!morphFrom(html, ids) && !res.ok) {
    const page = new DOMParser().parseFromString(html, "text/html");
    say(page.querySelector("main p, h1")?.textContent || res.statusText, true);
  }
  catchUp(began);
  focusBack();
  document.querySelector("[data-attention]")?.focus();
  document.dispatchEvent(new CustomEvent("goodturn:sent", { detail: form }));
}

document.addEventListener("submit", async (e) => {
  const form = e.target;
  if (e.defaultPrevented || !("swap" in form.dataset) || form.method !== "post") return;
  e.preventDefault();
  form.setAttribute("aria-busy", "true");
  try {
    await send(form, e.submitter);
  } catch {
    say(document.body.dataset.offline, true);
  } finally {
    form.removeAttribute("aria-busy");
    freeForm(form);
  }
});
