// The focus is never lost: when what had it is gone from the page, it goes to the same control if that is there again, else to
// the nearest one that stands where it stood.
const focusables = (within) =>
  [...within.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex]")].filter((el) => !el.disabled && el.checkVisibility());

function sameControl(el) {
  if (el.id) return () => document.getElementById(el.id);
  const name = el.getAttribute("name"), value = el.getAttribute("value"), action = el.form?.getAttribute("action"), href = el.getAttribute("href");
  const find = (all, fits) => [...document.querySelectorAll(all)].find(fits);
  if (action) return () => find("button, input, select, textarea", (o) => o.form?.getAttribute("action") === action && o.getAttribute("name") === name && o.getAttribute("value") === value);
  if (href) return () => find("a[href]", (o) => o.getAttribute("href") === href);
  return () => null;
}

// keepFocus notes where the focus is and gives a function that brings it back, should it be lost by then.
export function keepFocus(from) {
  const had = from || document.activeElement;
  if (!had || had === document.body) return () => {};
  const again = sameControl(had), around = [];
  for (let el = had.parentElement; el && el !== document.body; el = el.parentElement) around.push([el, el.id, focusables(el).indexOf(had)]);
  const focused = () => document.activeElement && document.activeElement !== document.body;
  return () => {
    if (focused()) return;
    const twin = had.isConnected ? had : again();
    if (twin?.checkVisibility()) twin.focus({ preventScroll: true });
    for (const [el, id, index] of around) {
      if (focused()) return;
      const box = el.isConnected ? el : id && document.getElementById(id);
      const near = box ? focusables(box) : [];
      near[Math.min(Math.max(index, 0), near.length - 1)]?.focus({ preventScroll: true });
    }
  };
}
