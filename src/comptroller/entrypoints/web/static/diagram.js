// Draws the BPMN of every element with `data-model`, and puts what its `data-marks` says on the nodes: a list of
// { node, state, text, label }; with `data-of-marks` it shows what is marked, not the whole. What it shows stands beside
// it in words, for whom no script runs.

const MARGIN = 20;
const ROUND = 160; // what is seen around what is marked
const HEIGHT = 360;

async function draw(frame) {
  const answer = await fetch(frame.dataset.model, { headers: { Accept: "application/xml" } });
  if (!answer.ok) throw new Error(String(answer.status));
  const viewer = new window.BpmnJS({ container: frame.querySelector(".canvas") });
  await viewer.importXML(await answer.text());
  viewer.get("zoomScroll").toggle(false); // the wheel moves the page
  const marks = JSON.parse(frame.dataset.marks);
  for (const mark of marks) put(viewer, mark);
  const canvas = viewer.get("canvas");
  const marked = marks.map(({ node }) => viewer.get("elementRegistry").get(node)).filter((element) => element?.width);
  const show = () => (marked.length ? fitTo(frame, canvas, marked) : fit(frame, canvas));
  if (frame.hasAttribute("data-of-marks")) show();
  else fit(frame, canvas);
  frame.addEventListener("click", ({ target }) => {
    const by = target.dataset?.zoom;
    if (by === "fit") fit(frame, canvas);
    else if (by === "marks") show();
    else if (by) canvas.zoom(canvas.zoom() * Number(by), "auto");
  });
}

function put(viewer, { node, state, text, label }) {
  if (!viewer.get("elementRegistry").get(node)) return;
  viewer.get("canvas").addMarker(node, `node-${state}`);
  if (!text) return;
  const tally = document.createElement("span");
  tally.className = `tally ${state}`;
  tally.textContent = text;
  tally.title = label;
  viewer.get("overlays").add(node, { position: { top: -12, right: 14 }, html: tally });
}

function fit(frame, canvas) {
  const { inner } = canvas.viewbox();
  const box = frame.querySelector(".canvas");
  const scale = Math.min(box.clientWidth / (inner.width + 2 * MARGIN), 1);
  box.style.height = `${Math.ceil((inner.height + 3 * MARGIN) * scale)}px`;
  canvas.resized();
  const size = { width: box.clientWidth / scale, height: box.clientHeight / scale };
  canvas.viewbox({ x: inner.x - MARGIN, y: inner.y - MARGIN, ...size });
}

function fitTo(frame, canvas, elements) {
  const box = frame.querySelector(".canvas");
  box.style.height = `${HEIGHT}px`;
  canvas.resized();
  const [left, top] = [Math.min(...elements.map(({ x }) => x)) - ROUND, Math.min(...elements.map(({ y }) => y)) - ROUND];
  const width = Math.max(...elements.map((each) => each.x + each.width)) + ROUND - left;
  const height = Math.max(...elements.map((each) => each.y + each.height)) + ROUND - top;
  const scale = Math.min(box.clientWidth / width, HEIGHT / height, 1);
  const size = { width: box.clientWidth / scale, height: HEIGHT / scale };
  canvas.viewbox({ x: left - (size.width - width) / 2, y: top - (size.height - height) / 2, ...size });
}

for (const frame of document.querySelectorAll("[data-model]")) {
  frame.hidden = false;
  draw(frame).catch(() => {
    frame.hidden = true;
  });
}
