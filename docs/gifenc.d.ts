/** gifenc 1.0.3 comes without types; these are the parts that the walk uses (its README, "API"). */
declare module "gifenc" {
  interface FrameOptions {
    /** Red, green and blue of each colour; wanted for the first frame, and held for the rest. */
    readonly palette?: readonly (readonly number[])[];
    readonly transparent?: boolean;
    readonly transparentIndex?: number;
    /** Milliseconds. */
    readonly delay: number;
    /** 0: for ever. */
    readonly repeat?: number;
    /** 1: what was drawn stays. */
    readonly dispose?: number;
  }
  interface Encoder {
    writeFrame(index: Uint8Array, width: number, height: number, options: FrameOptions): void;
    finish(): void;
    bytes(): Uint8Array;
  }
  const gifenc: { readonly GIFEncoder: () => Encoder };
  export default gifenc;
}
