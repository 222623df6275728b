import type { PDFDocumentProxy } from 'pdfjs-dist';

/** A report on the screen. */
export interface Pdf {
  pages: number;
  /** Draws a page, sharp on this screen, and gives its words for a screen reader. */
  draw(page: number, canvas: HTMLCanvasElement): Promise<string>;
  close(): void;
}

/** CSS pixels of a page's width when it is drawn; the screen makes it fit. */
const WIDTH = 860;

/** Opens a PDF. The reader is loaded when the first report is opened; it runs in a worker of this app. */
export async function openPdf(bytes: Uint8Array): Promise<Pdf> {
  const [pdfjs, { default: Worker }] = await Promise.all([
    import('pdfjs-dist'),
    import('pdfjs-dist/build/pdf.worker.min.mjs?worker'),
  ]);
  pdfjs.GlobalWorkerOptions.workerPort ??= new Worker();
  const document: PDFDocumentProxy = await pdfjs.getDocument({
    data: bytes,
    useWasm: false,
    isEvalSupported: false,
  }).promise;
  let drawing: { cancel(): void } | null = null;

  return {
    pages: document.numPages,
    async draw(number, canvas) {
      drawing?.cancel();
      const page = await document.getPage(number);
      const scale = (WIDTH / page.getViewport({ scale: 1 }).width) * Math.min(2, devicePixelRatio || 1);
      const viewport = page.getViewport({ scale });
      canvas.width = Math.round(viewport.width);
      canvas.height = Math.round(viewport.height);
      const task = page.render({ canvas, viewport });
      drawing = task;
      await task.promise;
      const { items } = await page.getTextContent();
      return items.map((item) => ('str' in item ? item.str : '')).join(' ');
    },
    close() {
      drawing?.cancel();
      void document.destroy();
    },
  };
}
