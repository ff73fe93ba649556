// A chosen service brings its questions without leaving the page; a question that waits for another's answer stands there once it is given.
function weighQuestions() {
  for (const el of document.querySelectorAll("[data-if]")) {
    el.hidden = ![...document.getElementsByName(el.dataset.if)].some(
      (i) => i.value === el.dataset.is && (i.checked || !/radio|box/.test(i.type)) && !i.closest("[hidden]"),
    );
  }
}
weighQuestions();
document.addEventListener("change", weighQuestions);

document.addEventListener("click", async (e) => {
  const button = e.target.closest("[name=choose]");
  if (!button) return;
  e.preventDefault();
  const data = new FormData(button.form, button);
  data.delete("files");
  try {
    const answer = await fetch("/look", { method: "POST", body: data, headers: { "Goodturn-Fragment": "asked" } });
    if (!answer.ok) throw 0;
    document.getElementById("asked").outerHTML = await answer.text();
    weighQuestions();
    const place = document.getElementById("asked");
    place.querySelector("h2,button")?.focus();
  } catch {
    button.form.requestSubmit(button);
  }
});
