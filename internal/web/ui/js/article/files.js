// Pictures and files of an article go up as soon as they are pasted, dropped or chosen. An article that is not there yet is kept as a draft
// first, so that they have a place.
const kb10 = (n) => (n / 1e6).toFixed(n < 1e7 ? 1 : 0).replace(/\.0$/, "") + " MB";

export function filled(text, values) {
  return text.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
}

// place has the article kept as a draft, and the form go on with that one. It gives false where a title is missing.
async function placeFor(form, words, tell) {
  if (Number(words.dataset.article) > 0) return true;
  const title = form.elements.title;
  if (!title.value.trim()) {
    tell(words.dataset.titleFirst);
    title.focus();
    return false;
  }
  const body = new FormData(form);
  body.delete("files");
  body.set("do", "save");
  const res = await fetch(form.action, { method: "POST", body });
  const page = new DOMParser().parseFromString(await res.text(), "text/html");
  const fresh = page.getElementById("writing")?.closest("form");
  if (!res.ok || !res.redirected || !fresh) {
    tell(page.querySelector(".wrong")?.textContent || words.dataset.failed);
    return false;
  }
  history.replaceState(null, "", res.url);
  form.action = fresh.action;
  for (const name of ["was", "article", "follows", "key"]) if (form.elements[name]) form.elements[name].value = fresh.elements[name]?.value ?? "0";
  document.getElementById("new-fields")?.replaceChildren(Object.assign(document.createElement("input"), { type: "hidden", name: "language", value: fresh.elements.language.value }));
  words.dataset.article = fresh.elements.article.value;
  tell(words.dataset.placed);
  return true;
}

// sendFile puts one file beside the text and gives {name, url, picture}, or null after it said what is wrong.
export async function sendFile(file, form, words, tell) {
  const limit = Number(file.type.startsWith("image/") ? words.dataset.maxPicture : words.dataset.maxFile);
  if (file.size > limit) {
    tell(filled(words.dataset.large, { name: file.name, size: kb10(file.size), most: kb10(limit) }));
    return null;
  }
  if (!(await placeFor(form, words, tell))) return null;
  const body = new FormData();
  body.set("files", file, file.name || "picture.png");
  tell(filled(words.dataset.sending, { name: file.name }));
  const res = await fetch("/articles/" + words.dataset.article + "/files", { method: "POST", body });
  const answer = await res.json().catch(() => ({}));
  if (!res.ok) {
    tell(answer.wrong || words.dataset.failed);
    return null;
  }
  tell("");
  return answer.files[0];
}
