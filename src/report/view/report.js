/* Entry point: creates the views of a report, and exports what the page uses. */
function report() {
  for (const section of document.querySelectorAll("section.file")) {
    const rows = section.querySelector("script.rows"),
          findings = section.querySelector("script.findings");
    if (!rows) continue;
    const data = JSON.parse(rows.textContent);
    const summaries = Object.fromEntries([...section.querySelectorAll(".codes tbody tr")].map(
      ({cells}) => [cells[0].textContent, cells[1].textContent]));
    const source = new Memory(data, JSON.parse(findings.textContent), summaries);
    const about = source.whole ?
      null :
      T("Of %s rows, %s are shown: those with findings and the rows above them.", number(data.rows),
        number(source.count));
    section.classList.add("scripted");
    section.append(new View(source, {about}).host);
    rows.remove();
    findings.remove();
  }
}

globalThis.orgvet = {
  View,
  Memory,
  make,
  asText,
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
