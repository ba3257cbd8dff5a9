/* The summary of a file as text, to send to a colleague. */
function summaryText(section) {
  const said = (host, selector) => host.querySelector(selector)?.textContent.trim() ?? "";
  const lines = [...section.querySelectorAll(".codes tbody tr")].map((row) => {
    const [often, who, what] =
      [...row.querySelectorAll("td")].map((cell) => cell.textContent.trim());
    return `- ${said(row, ".what")} (${often}): ${who}\n  ${what}`;
  });
  return [said(section, "h1"), said(section, ".lead"), "", ...lines].join("\n");
}
async function copied(event, section) {
  const pressed = event.currentTarget;
  try {
    await navigator.clipboard.writeText(summaryText(section));
    pressed.textContent = T("Copied");
  } catch {  // not allowed: offer the text to be copied by hand
    const text = make("textarea", {rows: "10", style: "width:100%", "aria-label": T("Summary")});
    text.value = summaryText(section);
    pressed.replaceWith(text);
    text.select();
  }
}

/* Entry point: creates the views of a report, and exports what the page uses. */
function report() {
  document.querySelector(".report .top")
    ?.append(make("button", {type: "button", onclick: () => print()}, T("Print")));
  for (const short of document.querySelectorAll("section.short"))
    short.querySelector("h2").after(make(
      "button",
      {type: "button", class: "copy", onclick: (e) => copied(e, short.closest("section.file"))},
      T("Copy as text")));
  for (const section of document.querySelectorAll("section.file")) {
    const rows = section.querySelector("script.rows"),
          findings = section.querySelector("script.findings");
    if (!rows) continue;
    const data = JSON.parse(rows.textContent);
    const summaries = Object.fromEntries([...section.querySelectorAll(".codes tbody tr")].map(
      (row) => [row.dataset.code, row.querySelector(".what").textContent]));
    const source = new Memory(data, JSON.parse(findings.textContent), summaries);
    const about = source.whole ?
      null :
      T("Of %s rows, %s are shown: those with findings and the rows above them.", number(data.rows),
        number(source.count));
    section.classList.add("scripted");
    section.append(new View(source, about).host);
    rows.remove();
    findings.remove();
  }
}

globalThis.orgvet = {
  View,
  Organisation,
  Virtual,
  Blocks,
  Memory,
  make,
  keepingFocus,
  arrange,
  asText,
  prose,
  brief,
  severity,
  T,
  number,
  count,
  shown,
  cut,
  groupOf
};
report();
