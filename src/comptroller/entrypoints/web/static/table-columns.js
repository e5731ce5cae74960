// The head of a decision table that is written: drawn from its columns, each of which is changed in a form of its own.

import { element } from "./table-drawing.js";

const TITLES = { input: "When", output: "Then", annotation: "Noted" };
const KINDS = Object.keys(TITLES);
const UNNAMED = { input: "condition", output: "answer", annotation: "note" };

export const titleOf = (column) => column.name || column.expression || UNNAMED[column.kind];

export const newColumn = (kind) => ({ kind, before: -1, name: "", expression: "", type_ref: "", allowed: "", default: "" });

// Where a column of this kind is put: behind the chosen one where that is of its kind, else behind the last of it.
export function placeFor(columns, kind, chosen) {
  if (columns[chosen]?.kind === kind) return chosen + 1;
  const upTo = KINDS.slice(0, KINDS.indexOf(kind) + 1);
  return columns.filter((column) => upTo.includes(column.kind)).length;
}

export function drawHead(head, columns, faults, change) {
  const [groups, names] = head.rows;
  const [first, last] = [groups.cells[0], groups.cells[groups.cells.length - 1]];
  const spans = KINDS.map((kind) => [kind, columns.filter((column) => column.kind === kind).length]).filter(([, of]) => of);
  groups.replaceChildren(
    first,
    ...spans.map(([kind, of]) => element("th", { scope: "colgroup", colSpan: of, className: kind, textContent: TITLES[kind] })),
    last,
  );
  names.replaceChildren(...columns.map((column, place) => nameOf(column, faults.filter((fault) => fault[1] === place), () => change(place))));
}

function nameOf(column, faults, change) {
  const title = titleOf(column);
  const button = element("button", { type: "button", className: "plain", textContent: title, title: "Change this column" });
  button.addEventListener("click", change);
  const cell = element("th", { scope: "col", className: column.kind }, button);
  if (column.expression.length > 28) cell.classList.add("long");
  if (column.kind === "input" && column.expression && column.expression !== title) cell.append(element("code", { textContent: column.expression }));
  const limits = [column.type_ref, column.allowed].filter(Boolean).join(" ");
  if (limits) cell.append(element("span", { className: "dim", textContent: limits }));
  if (column.default) cell.append(element("span", { className: "dim", textContent: `else ${column.default}` }));
  if (faults.length) {
    cell.classList.add(faults.some((fault) => fault[3]) ? "wrong" : "doubtful");
    cell.setAttribute("aria-invalid", "true");
    cell.title = faults.map((fault) => fault[2]).join("; ");
  }
  return cell;
}

// The form of one column. `judge` tells what would be wrong with it, while it is written; `keep` takes what was written.
export function columnForm(dialog, judge, keep) {
  const form = dialog.querySelector("form");
  const problem = dialog.querySelector("#column-problem");
  let asked = 0;
  let waiting = 0;
  let shown = null;
  const typed = () => {
    const made = { ...shown };
    for (const field of form.querySelectorAll("input")) if (!field.closest("[hidden]")) made[field.name] = field.value.trim();
    return made;
  };
  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(async () => {
      const mine = (asked += 1);
      const told = await judge(typed());
      if (mine === asked) problem.textContent = told;
    }, 300);
  });
  dialog.addEventListener("close", () => {
    clearTimeout(waiting);
    asked += 1;
    const made = typed();
    if (dialog.returnValue === "keep" && JSON.stringify(made) !== JSON.stringify(shown)) keep(made);
    else keep(null);
  });
  return (column) => {
    shown = column;
    problem.textContent = "";
    dialog.querySelector("h2").textContent = column.before < 0 && !column.name && !column.expression ? `New ${UNNAMED[column.kind]}` : `Column “${titleOf(column)}”`;
    for (const field of form.querySelectorAll(".field")) {
      field.hidden = Boolean(field.dataset.for) && !field.dataset.for.split(" ").includes(column.kind);
      const input = field.querySelector("input");
      input.value = column[input.name];
    }
    dialog.returnValue = "";
    dialog.showModal();
  };
}
