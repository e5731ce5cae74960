// Moves a limit of the grid and tells while it is dragged what that would mean for the tenant's cases. The server decides
// each case once, for values below, on and above the limit; wherever the limit is, counting is done here.

import { element } from "./table-drawing.js";

const SVG = "http://www.w3.org/2000/svg";
const STEPS = 160; // places at which the charts are drawn
const LISTED = 12;

const panel = document.getElementById("limit");
const at = (name) => document.getElementById(`limit-${name}`);
const number = new Intl.NumberFormat("en", { maximumFractionDigits: 6 });

let told = null; // what the server said
let places = 0; // digits behind the point of the limit
let keep = null; // takes the cells and the number that is written into them

const money = (minor) => `${told.currency}\u00a0${(minor / 10 ** told.scale).toLocaleString("en", { minimumFractionDigits: told.scale, maximumFractionDigits: told.scale })}`;
const cases = (count) => `${number.format(count)} ${count === 1 ? "case" : "cases"}`;
const written = (limit) => limit.toFixed(places);

// What becomes of the cases where the limit is here, in all and by unit and by what becomes of them.
function counted(limit) {
  const sums = { cases: 0, amount: 0, units: told.units.map(() => [0, 0]), words: told.words.map(() => 0) };
  for (const [value, unit, below, on, above, count, amount] of told.points) {
    const word = value === null || value === limit ? on : value < limit ? below : above;
    if (word < 0) continue;
    sums.cases += count;
    sums.amount += amount;
    sums.units[unit][0] += count;
    sums.units[unit][1] += amount;
    sums.words[word] += count;
  }
  return sums;
}

function nice(limit) {
  const power = 10 ** Math.floor(Math.log10(Math.max(limit, 1)));
  return Math.ceil(limit / power) * power;
}

// From nothing, or below it, to what most values and twice the limit stay under.
function range() {
  const values = told.points.map(([value]) => value).filter((value) => value !== null).sort((a, b) => a - b);
  const most = values[Math.floor(values.length * 0.95)] ?? 0;
  return [Math.min(0, values[0] ?? 0), nice(Math.max(2 * told.limit, Math.min(most, 20 * told.limit), 1))];
}

function shape(name, attributes, text) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  if (text !== undefined) made.textContent = text;
  return made;
}

function chart(svg, values, [low, high], label) {
  const most = Math.max(...values, 1);
  const x = (limit) => (480 * (limit - low)) / (high - low);
  const y = (value) => 150 - (140 * value) / most;
  const line = values.map((value, place) => `${place ? "H" : "M0 150V"}${place ? `${(480 * place) / STEPS}V` : ""}${y(value).toFixed(1)}`).join("");
  const was = shape("line", { class: "was", x1: x(told.limit), x2: x(told.limit), y1: 0, y2: 150, "vector-effect": "non-scaling-stroke" });
  const now = shape("line", { class: "now", y1: 0, y2: 150, "vector-effect": "non-scaling-stroke" });
  svg.replaceChildren(
    shape("title", {}, label),
    shape("path", { class: "area", d: `${line}H480V150Z` }),
    shape("line", { class: "axis", x1: 0, x2: 480, y1: 150, y2: 150, "vector-effect": "non-scaling-stroke" }),
    was,
    now,
  );
  return (limit) => {
    now.setAttribute("x1", Math.min(Math.max(x(limit), 0), 480));
    now.setAttribute("x2", now.getAttribute("x1"));
  };
}

let marks = []; // move the line of each chart
let span = [0, 1];

function drawCharts() {
  span = range();
  const [low, high] = span;
  const limits = Array.from({ length: STEPS + 1 }, (_, place) => low + ((high - low) * place) / STEPS);
  const sums = limits.map(counted);
  const between = `limits from ${number.format(low)} to ${number.format(high)}`;
  const [mostCases, mostMoney] = [Math.max(...sums.map((each) => each.cases)), Math.max(...sums.map((each) => each.amount))];
  marks = [
    chart(at("cases"), sums.map((each) => each.cases), span, `Cases that come out otherwise, at ${between}: at most ${number.format(mostCases)}`),
    chart(at("money"), sums.map((each) => each.amount), span, `Their amounts, at ${between}: at most ${money(mostMoney)}`),
  ];
  for (const [name, most] of [["cases", number.format(mostCases)], ["money", money(mostMoney)]]) {
    const figure = at(name).closest("figure");
    figure.querySelector(".scale")?.remove();
    figure.append(element("p", { className: "scale" }, element("span", { textContent: number.format(low) }), element("span", { textContent: `at most ${most}` }), element("span", { textContent: number.format(high) })));
  }
  const step = Math.max(Math.floor(STEPS / LISTED), 1);
  at("places").replaceChildren(...limits.filter((_, place) => place % step === 0).map((limit, place) => row([written(limit), number.format(sums[place * step].cases), money(sums[place * step].amount)])));
}

function row(cells) {
  return element("tr", {}, ...cells.map((text) => element("td", { className: "number", textContent: text })));
}

function bar(share) {
  const svg = shape("svg", { class: "bar", viewBox: "0 0 100 8", preserveAspectRatio: "none", "aria-hidden": "true" });
  svg.append(shape("rect", { width: 100 * share, height: 8 }));
  return svg;
}

function show(limit) {
  const sums = counted(limit);
  const same = limit === told.limit ? " It stands there now." : "";
  const summary = `${cases(sums.cases)} of ${number.format(told.cases - told.several)} ${sums.cases === 1 ? "comes" : "come"} out otherwise, ${money(sums.amount)}.`;
  at("told").replaceChildren(element("strong", { textContent: summary }), same);
  at("slider").setAttribute("aria-valuetext", `${written(limit)}: ${summary}`);
  for (const mark of marks) mark(limit);
  const most = Math.max(...sums.units.map(([, amount]) => amount), 1);
  at("units").replaceChildren(
    ...told.units.flatMap((unit, place) => {
      const [count, amount] = sums.units[place];
      if (!count) return [];
      const line = row([unit, number.format(count), money(amount)]);
      line.cells[0].className = "";
      line.append(element("td", { className: "grow wide" }, bar(amount / most)));
      return [line];
    }),
  );
  at("units").closest(".scroll").hidden = sums.cases === 0;
  const words = told.words.map((text, place) => [sums.words[place], text]).filter(([count]) => count).sort((a, b) => b[0] - a[0]);
  at("words").replaceChildren(
    ...words.slice(0, 6).map(([count, text]) => element("li", { textContent: `${cases(count)}: ${text.replaceAll("`", "")}` })),
    ...(words.length > 6 ? [element("li", { className: "dim", textContent: `${words.length - 6} other changes` })] : []),
  );
  return summary;
}

const aloud = (limit) => { at("aloud").textContent = show(limit); };

const chosen = () => {
  const typed = Number(at("value").value.replaceAll(",", ""));
  return Number.isFinite(typed) && at("value").value.trim() ? typed : told.limit;
};

// Opens the panel with what the server said of a limit; `again` asks it anew, `put` writes into the cells.
function openLimit(facts, { again, put, close }) {
  told = { ...facts, limit: Number(facts.value), points: facts.points.map(([value, ...rest]) => [value === null ? null : Number(value), ...rest]) };
  places = (facts.value.split(".")[1] ?? "").length;
  keep = { put, close, again };
  panel.hidden = false;
  at("title").textContent = `Move the limit of “${facts.column}”`;
  at("which").closest("label").hidden = facts.limits.length < 2;
  at("which").replaceChildren(...facts.limits.map((limit, place) => element("option", { value: place, textContent: limit, selected: place === facts.number })));
  at("same").hidden = facts.same < 2;
  at("same").querySelector("span").textContent = `with the ${facts.same - 1 === 1 ? "other row" : `${facts.same - 1} other rows`} of this limit`;
  const several = told.several ? ` ${cases(told.several)} ask the table several times, as by line, and are counted by a backtest only.` : "";
  at("basis").textContent = `By ${told.is_complete ? "all" : "the newest"} ${cases(told.cases)} that were asked “${facts.decision}”, with what it was asked with, beside what the version in force says. Save the draft and take it through the cases for what follows in all other decisions.${several}`;
  drawCharts();
  const [low, high] = span;
  Object.assign(at("slider"), { min: low, max: high, step: 10 ** -places >= (high - low) / 2000 ? 10 ** -places : nice((high - low) / 2000) / 10 });
  at("value").value = facts.value;
  at("slider").value = told.limit;
  aloud(told.limit);
  at("title").focus();
}

at("slider")?.addEventListener("input", () => {
  const limit = Number(Number(at("slider").value).toFixed(places));
  at("value").value = written(limit);
  show(limit);
});
at("slider")?.addEventListener("change", () => aloud(chosen()));
at("value")?.addEventListener("input", () => {
  at("slider").value = chosen();
  show(chosen());
});
at("value")?.addEventListener("change", () => aloud(chosen()));
for (const name of ["together", "which"]) {
  at(name)?.addEventListener("change", () => keep.again(at("together").checked, Number(at("which").value)));
}
at("write")?.addEventListener("click", () => {
  panel.hidden = true;
  keep.put(told.cells, written(chosen()));
});
at("close")?.addEventListener("click", () => {
  panel.hidden = true;
  keep.close();
});

// Asks what the limit of the chosen cell would mean, and opens the form that moves it.
export async function moveLimit(grid, together = false, number = 0) {
  const { row, column } = grid.at;
  const typed = { row, column: column - 1, number, ...(together ? { together: "yes" } : {}) };
  grid.say("The cases are looked at.");
  try {
    openLimit(await grid.send(grid.url("limit"), grid.state, typed), {
      again: (...choice) => {
        grid.choose({ row, column });
        moveLimit(grid, ...choice);
      },
      put: (cells, limit) => grid.change(() => {
        for (const [place, from, to] of cells) {
          const was = grid.state.rows[place].cells[column - 1];
          grid.put(place, column, was.slice(0, from) + limit + was.slice(to));
        }
      }),
      close: grid.select,
    });
    grid.say("The limit is moved in the form above the grid.");
  } catch (error) {
    grid.say(`${error.message[0].toUpperCase()}${error.message.slice(1)}.`, true);
  }
}
