// A field with data-suggest="/people/suggest" asks there, while somebody types, for the datalist that belongs to it.
const suggestPause = 150;
let suggestTimer, suggestAsked;

async function suggest(input) {
  const list = document.getElementById(input.getAttribute("list"));
  const q = input.value.trim();
  if (!list || q.length < 2 || q === suggestAsked || [...list.options].some((o) => o.value === input.value)) return;
  suggestAsked = q;
  const res = await fetch(input.dataset.suggest + "?q=" + encodeURIComponent(q), { headers: { "Goodturn-Fragment": list.id } });
  if (!res.ok || input.value.trim() !== q) return;
  const page = new DOMParser().parseFromString(await res.text(), "text/html");
  list.replaceChildren(...(page.getElementById(list.id)?.children || []));
}

document.addEventListener("input", (e) => {
  if (!e.target.dataset?.suggest || e.isComposing) return;
  clearTimeout(suggestTimer);
  suggestTimer = setTimeout(() => suggest(e.target).catch(() => {}), suggestPause);
});
