/** Pixels of the PNG for one unit of the chart: sharp on any screen and on paper. */
const PIXELS_PER_UNIT = 2;

/** Saves a chart, which the hub draws as SVG, as PNG. Throws where the chart cannot be loaded. */
export async function chartToPng(svgPath: string, fileName: string): Promise<void> {
  const image = new Image();
  image.src = svgPath;
  try {
    await image.decode();
  } catch (error) {
    throw new Error("Cannot save the chart: it could not be loaded. Try again when the first results are there.", { cause: error });
  }
  const canvas = document.createElement("canvas");
  canvas.width = image.naturalWidth * PIXELS_PER_UNIT;
  canvas.height = image.naturalHeight * PIXELS_PER_UNIT;
  canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise<Blob | null>((resolve) => {
    canvas.toBlob(resolve, "image/png");
  });
  if (blob === null) throw new Error("Cannot save the chart: this browser could not make a PNG of it. Take the SVG instead.");
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = fileName;
  link.click();
  URL.revokeObjectURL(link.href);
}
