import { PNG } from 'pngjs';

/** What every simulated guest shows: a grey screen of 64 x 48 with a white bar, as PNG. */
export const screen: Buffer = PNG.sync.write(picture());

function picture(): PNG {
  const png = new PNG({ width: 64, height: 48 });
  for (let pixel = 0; pixel < png.width * png.height; pixel += 1) {
    const isBar = Math.floor(pixel / png.width) < 8;
    png.data.set(isBar ? [255, 255, 255, 255] : [64, 64, 64, 255], pixel * 4);
  }
  return png;
}
