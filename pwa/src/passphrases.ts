// Which passphrases are enough; it holds none.

/** Four words or sixteen characters: enough to stand alone against whoever has stolen the disk. */
export function strongEnough(passphrase: string): boolean {
  const said = passphrase.normalize('NFKC').trim()
  const words = new Set(said.toLowerCase().split(/[^\p{L}\p{N}]+/u).filter((word) => word.length >= 3))
  if (words.size >= 4) return true
  return [...said].length >= 16 && new Set(said).size >= 8
}
