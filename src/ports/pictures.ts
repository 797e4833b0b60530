/** Drawings become pictures. */
export interface Pictures {
  /** A PNG of an SVG that is our own; the same text gives the same bytes. Undefined when it cannot be drawn. */
  draw(svg: string, signal: AbortSignal): Promise<Uint8Array | undefined>;
}
