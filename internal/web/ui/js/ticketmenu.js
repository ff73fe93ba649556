// What stands in the ticket's menu under a word of its own (data-does) is an action: a key or its name in the palette does
// the same as a click there.
import { act } from "./keys.js";

for (const does of ["merge"]) {
  act(does, () => {
    const entry = document.querySelector(`[data-does="${does}"]`);
    entry?.click();
    return Boolean(entry);
  });
}
