// What may help comes while somebody types. It never takes the focus, nor changes under it; how much there is is said once.
const asking = document.getElementById("f-text");
let askLater, askedFor = "";

async function askNear() {
  const text = asking.value.trim().slice(-500);
  if (text === askedFor) return;
  askedFor = text;
  try {
    const answer = await fetch("/suggestions?text=" + encodeURIComponent(text));
    const list = document.getElementById("near");
    if (!answer.ok || text !== askedFor || list.contains(document.activeElement)) return;
    list.outerHTML = await answer.text();
    const said = document.getElementById("near").dataset.said, place = document.getElementById("near-said");
    if (place.textContent !== said) place.textContent = said;
  } catch { /* it is only help */ }
}
if (document.getElementById("near")) {
  asking.addEventListener("input", () => {
    clearTimeout(askLater);
    askLater = setTimeout(askNear, 300);
  });
  document.getElementById("look").hidden = true;
  document.addEventListener("click", (e) => { // an article that is opened here, and did not do, is sent along
    const article = e.target.closest?.('#near a[href^="/help/"]');
    if (article) document.getElementById("read").value = article.pathname.slice(6);
  });
  asking.addEventListener("focus", () => asking.value && askNear(), { once: true }); // a first view asks for nothing more
}
