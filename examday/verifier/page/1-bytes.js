/* Bytes, texts, SHA-256 and the Merkle tree of RFC 6962. */

const MEBIBYTE = 1 << 20;

/* These bytes break the format they claim; the message says how. */
class Malformed extends Error {}

/* There is nothing here that could be verified. */
class Unusable extends Error {}

const utf8 = (text) => new TextEncoder().encode(text);

function text(bytes) {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new Malformed("not UTF-8");
  }
}

const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
const unhex = (digits) => Uint8Array.from(digits.match(/../g) || [], (pair) => parseInt(pair, 16));
const same = (one, two) => one.length === two.length && one.every((byte, at) => byte === two[at]);

function joined(...parts) {
  const whole = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function encode64(bytes) {
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}

/* Standard base64 that has exactly one spelling. */
function decode64(written) {
  let bytes;
  try {
    bytes = Uint8Array.from(atob(written), (char) => char.charCodeAt(0));
  } catch {
    throw new Malformed("not base64");
  }
  if (encode64(bytes) !== written) throw new Malformed("base64 has spare bits");
  return bytes;
}

const encode64url = (bytes) =>
  encode64(bytes).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");

function decode64url(written) {
  if (!/^[A-Za-z0-9_-]*$/.test(written)) throw new Malformed("not base64url");
  const padded = written.replaceAll("-", "+").replaceAll("_", "/");
  return decode64(padded + "=".repeat((4 - (padded.length % 4)) % 4));
}

/* A decimal number that has exactly one spelling. */
function parseDecimal(written) {
  if (!/^(0|[1-9][0-9]{0,14})$/.test(written)) throw new Malformed("not a plain decimal number");
  return Number(written);
}

/* SHA-256 piece by piece (FIPS 180-4): WebCrypto wants a whole file in memory at once. */
class Sha256 {
  static #constants = Sha256.#fractions(64, Math.cbrt);
  static #start = Sha256.#fractions(8, Math.sqrt);

  #state = Sha256.#start.slice();
  #block = new Uint8Array(64);
  #words = new Int32Array(64);
  #filled = 0;
  #length = 0;

  static #fractions(count, rootOf) {
    const primes = [];
    for (let n = 2; primes.length < count; n++) if (primes.every((prime) => n % prime)) primes.push(n);
    return Int32Array.from(primes, (prime) => (rootOf(prime) % 1) * 2 ** 32);
  }

  update(bytes) {
    this.#length += bytes.length;
    let at = 0;
    while (at < bytes.length) {
      if (this.#filled === 0 && bytes.length - at >= 64) {
        this.#mix(bytes, at);
        at += 64;
        continue;
      }
      const part = bytes.subarray(at, at + 64 - this.#filled);
      this.#block.set(part, this.#filled);
      this.#filled += part.length;
      at += part.length;
      if (this.#filled === 64) {
        this.#mix(this.#block, 0);
        this.#filled = 0;
      }
    }
    return this;
  }

  digest() {
    const bits = BigInt(this.#length) * 8n;
    const tail = new Uint8Array(this.#filled < 56 ? 64 - this.#filled : 128 - this.#filled);
    tail[0] = 0x80;
    new DataView(tail.buffer).setBigUint64(tail.length - 8, bits);
    this.update(tail);
    const out = new DataView(new ArrayBuffer(32));
    this.#state.forEach((word, place) => out.setInt32(place * 4, word));
    return new Uint8Array(out.buffer);
  }

  #mix(bytes, at) {
    const w = this.#words;
    const turn = (x, n) => (x >>> n) | (x << (32 - n));
    for (let i = 0; i < 16; i++, at += 4) {
      w[i] = (bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3];
    }
    for (let i = 16; i < 64; i++) {
      const x = w[i - 15], y = w[i - 2];
      const low = turn(x, 7) ^ turn(x, 18) ^ (x >>> 3);
      const high = turn(y, 17) ^ turn(y, 19) ^ (y >>> 10);
      w[i] = (w[i - 16] + low + w[i - 7] + high) | 0;
    }
    let [a, b, c, d, e, f, g, h] = this.#state;
    for (let i = 0; i < 64; i++) {
      const choice = (e & f) ^ (~e & g), majority = (a & b) ^ (a & c) ^ (b & c);
      const one = (h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + choice + Sha256.#constants[i] + w[i]) | 0;
      const two = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + majority) | 0;
      h = g; g = f; f = e; e = (d + one) | 0;
      d = c; c = b; b = a; a = (one + two) | 0;
    }
    [a, b, c, d, e, f, g, h].forEach((word, i) => { this.#state[i] = (this.#state[i] + word) | 0; });
  }
}

const sha256 = (...parts) => parts.reduce((hash, part) => hash.update(part), new Sha256()).digest();
const leafHash = (leaf) => sha256(Uint8Array.of(0), leaf);
const nodeHash = (left, right) => sha256(Uint8Array.of(1), left, right);
const EMPTY_ROOT = sha256();

/* A growing tree that keeps only the roots of its perfect subtrees. */
class RightEdge {
  size = 0;
  #roots = [];

  append(hashed) {
    for (let size = this.size; size % 2; size = Math.floor(size / 2)) {
      hashed = nodeHash(this.#roots.pop(), hashed);
    }
    this.#roots.push(hashed);
    this.size += 1;
  }

  root() {
    return this.#roots.length ? this.#roots.reduceRight((right, left) => nodeHash(left, right)) : EMPTY_ROOT;
  }
}

function rootOf(hashes) {
  const edge = new RightEdge();
  for (const hashed of hashes) edge.append(hashed);
  return edge.root();
}

/* The root an audit path leads to, null when its shape is wrong (RFC 9162, 2.1.3.2). */
function rootFromInclusion(hashed, index, size, path) {
  if (!(index >= 0 && index < size)) return null;
  const half = (n) => Math.floor(n / 2);
  let first = index, last = size - 1, found = hashed;
  for (const sibling of path) {
    if (last === 0) return null;
    if (first % 2 || first === last) {
      found = nodeHash(sibling, found);
      while (first % 2 === 0 && first) [first, last] = [half(first), half(last)];
    } else {
      found = nodeHash(found, sibling);
    }
    [first, last] = [half(first), half(last)];
  }
  return last === 0 ? found : null;
}
