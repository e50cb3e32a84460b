/* The page: take files and a policy, say what was found. */

const element = (id) => document.getElementById(id);
let given = new Map();

function take(files) {
  given = files;
  const bytes = [...files.values()].reduce((sum, file) => sum + file.size, 0);
  element("given").textContent = files.size
    ? `已选择 ${files.size} 个文件，${(bytes / MEBIBYTE).toFixed(1)} MiB` : "";
  clear();
}

function clear() {
  element("verdict").hidden = true;
  element("findings").replaceChildren();
  element("notes").replaceChildren();
}

const fromInput = (list) => new Map([...list].map((file) => [file.webkitRelativePath || file.name, file]));

/* Walk what was dropped: folders through their entries, files as they are. */
async function fromDrop(items) {
  const files = new Map();
  const walk = async (entry) => {
    if (entry.isFile) {
      const file = await new Promise((done, failed) => entry.file(done, failed));
      files.set(entry.fullPath.replace(/^\//, ""), file);
      return;
    }
    const reader = entry.createReader();
    for (;;) {
      const some = await new Promise((done, failed) => reader.readEntries(done, failed));
      if (!some.length) return;
      for (const one of some) await walk(one);
    }
  };
  for (const entry of [...items].map((item) => item.webkitGetAsEntry()).filter(Boolean)) await walk(entry);
  return files;
}

function show(report) {
  const line = ({ code, where, text }) => {
    const item = document.createElement("li");
    for (const [name, content] of [["code", code], ["where", where], ["text", text]]) {
      const part = document.createElement("span");
      part.className = name;
      part.textContent = content;
      item.append(part);
    }
    return item;
  };
  element("findings").replaceChildren(...report.findings.map(line));
  element("notes").replaceChildren(...report.notes.map(line));
  const verdict = MESSAGES[report.valid ? "VALID" : "NOT_VALID"];
  say(verdict.replace("%(count)s", report.findings.length), report.valid ? "valid" : "invalid");
}

function say(words, tone) {
  const verdict = element("verdict");
  verdict.textContent = words;
  verdict.className = tone;
  verdict.hidden = false;
}

async function supportsEd25519() {
  try {
    await crypto.subtle.importKey("raw", new Uint8Array(32), "Ed25519", false, ["verify"]);
    return true;
  } catch (error) {
    return error.name !== "NotSupportedError";
  }
}

async function check() {
  clear();
  const button = element("check"), bar = element("progress");
  const whole = [...given.values()].reduce((sum, file) => sum + file.size, 0);
  let done = 0;
  const progress = (name, count) => {
    done += count;
    bar.value = Math.min(1, done / (whole || 1));
    element("reading").textContent = name;
  };
  button.disabled = true;
  bar.hidden = false;
  try {
    if (!(await supportsEd25519())) throw new Unusable("Ed25519");
    const earlier = [...element("earlier").files], pasted = element("kept").value;
    if (pasted.trim()) earlier.push(new File([pasted], "粘贴的检查点"));
    const authorities = (await element("authorities").files[0]?.text()) ?? "";
    show(await verify(given, element("policy").value, { earlier, authorities, progress }));
  } catch (error) {
    say(reasonOf(error), "unusable");
  } finally {
    button.disabled = false;
    bar.hidden = true;
    element("reading").textContent = "";
  }
}

function reasonOf(error) {
  if (error.message === "Ed25519") return "此浏览器不能校验 Ed25519 签名，请换用较新的浏览器。";
  if (error.message === "no proof") {
    return "没有可校验的内容：请选择归档包文件夹、其 ZIP，或文件连同其 .tlog-proof 证明一起选择。";
  }
  if (error.message === "PEM") return "时间戳机构证书文件不能用：请选择考点或主管部门提供的 policy.tsa.pem（PEM 格式）。";
  return `无法校验：${error.message}`;
}

element("folder").addEventListener("change", (event) => take(fromInput(event.target.files)));
element("files").addEventListener("change", (event) => take(fromInput(event.target.files)));
element("policy-file").addEventListener("change", async (event) => {
  element("policy").value = (await event.target.files[0]?.text()) ?? "";
});
// The same folder chosen again is read again, as it is now.
for (const id of ["folder", "files"]) {
  element(id).addEventListener("click", (event) => { event.target.value = ""; });
}
element("check").addEventListener("click", check);
document.addEventListener("dragover", (event) => event.preventDefault());
document.addEventListener("drop", async (event) => {
  event.preventDefault();
  take(await fromDrop(event.dataTransfer.items));
});
