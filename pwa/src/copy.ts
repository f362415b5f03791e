// The sealed copy of what is not sent, as a file to be carried to the office. It opens nothing, and nothing of it is marked as sent.
import { toBase64url } from './bytes'
import { parcelOf } from './courier'
import { sealedKey } from './lane'
import { photoIds, photoOf } from './shoebox'
import type { Store } from './store'
import type { Twin } from './stored'

/** The office takes no larger file (32 MiB); words come first, and photos as far as there is room. */
export const COPY_MAX = 30_000_000

export interface Copy {
  readonly file: Blob
  readonly photos: number
  /** Photos that there was no room for. */
  readonly left: number
}

/** Photos go as they lie there: encrypted, with their key sealed to the office. */
export async function copyOf(twins: readonly Twin[], stores: readonly Store[], most: number = COPY_MAX): Promise<Copy> {
  const parts = [`{"parcels":${JSON.stringify(twins.map(parcelOf))},"photos":[`]
  let [size, photos, left] = [parts[0]?.length ?? 0, 0, 0]
  for (const store of stores) {
    for (const id of await photoIds(store, 'waiting')) {
      const photo = await photoOf(store, id)
      if (!photo) continue
      const written = `${photos > 0 ? ',' : ''}${JSON.stringify({ id, sealed: sealedKey(photo), data: toBase64url(new Uint8Array(photo.data)) })}`
      if (size + written.length + 2 > most) {
        left++
        continue
      }
      size += written.length
      photos++
      parts.push(written)
    }
  }
  return { file: new Blob([...parts, ']}'], { type: 'application/json' }), photos, left }
}
