// Where a vault's photos lie until the office has them: encrypted bytes by id and state. It opens none.
import type { Store } from './store'
import type { KeptPhoto, PhotoState } from './stored'

/** Resolves when it is durable. Throws StorageFull. */
export function keepPhoto(store: Store, photo: KeptPhoto): Promise<void> {
  return store.strict(['photos'], (tx) => tx.objectStore('photos').put(photo))
}

export async function photoOf(store: Store, id: string): Promise<KeptPhoto | null> {
  return (await (await store.connection()).get('photos', id)) ?? null
}

/** Without reading a byte of a photo. */
export async function photoIds(store: Store, state: PhotoState): Promise<string[]> {
  return (await store.connection()).getAllKeysFromIndex('photos', 'state', state)
}

export function markPhotos(store: Store, ids: readonly string[], state: PhotoState): Promise<void> {
  return store.strict(['photos'], (tx) =>
    Promise.all(
      ids.map(async (id) => {
        const photo = await tx.objectStore('photos').get(id)
        if (photo && photo.state !== state) await tx.objectStore('photos').put({ ...photo, state, updated: Date.now() })
      }),
    ),
  )
}

export function dropPhotos(store: Store, ids: readonly string[]): Promise<void> {
  return store.strict(['photos'], (tx) => Promise.all(ids.map((id) => tx.objectStore('photos').delete(id))))
}
