/** Who else does it. */
export interface Peer<P> {
  /** As its cases bear it. */
  readonly name: string
  /** What it is, of which version, and of which language's. */
  readonly title: string
  readonly ways: { readonly read?: P; readonly write?: P }
}
