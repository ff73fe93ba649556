// What is written is kept on the server within a second, beside the article, until it is saved or thrown away. Whoever leaves before the
// server has it is asked.
export function keepWriting(form, words, body, tell) {
  let timer = 0, busy = null, dirty = false, tries = 0, over = false;
  const data = () => {
    const all = new FormData(form);
    for (const name of ["files", "rich", "do"]) all.delete(name);
    const what = body();
    if (what.rich !== undefined) all.set("rich", what.rich);
    return new URLSearchParams(all);
  };
  const save = async () => {
    clearTimeout(timer);
    timer = 0;
    if (busy) await busy;
    if (!dirty || over) return;
    dirty = false;
    busy = fetch(words.dataset.unsaved, { method: "POST", body: data() }).then((res) => {
      if (!res.ok && res.status !== 422) throw new Error(res.status);
      tries = 0;
      if (!dirty) tell(res.ok ? words.dataset.kept : "");
    }).catch(() => {
      dirty = true;
      tries++;
      tell(words.dataset.unkept);
      timer ||= setTimeout(save, Math.min(30000, 1000 * 2 ** tries));
    }).finally(() => (busy = null));
    await busy;
  };
  const changed = () => {
    if (over) return;
    dirty = true;
    timer ||= setTimeout(save, 1000);
  };
  form.addEventListener("input", (e) => e.target.type !== "file" && changed());
  // A save on its way would come after the form that ends it: it waits, before anybody else hears that the form is sent.
  addEventListener("submit", (e) => {
    if (e.target !== form) return;
    if (busy && !over) {
      e.preventDefault();
      e.stopImmediatePropagation();
      over = true;
      busy.finally(() => form.requestSubmit(e.submitter));
      return;
    }
    over = true;
    clearTimeout(timer);
  }, true);
  addEventListener("pageshow", (e) => e.persisted && (over = false));
  addEventListener("online", save);
  addEventListener("beforeunload", (e) => !over && (dirty || busy) && e.preventDefault());
  addEventListener("pagehide", () => !over && dirty && navigator.sendBeacon(words.dataset.unsaved, data()));
  return { changed, save };
}
