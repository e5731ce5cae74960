// Blocks of cells as a spreadsheet copies and pastes them: lines of tabs.

const quoted = (value) => (/["\t\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value);

export const written = (lines) => lines.map((cells) => cells.map(quoted).join("\t")).join("\n");

// Excel quotes only what holds a tab, a line's end or a quote at its beginning; a FEEL text such as "EUR" stands bare.
function unquoted(part) {
  const inner = /^"([\s\S]*)"$/.exec(part)?.[1];
  return inner !== undefined && (/""/.test(inner) || /[\t\n]/.test(inner)) ? inner.replaceAll('""', '"') : part;
}

export function read(pasted) {
  const lines = [[""]];
  let within = false;
  for (const sign of pasted.replaceAll("\r\n", "\n").replace(/\n$/, "")) {
    const line = lines.at(-1);
    if (sign === '"') within = !within;
    if (sign === "\t" && !within) line.push("");
    else if (sign === "\n" && !within) lines.push([""]);
    else line[line.length - 1] += sign;
  }
  return lines.map((line) => line.map(unquoted));
}
