import { afterEach, describe, expect, it, vi } from 'vitest'
import { utf8 } from '../src/bytes'
import { bare, redraw } from '../src/picture'
import { LIMITS, measured } from '../src/picture_file'
import { UnreadablePicture } from '../src/stored'

const u16 = (value: number): number[] => [value >> 8, value & 255]
const u32 = (value: number): number[] => [...u16(value >>> 16), ...u16(value & 0xffff)]
const little = (value: number, length: number): number[] => u32(value).reverse().slice(0, length)
const file = (...parts: (string | number | number[])[]): Uint8Array<ArrayBuffer> => new Uint8Array(parts.flatMap((part) => (typeof part === 'string' ? [...part].map((letter) => letter.charCodeAt(0)) : part)))

const segment = (marker: number, words: string): number[] => [0xff, marker, 0, words.length + 2, ...utf8(words)]
const PIXELS = [0xff, 0xda, 0, 2, 1, 2, 3, 0xff, 0xd9]
const frame = (width: number, height: number, marker = 0xc2): number[] => [0xff, marker, 0, 8, 8, ...u16(height), ...u16(width), 3]
/** A camera's: a little picture with a size and an end of its own stands before the whole. */
const jpeg = (width: number, height: number): Uint8Array<ArrayBuffer> =>
  file([0xff, 0xd8], [0xff, 0xe1, 0, 23, 0xff, 0xd8], frame(9, 9), [0xff, 0xd9], '!!!!!!!', [0xff], frame(width, height), segment(0xc4, 'table'), PIXELS)
const png = (width: number, height: number): Uint8Array<ArrayBuffer> =>
  file('\x89PNG\r\n\x1a\n', u32(13), 'IHDR', u32(width), u32(height), [8, 2, 0, 0, 0], u32(0), u32(3), 'IDATxyz', u32(0), u32(0), 'IEND', u32(0))
const riff = (chunk: string, body: number[]): Uint8Array<ArrayBuffer> => file('RIFF', little(body.length + 12, 4), 'WEBP', chunk, little(body.length, 4), body)
const WEBP: Record<string, (width: number, height: number) => Uint8Array<ArrayBuffer>> = {
  'VP8 ': (width, height) => riff('VP8 ', [0, 0, 0, 0x9d, 1, 0x2a, ...little(width, 2), ...little(height, 2)]),
  VP8L: (width, height) => riff('VP8L', [0x2f, ...little((width - 1) | ((height - 1) << 14), 4), 0]),
  VP8X: (width, height) => riff('VP8X', [2, 0, 0, 0, ...little(width - 1, 3), ...little(height - 1, 3)]),
}
const ispe = (width: number, height: number): (string | number[])[] => [u32(20), 'ispe', u32(0), u32(width), u32(height)]
const heic = (width: number, height: number, brand = 'heic'): Uint8Array<ArrayBuffer> => file(u32(24), 'ftyp', brand, u32(0), 'mif1heic', ...ispe(512, 512), ...ispe(width, height), ...ispe(160, 120))

const KINDS = { jpeg, png, ...WEBP, heic }

describe('what a file says of itself', () => {
  it.each(Object.entries(KINDS))('is read from the beginning of a %s', (_, made) => {
    expect(measured(made(4_032, 3_024))).toMatchObject({ width: 4_032, height: 3_024, whole: true })
    expect(measured(made(13_000, 13_000))).toMatchObject({ width: 13_000, height: 13_000 })
  })

  it.each(Object.entries(KINDS).filter(([kind]) => kind !== 'heic'))('is never that it is whole, wherever a %s ends too soon', (_, made) => {
    const whole = made(40, 30)
    for (let end = 0; end < whole.length; end++) expect(measured(whole.subarray(0, end))?.whole).not.toBe(true)
  })

  it('is nothing for other kinds, also for one that bears the sign of another in its place', () => {
    for (const other of ['', 'GIF89a\x01\0WEBP\0', 'BM', 'II*\0', '%PDF-1.7', '<html>', 'PK\x03\x04', '\0\0\0\x18ftypavif', '\0\0\0\x18ftypheic']) expect(measured(file(other))).toBeNull()
    expect(measured(file('GIF8', [...(WEBP['VP8X']?.(40, 30) ?? [])].slice(4)))).toBeNull()
    expect(measured(file([0xff, 0xd8, 0xff, 0xe0], Array<number>(500).fill(0)))).toBeNull()
  })

  it('ends where it ends, whatever hangs behind it', () => {
    for (const made of [jpeg, png]) expect(measured(file([...made(40, 30)], '<script>', 'PK\x03\x04'))).toMatchObject({ width: 40, height: 30, whole: true })
  })
})

describe('a file for a photo', () => {
  const decoded = vi.fn(() => Promise.reject(new Error('the browser cannot')))
  vi.stubGlobal('createImageBitmap', decoded)
  afterEach(() => decoded.mockClear())

  const said = async (...content: Uint8Array<ArrayBuffer>[]): Promise<string> => {
    const error: unknown = await redraw(new Blob(content)).catch((one: unknown) => one)
    if (!(error instanceof UnreadablePicture)) throw error
    return error.message
  }

  it('that is too large, too wide, of no kind or cut short is told in words and never decoded', async () => {
    expect(await said(jpeg(40, 30), new Uint8Array(LIMITS.bytes))).toBe('Fila er på 25,1 MB. Grensen er 25 MB. Resten er lagret. Velg en mindre fil.')
    for (const made of Object.values(KINDS)) expect(await said(made(13_000, 13_000))).toMatch(/^Bildet er på 169 megapiksler. Grensen er 50. Teksten er lagret./)
    for (const none of [file(''), file('GIF89a'), png(40, 30).subarray(0, 50)]) expect(await said(none)).toMatch(/^Bildet kan ikke leses og ble ikke lagt til. Teksten er lagret./)
    expect(decoded).not.toHaveBeenCalled()
  })

  it('that only the browser can judge is decoded, and told in words of its own when it is HEIC', async () => {
    expect(await said(jpeg(8_000, 6_250))).toMatch(/^Bildet kan ikke leses/)
    expect(await said(heic(4_032, 3_024, 'mif1'))).toMatch(/^Bildet er i formatet HEIC, som nettleseren ikke kan åpne. Teksten er lagret./)
    expect(decoded).toHaveBeenCalledTimes(2)
  })
})

describe('a JPEG', () => {
  it('keeps its pixels and loses every word that a program wrote in it', () => {
    const telling = [...segment(0xe1, 'Exif GPS'), ...segment(0xe2, 'ICC'), ...segment(0xed, 'IPTC'), ...segment(0xfe, 'note')]
    const plain = [0xff, 0xd8, ...segment(0xe0, 'JFIF'), ...segment(0xdb, 'table')]
    expect(bare(new Uint8Array([...plain, ...telling, ...PIXELS]))).toEqual(new Uint8Array([...plain, ...PIXELS]))
  })

  it('without pixels is none', () => {
    expect(() => bare(new Uint8Array([0xff, 0xd8, ...segment(0xe0, 'JFIF')]))).toThrow(UnreadablePicture)
  })
})
