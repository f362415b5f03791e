// Puts off what the eye does not wait for.

/** Does it once the next frame is on the screen; the answer calls it off. */
export function afterFrame(work: () => void): () => void {
  let off = false
  requestAnimationFrame(() => setTimeout(() => void (off || work())))
  return () => void (off = true)
}
