// A photo made small before it is kept: upright, and with no word about where or by what it was taken. It stores nothing.
import { joined, type Bytes } from './bytes'
import { LIMITS, measured, type Kind } from './picture_file'
import { say } from './programmes/words'
import { UnreadablePicture } from './stored'

export interface Redrawn {
  readonly bytes: Bytes
  /** A small JPEG in base64, which travels with the record. */
  readonly thumbnail: string
}

export const PICTURE = { side: 1600, bytes: 350_000 } as const
export const THUMBNAIL = { side: 320, bytes: 16_384 } as const
const QUALITIES = [0.85, 0.75, 0.65, 0.55, 0.45] as const
const SHRINKS = 0.75
const SMALLEST = 64
const AT_ONCE = 32_768

/** A place in a picture, as parts of its width and height. */
export interface Spot {
  readonly x: number
  readonly y: number
}

/** What the thumb pointed at: a ring where it was put down, or an arrow to where it was drawn. */
export interface Mark {
  readonly from: Spot
  readonly to: Spot
}

const RING = 0.09
const ARROW_FROM = 0.06
const BARB = Math.PI / 7

/** Draws a mark in red on white, so that it is seen on any wall. */
export function point(pen: CanvasRenderingContext2D, mark: Mark, width: number, height: number): void {
  const side = Math.max(width, height)
  const [x, y] = [mark.to.x * width, mark.to.y * height]
  const [dx, dy] = [x - mark.from.x * width, y - mark.from.y * height]
  const length = Math.hypot(dx, dy)
  const path = new Path2D()
  if (length < ARROW_FROM * side) path.arc(x, y, RING * side, 0, 2 * Math.PI)
  else {
    path.moveTo(x - dx, y - dy)
    path.lineTo(x, y)
    for (const turn of [-BARB, BARB]) {
      const angle = Math.atan2(dy, dx) + Math.PI + turn
      path.moveTo(x, y)
      path.lineTo(x + Math.cos(angle) * ARROW_FROM * side, y + Math.sin(angle) * ARROW_FROM * side)
    }
  }
  pen.lineCap = 'round'
  for (const [colour, wide] of [['#fff', 0.018], ['#c00020', 0.01]] as const) {
    pen.strokeStyle = colour
    pen.lineWidth = Math.max(2, wide * side)
    pen.stroke(path)
  }
}

const unreadable = (cause: unknown): UnreadablePicture => new UnreadablePicture(say('photo.unreadable'), { cause })

/** Throws UnreadablePicture. The browser turns the picture as it was held; a canvas keeps nothing but pixels. */
export async function redraw(file: Blob, mark: Mark | null = null): Promise<Redrawn> {
  const kind = await checked(file)
  const image = await createImageBitmap(file, { imageOrientation: 'from-image' }).catch((cause: unknown) => {
    throw kind === 'heif' ? new UnreadablePicture(say('photo.heic'), { cause }) : unreadable(cause)
  })
  try {
    const bytes = await drawn(image, PICTURE, mark)
    const small = await drawn(image, THUMBNAIL, mark)
    return { bytes, thumbnail: base64(small) }
  } finally {
    image.close()
  }
}

/** Looks at what the file says of itself, before any of it is decoded. Throws UnreadablePicture. */
async function checked(file: Blob): Promise<Kind> {
  if (file.size > LIMITS.bytes) {
    throw new UnreadablePicture(say('photo.large', { mb: Math.ceil(file.size / 100_000) / 10, grense: LIMITS.bytes / 1_000_000 }))
  }
  const found = measured(new Uint8Array(await file.arrayBuffer()))
  if (!found?.whole) throw unreadable('no whole picture of a kind that we take')
  const pixels = found.width * found.height
  if (pixels > LIMITS.pixels) {
    throw new UnreadablePicture(say('photo.pixels', { antall: Math.ceil(pixels / 1_000_000), grense: LIMITS.pixels / 1_000_000 }))
  }
  return found.kind
}

/** As a JPEG within a side and a size, first at less quality, then smaller. */
async function drawn(image: ImageBitmap, most: { readonly side: number; readonly bytes: number }, mark: Mark | null): Promise<Bytes> {
  for (let side = most.side; side >= SMALLEST; side = Math.floor(side * SHRINKS)) {
    const scale = Math.min(1, side / Math.max(image.width, image.height))
    const canvas = document.createElement('canvas')
    canvas.width = Math.max(1, Math.round(image.width * scale))
    canvas.height = Math.max(1, Math.round(image.height * scale))
    const pen = canvas.getContext('2d', { alpha: false })
    if (!pen) throw unreadable('no room to draw')
    pen.fillStyle = '#fff' // what can be seen through becomes paper
    pen.fillRect(0, 0, canvas.width, canvas.height)
    pen.imageSmoothingQuality = 'high'
    pen.drawImage(image, 0, 0, canvas.width, canvas.height)
    if (mark !== null) point(pen, mark, canvas.width, canvas.height)
    for (const quality of QUALITIES) {
      const made = await new Promise<Blob | null>((done) => canvas.toBlob(done, 'image/jpeg', quality))
      if (made?.type !== 'image/jpeg') throw unreadable('the browser made no JPEG of it')
      if (made.size <= most.bytes) return bare(new Uint8Array(await made.arrayBuffer()))
    }
  }
  throw unreadable('it cannot be made small enough')
}

const START_OF_PIXELS = 0xda
const ADOBE = 0xee

/** A JPEG without the segments in which programs write: Exif, XMP, IPTC, profiles, comments. Throws UnreadablePicture. */
export function bare(jpeg: Bytes): Bytes {
  const kept: Bytes[] = [jpeg.subarray(0, 2)]
  for (let at = 2; at + 4 <= jpeg.length; ) {
    const marker = jpeg[at + 1] ?? 0
    if (jpeg[at] !== 0xff) break
    if (marker === START_OF_PIXELS) return joined(...kept, jpeg.subarray(at))
    const next = at + 2 + (jpeg[at + 2] ?? 0) * 256 + (jpeg[at + 3] ?? 0)
    const tells = (marker > 0xe0 && marker <= 0xef && marker !== ADOBE) || marker === 0xfe
    if (!tells) kept.push(jpeg.subarray(at, next))
    at = next
  }
  throw unreadable('the JPEG has no pixels')
}

/** A picture as the screen can show it, without a file of its own anywhere. */
export const shownAs = (jpeg: Uint8Array | string): string =>
  `data:image/jpeg;base64,${typeof jpeg === 'string' ? jpeg : base64(jpeg)}`

function base64(bytes: Uint8Array): string {
  let binary = ''
  for (let at = 0; at < bytes.length; at += AT_ONCE) binary += String.fromCharCode(...bytes.subarray(at, at + AT_ONCE))
  return btoa(binary)
}
