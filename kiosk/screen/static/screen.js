// The examiner's page: shows what the door says, and tells it what was tapped, typed or scanned.
"use strict";

const token = document.querySelector('meta[name="kiosk-token"]').content;
const byId = (id) => document.getElementById(id);
let shown = -1;
let openId = "";

async function tell(path, values) {
  const answer = await fetch(path, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-Kiosk": token },
    body: JSON.stringify(values),
  });
  return answer.json();
}

async function act(path, values) {
  try { show(await tell(path, values)); } catch { lost(); }
}

// ---- what is shown ----

function show(state) {
  if (state.number < shown) { return; } // an answer that was overtaken by a newer one
  const picture = state.picture;
  const isNew = state.number !== shown;
  const key = JSON.stringify([picture.ticket_no, picture.word, picture.open_id, picture.earlier]);
  if (isNew && key !== show.last && picture.tone !== "calm") { sound(picture.tone); }
  show.last = key;
  shown = state.number;
  openId = picture.open_id;
  document.body.dataset.tone = picture.tone;
  write("word", picture.word);
  write("name", picture.name || picture.ticket_no);
  write("tail", picture.id_tail ? "…" + picture.id_tail : "");
  const said = byId("seat").dataset;
  const seat = picture.seat ? `${said.seat} ${picture.seat}` : said.drawn;
  write("seat", picture.room ? `${said.room} ${picture.room} · ${seat}` : "");
  write("receipt", picture.receipt ? `${byId("receipt").dataset.receipt} ${picture.receipt}` : "");
  write("why", [picture.why, picture.earlier].filter(Boolean).join(" "));
  write("next", picture.next);
  byId("late").hidden = !picture.is_late;
  byId("holder").disabled = byId("doubt").disabled = !openId;
  byId("undo").hidden = !picture.undo_id;
  byId("document").hidden = !openId || !picture.id_tail;
  byId("consent").hidden = !openId || !(state.has_live || viewfinder.video);
  if (isNew && key !== show.key) { byId("consented").checked = false; write("document_says", ""); byId("id_number").value = ""; }
  show.key = key;
  showFace(state);
  showFrame(state);
  showOpen(state.open);
}

// ---- the photo of the ticket beside what the camera sees ----

async function draw(canvas, path) {
  const answer = await fetch(path, { headers: { "X-Kiosk": token } });
  if (answer.status !== 200) { return false; }
  const picture = await createImageBitmap(await answer.blob());
  cover(canvas, picture, picture.width, picture.height);
  return true;
}

function cover(canvas, picture, width, height) {
  const scale = Math.max(canvas.width / width, canvas.height / height);
  const [wide, high] = [width * scale, height * scale];
  canvas.getContext("2d").drawImage(picture, (canvas.width - wide) / 2, (canvas.height - high) / 2, wide, high);
}

// The camera of this page, once it is on (browser-camera.js); else the agent's own is shown.
const viewfinder = { video: null, jpeg: () => "" };
let faceOf = "";

async function showFace(state) {
  const ticket = byId("ticket-face");
  const number = state.has_face ? state.picture.ticket_no : "";
  const live = state.has_live || Boolean(viewfinder.video);
  byId("faces").hidden = !number && !live;
  byId("verdict").classList.toggle("with-faces", Boolean(number || live));
  byId("live-face").hidden = !live;
  ticket.hidden = !number;
  if (number && number !== faceOf) { try { await draw(ticket.firstElementChild, `/face/${number}`); } catch { ticket.hidden = true; } }
  faceOf = number;
}

setInterval(() => {
  const live = byId("live-face");
  if (live.hidden || document.hidden) { return; }
  if (viewfinder.video) { cover(live.firstElementChild, viewfinder.video, viewfinder.video.videoWidth, viewfinder.video.videoHeight); return; }
  draw(live.firstElementChild, "/live").catch(() => {});
}, 250);

function showFrame(state) {
  const place = byId("place");
  write("place", state.room ? `${place.dataset.room} ${state.room}` : place.dataset.gate);
  const line = byId("line");
  line.classList.toggle("down", state.line !== "up");
  write("line", state.line === "up" ? line.dataset.up : line.dataset.down);
  line.title = state.trouble;
  write("queue", state.queue);
  write("last_sync", state.last_sync || "–");
  write("now", state.now);
  byId("camera_lost").hidden = !state.camera_lost || Boolean(viewfinder.video);
  byId("dead").hidden = !(state.dead + state.quarantined);
  byId("dead").querySelector("b").textContent = state.dead + state.quarantined;
  write("site", state.site);
  write("hotline", state.hotline);
}

function showOpen(waiting) {
  byId("waiting").hidden = !waiting.length;
  list("open", waiting.map((one) => [`${one.name} · ${one.word}`, () => act("/reopen", { open_id: one.open_id })]));
}

function list(id, entries) {
  byId(id).replaceChildren(...entries.map(([text, action]) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = text;
    button.addEventListener("click", action);
    const item = document.createElement("li");
    item.append(button);
    return item;
  }));
}

function write(id, text) {
  const element = byId(id);
  if (element.textContent !== String(text)) { element.textContent = text; }
}

function lost() {
  byId("line").classList.add("down");
  write("line", byId("line").dataset.lost);
}

async function watch() {
  for (;;) {
    try {
      const answer = await fetch(`/state?after=${shown}`, { headers: { "X-Kiosk": token } });
      if (answer.status === 403) { location.reload(); return; }
      show(await answer.json());
    } catch {
      lost();
      await new Promise((wake) => setTimeout(wake, 1000));
    }
  }
}

// ---- sound: three that cannot be taken for one another ----

let audio = null;
const NOTES = { ok: [[880, 0, 0.12], [1320, 0.13, 0.2]], warn: [[660, 0, 0.18], [660, 0.26, 0.18]], bad: [[196, 0, 0.5]] };

function unlock() {
  if (!audio && window.AudioContext) { audio = new AudioContext(); }
  if (audio && audio.state === "suspended") { audio.resume(); }
  write("sound", byId("sound").dataset.on);
}

const SHAKES = { ok: [90], warn: [90, 90, 90], bad: [450] };

function sound(tone) {
  document.body.dataset.sounded = tone;
  navigator.vibrate?.(SHAKES[tone] || []);
  if (!audio) { return; }
  for (const [pitch, start, length] of NOTES[tone] || []) {
    const note = audio.createOscillator();
    const volume = audio.createGain();
    note.type = tone === "bad" ? "sawtooth" : "sine";
    note.frequency.value = pitch;
    volume.gain.value = 0.25;
    note.connect(volume).connect(audio.destination);
    note.start(audio.currentTime + start);
    note.stop(audio.currentTime + start + length);
  }
}

// ---- a scanner that types: by key, not by character, so that no input method can swallow it ----

const KEYS = { Period: ".", NumpadDecimal: ".", NumpadAdd: "+", Minus: "-" };
const ENDS = new Set(["Enter", "NumpadEnter", "Tab"]);
let typed = "";

function character(code) {
  if (/^Key[A-Z]$/.test(code)) { return code.slice(3); }
  if (/^(Digit|Numpad)[0-9]$/.test(code)) { return code.slice(-1); }
  return KEYS[code] || "";
}

document.addEventListener("keydown", (event) => {
  unlock();
  if (event.ctrlKey || event.altKey || event.metaKey) { return; }
  const field = event.target.matches?.("input:not([type=checkbox])") ? event.target : null;
  if (ENDS.has(event.code)) {
    const text = typed;
    typed = "";
    scanned(text, field, event);
    return;
  }
  const next = character(event.code);
  if (next) {
    typed = (typed + next).slice(-128);
    if (!field) { event.preventDefault(); }
  }
}, true);
document.addEventListener("focusin", () => { typed = ""; });

// A scanner types wherever the cursor stands; only a whole token is taken out of a field.
const TOKEN = /[0-9]{6,29}\.[A-Z2-7]{20}$/;
const CITIZEN = /^[0-9]{17}[0-9X]$/;

function scanned(text, field, event) {
  const token = text.match(TOKEN);
  if (!text || (field && !token)) { return; }
  event.preventDefault();
  event.stopPropagation();
  if (field) { field.blur(); field.value = ""; }
  if (CITIZEN.test(text) && !byId("document").hidden) { checkDocument(text); return; }
  act("/scan", { text: token ? token[0] : text });
}

// ---- by hand ----

byId("holder").addEventListener("click", () => answer("holder"));
byId("doubt").addEventListener("click", () => answer("doubt"));
byId("sound").addEventListener("click", unlock);
document.addEventListener("pointerdown", unlock);

function answer(word) {
  const photo = byId("consented").checked ? "consented" : "";
  const picture = photo ? viewfinder.jpeg() : "";
  if (openId) { act("/identify", { open_id: openId, answer: word, photo, picture }); }
  document.activeElement.blur();
}

byId("find").addEventListener("submit", async (event) => {
  event.preventDefault();
  const words = byId("words").value.trim();
  if (/^[0-9]{12,29}$/.test(words)) {
    await act("/choose", { ticket_no: words, means: "typed" });
    return done();
  }
  if (/^[0-9]{6,29}\.[A-Za-z2-7]{20}$/.test(words)) {
    await act("/scan", { text: words.toUpperCase() });
    return done();
  }
  const found = await tell("/search", { words });
  list("found", found.map((one) => [`${one.name} …${one.id_tail}`, async () => {
    await act("/choose", { ticket_no: one.ticket_no, means: "name" });
    done();
  }]));
  if (!found.length) { byId("found").textContent = byId("found").dataset.none; }
});

byId("document").addEventListener("submit", (event) => {
  event.preventDefault();
  checkDocument(byId("id_number").value);
});

async function checkDocument(number) {
  const said = await tell("/document", { number });
  byId("id_number").value = "";
  const place = byId("document_says");
  place.dataset.tone = said.tone;
  place.textContent = said.word;
  sound(said.tone);
}

byId("undo").addEventListener("submit", async (event) => {
  event.preventDefault();
  await act("/undo", { reason: byId("reason").value });
  byId("reason").value = "";
  done();
});

function done() {
  byId("words").value = "";
  byId("found").replaceChildren();
  document.activeElement.blur();
}

watch();
