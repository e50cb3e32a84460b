/* The day's footage: is everything that was planned there, in order, of its time, and as recorded? */

const SMALLEST_GAP_MS = 500, LATEST_REGISTRATION_MS = 24 * 3600_000;
const BEACON_EARLY_MS = 60_000, BEACON_STALE_MS = 1_800_000, BEACON_PREFIX = 16;
const FOOTAGE = "data/footage/";
const seconds = (milliseconds) => (milliseconds / 1000).toFixed(1);

/* The site's wall clock, GMT+8 all year. */
const local = (moment) =>
  `${new Date(moment + 8 * 3600_000).toISOString().replace("T", " ").replace("Z", "")}+08:00`;

/* Everything the log says about footage; `batch` is the archived one, null to judge every sitting. */
class Timeline {
  constructor(log, batch) {
    const facts = (type) => toldOf(log, type).map((one) => one.facts);
    this.log = log;
    this.end = log.times.reduce((latest, time) => Math.max(latest, time ?? 0), 0);
    this.plans = facts("proctoring:coverage:planned");
    this.gaps = facts("proctoring:gap:declared");
    this.waivers = facts("proctoring:room:waived");
    this.measures = facts("proctoring:measure:recorded");
    this.closings = facts("proctoring:room:closed");
    this.attached = toldOf(log, "proctoring:segment:attached");
    const days = facts("planning:day:opened").filter((day) => batch === null || day.batch === batch);
    this.own = new Set(days.flatMap((day) => day.sittings));
    const mine = log.told.find(({ facts }) =>
      this.own.has(facts.sitting) || (batch !== null && facts.batch === batch));
    this.firstOwn = mine ? mine.index : 0;
  }

  isOwn(sitting) {
    return !this.own.size || this.own.has(sitting);
  }

  isDue(plan) {
    return this.own.has(plan.sitting) || plan.end <= this.end;
  }

  rooms() {
    const all = [...this.plans, ...this.waivers, ...this.attached.map((one) => one.facts)];
    return [...new Map(all.map((one) => [`${one.sitting}/${one.room}`, one])).values()];
  }

  streams() {
    return Map.groupBy(this.attached, ({ facts }) => `${facts.sitting}/${facts.camera}`);
  }
}

/* Judge the footage of a log; `heads` are its signed heads. Other batches' faults become notes. */
function checkTimeline(timeline, report, heads) {
  const other = new Report();
  const judge = (sitting) => (timeline.isOwn(sitting) ? report : other);
  const beacons = new Beacons(timeline.log, heads);
  for (const { code, index, seconds } of timeline.log.clock) {
    (index <= timeline.firstOwn ? other : report).find(code, `${LEAVES}:${index}`, { index, seconds });
  }
  for (const [where, stream] of timeline.streams()) {
    checkStream(stream, judge(stream[0].facts.sitting), where, beacons);
  }
  checkDuplicates(timeline, judge);
  for (const { sitting, room } of timeline.rooms()) checkRoom(timeline, sitting, room, judge(sitting));
  for (const plan of timeline.plans) checkPlan(timeline, plan, judge(plan.sitting));
  for (const gap of timeline.gaps) tellGap(gap, judge(gap.sitting));
  for (const finding of other.findings) report.note("OTHER_BATCH", finding.where, { found: finding.code });
}

const segmentPlace = ({ facts }) => `${facts.sitting}/${facts.camera}/${facts.seq} ${facts.file.name}`;

function checkStream(stream, report, where, beacons) {
  let previous = 0, head = "", unlit = 0;
  for (const one of stream) {
    const segment = one.facts, place = segmentPlace(one), seq = segment.seq;
    if (seq !== previous + 1) report.find("SEQ_GAP", place, { seq, previous });
    if (segment.prev !== head) report.find("CHAIN_BREAK", place, { seq });
    if (segment.end > one.at + CLOCK_TOLERANCE_MS) report.find("END_IN_FUTURE", place);
    if (one.at - segment.end > LATEST_REGISTRATION_MS) {
      report.find("LATE_REGISTRATION", place, { hours: ((one.at - segment.end) / 3600_000).toFixed(1) });
    }
    if (segment.holeMs >= SMALLEST_GAP_MS && !segment.holes.length) {
      report.note("SEGMENT_HOLE", place, { seconds: seconds(segment.holeMs) });
    }
    unlit += segment.beacon ? 0 : 1;
    const code = beacons.judge(segment);
    if (code) report.find(code, place);
    [previous, head] = [seq, one.digest];
  }
  if (unlit) report.note("BEACON_ABSENT", where, { count: unlit });
}

/* When each head was the newest: footage that shows it is of that time. */
class Beacons {
  constructor(log, heads) {
    const born = (head) => log.times[head.size - 1] ?? null;
    const bySize = [...new Map(heads.map((head) => [head.size, head])).values()].sort((a, b) => a.size - b.size);
    this.heads = bySize.map((head, at) => ({
      digest: head.digest, born: born(head), replaced: at + 1 < bySize.length ? born(bySize[at + 1]) : null,
    }));
  }

  judge({ beacon, seen, start }) {
    if (!beacon) return "";
    if (!seen.length) return "BEACON_NOT_IN_FRAME";
    const head = this.heads.find((one) => beacon.length >= BEACON_PREFIX && one.digest.startsWith(beacon));
    if (!head) return "BEACON_UNKNOWN";
    const early = head.born !== null && start + Math.min(...seen) < head.born - BEACON_EARLY_MS;
    const stale = head.replaced !== null && start + Math.max(...seen) > head.replaced + BEACON_STALE_MS;
    return early || stale ? "BEACON_NOT_IN_FRAME" : "";
  }
}

/* The same bytes may stand for one stretch of time only. */
function checkDuplicates(timeline, judge) {
  const first = new Map();
  for (const one of timeline.attached) {
    const known = first.get(one.facts.file.sha256);
    if (known) judge(one.facts.sitting).find("SEGMENT_DUPLICATE", segmentPlace(one), { first: segmentPlace(known) });
    else first.set(one.facts.file.sha256, one);
  }
}

/* A waived room needs reason, approver and measures; every room needs its closing entry. */
function checkRoom(timeline, sitting, room, report) {
  const where = `${sitting}/${room}`;
  const here = (one) => one.sitting === sitting && one.room === room;
  const measures = timeline.measures.filter(here).length;
  for (const { reason, approver } of timeline.waivers.filter(here)) {
    report.note("ROOM_WAIVED", where, { measures, reason, approver });
    if (!reason.trim() || !approver.trim()) report.find("WAIVER_NOT_APPROVED", where);
    if (!measures) report.find("WAIVER_WITHOUT_MEASURES", where);
  }
  const plans = timeline.plans.filter(here), closing = timeline.closings.filter(here).at(-1);
  if (!closing) {
    if (!plans.length || plans.some((plan) => timeline.isDue(plan))) report.find("SESSION_NOT_CLOSED", where);
    return;
  }
  const present = Map.groupBy(timeline.attached.filter(({ facts }) => here(facts)), ({ facts }) => facts.camera);
  const counted = new Map(closing.cameras.map((one) => [one.camera, one]));
  const wanted = [...present.keys(), ...plans.map((plan) => plan.camera)];
  if (wanted.some((camera) => !counted.has(camera))) report.find("CLOSE_MISMATCH", where);
  for (const [camera, totals] of counted) {
    const stream = present.get(camera) ?? [], last = stream.at(-1);
    const size = stream.reduce((sum, { facts }) => sum + facts.file.size, 0);
    const agrees = totals.lastSeq === (last?.facts.seq ?? 0) && totals.head === (last?.digest ?? "");
    if (!agrees || totals.size !== size) report.find("CLOSE_MISMATCH", `${where}/${camera}`);
  }
}

/* Planned minus recorded minus declared; nothing of half a second or more may be left. */
function checkPlan(timeline, plan, report) {
  const where = `${plan.sitting}/${plan.room}/${plan.camera}`;
  const inRoom = (one) => one.sitting === plan.sitting && one.room === plan.room;
  const here = (one) => inRoom(one) && one.camera === plan.camera;
  if (timeline.waivers.some(inRoom)) return;
  if (!timeline.isDue(plan)) {
    report.note("PLAN_AHEAD", where);
    return;
  }
  const recorded = timeline.attached.map((one) => one.facts).filter(here).flatMap((segment) => {
    const holes = segment.holes.filter(([from, to]) => to - from >= SMALLEST_GAP_MS / 2);
    return without([segment.start, segment.end], holes);
  });
  const declared = timeline.gaps.filter(here)
    .map((gap) => [gap.start - SMALLEST_GAP_MS, gap.end + SMALLEST_GAP_MS]);
  for (const missing of without([plan.start, plan.end], recorded)) {
    if (missing[1] - missing[0] < SMALLEST_GAP_MS) continue;
    for (const [start, end] of without(missing, declared)) {
      if (end - start < SMALLEST_GAP_MS) continue;
      report.find("TIMELINE_GAP", where, { seconds: seconds(end - start), start: local(start), end: local(end) });
    }
  }
}

/* What is left of a span, ascending. */
function without([start, end], taken) {
  const left = [];
  let at = start;
  for (const [begin, stop] of taken.toSorted((a, b) => a[0] - b[0] || a[1] - b[1])) {
    if (at < begin && at < end) left.push([at, Math.min(begin, end)]);
    at = Math.max(at, stop);
  }
  if (at < end) left.push([at, end]);
  return left;
}

function tellGap(gap, report) {
  const where = `${gap.sitting}/${gap.room}/${gap.camera}`, { reason, approver } = gap;
  if (!reason.trim() || !approver.trim()) report.find("GAP_NOT_APPROVED", where);
  const span = { seconds: seconds(gap.end - gap.start), start: local(gap.start), end: local(gap.end) };
  report.note("DECLARED_GAP", where, { ...span, reason, approver });
}

/* Compare one file with its entry; every difference is told. */
function checkFile(recorded, found, report, where) {
  if (found.size !== recorded.size) {
    report.find("FILE_SIZE", where, { found: found.size, wanted: recorded.size });
  }
  if (found.sha256 !== recorded.sha256) {
    report.find("FILE_HASH", where, { found: found.sha256, wanted: recorded.sha256 });
  }
  if (found.treeRoot !== recorded.treeRoot || found.chunks !== recorded.chunks) report.find("FILE_TREE", where);
}

/* Every segment of this batch lies at data/footage/<camera>/…/<name>, and nothing else does. */
function checkFootage(timeline, files, report) {
  const below = [...files.keys()].filter((name) => name.startsWith(FOOTAGE));
  const logged = new Set(timeline.attached.map(({ facts }) => facts.file.sha256));
  const met = new Set();
  for (const { facts } of timeline.attached.filter((one) => timeline.isOwn(one.facts.sitting))) {
    const folder = `${FOOTAGE}${facts.camera}/`;
    const names = below.filter((name) => name.startsWith(folder) && name.endsWith(`/${facts.file.name}`));
    const exact = names.filter((name) => files.get(name).sha256 === facts.file.sha256);
    if (!names.length) report.find("FILE_MISSING", `${folder}${facts.file.name}`);
    const meant = exact.length ? exact : names;
    meant.forEach((name) => met.add(name));
    (exact.length ? exact : names.slice(0, 1)).forEach((name) => checkFile(facts.file, files.get(name), report, name));
  }
  for (const name of below) {
    const known = met.has(name) || name.endsWith(".tlog-proof") || logged.has(files.get(name).sha256);
    if (!known) report.find("FILE_NOT_LOGGED", name);
  }
}
