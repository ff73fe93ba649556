// Keys that put a ticket aside.
import { act, openMenu, press } from "./keys.js";

act("snooze", () => Boolean(document.getElementById("ticket-snooze")) && openMenu("ticket-snooze"));
act("trash", () => {
  const form = document.getElementById("throw-away");
  form?.requestSubmit();
  return Boolean(form);
});
act("wake", () => press("#ticket-snooze form[action$='/wake'] button, .ticket form[action$='/wake'] button"));
