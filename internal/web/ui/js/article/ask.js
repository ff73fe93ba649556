// Two small questions: where a link leads, answered with an address or by searching the articles; and what a picture shows.
export function askWhere(words, had) {
  const box = document.getElementById("ask-link");
  const [field, list] = [box.querySelector("input"), box.querySelector(".found")];
  let timer, asked;
  const find = async () => {
    const q = field.value.trim();
    if (q === asked) return;
    asked = q;
    if (!q || /^(https?:|mailto:|tel:|\/|#)/i.test(q)) return list.replaceChildren();
    const res = await fetch(words.dataset.titles + "?q=" + encodeURIComponent(q));
    if (!res.ok || asked !== q) return;
    const page = new DOMParser().parseFromString(await res.text(), "text/html");
    list.replaceChildren(...page.body.childNodes);
  };
  field.value = had;
  list.replaceChildren();
  box.showModal();
  field.select();
  return new Promise((done) => {
    const typed = () => {
      clearTimeout(timer);
      timer = setTimeout(() => find().catch(() => {}), 150);
    };
    const pick = (e) => {
      const found = e.target.closest("button[data-href]");
      if (found) end({ href: found.dataset.href, title: found.textContent.trim() });
      else if (e.target.closest("[data-set]")) end({ href: field.value.trim() });
      else if (e.target.closest("[data-no]")) end(null);
    };
    const key = (e) => {
      if (e.key === "Enter" && e.target === field) {
        e.preventDefault();
        const first = list.querySelector("button[data-href]");
        const q = field.value.trim();
        end(first && !/^(https?:|mailto:|tel:|\/|#)/i.test(q) ? { href: first.dataset.href, title: first.textContent.trim() } : { href: q });
      }
    };
    const shut = () => end(null);
    let over = false;
    const end = (answer) => {
      if (over) return;
      over = true;
      clearTimeout(timer);
      field.removeEventListener("input", typed);
      box.removeEventListener("click", pick);
      box.removeEventListener("keydown", key);
      box.removeEventListener("close", shut);
      box.close();
      if (answer?.href && /^[^\s/@]+@[^\s/]+\.[^\s/]+$/.test(answer.href)) answer.href = "mailto:" + answer.href;
      else if (answer?.href && !/^[a-z][a-z0-9+.-]*:|^[/#]/i.test(answer.href) && /^[^\s/]+\.[^\s]+$/.test(answer.href)) answer.href = "https://" + answer.href;
      if (answer?.href && !/^(https?:|mailto:|tel:|\/|#)/i.test(answer.href)) answer = null;
      done(answer);
    };
    field.addEventListener("input", typed);
    box.addEventListener("click", pick);
    box.addEventListener("keydown", key);
    box.addEventListener("close", shut);
  });
}

// askShows asks for the words of a picture; it may have none, when it only decorates.
export function askShows(name, src) {
  const box = document.getElementById("ask-picture");
  const [field, picture] = [box.querySelector("input"), box.querySelector("img")];
  field.value = "";
  picture.src = src;
  box.querySelector(".name").textContent = name;
  box.showModal();
  field.focus();
  return new Promise((done) => {
    const key = (e) => e.key === "Enter" && e.target === field && (e.preventDefault(), box.close());
    const click = (e) => e.target.closest("[data-set]") && box.close();
    box.addEventListener("keydown", key);
    box.addEventListener("click", click);
    box.addEventListener("close", () => {
      box.removeEventListener("keydown", key);
      box.removeEventListener("click", click);
      picture.removeAttribute("src");
      done(field.value.trim());
    }, { once: true });
  });
}
