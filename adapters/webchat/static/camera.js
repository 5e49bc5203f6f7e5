// The camera of a kiosk: on only while its screen is shown.

const PIXELS = 1920;

export class Camera {
  /** *video* shows what it sees. */
  constructor(video) {
    this.video = video;
  }

  /** Whether this machine has one and may use it: browsers allow that on https pages only. */
  static async isThere() {
    try {
      const devices = await navigator.mediaDevices.enumerateDevices();
      return devices.some(({ kind }) => kind === "videoinput");
    } catch {
      return false;
    }
  }

  async open() {
    const wish = { video: { facingMode: "environment", width: { ideal: PIXELS } } };
    this.stream = await navigator.mediaDevices.getUserMedia(wish);
    this.video.srcObject = this.stream;
  }

  /** The picture of now. */
  shoot() {
    const canvas = document.createElement("canvas");
    canvas.width = this.video.videoWidth;
    canvas.height = this.video.videoHeight;
    canvas.getContext("2d").drawImage(this.video, 0, 0);
    return new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.92));
  }

  close() {
    for (const track of this.stream?.getTracks() ?? []) track.stop();
    this.stream = null;
    this.video.srcObject = null;
  }
}
