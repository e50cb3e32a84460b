/* The rows of a score sheet against the marks that the trace settled (marks.py says why). */

const EXAMS = ["theory", "practical", "review"], COMPONENTS = ["performance", "conduct"];
const partOf = (candidate, subject) => `${candidate}/${subject}`;
const wordOf = (value) => MESSAGES[`WORD_${value.toUpperCase() || "NONE"}`] ?? value;

function checkMarks(log, told, name, bytes, report) {
  let sheet;
  try {
    sheet = parseCanonical(bytes);
  } catch {
    return; // said already
  }
  const known = knownMarks(log, told);
  for (const row of sheetRows(sheet)) {
    const find = (code, values = {}) => {
      const words = Object.entries(values).map(([key, value]) => [key, wordOf(value)]);
      report.find(code, `${name}#${row.no}`, { row: row.no, ticket: row.ticket, ...Object.fromEntries(words) });
    };
    for (const [part, found] of Object.entries(row.parts)) {
      const wanted = wantedMark(row, part, found, known);
      if (found !== wanted) find("SHEET_MARK", { part, found, wanted });
    }
    const taken = Object.keys(row.parts).filter((part) => row.parts[part] !== "not_taken");
    const lifted = taken.some((part) => known.corrected.has(partOf(row.candidate, part)));
    const shown = taken.some((part) => row.parts[part] === "misconduct");
    if (!lifted && taken.length && shown !== known.voided.has(row.candidate)) find("SHEET_MISCONDUCT");
    const outcome = outcomeOf(row, sheet.pass_mark);
    if (outcome && row.outcome !== outcome) find("SHEET_OUTCOME", { found: String(row.outcome), wanted: outcome });
  }
}

/* What the part must say; states that no mark contradicts are taken as they stand. */
function wantedMark(row, subject, printed, known) {
  const part = partOf(row.candidate, subject), settled = known.marks.get(part) ?? "";
  if (known.corrected.has(part)) return known.corrected.get(part);
  if (printed === "misconduct" || (!settled && ["absent", "not_taken"].includes(printed))) return printed;
  const away = COMPONENTS.includes(subject) && Object.values(row.parts).includes("absent");
  return away && printed === "not_taken" ? printed : settled;
}

/* The result that follows from the marks; "" where a part is no mark, which has been named. */
function outcomeOf(row, passMark) {
  const of = (names) => names.map((one) => row.parts[one]).filter((one) => one !== "not_taken");
  const exams = of(EXAMS), all = [...exams, ...of(COMPONENTS)];
  if (exams.includes("misconduct")) return "misconduct";
  if (exams.includes("absent")) return "absent";
  if (all.includes("void")) return "failed";
  const marks = [...exams, ...(row.overall ? [row.overall] : [])];
  if (![...marks, passMark].every((one) => /^\d+(\.\d+)?$/.test(one))) return "";
  return marks.every((one) => Number(one) >= Number(passMark)) ? "passed" : "failed";
}

function knownMarks(log, told) {
  const own = log.told.filter(({ type, facts }) =>
    ["results:sheet:signed", "results:sheet:corrected"].includes(type) && facts.sheet === told.sheet);
  const sealed = Math.min(...own.map((one) => one.index)); // from here on only corrections count
  const marks = new Map(), corrected = new Map(), incidents = new Map();
  for (const { type, index, facts } of log.told) {
    if (type === "results:sheet:corrected") {
      if (facts.sheet !== told.sheet || facts.version > told.version) continue;
      for (const one of facts.changes) corrected.set(partOf(one.candidate, one.subject), one.after);
    } else if (index > sealed) {
      continue;
    } else if (MARK_TYPES.includes(type)) {
      marks.set(partOf(facts.candidate, facts.subject), facts.mark);
    } else if (type === "proctoring:incident:recorded") {
      incidents.set(facts.incident, { candidate: facts.candidate, voids: facts.voids });
    } else if (type === "proctoring:incident:decided" && incidents.has(facts.incident)) {
      incidents.get(facts.incident).voids = facts.voids;
    }
  }
  const standing = [...incidents.values()].filter((one) => one.voids !== "nothing");
  return { marks, corrected, voided: new Set(standing.map((one) => one.candidate)) };
}

/* The rows that say whose marks they hold; what is malformed other checks name. */
function sheetRows(sheet) {
  if (!isObject(sheet) || !Array.isArray(sheet.rows) || !Array.isArray(sheet.details)) return [];
  const pairs = sheet.rows.slice(0, sheet.details.length).map((row, at) => [row, sheet.details[at]]);
  const open = pairs.filter(([row, detail]) => isObject(row) && isObject(detail));
  return open.filter(([, detail]) => Number.isSafeInteger(detail.candidate_id)).map(([row, detail]) => ({
    no: row.no, ticket: detail.ticket_no, candidate: detail.candidate_id, outcome: row.outcome,
    parts: Object.fromEntries([...EXAMS, ...COMPONENTS].map((one) => [one, String(detail[one] ?? "not_taken")])),
    overall: String(detail.overall ?? ""),
  }));
}
