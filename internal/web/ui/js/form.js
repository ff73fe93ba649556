// One click sends once, and typed text survives a reload in this tab. Both work on any form.
const keptKey = (el) => "kept:" + location.pathname + ":" + el.dataset.keep;

function stored(key, value) {
  try {
    if (value === undefined) return sessionStorage.getItem(key);
    value ? sessionStorage.setItem(key, value) : sessionStorage.removeItem(key);
  } catch {
    return null;
  }
}

export function freeForm(form) {
  delete form.dataset.sent;
  form.querySelectorAll("[type=submit]").forEach((b) => b.removeAttribute("aria-disabled"));
}

document.addEventListener("submit", (e) => {
  const form = e.target;
  if (form.method === "get") return;
  if (form.dataset.sent) return void e.preventDefault();
  form.dataset.sent = "1";
  form.querySelectorAll("[type=submit]").forEach((b) => b.setAttribute("aria-disabled", "true"));
  if (!("swap" in form.dataset)) form.querySelectorAll("[data-keep]").forEach((el) => stored(keptKey(el), ""));
}, true);
addEventListener("pageshow", (e) => e.persisted && document.querySelectorAll("form[data-sent]").forEach(freeForm));

document.addEventListener("input", (e) => "keep" in e.target.dataset && stored(keptKey(e.target), e.target.value));
document.addEventListener("reset", (e) => e.target.querySelectorAll("[data-keep]").forEach((el) => stored(keptKey(el), "")));
for (const el of document.querySelectorAll("[data-keep]")) {
  const text = stored(keptKey(el));
  if (text && !el.value) el.value = text;
}

// A form with data-onchange shows its button once there is something to save.
document.addEventListener("change", (e) => {
  const form = e.target.form;
  if (form && "onchange" in form.dataset) form.toggleAttribute("data-changed", true);
});
