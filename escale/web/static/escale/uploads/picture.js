// « Envoi léger »: a photo made smaller before it leaves, never below what can be read.
const KINDS = ["image/jpeg", "image/png", "image/webp"];
const LONG = 2000; // an A4 sheet at about 170 dots an inch,
const SHORT = 1414; // on both its sides, so that a long till receipt stays legible too
const QUALITY = 0.8;

export const isPhoto = (file) => KINDS.includes(file.type);

// Return a smaller copy of a photo, upright, or nothing when there is nothing to gain.
export async function reduced(file) {
  const image = await createImageBitmap(file, { imageOrientation: "from-image" }).catch(() => null);
  if (!image) return null;
  const { width, height } = image;
  const scale = Math.min(1, Math.max(LONG / Math.max(width, height), SHORT / Math.min(width, height)));
  const canvas = document.createElement("canvas");
  canvas.width = Math.ceil(width * scale);
  canvas.height = Math.ceil(height * scale);
  const pen = canvas.getContext("2d");
  pen.fillStyle = "#fff"; // where a PNG is transparent, JPEG would be black
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.imageSmoothingQuality = "high";
  pen.drawImage(image, 0, 0, canvas.width, canvas.height);
  image.close();
  const light = await new Promise((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
  if (!light || light.type !== "image/jpeg" || light.size >= file.size) return null;
  const name = file.type === "image/jpeg" ? file.name : file.name.replace(/(\.\w+)?$/, ".jpg");
  return new File([light], name, { type: "image/jpeg", lastModified: file.lastModified });
}
