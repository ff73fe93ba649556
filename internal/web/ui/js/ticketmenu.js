// What stands in the ticket's menu under a word of its own (data-does) is an action: a key or its name in the palette does
// the same as a click there.
import { act, into } from "./keys.js";

for (const does of ["merge", "split", "outage", "papercut"]) {
  act(does, () => {
    const entry = document.querySelector(`[data-does="${does}"]`);
    entry?.click();
    return Boolean(entry);
  });
}

act("move", () => into("set-team"));
act("link", () => {
  const fold = document.querySelector("#links details");
  if (!fold) return false;
  fold.open = true;
  return into("f-numbers");
});
