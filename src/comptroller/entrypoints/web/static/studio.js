// Marks in the grid the rows that a trial has hit, and finds an example in its file; what it says stands beside the
// form, for whom no script runs.

const trial = document.querySelector(".trial");

function mark() {
  const fired = new Set((document.getElementById("outcome")?.dataset.fired ?? "").split(" "));
  for (const row of document.querySelectorAll(".rules tr[data-rule]")) {
    const hits = fired.has(row.dataset.rule);
    row.classList.toggle("fired", hits);
    row.querySelector(".hit").hidden = !hits;
  }
}

if (trial) {
  new MutationObserver(mark).observe(trial, { childList: true });
  const first = document.querySelector(".rules .fired");
  first?.closest(".scroll").scrollTo({ top: first.offsetTop - 120 });
}

for (const button of document.querySelectorAll("[data-find]")) {
  button.addEventListener("click", () => {
    const field = document.getElementById("text");
    const place = field.value.indexOf(button.dataset.find);
    field.focus();
    if (place < 0) return;
    field.setSelectionRange(place, place + button.dataset.find.length);
    const line = field.value.slice(0, place).split("\n").length - 1;
    field.scrollTop = (field.scrollHeight / field.value.split("\n").length) * line - field.clientHeight / 3;
  });
}
