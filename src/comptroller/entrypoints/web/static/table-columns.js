// The head of a decision table that is written: drawn from its columns, each of which is changed in a form of its own.

import { element, sentence } from "./table-drawing.js";

const TITLES = { input: "When", output: "Then", annotation: "Noted" };
const KINDS = Object.keys(TITLES);
const UNNAMED = { input: "condition", output: "answer", annotation: "note" };

export const titleOf = (column) => column.name || column.expression || UNNAMED[column.kind];

const newColumn = (kind) => ({ kind, before: -1, name: "", expression: "", type_ref: "", allowed: "", default: "" });

// Where a column of this kind is put: behind the chosen one where that is of its kind, else behind the last of it.
function placeFor(columns, kind, chosen) {
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
function columnForm(dialog, judge, keep) {
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

// A state with another column in its place, or with one more and its cells.
function withColumn(grid, place, column, isNew) {
  const { state } = grid;
  const columns = [...state.columns];
  columns.splice(place, isNew ? 0 : 1, column);
  if (!isNew) return { ...state, columns };
  const cells = (row) => [...row.cells.slice(0, place), grid.emptyCell(column), ...row.cells.slice(place)];
  return { ...state, columns, rows: state.rows.map((row) => ({ ...row, cells: cells(row) })) };
}

// The acts on columns of a grid; a column is written in its form, and judged there while it is.
export function columnTools(grid) {
  let writing = null; // the column whose form is open: its place, and whether it is new

  async function judge(column) {
    try {
      const { cells, others } = await grid.send(grid.url("check"), withColumn(grid, writing.place, column, writing.isNew));
      const faults = cells.filter(([row, place]) => row < 0 && place === writing.place).map((fault) => fault[2]);
      return [...faults, ...others].map(sentence).join(" ");
    } catch (error) {
      return `Not checked: ${error.message}.`;
    }
  }

  function keep(column) {
    const { place, isNew } = writing;
    if (column === null) return grid.select();
    grid.change(() => {
      grid.state = withColumn(grid, place, column, isNew);
      grid.choose({ row: grid.at.row, column: place + 1 });
    });
  }

  const open = columnForm(document.getElementById("column"), judge, keep);

  function columnAt(place) {
    if (place < 0) return grid.say("The ids of rows are no column to change.");
    grid.finish();
    writing = { place, isNew: false };
    open(grid.state.columns[place]);
  }

  function add(kind) {
    writing = { place: placeFor(grid.state.columns, kind, grid.at.column - 1), isNew: true };
    open(newColumn(kind));
  }

  function drop() {
    const { columns } = grid.state;
    const place = grid.at.column - 1;
    const kind = columns[place]?.kind;
    if (place < 0) return grid.say("The ids of rows are no column to delete.");
    if (kind === "output" && columns.filter((column) => column.kind === kind).length === 1) return grid.say("A table needs a conclusion.");
    grid.change(() => {
      columns.splice(place, 1);
      for (const row of grid.state.rows) row.cells.splice(place, 1);
    });
  }

  return {
    columnAt,
    condition: () => add("input"),
    conclusion: () => add("output"),
    note: () => add("annotation"),
    column: () => columnAt(grid.at.column - 1),
    drop,
  };
}
