// What a file says that it is, read from its own bytes before anything decodes them: a kind, a size, and whether the end is there.

export type Kind = 'jpeg' | 'png' | 'webp' | 'heif'

export interface Measured {
  readonly kind: Kind
  readonly width: number
  readonly height: number
  /** All of it is here, as far as the file itself can tell. */
  readonly whole: boolean
}

/** The same kinds and the same measures as the office takes. */
export const LIMITS = { bytes: 25_000_000, pixels: 50_000_000 } as const

const HEIF = /^ftyp(hei|hev|mif1|msf1)/
const FRAMES = new Set([0xc0, 0xc1, 0xc2, 0xc3, 0xc5, 0xc6, 0xc7, 0xc9, 0xca, 0xcb, 0xcd, 0xce, 0xcf])
const START_OF_PIXELS = 0xda
const END_OF_PIXELS = 0xd9

/** Null for what is no picture of a kind that we take, or ends before it has said how large it is. */
export function measured(bytes: Uint8Array): Measured | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const word = (at: number, length: number): string => String.fromCharCode(...bytes.subarray(at, at + length))
  try {
    if (word(0, 3) === '\xff\xd8\xff') return jpeg(view)
    if (word(0, 8) === '\x89PNG\r\n\x1a\n') return png(view, word)
    if (word(0, 4) === 'RIFF' && word(8, 4) === 'WEBP') return webp(view, word(12, 4))
    if (HEIF.test(word(4, 8))) return heif(view)
  } catch (error) {
    if (!(error instanceof RangeError)) throw error // it reads beyond the end
  }
  return null
}

function jpeg(view: DataView): Measured | null {
  let size: { width: number; height: number } | null = null
  for (let at = 2; view.getUint8(at) === 0xff; ) {
    const marker = view.getUint8(at + 1)
    if (marker === 0xff) {
      at++ // filling
      continue
    }
    if (marker === START_OF_PIXELS) return size && { kind: 'jpeg', ...size, whole: endsAfter(view, at) }
    if (FRAMES.has(marker)) size = { height: view.getUint16(at + 5), width: view.getUint16(at + 7) }
    at += 2 + view.getUint16(at + 2)
  }
  return null
}

function endsAfter(view: DataView, from: number): boolean {
  for (let at = from; at + 1 < view.byteLength; at++) {
    if (view.getUint8(at) === 0xff && view.getUint8(at + 1) === END_OF_PIXELS) return true
  }
  return false
}

function png(view: DataView, word: (at: number, length: number) => string): Measured {
  const size = { width: view.getUint32(16), height: view.getUint32(20) }
  for (let at = 8; at + 12 <= view.byteLength; at += 12 + view.getUint32(at)) {
    if (word(at + 4, 4) === 'IEND') return { kind: 'png', ...size, whole: true }
  }
  return { kind: 'png', ...size, whole: false }
}

function webp(view: DataView, chunk: string): Measured | null {
  const whole = view.getUint32(4, true) + 8 <= view.byteLength
  const said = (width: number, height: number): Measured => ({ kind: 'webp', width, height, whole })
  if (chunk === 'VP8 ') return said(view.getUint16(26, true) & 0x3fff, view.getUint16(28, true) & 0x3fff)
  if (chunk === 'VP8X') return said((view.getUint32(24, true) & 0xffffff) + 1, (view.getUint32(26, true) >>> 8) + 1)
  if (chunk !== 'VP8L') return null
  const bits = view.getUint32(21, true)
  return said((bits & 0x3fff) + 1, ((bits >>> 14) & 0x3fff) + 1)
}

/** A picture is laid of tiles, and each says its size in a box named ispe: the largest is the whole. */
function heif(view: DataView): Measured | null {
  const ISPE = 0x69737065
  let largest = { width: 0, height: 0 }
  const end = Math.min(view.byteLength - 16, 1 << 16)
  for (let at = 8; at <= end; at++) {
    if (view.getUint32(at) !== ISPE) continue
    const [width, height] = [view.getUint32(at + 8), view.getUint32(at + 12)]
    if (width * height > largest.width * largest.height) largest = { width, height }
  }
  return largest.width > 0 ? { kind: 'heif', ...largest, whole: true } : null
}
