/* The log a bundle carries: leaves, heads, tiles, proofs and time-stamps against each other. */

const LEAVES = "trace/leaves.jsonl", CHECKPOINT = "trace/checkpoint";
const CLOCK_TOLERANCE_MS = 2000, CLOCK_DRIFT = 0.0005, TILE_WIDTH = 256;

/* Split leaves.jsonl; a leaf that cannot be read still counts in the tree. */
function readLog(bytes, report, origin) {
  const log = { leaves: splitLines(bytes, report), told: [], times: [], clock: [] };
  log.hashes = log.leaves.map(leafHash);
  const clocks = new Clocks(log.clock);
  log.leaves.forEach((bytes, index) => {
    const where = `${LEAVES}:${index}`;
    let leaf, moment;
    try {
      leaf = parseLeaf(bytes);
      moment = instant(leaf.log_time);
    } catch (error) {
      report.find("LEAF_FORMAT", where, { index, reason: error.message });
      log.times.push(null);
      return;
    }
    log.times.push(moment);
    if (leaf.site !== origin) report.find("LEAF_SITE", where, { index, found: leaf.site });
    clocks.look(index, moment, leaf);
    try {
      const told = readFacts(leaf, bytes, index);
      if (told) log.told.push(told);
    } catch (error) {
      report.find("FACTS_FORMAT", where, { index, reason: error.message });
    }
  });
  return log;
}

function splitLines(bytes, report) {
  const lines = [];
  let start = 0;
  for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, start)) {
    lines.push(bytes.subarray(start, at));
    start = at + 1;
  }
  if (start < bytes.length) report.find("TRACE_FORMAT", LEAVES, { reason: "last line is cut off" });
  return lines;
}

/* The wall clock from entry to entry, and against the monotonic clock within a boot. */
class Clocks {
  #latest = 0;
  #boots = new Map();

  constructor(found) {
    this.found = found;
  }

  look(index, wall, { boot, mono_ms: steady }) {
    const before = this.#boots.get(boot);
    let back = this.#latest - wall;
    if (before && steady < before.steady) {
      back = Math.max(back, before.steady - steady, CLOCK_TOLERANCE_MS + 1);
    } else if (before) {
      const passed = steady - before.steady, step = wall - before.wall - passed;
      if (Math.abs(step) > CLOCK_TOLERANCE_MS + passed * CLOCK_DRIFT) this.#tell("CLOCK_STEP", index, step);
    }
    if (back > CLOCK_TOLERANCE_MS) this.#tell("CLOCK_BACKWARDS", index, back);
    this.#latest = Math.max(this.#latest, wall);
    this.#boots.set(boot, { wall, steady });
  }

  #tell(code, index, milliseconds) {
    this.found.push({ code, index, seconds: seconds(milliseconds) });
  }
}

const toldOf = (log, type) => log.told.filter((one) => one.type === type);

/* The first entry must open this very log with a key the policy trusts. */
function checkOpening(log, report, origin, keys) {
  const first = log.told[0];
  const trusted = keys.filter((key) => key.name === origin).map((key) => key.vkey);
  const opened = first && first.index === 0 && first.type === "trace:log:opened"
    && first.facts.origin === origin && trusted.includes(first.facts.vkey);
  if (!opened) report.find("LOG_NOT_OPENED", `${LEAVES}:0`);
}

async function readHead(bytes, where, policy, report, options) {
  let checkpoint;
  try {
    checkpoint = parseCheckpoint(bytes);
  } catch (error) {
    report.find("TRACE_FORMAT", where, { reason: error.message });
    return null;
  }
  const reason = await policy.objection(checkpoint, options);
  if (reason) report.find("CHECKPOINT_SIGNATURE", where, { reason });
  return { where, ...checkpoint };
}

/* Heads kept in the bundle need the log's own signature; the quorum is asked of the newest. */
async function readEarlier(store, policy, report) {
  const heads = [];
  for (const name of store.names.filter((one) => one.startsWith("trace/checkpoints/"))) {
    const head = await readHead(await store.read(name), name, policy, report, { quorum: "none" });
    if (head) heads.push(head);
  }
  return heads;
}

/* Every signed head must be the root over its number of these very leaves. */
function checkRoots(log, newest, earlier, report) {
  const sizes = new Set([newest.size, ...earlier.map((head) => head.size)]);
  const edge = new RightEdge(), roots = new Map([[0, EMPTY_ROOT]]), count = log.leaves.length;
  for (const hashed of log.hashes) {
    edge.append(hashed);
    if (sizes.has(edge.size)) roots.set(edge.size, edge.root());
  }
  const stands = (head) => roots.has(head.size) && same(roots.get(head.size), head.root);
  if (newest.size > count) report.find("TRACE_TRUNCATED", CHECKPOINT, { wanted: newest.size, found: count });
  else if (!stands(newest)) report.find("ROOT_MISMATCH", CHECKPOINT);
  if (count > newest.size) report.find("UNCHECKPOINTED_TAIL", CHECKPOINT, { count: count - newest.size });
  for (const head of earlier.filter((one) => one.origin === newest.origin)) {
    if (head.size > Math.max(newest.size, count)) {
      report.find("ROLLED_BACK", head.where, { kept: head.size, size: newest.size });
    } else if (!stands(head)) {
      report.find("FORK_VS_EARLIER_COPY", head.where, { size: head.size });
    }
  }
}

function tilePath(level, number, width) {
  const parts = [String(number % 1000).padStart(3, "0")];
  for (let rest = Math.floor(number / 1000); rest; rest = Math.floor(rest / 1000)) {
    parts.unshift(`x${String(rest % 1000).padStart(3, "0")}`);
  }
  return `trace/tile/${level}/${parts.join("/")}${width === TILE_WIDTH ? "" : `.p/${width}`}`;
}

/* Each tile and entry bundle of this tree by its path (C2SP tlog-tiles). */
function expectedTiles(leaves, hashes) {
  const tiles = new Map();
  const slices = (row) => Array.from({ length: Math.ceil(row.length / TILE_WIDTH) }, (_, number) =>
    row.slice(number * TILE_WIDTH, (number + 1) * TILE_WIDTH));
  let level = 0;
  for (let row = hashes; row.length; level += 1) {
    slices(row).forEach((part, number) => tiles.set(tilePath(level, number, part.length), joined(...part)));
    row = slices(row).filter((part) => part.length === TILE_WIDTH).map(rootOf);
  }
  slices(leaves).forEach((part, number) => {
    const entries = part.flatMap((leaf) => [Uint8Array.of(leaf.length >> 8, leaf.length & 255), leaf]);
    tiles.set(tilePath("entries", number, part.length), joined(...entries));
  });
  return tiles;
}

async function checkTiles(store, log, newest, report) {
  const size = Math.min(newest.size, log.leaves.length);
  const wanted = expectedTiles(log.leaves.slice(0, size), log.hashes.slice(0, size));
  for (const [name, bytes] of wanted) {
    if (!store.has(name) || !same(await store.read(name), bytes)) report.find("TILE_MISMATCH", name);
  }
  for (const name of store.names) {
    if (name.startsWith("trace/tile/") && !wanted.has(name)) report.find("TILE_MISMATCH", name);
  }
}

/* Each .tlog-proof must hold and speak of this log's entry; gives the heads they stand under. */
async function checkProofs(store, log, policy, report) {
  const heads = [];
  for (const name of store.names.filter((one) => one.endsWith(".tlog-proof"))) {
    let proof;
    try {
      proof = parseProof(await store.read(name));
    } catch (error) {
      report.find("PROOF_FORMAT", name, { reason: error.message });
      continue;
    }
    const reason = await policy.objection(proof.checkpoint);
    if (reason) report.find("CHECKPOINT_SIGNATURE", name, { reason });
    heads.push({ where: name, ...proof.checkpoint });
    if (!proves(proof)) report.find("PROOF_INVALID", name);
    const leaf = log.leaves[proof.index];
    if (!leaf || !same(leaf, proof.leaf)) report.find("PROOF_FOREIGN", name, { index: proof.index });
  }
  return heads;
}

/* Which key may have signed which head: rotation and revocation stand in the log itself. */
async function checkKeys(log, heads, keys, report) {
  const known = new Map(keys.map((key) => [key.vkey, key])), reigns = [];
  for (const { type, index, facts } of log.told) {
    if (type === "trace:log:opened" && !reigns.length) reigns.push({ vkey: facts.vkey, since: -1 });
    if (type !== "trace:key:rotated") continue;
    const where = `${LEAVES}:${index}`;
    if (facts.old !== reigns.at(-1)?.vkey || !known.has(facts.new)) report.find("KEY_ROTATION", where, { index });
    else {
      reigns.push({ vkey: facts.new, since: index });
      report.note("KEY_ROTATED", where, { reason: facts.reason });
    }
  }
  const revoked = toldOf(log, "trace:key:revoked").map((one) => one.facts);
  for (const { vkey, size, reason } of revoked) {
    report.note("KEY_REVOCATION", vkey.split("+")[1].slice(0, 8), { size, reason });
  }
  for (const head of heads) {
    const own = [...known.values()].filter((key) => key.name === head.origin), signers = [];
    for (const key of own) if (await signedBy(head, key)) signers.push(key.vkey);
    if (!signers.length) continue; // CHECKPOINT_SIGNATURE says it
    const { size, where } = head, allowed = keysInForce(reigns, size, heads.map((one) => one.size));
    if (!signers.some((vkey) => allowed.includes(vkey))) report.find("KEY_NOT_IN_FORCE", where, { size });
    const gone = revoked.filter((one) => size > one.size).map((one) => one.vkey);
    if (signers.every((vkey) => gone.includes(vkey))) report.find("KEY_REVOKED", where, { size });
  }
}

/* The keys that may sign a head of this size: one, unless it is the first over a rotation. */
function keysInForce(reigns, size, sizes) {
  let allowed = [];
  for (const { vkey, since } of reigns.filter((reign) => reign.since < size)) {
    const isFirst = !sizes.some((other) => since < other && other < size);
    allowed = isFirst ? [...allowed, vkey] : [vkey];
  }
  return allowed;
}
