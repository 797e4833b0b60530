import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parentPort } from 'node:worker_threads';
import { initWasm, Resvg } from '@resvg/resvg-wasm';

/** Fonts come from an npm package, because a container has none. */
const fonts = ['DejaVuSans.ttf', 'DejaVuSans-Bold.ttf'];

async function readPackaged(path: string): Promise<Uint8Array> {
  return readFile(fileURLToPath(import.meta.resolve(path)));
}

const [wasm, ...fontBuffers] = await Promise.all(
  ['@resvg/resvg-wasm/index_bg.wasm', ...fonts.map((name) => `dejavu-fonts-ttf/ttf/${name}`)].map(
    readPackaged,
  ),
);
await initWasm(new Uint8Array(wasm ?? []));

parentPort?.on('message', (svg: string) => {
  const drawing = new Resvg(svg, {
    // Renders 1.5 times larger than the drawing, to be sharp on small, dense screens.
    fitTo: { mode: 'zoom', value: 1.5 },
    font: { fontBuffers, loadSystemFonts: false, defaultFontFamily: 'DejaVu Sans' },
  });
  const image = drawing.render();
  const png = image.asPng();
  image.free();
  drawing.free();
  parentPort?.postMessage(png);
});
