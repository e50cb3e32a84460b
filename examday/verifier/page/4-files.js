/* A bundle's files, out of a folder or a ZIP, and their digests. */

const MARKS = ["bagit.txt", "tagmanifest-sha256.txt", "manifest-sha256.txt", "manifest-sm3.txt", "trace/checkpoint"];
/* Up to here WebCrypto hashes a file in one go; above, it is read in pieces. */
const AT_ONCE = 64 * MEBIBYTE;

/* Files by their path inside the bundle; a value is a Blob or a function that gives one. */
class Store {
  constructor(files) {
    this.names = [...files.keys()].sort();
    this.files = files;
  }

  has(name) {
    return this.files.has(name);
  }

  async blob(name) {
    const file = this.files.get(name);
    return typeof file === "function" ? file() : file;
  }

  async read(name) {
    return new Uint8Array(await (await this.blob(name)).arrayBuffer());
  }
}

/* Cut off the folder that holds the bag: the one of the shallowest mark. */
function storeOf(members) {
  for (const mark of MARKS) {
    const found = [...members.keys()].filter((name) => name === mark || name.endsWith(`/${mark}`));
    if (!found.length) continue;
    const depth = (name) => name.split("/").length;
    const shallowest = found.reduce((one, two) => (depth(two) < depth(one) ? two : one));
    const prefix = shallowest.slice(0, shallowest.length - mark.length);
    const within = [...members].filter(([name]) => name.startsWith(prefix));
    return new Store(new Map(within.map(([name, file]) => [name.slice(prefix.length), file])));
  }
  return null;
}

/* The members of a ZIP (APPNOTE 6.3, with ZIP64), stored or deflated. */
async function zipMembers(zip) {
  const view = async (start, end) => new DataView(await zip.slice(start, end).arrayBuffer());
  const tailStart = Math.max(0, zip.size - 65557);
  const tail = await view(tailStart, zip.size);
  let end = tail.byteLength - 22;
  while (end >= 0 && tail.getUint32(end, true) !== 0x06054b50) end -= 1;
  if (end < 0) throw new Malformed("File is not a zip file");
  let size = tail.getUint32(end + 12, true), start = tail.getUint32(end + 16, true);
  const locator = end - 20;
  if (locator >= 0 && tail.getUint32(locator, true) === 0x07064b50) {
    const at = Number(tail.getBigUint64(locator + 8, true));
    const wide = await view(at, at + 56);
    size = Number(wide.getBigUint64(40, true));
    start = Number(wide.getBigUint64(48, true));
  }
  const members = new Map(), list = await view(start, start + size);
  for (let at = 0; at + 46 <= list.byteLength; ) {
    if (list.getUint32(at, true) !== 0x02014b50) throw new Malformed("Bad magic number for central directory");
    const member = zipMember(zip, list, at);
    if (!member.name.endsWith("/")) {
      if (members.has(member.name)) throw new Malformed("the ZIP holds two files of one name");
      members.set(member.name, member.open);
    }
    at += member.length;
  }
  return members;
}

function zipMember(zip, list, at) {
  const short = (place) => list.getUint16(at + place, true), long = (place) => list.getUint32(at + place, true);
  const method = short(10), nameSize = short(28), extraSize = short(30);
  const place = { full: long(24), packed: long(20), offset: long(42) };
  const extra = at + 46 + nameSize;
  for (let one = extra; one + 4 <= extra + extraSize; one += 4 + list.getUint16(one + 2, true)) {
    if (list.getUint16(one, true) !== 1) continue;
    let next = one + 4; // ZIP64: the sizes that did not fit, in this order
    for (const name of ["full", "packed", "offset"]) {
      if (place[name] !== 0xffffffff) continue;
      place[name] = Number(list.getBigUint64(next, true));
      next += 8;
    }
  }
  const open = async () => {
    const head = new DataView(await zip.slice(place.offset, place.offset + 30).arrayBuffer());
    const begin = place.offset + 30 + head.getUint16(26, true) + head.getUint16(28, true);
    const packed = zip.slice(begin, begin + place.packed);
    if (method === 0) return packed;
    if (method !== 8) throw new Malformed("compression of a kind this page does not know");
    return new Response(packed.stream().pipeThrough(new DecompressionStream("deflate-raw"))).blob();
  };
  const name = text(new Uint8Array(list.buffer, at + 46, nameSize));
  return { name, open, length: 46 + nameSize + extraSize + short(32) };
}

/* Size, SHA-256 and, if asked, the 1 MiB chunk tree of a file of any size. */
async function digestBlob(blob, { withTree = false, onBytes = () => {} } = {}) {
  const flat = blob.size > AT_ONCE ? new Sha256() : null;
  const edge = new RightEdge();
  const prefixed = new Uint8Array(MEBIBYTE + 1);
  if (flat || withTree) {
    for (let at = 0; at < blob.size; at += MEBIBYTE) {
      const chunk = new Uint8Array(await blob.slice(at, at + MEBIBYTE).arrayBuffer());
      if (flat) flat.update(chunk);
      if (withTree) {
        prefixed.set(chunk, 1);
        const hashed = await crypto.subtle.digest("SHA-256", prefixed.subarray(0, chunk.length + 1));
        edge.append(new Uint8Array(hashed));
      }
      onBytes(chunk.length);
    }
  } else {
    onBytes(blob.size);
  }
  const whole = flat ? flat.digest() : await crypto.subtle.digest("SHA-256", await blob.arrayBuffer());
  return {
    size: blob.size, sha256: hex(new Uint8Array(whole)),
    treeRoot: withTree ? hex(edge.root()) : "", chunks: edge.size,
  };
}

/* A list of files as sha256sum writes it: path to digest. */
function parseList(bytes) {
  const written = text(bytes), digests = new Map();
  if (written && !written.endsWith("\n")) throw new Malformed("list of files does not end with a newline");
  for (const line of written.split("\n").slice(0, -1)) {
    const parts = cut(line, "  ");
    const steps = parts ? parts[1].split("/") : [];
    const unsafe = steps.some((step) => ["", ".", ".."].includes(step)) || line.includes("\\");
    if (!parts || !parts[0] || unsafe || digests.has(parts[1])) {
      throw new Malformed(`bad line in a list of files: ${line.slice(0, 200)}`);
    }
    digests.set(parts[1], parts[0]);
  }
  return digests;
}
