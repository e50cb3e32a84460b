/* Score sheets against their trace entry: digests, rows, and who signed (ES256, RFC 7515). */

const sheetKind = (name) =>
  /(^|\/)public\.json$/.test(name) ? "public" : (/\.(json|pdf|xlsx)$/.exec(name) || ["", ""])[1];

async function checkSheetFile(told, name, bytes, jws, report) {
  const kind = sheetKind(name);
  if (kind === "public") {
    checkRows(told, name, bytes, report);
    return;
  }
  if (hex(sha256(bytes)) !== told.digests[kind]) report.find("SHEET_HASH", name, { kind: kind.toUpperCase() });
  if (kind === "pdf") {
    const [found, stamps] = countSignatures(bytes);
    if (found !== told.sigCount) report.find("SHEET_SIG_COUNT", name, { found, wanted: told.sigCount });
    if (stamps !== told.stampCount) report.find("SHEET_STAMP_COUNT", name, { found: stamps, wanted: told.stampCount });
    report.note("PDF_SIGNATURE_UNCHECKED", name);
  }
  if (kind === "json") {
    checkRows(told, name, bytes, report);
    await checkSigners(told, name, bytes, jws, report);
    if (told.sm2Count) report.note("SM2_UNCHECKED", `${name}.sm2`);
  }
}

/* Signatures of people and document time-stamps of a PDF: one signed byte range each. */
function countSignatures(bytes) {
  const latin = new TextDecoder("latin1").decode(bytes);
  let people = 0, stamps = 0;
  for (const found of latin.matchAll(/\/ByteRange\s*\[\s*\d+\s+\d+\s+\d+\s+\d+\s*\]/g)) {
    const begin = Math.max(latin.lastIndexOf(" obj", found.index), 0), end = latin.indexOf("endobj", found.index);
    const dictionary = latin.slice(begin, end < 0 ? latin.length : end);
    if (dictionary.includes("/DocTimeStamp")) stamps++;
    else people++;
  }
  return [people, stamps];
}

/* The rows add up to the traced root, and each detail is the one its row commits to. */
function checkRows(told, name, bytes, report) {
  let sheet;
  try {
    sheet = parseCanonical(bytes);
    if (!isObject(sheet)) throw new Malformed("not an object");
  } catch (error) {
    report.find("SHEET_FORMAT", name, { reason: error.message });
    return;
  }
  for (const [field, wanted] of [["sheet", told.sheet], ["version", told.version]]) {
    if (field in sheet && String(sheet[field]) !== String(wanted)) {
      report.find("SHEET_DISAGREES", name, { name: field, found: sheet[field], wanted });
    }
  }
  if (!Array.isArray(sheet.rows)) return;
  const root = hex(rootOf(sheet.rows.map((row) => leafHash(utf8(canonical(row))))));
  if (told.rowRoot && root !== told.rowRoot) report.find("SHEET_ROWS", name);
  if (!Array.isArray(sheet.details)) return;
  for (let at = 0; at < Math.max(sheet.rows.length, sheet.details.length); at++) {
    const opened = hex(sha256(utf8(canonical(sheet.details[at] ?? null))));
    if (sheet.rows[at]?.detail_sha256 !== opened) report.find("SHEET_DETAILS", `${name}#${at + 1}`, { row: at + 1 });
  }
}

async function checkSigners(told, name, bytes, jws, report) {
  const where = `${name}.jws`, wanted = new Map(told.signers.map((one) => [one.cert, one.duty]));
  let signers = [];
  try {
    if (jws) signers = await checkJws(jws, bytes);
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    report.find("SHEET_SIGNATURE", where, { reason: error.message });
    return;
  }
  for (const { cert, from, to } of signers) {
    if (!wanted.has(cert)) report.find("SHEET_SIGNER_UNKNOWN", where);
    else if (told.at < from || told.at > to) {
      report.find("SHEET_SIGNATURE", where, { reason: "certificate was not valid then" });
    }
  }
  const there = new Set(signers.map((one) => one.cert));
  for (const [cert, duty] of wanted) if (!there.has(cert)) report.find("SHEET_SIGNER_MISSING", where, { duty });
}

/* Check every signature against the payload; malformed when any does not hold. */
async function checkJws(jws, payload) {
  const written = text(jws).trim();
  let found;
  if (written.startsWith("{")) {
    const document = parseJson(written);
    if (!Array.isArray(document.signatures)) throw new Malformed("not a detached JWS");
    found = document.signatures.map((one) => [one?.protected, one?.signature]);
  } else {
    const parts = written.split(/\s+/).map((line) => line.split("."));
    if (!parts.every((part) => part.length === 3 && part[1] === "")) throw new Malformed("not a detached JWS");
    found = parts.map((part) => [part[0], part[2]]);
  }
  return Promise.all(found.map(([head, signature]) => checkSignature(head, signature, payload)));
}

async function checkSignature(head, signature, payload) {
  if (typeof head !== "string" || typeof signature !== "string") throw new Malformed("not a detached JWS");
  const header = parseJson(text(decode64url(head)));
  if (!isObject(header) || header.alg !== "ES256" || "crit" in header) {
    throw new Malformed("not a plain ES256 signature");
  }
  const certificate = readCertificate(decode64(String(header.x5c?.[0])));
  let valid;
  try {
    const curve = { name: "ECDSA", namedCurve: "P-256" };
    const key = await crypto.subtle.importKey("spki", certificate.publicKey, curve, false, ["verify"]);
    const message = utf8(`${head}.${encode64url(payload)}`);
    valid = await crypto.subtle.verify({ name: "ECDSA", hash: "SHA-256" }, key, decode64url(signature), message);
  } catch (error) {
    throw new Malformed(`not a P-256 signature: ${error.message}`);
  }
  if (!valid) throw new Malformed("the signature does not fit the sheet");
  return certificate;
}

function parseJson(written) {
  try {
    return JSON.parse(written);
  } catch {
    throw new Malformed("not JSON");
  }
}

/* What is needed of an X.509 certificate: its digest, public key (SPKI) and validity. */
function readCertificate(der) {
  const [signed] = derItems(derItems(der)[0].content);
  const fields = derItems(signed.content).filter((item) => item.tag !== 0xa0); // without the version
  if (fields.length < 6) throw new Malformed("no usable certificate");
  const [from, to] = derItems(fields[3].content).map(derTime);
  return { cert: hex(sha256(der)), publicKey: fields[5].whole, from, to };
}

function derItems(bytes) {
  const items = [];
  for (let at = 0; at < bytes.length; ) {
    let length = bytes[at + 1], start = at + 2;
    if (length === 0x80) throw new Malformed("DER with an indefinite length");
    if (length > 0x80) {
      const size = length & 0x7f;
      length = bytes.subarray(start, start + size).reduce((sum, byte) => sum * 256 + byte, 0);
      start += size;
    }
    if (!(start + length <= bytes.length)) throw new Malformed("no usable certificate");
    items.push({
      tag: bytes[at], content: bytes.subarray(start, start + length), whole: bytes.slice(at, start + length),
    });
    at = start + length;
  }
  return items;
}

function derTime({ tag, content }) {
  let digits = text(content);
  if (tag === 0x17) digits = (Number(digits.slice(0, 2)) < 50 ? "20" : "19") + digits;
  const iso = digits.replace(/^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/, "$1-$2-$3T$4:$5:$6Z");
  return Date.parse(iso);
}

/* Find each traced sheet of this batch among the files by its digests and check it. */
async function checkSheets(log, store, files, batch, report) {
  const byDigest = new Map([...files].sort().reverse().map(([name, found]) => [found.sha256, name]));
  const told = toldOf(log, "results:sheet:signed").map((one) => one.facts);
  const newest = new Map();
  for (const one of told) newest.set(one.sheet, Math.max(one.version, newest.get(one.sheet) ?? 0));
  for (const sheet of told.filter((one) => batch === null || ["", batch].includes(one.batch))) {
    const where = `${sheet.sheet} v${sheet.version}`, version = newest.get(sheet.sheet);
    if (sheet.version < version) report.note("SHEET_REPLACED", where, { version });
    for (const [kind, digest] of Object.entries(sheet.digests)) {
      // A changed file stands where the traced one should: its rows are to be named.
      const place = `v${sheet.version}/sheet.${kind}`;
      const name = byDigest.get(digest) ?? [...files.keys()].sort().find((one) => one.endsWith(place));
      if (!name) {
        report.find("SHEET_MISSING", where, { kind: kind.toUpperCase() });
        continue;
      }
      const jws = store.has(`${name}.jws`) ? await store.read(`${name}.jws`) : null;
      await checkSheetFile(sheet, name, await store.read(name), jws, report);
      const open = name.replace(/[^/]*$/, "public.json");
      if (kind !== "json") continue;
      checkMarks(log, sheet, name, await store.read(name), report);
      if (store.has(open)) await checkSheetFile(sheet, open, await store.read(open), null, report);
    }
  }
}
