// Marks in the grid the rows that a trial has hit; what it says stands beside the form, for whom no script runs.

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
