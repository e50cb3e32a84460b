/* The one question: does this hold, by this policy? The codes are those of the Python verifier. */

const MESSAGES = JSON.parse(document.getElementById("messages").textContent);
const SKIPPED_MANIFEST = "manifest-sm3.txt";

class Report {
  findings = [];
  notes = [];

  find(code, where, values) {
    this.#add(this.findings, code, where, values);
  }

  note(code, where, values) {
    this.#add(this.notes, code, where, values);
  }

  get valid() {
    return this.findings.length === 0;
  }

  #add(list, code, where, values = {}) {
    const text = MESSAGES[code].replace(/%\((\w+)\)s/g, (_, name) => String(values[name]));
    if (!list.some((one) => one.code === code && one.where === where && one.text === text)) {
      list.push({ code, where, text });
    }
  }
}

/*
 * Verify what was given: a Map of path to File (a folder, or files picked together), the policy
 * text, checkpoints kept before, and the certificates of trusted authorities (PEM). `progress`
 * hears of each file as it is read.
 */
async function verify(given, policyText, { earlier = [], authorities = "", progress = () => {} } = {}) {
  const policy = new Policy(policyText), report = new Report(), roots = readRoots(authorities);
  const zip = given.size === 1 && [...given].find(([name]) => /\.zip$/i.test(name));
  try {
    const store = storeOf(zip ? await zipMembers(zip[1]) : given);
    if (store) await checkBundle(store, policy, report, { earlier, roots, progress });
    else if (zip) throw new Malformed("the ZIP is not an archive bundle");
    else await checkAlone(given, policy, report, progress);
  } catch (error) {
    if (error instanceof Unusable || (!zip && !(error instanceof Malformed))) throw error;
    report.find("BUNDLE_UNREADABLE", zip ? zip[0] : "", { reason: error.message });
  }
  return report;
}

async function checkBundle(store, policy, report, { earlier, roots, progress }) {
  const files = await checkFiles(store, report, progress);
  if (!files.has(CHECKPOINT) || !files.has(LEAVES)) {
    report.find("TRACE_FORMAT", CHECKPOINT, { reason: "no leaves or no checkpoint" });
    return;
  }
  const newest = await readHead(await store.read(CHECKPOINT), CHECKPOINT, policy, report);
  if (!newest) return;
  const log = readLog(await store.read(LEAVES), report, newest.origin);
  checkOpening(log, report, newest.origin, policy.logs);
  const heads = await readEarlier(store, policy, report);
  heads.push(...(await checkProofs(store, log, policy, report)));
  for (const file of earlier) {
    // Phones and mail change line ends: what was kept as text gets its one ending back.
    const written = `${(await file.text()).replace(/\r\n/g, "\n").replace(/^\n+|\n+$/g, "")}\n`;
    const kept = await readHead(utf8(written), file.name, policy, report, { quorum: "none" });
    if (kept) heads.push(kept);
  }
  checkRoots(log, newest, heads, report);
  const all = [newest, ...heads];
  await checkKeys(log, all, policy.logs, report);
  await checkTiles(store, log, newest, report);
  await checkStamps(store, log, all, policy, report, roots);
  await checkWitnesses(log, all, policy, report);
  const archived = await checkArchived(store, log, files, report);
  const timeline = new Timeline(log, archived ? archived.batch : null);
  checkTimeline(timeline, report, all);
  checkFootage(timeline, files, report);
  await checkSheets(log, store, files, archived ? archived.batch : null, report);
}

/* Read every file once and compare the folder with its lists (RFC 8493). */
async function checkFiles(store, report, progress) {
  const files = new Map();
  for (const name of store.names) {
    try {
      const blob = await store.blob(name);
      const onBytes = (count) => progress(name, count);
      files.set(name, await digestBlob(blob, { withTree: name.startsWith(FOOTAGE), onBytes }));
    } catch (error) {
      report.find("BUNDLE_UNREADABLE", name, { reason: error.message });
    }
  }
  const declaration = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n";
  const declared = files.has("bagit.txt") && same(await store.read("bagit.txt"), utf8(declaration));
  if (!declared) report.find("BAG_STRUCTURE", "bagit.txt", { reason: "not BagIt 1.0" });
  const payload = store.names.filter((name) => name.startsWith("data/"));
  const tags = store.names.filter((name) => !name.startsWith("data/") && name !== "tagmanifest-sha256.txt");
  await checkList(store, files, report, "manifest-sha256.txt", payload);
  await checkList(store, files, report, SKIPPED_MANIFEST, payload);
  await checkList(store, files, report, "tagmanifest-sha256.txt", tags);
  return files;
}

async function checkList(store, files, report, manifest, wanted) {
  let listed;
  try {
    if (!files.has(manifest)) throw new Malformed("missing");
    listed = parseList(await store.read(manifest));
  } catch (error) {
    report.find("BAG_STRUCTURE", manifest, { reason: error.message });
    return;
  }
  const there = new Set(wanted);
  for (const name of listed.keys()) if (!there.has(name)) report.find("FILE_MISSING", name);
  for (const name of wanted) if (!listed.has(name)) report.find("FILE_EXTRA", name);
  if (manifest === SKIPPED_MANIFEST) {
    report.note("SM3_UNCHECKED", manifest);
    return;
  }
  for (const [name, digest] of listed) {
    const found = files.get(name)?.sha256;
    if (found && found !== digest) report.find("FILE_HASH", name, { found, wanted: digest });
  }
}

/* The newest archive entry must name the content list, and the list the files. */
async function checkArchived(store, log, files, report) {
  const where = "trace/content.sha256";
  if (!files.has(where)) {
    report.find("CONTENT_LIST", where, { reason: "missing" });
    return null;
  }
  const bytes = await store.read(where);
  const payload = new Map([...files].filter(([name]) => name.startsWith("data/")).map(([name, one]) => [name, one.sha256]));
  let listed = payload;
  try {
    listed = parseList(bytes);
  } catch (error) {
    report.find("CONTENT_LIST", where, { reason: error.message });
  }
  for (const name of new Set([...listed.keys(), ...payload.keys()])) {
    if (listed.get(name) !== payload.get(name)) report.find("CONTENT_LIST", name, { reason: "differs" });
  }
  const stated = toldOf(log, "filing:bundle:archived").map((one) => one.facts);
  const exact = stated.filter((one) => one.manifest === hex(sha256(bytes)));
  if (!exact.length) report.find("ARCHIVE_NOT_LOGGED", where);
  return exact.at(-1) ?? stated.at(-1) ?? null;
}

/* One or more files, each with its .tlog-proof: the entry says what the file must be. */
async function checkAlone(given, policy, report, progress) {
  const byName = new Map([...given].map(([path, file]) => [path.split("/").at(-1), file]));
  const names = [...byName.keys()].filter((name) => byName.has(`${name}.tlog-proof`));
  if (!names.length) throw new Unusable("no proof");
  for (const name of names) await checkOne(name, byName, policy, report, progress);
}

async function checkOne(name, byName, policy, report, progress) {
  const where = `${name}.tlog-proof`, file = byName.get(name);
  const read = async (one) => new Uint8Array(await byName.get(one).arrayBuffer());
  let proof, told;
  try {
    proof = parseProof(await read(where));
  } catch (error) {
    report.find("PROOF_FORMAT", where, { reason: error.message });
    return;
  }
  const reason = await policy.objection(proof.checkpoint);
  if (reason) report.find("CHECKPOINT_SIGNATURE", where, { reason });
  if (!proves(proof)) {
    report.find("PROOF_INVALID", where);
    return;
  }
  try {
    told = readFacts(parseLeaf(proof.leaf), proof.leaf, proof.index);
  } catch (error) {
    report.find("LEAF_FORMAT", where, { index: proof.index, reason: error.message });
    return;
  }
  if (told?.type === "proctoring:segment:attached") {
    const onBytes = (count) => progress(name, count);
    checkFile(told.facts.file, await digestBlob(file, { withTree: true, onBytes }), report, name);
  } else if (told?.type === "results:sheet:signed" && sheetKind(name)) {
    const jws = byName.has(`${name}.jws`) ? await read(`${name}.jws`) : null;
    await checkSheetFile(told.facts, name, await read(name), jws, report);
  } else {
    report.find("WRONG_PROOF", name, { kind: told?.type ?? "-" });
  }
}
