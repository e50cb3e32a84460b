/* RFC 3161 time-stamps and witnesses' times: of which head, when, and signed by whom. */

const AHEAD_TOLERANCE_MS = 60_000, DELAY_MS = 3_600_000, LONGEST_CHAIN = 6;
const OID = {
  messageDigest: "2a864886f70d010904", extendedKeyUsage: "551d25", basicConstraints: "551d13",
  timeStamping: "2b06010505070308", rsaKey: "2a864886f70d010101", ecKey: "2a8648ce3d0201",
};
const DIGESTS = {
  "608648016503040201": "SHA-256", "608648016503040202": "SHA-384", "608648016503040203": "SHA-512",
};
const CERTIFICATE_DIGESTS = {
  "2a864886f70d01010b": "SHA-256", "2a864886f70d01010c": "SHA-384", "2a864886f70d01010d": "SHA-512",
  "2a8648ce3d040302": "SHA-256", "2a8648ce3d040303": "SHA-384", "2a8648ce3d040304": "SHA-512",
};
const CURVES = {
  "2a8648ce3d030107": ["P-256", 32], "2b81040022": ["P-384", 48], "2b81040023": ["P-521", 66],
};

/* Check each trace/tsr/<size>.tsr: of its head, signed by a trusted authority, not too early. */
async function checkStamps(store, log, heads, policy, report, roots) {
  const bySize = new Map(heads.map((head) => [String(head.size), head]));
  for (const name of store.names.filter((one) => one.startsWith("trace/tsr/"))) {
    const head = bySize.get(name.slice("trace/tsr/".length).replace(/\.tsr$/, ""));
    const wanted = head && logSigned(head, policy), bytes = await store.read(name), stamp = readStamp(bytes);
    const isOfHead = wanted && (stamp ? same(wanted, stamp.imprint) : hex(bytes).includes(hex(wanted)));
    if (!isOfHead) report.find("STAMP_MISMATCH", name);
    else if (!stamp || !roots.length) report.note("STAMP_SEEN", name);
    else {
      const reason = await stampObjection(stamp, roots);
      if (reason) report.find("STAMP_SIGNATURE", name, { reason });
      else report.note("STAMP_VALID", name, { time: local(stamp.time) });
    }
    if (isOfHead && stamp) compareTimes(log.times[head.size - 1], stamp.time, report, "LOG_TIME_VS_TSA", name);
  }
}

/* Compare the time in each valid cosignature with the last entry its head covers. */
async function checkWitnesses(log, heads, policy, report) {
  for (const head of heads) {
    for (const witness of policy.witnesses.values()) {
      const signature = await signedBy(head, witness);
      if (!signature) continue;
      const at = signature.blob.subarray(0, 8).reduce((sum, byte) => sum * 256 + byte, 0) * 1000;
      compareTimes(log.times[head.size - 1], at, report, "WITNESS_TSA_SKEW", `${head.where} ${witness.name}`);
    }
  }
}

function compareTimes(written, at, report, code, where) {
  if (written === null || written === undefined) return;
  if (at < written - AHEAD_TOLERANCE_MS) {
    report.find(code, where, { seconds: seconds(written - at), time: local(at) });
  } else if (at > written + DELAY_MS) {
    report.note("OUTSIDE_TIME_LATE", where, { hours: ((at - written) / 3_600_000).toFixed(1) });
  }
}

/* The SHA-256 that a time-stamp of this head is over: text and the log's own signature. */
function logSigned(head, policy) {
  const own = new Set(policy.logs.map((log) => `${log.name} ${log.id}`));
  const lines = head.signatures.filter((one) => own.has(`${one.name} ${one.id}`)).map((one) => `${one.line}\n`);
  return sha256(utf8(`${head.text}\n${lines.join("")}`));
}

/* Take a TimeStampResp apart; null when this page cannot read it. Nothing is trusted yet. */
function readStamp(bytes) {
  try {
    const [status, token] = derItems(derOnly(bytes, 0x30).content);
    if (!["00", "01"].includes(hex(derItems(status.content)[0].content))) return null;
    const signed = derItems(derOnly(derItems(token.content)[1].content, 0x30).content);
    const info = derOnly(derItems(signed[2].content)[1].content, 0x04).content;
    const fields = derItems(derOnly(info).content);
    const [signer, ...others] = derItems(signed.at(-1).content);
    const imprint = derItems(fields[2].content)[1];
    if (others.length || signed.at(-1).tag !== 0x31 || imprint.tag !== 0x04) return null;
    const certificates = signed.filter((part) => part.tag === 0xa0).flatMap((part) => derItems(part.content));
    return {
      time: stampTime(fields.find((field) => field.tag === 0x18)), imprint: imprint.content, info,
      signer: derItems(signer.content), certificates: certificates.map((one) => one.whole),
    };
  } catch {
    return null;
  }
}

function derOnly(bytes, tag = bytes[0]) {
  const items = derItems(bytes);
  if (items.length !== 1 || items[0].tag !== tag) throw new Malformed("not one DER element");
  return items[0];
}

function stampTime({ content }) {
  const found = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(?:\.(\d{1,9}))?Z$/.exec(text(content));
  const [, year, month, day, hour, minute, second, part = "0"] = found;
  const moment = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  if (Number.isNaN(moment)) throw new Malformed("not a time-stamp's time");
  return moment + Number(part.padEnd(3, "0").slice(0, 3));
}

/* Say in English why a stamp is not to be trusted, as the program does; "" when it is. */
async function stampObjection(stamp, roots) {
  try {
    const others = stamp.certificates.map(readX509);
    const certificate = signerOf(stamp, others);
    await checkStampSignature(stamp, certificate);
    if (String(certificate.usage) !== OID.timeStamping) throw new Malformed("the signer is no time-stamp authority");
    await climb(certificate, [...roots, ...others], roots, stamp.time);
    return "";
  } catch (error) {
    return error.message;
  }
}

function signerOf({ signer }, others) {
  const [issuer, serial] = derItems(signer[1].content);
  const found = others.find((one) => one.issuer === hex(issuer.whole) && one.serial === hex(serial.content));
  if (!found) throw new Malformed("the token lacks its signer's certificate");
  return found;
}

/* The signed attributes hold the digest of the info; the key signed the attributes. */
async function checkStampSignature({ signer, info }, certificate) {
  const digest = DIGESTS[hex(derItems(signer[2].content)[0].content)], attributes = signer[3];
  if (!digest) throw new Malformed("a digest this program does not know");
  if (attributes.tag !== 0xa0 || signer[5].tag !== 0x04) throw new Malformed("not a time-stamp token");
  const stated = derItems(attributes.content).map((one) => derItems(one.content))
    .filter(([kind]) => hex(kind.content) === OID.messageDigest).map(([, values]) => derItems(values.content)[0]);
  const wanted = new Uint8Array(await crypto.subtle.digest(digest, info));
  if (stated.length !== 1 || !same(stated[0].content, wanted)) throw new Malformed("the signed digest is not of this time");
  const message = joined(Uint8Array.of(0x31), attributes.whole.subarray(1));
  if (!(await signs(certificate.key, signer[5].content, message, digest))) {
    throw new Malformed("the signature does not fit");
  }
}

/* Climb from issuer to issuer to a root, each certificate valid at that moment. */
async function climb(certificate, above, roots, moment) {
  for (let step = 0; step < LONGEST_CHAIN; step += 1) {
    if (!(certificate.from <= moment && moment <= certificate.to)) throw new Malformed("a certificate was not valid then");
    if (roots.some((root) => root.digest === certificate.digest)) return;
    let issuer;
    for (const one of above) if (!issuer && (await issued(one, certificate))) issuer = one;
    if (!issuer) throw new Malformed("no trusted authority issued this time-stamp");
    certificate = issuer;
  }
  throw new Malformed("the chain of certificates is too long");
}

async function issued(issuer, certificate) {
  if (!issuer.isAuthority || issuer.digest === certificate.digest || issuer.subject !== certificate.issuer) return false;
  try {
    return await signs(issuer.key, certificate.signature, certificate.signed, certificate.signedWith);
  } catch {
    return false;
  }
}

/* RSA (PKCS #1) or ECDSA: does this key's signature fit these bytes? */
async function signs(key, signature, message, digest) {
  const [kind, curve] = derItems(derItems(derOnly(key).content)[0].content).map((one) => hex(one.content));
  const [name, size] = CURVES[curve] ?? [];
  let algorithm, blob = signature;
  if (kind === OID.rsaKey) algorithm = { name: "RSASSA-PKCS1-v1_5", hash: digest };
  else if (kind === OID.ecKey && name) {
    algorithm = { name: "ECDSA", namedCurve: name, hash: digest };
    blob = joined(...derItems(derOnly(signature).content).map((one) => fixedWidth(one.content, size)));
  } else throw new Malformed("a key this program does not know");
  if (!digest) throw new Malformed("a digest this program does not know");
  const usable = await crypto.subtle.importKey("spki", key, algorithm, false, ["verify"]);
  return crypto.subtle.verify(algorithm, usable, blob, message);
}

function fixedWidth(number, size) {
  const trimmed = number.subarray(Math.max(0, number.length - size));
  return joined(new Uint8Array(size - trimmed.length), trimmed);
}

/* What is needed of an authority's X.509 certificate. */
function readX509(der) {
  const [signed, algorithm, signature] = derItems(derOnly(der, 0x30).content);
  const fields = derItems(signed.content).filter((item) => item.tag !== 0xa0); // without the version
  const [serial, , issuer, validity, subject, key] = fields;
  const [from, to] = derItems(validity.content).map(derTime);
  const extensions = new Map(fields.filter((item) => item.tag === 0xa3)
    .flatMap((item) => derItems(derOnly(item.content).content))
    .map((one) => derItems(one.content)).map((parts) => [hex(parts[0].content), parts.at(-1).content]));
  const listed = (oid) => (extensions.has(oid) ? derItems(derOnly(extensions.get(oid)).content) : []);
  return {
    digest: hex(sha256(der)), serial: hex(serial.content), issuer: hex(issuer.whole), subject: hex(subject.whole),
    key: key.whole, from, to, signed: signed.whole, signature: signature.content.subarray(1),
    signedWith: CERTIFICATE_DIGESTS[hex(derItems(algorithm.content)[0].content)],
    usage: listed(OID.extendedKeyUsage).map((one) => hex(one.content)),
    isAuthority: listed(OID.basicConstraints).some((one) => one.tag === 0x01 && one.content[0] === 0xff),
  };
}

/* The certificates of the trusted authorities, as the PEM file that lies beside the policy has them. */
function readRoots(pem) {
  const blocks = [...pem.matchAll(/-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----/g)];
  if (pem.trim() && !blocks.length) throw new Unusable("PEM");
  try {
    return blocks.map(([, written]) => readX509(decode64(written.replace(/\s+/g, ""))));
  } catch {
    throw new Unusable("PEM");
  }
}
