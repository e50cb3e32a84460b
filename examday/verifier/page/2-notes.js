/* C2SP signed notes, checkpoints, tlog-proofs and trust policies. */

const ED25519 = 1, COSIGNATURE = 4, MAX_SIGNATURES = 64, MAX_PATH = 63;

/* Decode UTF-8 and refuse every control character but LF. */
function checkedText(bytes) {
  const written = text(bytes);
  if (/[\x00-\x09\x0b-\x1f]/.test(written)) throw new Malformed("control character");
  return written;
}

const isKeyName = (name) => name !== "" && !/[+\s\x85]/u.test(name);

/* Split once at the first (or the last) mark. */
function cut(written, mark, { last = false } = {}) {
  const at = last ? written.lastIndexOf(mark) : written.indexOf(mark);
  return at < 0 ? null : [written.slice(0, at), written.slice(at + mark.length)];
}

class Key {
  #imported = null;
  #answers = new Map();

  constructor(name, algorithm, publicKey) {
    this.name = name;
    this.algorithm = algorithm;
    this.publicKey = publicKey;
    this.id = hex(sha256(utf8(`${name}\n`), Uint8Array.of(algorithm), publicKey).subarray(0, 4));
    this.vkey = `${name}+${this.id}+${encode64(joined(Uint8Array.of(algorithm), publicKey))}`;
  }

  /* Check the bytes after the key id against the note's text. */
  async accepts(noteText, blob) {
    let message = noteText;
    if (this.algorithm === COSIGNATURE) {
      if (blob.length < 8) return false;
      const time = new DataView(blob.buffer, blob.byteOffset).getBigUint64(0);
      message = `cosignature/v1\ntime ${time}\n${noteText}`;
      blob = blob.subarray(8);
    }
    this.#imported ??= crypto.subtle.importKey("raw", this.publicKey, "Ed25519", false, ["verify"]);
    const asked = `${hex(blob)} ${message}`; // thousands of proofs share one head
    if (!this.#answers.has(asked)) {
      this.#answers.set(asked, await crypto.subtle.verify("Ed25519", await this.#imported, blob, utf8(message)));
    }
    return this.#answers.get(asked);
  }
}

/* A verifier key: name+id+base64(algorithm || public key). */
function parseVkey(written) {
  const [name, id, key] = [written.split("+")[0], written.split("+")[1], written.split("+").slice(2).join("+")];
  if (id === undefined || !key || !isKeyName(name)) throw new Malformed("verifier key is not name+id+key");
  const bytes = decode64(key);
  if (bytes.length !== 33 || ![ED25519, COSIGNATURE].includes(bytes[0])) {
    throw new Malformed("verifier key is of an unknown kind");
  }
  const parsed = new Key(name, bytes[0], bytes.subarray(1));
  if (parsed.id !== id) throw new Malformed("verifier key does not match its id");
  return parsed;
}

function parseSignature(line) {
  const parts = line.split(" ");
  if (parts.length !== 3 || parts[0] !== "—") throw new Malformed("signature line is not: dash, name, base64");
  const blob = decode64(parts[2]);
  if (!isKeyName(parts[1]) || blob.length <= 4) {
    throw new Malformed("signature line has a bad name or is too short");
  }
  return { name: parts[1], id: hex(blob.subarray(0, 4)), blob: blob.subarray(4), line };
}

/* A checkpoint: origin, tree size and root hash, as the text of a signed note. */
function parseCheckpoint(bytes) {
  const written = checkedText(bytes);
  if (!written.endsWith("\n")) throw new Malformed("note does not end with a newline");
  const parts = cut(written, "\n\n", { last: true });
  if (!parts || !parts[0]) throw new Malformed("note has no blank line before its signatures");
  const lines = parts[1].replace(/\n$/, "").split("\n");
  if (lines.length > MAX_SIGNATURES) throw new Malformed("note has too many signatures");
  const body = parts[0].split("\n");
  const signatures = lines.map(parseSignature);
  if (body.length !== 3 || !body[0]) throw new Malformed("checkpoint does not have exactly three lines");
  const root = decode64(body[2]);
  if (root.length !== 32) throw new Malformed("checkpoint root is not 32 bytes");
  const noteText = `${parts[0]}\n`;
  return {
    origin: body[0], size: parseDecimal(body[1]), root, text: noteText, signatures,
    digest: hex(sha256(utf8(noteText))),
  };
}

/* This key's valid signature; a line of the key that fails spoils the note. */
async function signedBy(checkpoint, key) {
  const mine = checkpoint.signatures.filter((one) => one.name === key.name && one.id === key.id);
  for (const one of mine) if (!(await key.accepts(checkpoint.text, one.blob))) return null;
  return mine[0] || null;
}

/* A proof file that carries its leaf; nothing is trusted yet. */
function parseProof(bytes) {
  const parts = cut(checkedText(bytes), "\n\n");
  const lines = parts ? parts[0].split("\n") : [];
  if (lines.length < 3 || lines[0] !== "c2sp.org/tlog-proof@v1") {
    throw new Malformed("not a c2sp.org/tlog-proof@v1 file");
  }
  const after = (word, line) => {
    if (!line.startsWith(word)) throw new Malformed(`proof has no ${word}line`);
    return line.slice(word.length);
  };
  const path = lines.slice(3).map(decode64);
  if (path.length > MAX_PATH || path.some((step) => step.length !== 32)) {
    throw new Malformed("proof path is not a list of hashes");
  }
  return {
    leaf: decode64(after("extra ", lines[1])),
    index: parseDecimal(after("index ", lines[2])),
    path,
    checkpoint: parseCheckpoint(utf8(parts[1])),
  };
}

function proves(proof) {
  const head = proof.checkpoint;
  const root = rootFromInclusion(leafHash(proof.leaf), proof.index, head.size, proof.path);
  return root !== null && same(root, head.root);
}

/* Which logs and witnesses are trusted, and how many must have co-signed. */
class Policy {
  logs = [];
  witnesses = new Map();
  groups = new Map();
  quorum = null;
  #members = new Set();

  constructor(written) {
    if (/[\x00-\x08\x0b-\x1f\x7f]/.test(written)) throw new Unusable("policy has a control character");
    written.split("\n").forEach((line, at) => {
      const words = line.split(/[ \t]+/).filter(Boolean);
      if (!words.length || words[0].startsWith("#")) return;
      try {
        this.#read(words[0], words.slice(1));
      } catch (error) {
        throw new Unusable(`policy line ${at + 1}: ${error.message}`);
      }
    });
    if (this.quorum === null) throw new Unusable("policy has no quorum line");
  }

  /* Say why a checkpoint is not trusted; "" when it is. */
  async objection(checkpoint, { quorum = this.quorum } = {}) {
    const logs = this.logs.filter((log) => log.name === checkpoint.origin);
    if (!logs.length) return `log ${checkpoint.origin} is not in the policy`;
    let signed = false;
    for (const log of logs) signed ||= (await signedBy(checkpoint, log)) !== null;
    if (!signed) return "no valid signature of the log";
    return (await this.#satisfied(quorum, checkpoint)) ? "" : "not enough valid witness cosignatures";
  }

  async #satisfied(name, checkpoint) {
    if (name === "none") return true;
    if (this.witnesses.has(name)) return (await signedBy(checkpoint, this.witnesses.get(name))) !== null;
    const { threshold, members } = this.groups.get(name);
    let there = 0;
    for (const member of members) there += (await this.#satisfied(member, checkpoint)) ? 1 : 0;
    return there >= threshold;
  }

  #read(keyword, words) {
    const readers = {
      log: () => this.#log(words), witness: () => this.#witness(words),
      group: () => this.#group(words), quorum: () => this.#setQuorum(words),
    };
    if (!Object.hasOwn(readers, keyword)) throw new Malformed(`unknown word ${keyword}`);
    readers[keyword]();
  }

  #log(words) {
    Policy.#count(words, 1, 2);
    const key = parseVkey(words[0]);
    if (key.algorithm !== ED25519 || this.logs.some((log) => same(log.publicKey, key.publicKey))) {
      throw new Malformed("not a log key, or one that stands there twice");
    }
    this.logs.push(key);
  }

  #witness(words) {
    Policy.#count(words, 2, 3);
    const key = parseVkey(words[1]);
    const known = [...this.witnesses.values()].some((one) => same(one.publicKey, key.publicKey));
    if (key.algorithm !== COSIGNATURE || known) {
      throw new Malformed("not a witness key, or one that stands there twice");
    }
    this.witnesses.set(this.#fresh(words[0]), key);
  }

  #group(words) {
    Policy.#count(words, 3, 100);
    const [name, threshold, ...members] = words;
    this.#fresh(name);
    for (const member of members) {
      this.#known(member);
      if (this.#members.has(member)) throw new Malformed(`${member} is in a group twice`);
      this.#members.add(member);
    }
    const least = { any: 1, all: members.length }[threshold] ?? Number(threshold);
    if (!["any", "all"].includes(threshold) && !/^[1-9][0-9]*$/.test(threshold)) {
      throw new Malformed("threshold is not any, all or a number");
    }
    if (least > members.length) throw new Malformed("threshold is larger than the group");
    this.groups.set(name, { threshold: least, members });
  }

  #setQuorum(words) {
    Policy.#count(words, 1, 1);
    if (this.quorum !== null) throw new Malformed("second quorum line");
    if (words[0] !== "none") this.#known(words[0]);
    this.quorum = words[0];
  }

  #fresh(name) {
    if (name === "none" || this.witnesses.has(name) || this.groups.has(name)) {
      throw new Malformed(`name ${name} is taken`);
    }
    return name;
  }

  #known(name) {
    if (!this.witnesses.has(name) && !this.groups.has(name)) throw new Malformed(`name ${name} is not defined`);
  }

  static #count(words, least, most) {
    if (words.length < least || words.length > most) throw new Malformed("wrong number of words");
  }
}
