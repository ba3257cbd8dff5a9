"""Files as HR has them, which tests of the page take from file to import."""
import random

# German Excel: windows-1252, `;`, foreign headings; a circular reporting line of three, a duplicate, a missing parent.
EXCEL = ("Planstellennummer;Bezeichnung;Vorgesetzte Planstelle;Bemerkung\r\nP1;Geschäftsführung;;leitet\r\nP2;Leitung Büro;P1;\r\nP3;Sachbearbeitung;P2;\r\nP4;Ausbildung;P3X;\r\nP2;Leitung Lager;P1;\r\n"
         "P6;Kreis A;P8;\r\nP7;Kreis B;P6;\r\nP8;Kreis C;P7;\r\n" + "".join(f"P{i};Stelle {i};P{i % 3 + 1};\r\n" for i in range(10, 40))).encode("cp1252")
US_EXPORT = "Position ID,Position Title,Reports To Position ID,Location\n" + "".join(f"{1000 + i},Title {i},{1000 + i // 4 if i else ''},Town\n" for i in range(60))
TITLES = "Positions of the company\nAs of November\n\nidnumber,parent,name\n" + "".join(f"P{i},{f'P{i // 3}' if i else ''},Position {i}\n" for i in range(30)) + "Total: 30,,\n"
WORKBOOK = [["Position no.", "Position title", "Reports to"]] + [[f"P{i}", f"Title {i}", "P9X" if i == 4 else f"P{i // 3}" if i else ""] for i in range(20)]
PEOPLE = "E-mail,Name,Job title,Manager e-mail\n" + "".join(f"p{i}@example.org,Person {i},Job,{f'p{i // 4}@example.org' if i else ''}\n" for i in range(40))
LEVELS = "Level 1,Level 2,Level 3\n" + "".join(f"Company,Division {i // 5},Team {i}\n" for i in range(20))
DEPARTMENTS = "idnumber,parent,name\nHQ,,Headquarters\nN,HQ,North\nS,HQ,South\n"
MORE_DEPARTMENTS = "idnumber,parent,name\nN1,N,Team 1\nN2,N,Team 2\nS1,S,Team 3\n"


def mess():
    """A circular reporting line of seven, 300 missing parents, 20 duplicates in 5,000 rows."""
    dice = random.Random(3)
    rows = [[f"P-{i:04}", f"Position {i}", f"P-{dice.randrange(i):04}" if i else ""] for i in range(5000)]
    for k in range(7):
        rows[200 + k][2] = f"P-{200 + (k + 1) % 7:04}"
    for i in dice.sample(range(1000, 4900), 300):
        rows[i][2] = f"P-4{dice.randrange(12):02}O"
    for k in range(20):
        rows[4960 + k][0] = rows[3000 + k][0]
    for row in rows:
        if row[2] in {f"P-{4960 + k}" for k in range(20)}:
            row[2] = "P-0001"
    return "Position no.,Position title,Reports to\n" + "".join(",".join(row) + "\n" for row in rows)


def update():
    """(before, after): 30 moved, 5 new, 2 gone, 1 renamed."""
    text = lambda rows: "idnumber,parent,name\n" + "".join(",".join(row) + "\n" for row in rows)  # noqa: E731
    old = [[f"P{i}", f"P{i // 5}" if i else "", f"Position {i}"] for i in range(200)]
    new = [list(row) for row in old if row[0] not in ("P198", "P199")]
    for row in new[100:130]:
        row[1] = "P1" if row[1] != "P1" else "P2"
    new[50][2] = "Renamed"
    new += [[f"N{i}", "P3", f"New {i}"] for i in range(5)]
    return text(old), text(new)
