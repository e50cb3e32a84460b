// The verify page: hash a file here, in the browser, and look its digest up among the published
// ones. The file itself is never sent anywhere.
"use strict";

const drop = document.getElementById("drop");
const input = document.getElementById("f-file");

function show(name, what) {
  for (const each of ["busy", "found", "replaced", "unknown"]) {
    const note = document.getElementById(`verdict-${each}`);
    note.hidden = each !== name;
    const place = note.querySelector("[data-what]");
    if (place && what) place.textContent = what;
  }
}

async function digestOf(file) {
  const bytes = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
  return Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function check(file) {
  show("busy");
  const digest = await digestOf(file);
  const line = document.getElementById("digest");
  line.hidden = false;
  line.querySelector("code").textContent = digest;
  const published = await (await fetch(drop.dataset.digests)).json();
  const found = published.find((each) => each.sha256 === digest);
  if (!found) return show("unknown");
  const what = `${found.sheet} v${found.version} · ${found.name} · ${found.notice}`;
  show(found.state === "superseded" ? "replaced" : "found", what);
}

input.addEventListener("change", () => input.files.length && check(input.files[0]));
drop.addEventListener("dragover", (event) => event.preventDefault());
drop.addEventListener("drop", (event) => {
  event.preventDefault();
  if (event.dataTransfer.files.length) check(event.dataTransfer.files[0]);
});
