// A change of many tickets that runs is asked how far it is, again and again, until it is over.
import { refresh } from "./live.js";

const bulkRuns = () => document.querySelector("#bulk-progress[data-running]");
async function lookAtBulk() {
  if (!bulkRuns()) return;
  if (!document.hidden) await refresh(["bulk-progress"]).catch(() => {});
  setTimeout(lookAtBulk, 500);
}
lookAtBulk();
