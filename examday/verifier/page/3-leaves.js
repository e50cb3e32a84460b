/* Trace leaves (RFC 8785) and the facts of the entries that are interpreted. */

const MAX_LEAF_BYTES = 8192;
const LEAF_FIELDS = "actor,boot,facts,log_time,mono_ms,site,subject,type,v";
const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

/* Write a value as RFC 8785 does, refusing what the trace never holds. */
function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (isObject(value)) {
    const members = Object.keys(value).sort().map((name) => `${canonical(name)}:${canonical(value[name])}`);
    return `{${members.join(",")}}`;
  }
  if (typeof value === "number" && !Number.isSafeInteger(value)) throw new Malformed("not a whole number");
  if (typeof value === "string" && !value.isWellFormed()) throw new Malformed("lone surrogate in a string");
  return JSON.stringify(value);
}

/* Read canonical JSON; whatever does not come back byte for byte is malformed. */
function parseCanonical(bytes) {
  const written = text(bytes);
  let value;
  try {
    value = JSON.parse(written);
  } catch (error) {
    throw new Malformed(`not JSON: ${error.message}`);
  }
  if (canonical(value) !== written) throw new Malformed("JSON is not in canonical form");
  return value;
}

function parseLeaf(bytes) {
  if (bytes.length > MAX_LEAF_BYTES) throw new Malformed("leaf is longer than 8 KiB");
  const leaf = parseCanonical(bytes);
  if (!isObject(leaf) || Object.keys(leaf).sort().join(",") !== LEAF_FIELDS) {
    throw new Malformed("leaf does not have the fields of version 1");
  }
  const texts = ["type", "log_time", "boot", "site", "actor", "subject"];
  const numbers = Number.isSafeInteger(leaf.v) && Number.isSafeInteger(leaf.mono_ms);
  if (!texts.every((name) => typeof leaf[name] === "string") || !isObject(leaf.facts) || !numbers) {
    throw new Malformed("leaf has a field of the wrong kind");
  }
  if (leaf.v !== 1) throw new Malformed("leaf is of a version this program does not know");
  if (!/^[a-z0-9_]+(:[a-z0-9_]+){2}$/.test(leaf.type)) throw new Malformed("leaf type is not room:subject:act");
  return leaf;
}

/* RFC 3339 UTC with milliseconds, as milliseconds since 1970. */
function instant(written) {
  const moment = typeof written === "string" ? Date.parse(written) : NaN;
  if (Number.isNaN(moment) || new Date(moment).toISOString() !== written) {
    throw new Malformed(`not a time: ${written}`);
  }
  return moment;
}

const kinds = {
  text(value) {
    if (typeof value !== "string") throw new Malformed("not a text");
    return value;
  },
  number(value) {
    if (!Number.isSafeInteger(value)) throw new Malformed("not a whole number");
    return value;
  },
  digest(value) {
    if (typeof value !== "string" || !/^[0-9a-f]{64}$/.test(value)) throw new Malformed("not a SHA-256");
    return value;
  },
  digestOrEmpty: (value) => (value === "" ? "" : kinds.digest(value)),
  word(value) {
    if (value === undefined) throw new Malformed("a field is missing");
    return String(value);
  },
  span(facts) {
    const start = instant(facts.start), end = instant(facts.end);
    if (end <= start) throw new Malformed("a span that does not go forward");
    return { start, end };
  },
};

function segmentFacts(facts) {
  const { start, end } = kinds.span(facts);
  const beacon = facts.beacon || {}, media = facts.media, file = facts.file;
  const zero = start - kinds.number(media.first_pts_ms ?? 0);
  if (file.tree.alg !== "rfc6962-sha256-1MiB") throw new Malformed("unknown kind of chunk tree");
  return {
    ...stream(facts), start, end,
    seq: kinds.number(facts.seq),
    prev: kinds.digestOrEmpty(facts.prev),
    file: {
      name: kinds.text(file.name), size: kinds.number(file.bytes), sha256: kinds.digest(file.sha256),
      treeRoot: kinds.digest(file.tree.root), chunks: kinds.number(file.tree.chunks),
    },
    holes: (media.holes_ms ?? []).map(([a, b]) => [zero + kinds.number(a), zero + kinds.number(b)]),
    holeMs: kinds.number(media.max_gap_ms ?? 0),
    beacon: kinds.text(beacon.checkpoint_sha256 ?? ""),
    seen: (beacon.seen_at_ms ?? []).map(kinds.number),
  };
}

function sheetFacts(facts, at) {
  return {
    sheet: kinds.word(facts.sheet), version: kinds.number(facts.version), batch: String(facts.batch ?? ""),
    digests: Object.fromEntries(["json", "pdf", "xlsx"].map((kind) => [kind, kinds.digest(facts[`${kind}_sha256`])])),
    rowRoot: kinds.text(facts.row_root ?? ""), sigCount: kinds.number(facts.sig_count),
    stampCount: kinds.number(facts.stamp_count ?? 0),
    sm2Count: (facts.sm2 ?? []).length,
    signers: facts.signers.map((one) => ({ duty: kinds.text(one.duty), cert: kinds.digest(one.cert_sha256) })),
    at,
  };
}

/* After this judgement a part of a candidate has this mark, "" for none. */
const judgedFacts = (facts) => ({
  candidate: kinds.number(facts.candidate), subject: kinds.text(facts.subject), mark: kinds.text(facts.mark ?? ""),
});

const MARK_TYPES = ["theory_mark", "practical_mark", "review_mark", "component_mark"].flatMap((part) =>
  ["entered", "disputed", "resolved"].map((act) => `scoring:${part}:${act}`)).concat("scoring:answers:scored");

const place = (facts) => ({ sitting: kinds.word(facts.sitting), room: kinds.text(facts.room) });
const stream = (facts) => ({ ...place(facts), camera: kinds.text(facts.camera) });
const approval = (facts) => ({ reason: kinds.text(facts.reason), approver: kinds.text(facts.approver) });

/* Readers of facts by the type of entry; each gives the fields the checks use. */
const FACTS = {
  "trace:log:opened": (facts) => ({ origin: kinds.text(facts.origin), vkey: kinds.text(facts.vkey) }),
  "trace:key:rotated": (facts) => ({
    old: kinds.text(facts.old), new: kinds.text(facts.new), reason: kinds.text(facts.reason),
  }),
  "trace:key:revoked": (facts) => ({
    vkey: kinds.text(facts.vkey), size: kinds.number(facts.size), reason: kinds.text(facts.reason),
  }),
  "planning:day:opened": (facts) => ({ batch: kinds.word(facts.batch), sittings: facts.sittings.map(String) }),
  "proctoring:coverage:planned": (facts) => ({ ...stream(facts), ...kinds.span(facts) }),
  "proctoring:segment:attached": segmentFacts,
  "proctoring:gap:declared": (facts) => ({ ...stream(facts), ...kinds.span(facts), ...approval(facts) }),
  "proctoring:room:waived": (facts) => ({ ...place(facts), ...approval(facts) }),
  "proctoring:measure:recorded": place,
  "proctoring:room:closed": (facts) => ({
    ...place(facts),
    cameras: facts.cameras.map((one) => ({
      camera: kinds.text(one.camera), lastSeq: kinds.number(one.last_seq),
      head: kinds.digestOrEmpty(one.head), size: kinds.number(one.bytes),
    })),
  }),
  "results:sheet:signed": sheetFacts,
  "results:sheet:corrected": (facts) => ({
    sheet: kinds.word(facts.sheet), version: kinds.number(facts.version),
    changes: facts.changes.map((one) => ({
      candidate: kinds.number(one.candidate), subject: kinds.text(one.subject), after: kinds.text(one.after),
    })),
  }),
  "proctoring:incident:recorded": (facts) => ({
    incident: kinds.number(facts.incident), candidate: kinds.number(facts.candidate), voids: kinds.text(facts.voids),
  }),
  "proctoring:incident:decided": (facts) => ({
    incident: kinds.number(facts.incident), voids: kinds.text(facts.voids),
  }),
  ...Object.fromEntries(MARK_TYPES.map((type) => [type, judgedFacts])),
  "filing:bundle:archived": (facts) => ({
    batch: kinds.word(facts.batch), manifest: kinds.digest(facts.manifest_sha256),
  }),
};

/* Give {type, index, digest, at, facts} of an entry, null for kinds that are not interpreted. */
function readFacts(leaf, bytes, index) {
  if (!Object.hasOwn(FACTS, leaf.type)) return null;
  const at = instant(leaf.log_time);
  try {
    return { type: leaf.type, index, digest: hex(sha256(bytes)), at, facts: FACTS[leaf.type](leaf.facts, at) };
  } catch (error) {
    throw new Malformed(error.message);
  }
}
