// Footage goes up in parts and goes on where it stopped (tus 1.0.0), over a broken line, a
// reload of the page or a restart of the server. Without tus.min.js the plain form is sent.
"use strict";

const form = document.querySelector("form[data-uploads]");
const part = document.querySelector("[data-upload-progress]");

if (form && part && window.tus && window.tus.isSupported) {
  const bar = part.querySelector("progress");
  const words = part.querySelector("[data-upload-words]");
  const pause = part.querySelector("[data-upload-pause]");
  const token = form.querySelector("input[name=csrf_token]").value;
  const headers = { "X-CSRFToken": token, Accept: "application/json" };
  let upload = null;
  let running = false;

  // Sentences come from the page: <template data-words="going">…{done} of {whole} MB…</template>.
  const say = (name, values = {}) => {
    const text = part.querySelector(`[data-words="${name}"]`).content.textContent;
    words.textContent = text.replace(/\{(\w+)\}/g, (_, key) => values[key] ?? "");
  };
  const told = (error) => {
    try {
      return JSON.parse(error.originalResponse.getBody()).text || "";
    } catch {
      return "";
    }
  };

  const show = (sent, whole) => {
    bar.max = whole;
    bar.value = sent;
    const megabytes = (bytes) => (bytes / 1048576).toFixed(1);
    say("going", {
      done: megabytes(sent), whole: megabytes(whole), percent: Math.floor((100 * sent) / whole),
    });
  };

  const takeIn = async () => {
    say("taking");
    pause.hidden = true;
    const answer = await fetch(`${upload.url}/take`, { method: "POST", headers });
    const found = await answer.json();
    if (answer.ok) window.location.assign(found.url);
    else fail(found.text);
  };

  const fail = (text) => {
    running = false;
    part.dataset.state = "failed";
    pause.hidden = false;
    pause.textContent = pause.dataset.resume;
    say("failed", { reason: text });
  };

  const start = () => {
    running = true;
    part.dataset.state = "going";
    pause.hidden = false;
    pause.textContent = pause.dataset.pause;
    upload.start();
  };

  const prepare = (file) => new window.tus.Upload(file, {
    endpoint: form.dataset.uploads,
    chunkSize: 8 * 1024 * 1024,
    retryDelays: [0, 1000, 2000, 4000, 8000, 8000, 15000, 15000, 30000, 30000, 60000, 60000],
    removeFingerprintOnSuccess: true,
    headers,
    metadata: {
      filename: file.name,
      camera: form.elements.camera.value,
      start: form.elements.start.value,
    },
    // The same file for another camera is another upload.
    fingerprint: async (given) =>
      ["examday", form.dataset.uploads, form.elements.camera.value, form.elements.start.value,
        given.name, given.size, given.lastModified].join("|"),
    onShouldRetry: (error) => {
      const status = error.originalResponse ? error.originalResponse.getStatus() : 0;
      if (status === 0) say("waiting");
      // What waiting does not mend is told at once: a full disk, a closed room, a wrong camera.
      return status === 0 || status === 409 || status === 423 || status === 460
        || (status >= 500 && status !== 507);
    },
    onProgress: show,
    onError: (error) => fail(told(error) || error.message),
    onSuccess: () => { running = false; takeIn().catch((error) => fail(error.message)); },
  });

  form.addEventListener("submit", async (event) => {
    const file = form.elements.file.files[0];
    if (!file || running) return;
    event.preventDefault();
    part.hidden = false;
    part.focus();
    upload = prepare(file);
    const earlier = await upload.findPreviousUploads();
    if (earlier.length) upload.resumeFromPreviousUpload(earlier[0]);
    start();
  });

  pause.addEventListener("click", async () => {
    if (!upload) return;
    if (!running) {
      start();
      return;
    }
    running = false;
    await upload.abort();
    part.dataset.state = "paused";
    pause.textContent = pause.dataset.resume;
    say("paused");
  });

  window.addEventListener("beforeunload", (event) => { if (running && bar.value < bar.max) event.preventDefault(); });
}
