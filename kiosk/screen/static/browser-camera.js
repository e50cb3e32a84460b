// The camera of this page, for tablets: frames read by zxing in WebAssembly, on this machine alone.
"use strict";

(() => {
  const button = byId("browser_camera");
  const video = byId("viewfinder");
  const canvas = document.createElement("canvas");
  const FORGET_MS = 2000;
  let last = "";
  let seenAt = 0;

  ZXingWASM.setZXingModuleOverrides({ locateFile: (name) => `/static/vendor/${name}` });

  button.addEventListener("click", async () => {
    try {
      video.srcObject = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment", width: { ideal: 1280 } } });
    } catch { return; }
    video.hidden = false;
    await video.play();
    button.textContent = button.dataset.on;
    button.disabled = true;
    viewfinder.video = video;
    viewfinder.jpeg = photograph;
    look();
  });

  function photograph() {
    const small = document.createElement("canvas");
    small.width = 480;
    small.height = Math.max(Math.round(480 * video.videoHeight / video.videoWidth), 1);
    small.getContext("2d").drawImage(video, 0, 0, small.width, small.height);
    return small.toDataURL("image/jpeg", 0.8).split(",")[1];
  }

  async function look() {
    if (video.videoWidth) {
      canvas.width = video.videoWidth;
      canvas.height = video.videoHeight;
      const pen = canvas.getContext("2d", { willReadFrequently: true });
      pen.drawImage(video, 0, 0);
      const frame = pen.getImageData(0, 0, canvas.width, canvas.height);
      const found = await ZXingWASM.readBarcodes(frame, { formats: ["QRCode"], maxNumberOfSymbols: 1 });
      const text = found.length && found[0].isValid ? found[0].text : "";
      const now = performance.now();
      if (text && (text !== last || now - seenAt > FORGET_MS)) { act("/scan", { text, means: "camera" }); }
      if (text) { [last, seenAt] = [text, now]; }
    }
    setTimeout(look, 80);
  }
})();
