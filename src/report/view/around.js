/* What is above and below an item, or the circular reporting line it belongs to. */
const CARDS = 60, CRUMBS = 6;

/* What is wrong with an item or below it, and its changes. */
const marks = (node) => {
  const all = [
    ...problemMarks(node),
    ...changesOf(node).map((text) => make("span", {class: "mark change"}, text))
  ];
  return all.length ? make("span", {class: "marks"}, ...all) : null;
};

/* The way from the top to an item. */
async function crumbs(source, node, chosen) {
  const above = [];
  let up = await source.above(node.node);
  for (; up >= 0 && up !== source.top && above.length < CRUMBS; up = await source.above(up))
    above.unshift(await source.node(up));
  const title = (one) => asText(one.name || one.group || one.id, 60);
  return make(
    "nav", {class: "crumbs", "aria-label": T("above it")},
    ...(up >= 0 && up !== source.top ? ["… › "] : []),
    ...above.flatMap(
      (one) =>
        [make(
           "button", {type: "button", class: "link", onclick: () => chosen(one.node)}, title(one)),
         " › "]),
    make("b", null, title(node)));
}

/* Cards of what is directly below an item: however many lines they take, they are in one frame. */
async function below(source, node, chosen) {
  if (!node.kids) return [];
  const kids = await source.children(node.node, 0, CARDS);
  const card = (kid) => make(
    "button", {class: "card", type: "button", onclick: () => chosen(kid.node)},
    make("b", null, asText(kid.name || kid.group || kid.id, 60)),
    make(
      "span", {class: "about"}, make("bdi", null, kid.group ? "" : cut(shown(kid.id ?? ""), 40)),
      make("span", {class: "grow"}), kid.below ? T("%s below", number(kid.below)) : ""),
    marks(kid));
  return [make(
    "section", {class: "box-of-cards"},
    make("h3", null, count(node.kids, "%s directly below it", "%s directly below it")),
    make("ul", null, ...kids.map((kid) => make("li", null, card(kid)))),
    node.kids > CARDS ? make("p", {class: "note"}, T("and %s more", number(node.kids - CARDS))) :
                        null)];
}

/* A cycle: its rows in a circle, each with an arrow to its parent; the cheapest cut is dashed. */
const RING = {
  size: 360,
  radius: 135,
  seat: 26,
  most: 16
};

async function ring(source, loop, chosen) {
  const {size, most} = RING, rows = loop.rows.slice(0, most), at = loop.rows.indexOf(loop.cut);
  if (at < 0 || at >= most) rows[rows.length - 1] = loop.cut;
  const near = await Promise.all(rows.map((row) => source.node(source.nodeOf(row))));
  const cutAt = rows.indexOf(loop.cut), cutRow = await source.rowAt(loop.cut);
  const drawing = make(
    "svg:svg", {
      class: "ring",
      viewBox: `0 0 ${size} ${size}`,
      role: "img",
      "aria-label":
        T("circular reporting line of %s rows; the line below shows where to break it",
          number(loop.size))
    },
    ...rows.map((row, i) => arrow(i, rows.length, i === cutAt)),
    ...rows.flatMap((row, i) => seat(i, rows.length, near[i], i === cutAt)));
  return make(
    "div", null, drawing,
    make(
      "p", null, make("strong", null, T("Break it here:")), " ",
      make(
        "button", {type: "button", onclick: () => chosen(source.nodeOf(loop.cut))},
        asText(near[cutAt].id, 60)),
      " ", T("line %s: give this row another parent", number(cutRow.line))),
    make("p", {class: "note"}, T("An arrow leads from a row to its parent.")),
    loop.size > rows.length ?
      make(
        "p", {class: "note"},
        T("Rows of the circular reporting line not shown: %s", number(loop.size - rows.length))) :
      null);
}

const seatPlace = (i, of) =>
  [RING.size / 2 + RING.radius * Math.sin(2 * Math.PI * i / of),
   RING.size / 2 - RING.radius * Math.cos(2 * Math.PI * i / of)];

/* An arrow from the rim of one seat to the next, curved outwards. */
function arrow(i, of, isCut) {
  const [x, y] = seatPlace(i, of), [nx, ny] = seatPlace((i + 1) % of, of), half = RING.size / 2;
  const bend = [
    half + (x + nx - RING.size) / (of === 2 ? 2 : 1.7),
    half + (y + ny - RING.size) / (of === 2 ? 2 : 1.7)
  ];
  if (of === 2) bend[0] += i ? -90 : 90;  // there and back again, side by side
  const towards = ([ax, ay], [bx, by], by2) => {
    const far = Math.hypot(bx - ax, by - ay) || 1;
    return [ax + (bx - ax) / far * by2, ay + (by - ay) / far * by2];
  };
  const from = towards([x, y], bend, RING.seat), to = towards([nx, ny], bend, RING.seat + 2),
        angle = Math.atan2(to[1] - bend[1], to[0] - bend[0]);
  const wing = (turn) =>
    `${to[0] - 9 * Math.cos(angle + turn)} ${to[1] - 9 * Math.sin(angle + turn)}`;
  return make(
    "svg:g", {class: isCut ? "cut" : null},
    make("svg:path", {d: `M ${from.join(" ")} Q ${bend.join(" ")} ${to.join(" ")}`}),
    make("svg:path", {class: "head", d: `M ${wing(0.45)} L ${to.join(" ")} L ${wing(-0.45)} Z`}));
}

function seat(i, of, about, isCut) {
  const [x, y] = seatPlace(i, of);
  return [
    make(
      "svg:circle", {class: isCut ? "seat cut" : "seat", cx: x, cy: y, r: RING.seat},
      make("svg:title", null, `${shown(about.id)} ${cut(shown(about.name), 80)}`)),
    make("svg:text", {x, y}, cut(shown(about.id), 8))
  ];
}
