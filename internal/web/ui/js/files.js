// Shows the chosen files, lets one be taken out, and says before the upload when they are too large together.
const kilo = new Intl.NumberFormat(document.documentElement.lang || "en", { maximumFractionDigits: 1 });

function sizeOf(bytes) {
  let unit = 0;
  for (; bytes >= 1000 && unit < 3; unit++) bytes /= 1000;
  return kilo.format(bytes) + " " + ["B", "kB", "MB", "GB"][unit];
}

export function addFiles(input, more) {
  const sum = new DataTransfer();
  for (const file of [...(input.multiple ? input.files : []), ...more]) sum.items.add(file);
  input.files = sum.files;
  input.dispatchEvent(new Event("change", { bubbles: true }));
}

export function showFiles(input) {
  const list = input.closest("[data-files]")?.querySelector(".files");
  if (!list) return;
  let total = 0;
  list.replaceChildren(...[...input.files].map((file, i) => {
    total += file.size;
    const row = document.createElement("li");
    const out = document.createElement("button");
    out.type = "button";
    out.className = "plain";
    out.textContent = "✕";
    out.setAttribute("aria-label", (list.dataset.remove || "✕") + " " + file.name);
    out.addEventListener("click", () => {
      const rest = [...input.files].filter((_, at) => at !== i);
      input.value = "";
      addFiles(input, rest);
      input.focus();
    });
    row.append(file.name + " · " + sizeOf(file.size), out);
    return row;
  }));
  const limit = Number(input.dataset.max || 0);
  const text = limit && total > limit ? (input.dataset.tooLarge || "").replace("#", sizeOf(total)) : "";
  input.setCustomValidity(text);
  if (text) {
    const row = document.createElement("li");
    row.className = "wrong";
    row.textContent = text;
    list.append(row);
  }
}

document.addEventListener("change", (e) => e.target.type === "file" && showFiles(e.target));
document.addEventListener("reset", (e) => setTimeout(() => e.target.querySelectorAll("input[type=file]").forEach(showFiles)));
