/** What the tests use of pdfkit, which comes without types. */
declare namespace PDFKit {
  interface PDFDocumentOptions {
    size?: string;
    compress?: boolean;
    userPassword?: string;
    info?: Record<string, string>;
    [option: string]: unknown;
  }

  interface TextOptions {
    continued?: boolean;
    [option: string]: unknown;
  }

  interface PDFDocument extends NodeJS.ReadableStream {
    addPage(options?: PDFDocumentOptions): this;
    font(name: string): this;
    fontSize(points: number): this;
    text(text: string, options?: TextOptions): this;
    text(text: string, x: number, y: number, options?: TextOptions): this;
    rect(x: number, y: number, width: number, height: number): this;
    fill(colour: string): this;
    fillColor(colour: string, opacity?: number): this;
    fillOpacity(opacity: number): this;
    moveDown(lines?: number): this;
    end(): void;
    toArray(): Promise<Uint8Array[]>;
  }
}

declare module "pdfkit" {
  const PDFDocument: new (options?: PDFKit.PDFDocumentOptions) => PDFKit.PDFDocument;
  export default PDFDocument;
}
