// Pictures open over the page, with the arrow keys from one to the next. Without this they open in a tab of their own.
const lightbox = document.getElementById("lightbox");
let boxPictures = [];
let boxAt = 0;

function showPicture(at) {
  boxAt = (at + boxPictures.length) % boxPictures.length;
  const link = boxPictures[boxAt];
  lightbox.querySelector("img").src = link.href;
  lightbox.querySelector("img").alt = link.dataset.picture;
  lightbox.querySelector("figcaption").textContent = link.dataset.picture + (boxPictures.length > 1 ? ` · ${boxAt + 1}/${boxPictures.length}` : "");
  lightbox.querySelector("[data-whole]").href = link.href;
  for (const b of lightbox.querySelectorAll("[data-step]")) b.hidden = boxPictures.length < 2;
}

if (lightbox) {
  document.addEventListener("click", (e) => {
    const link = e.target.closest?.("a[data-picture]");
    if (!link || e.ctrlKey || e.metaKey || e.shiftKey) return;
    e.preventDefault();
    // One picture may stand with its message and among all files.
    boxPictures = [...new Map([...document.querySelectorAll("a[data-picture]")].map((a) => [a.href, a])).values()];
    showPicture(boxPictures.findIndex((a) => a.href === link.href));
    lightbox.showModal();
  });
  lightbox.addEventListener("click", (e) => {
    const step = e.target.closest("[data-step]");
    if (step) showPicture(boxAt + Number(step.dataset.step));
    else if (e.target === lightbox || e.target.closest("[data-shut]")) lightbox.close();
  });
  lightbox.addEventListener("keydown", (e) => {
    const turned = document.dir === "rtl" ? -1 : 1;
    const step = { ArrowLeft: -turned, ArrowRight: turned }[e.key];
    if (step) showPicture(boxAt + step), e.preventDefault();
    e.stopPropagation();
  });
  lightbox.addEventListener("close", () => lightbox.querySelector("img").removeAttribute("src"));
}
