// A button of a letter prints it.
document.addEventListener("click", (e) => e.target.closest?.("[data-print]") && print());
