// The file that carries what could not be sent: the sealed words, and the photos as they lie there, as far as there is room.
import { beforeEach, expect, it } from 'vitest'
import { fromBase64url, text, type Bytes } from '../src/bytes'
import { copyOf } from '../src/copy'
import { uuid7 } from '../src/ids'
import { keepPhoto, markPhotos, photoIds, photoOf } from '../src/shoebox'
import { leave, newPhone, type, type Phone } from './parts'

const PICTURE = crypto.getRandomValues(new Uint8Array(6_000)) as Bytes

interface Carried {
  parcels: { mid: string }[]
  photos: { id: string; sealed: string; data: string }[]
}

let phone: Phone
let mid: string

beforeEach(async () => {
  phone = await newPhone('here')
  mid = type(phone.keeper, 'outcome', 'completed')
  leave(phone.keeper)
  await phone.keeper.flush()
})

async function taken(): Promise<string> {
  const id = uuid7(Date.now())
  const kept = await phone.open.encryptPhoto(id, phone.keeper.state.replica, PICTURE)
  await keepPhoto(phone.keeper.store, { id, state: 'waiting', updated: Date.now(), ...kept })
  return id
}

const carried = async (most?: number): Promise<Carried & { photosIn: number; left: number }> => {
  const { store } = phone.keeper
  const { file, photos, left } = await copyOf(await store.twins('open', 'frozen'), [store], most)
  return { ...(JSON.parse(await file.text()) as Carried), photosIn: photos, left }
}

it('carries photos encrypted, with a key that only the office opens, and marks nothing as sent', async () => {
  const [first, second, sent] = [await taken(), await taken(), await taken()]
  await markPhotos(phone.keeper.store, [sent], 'sent')
  const file = await carried()
  expect([file.parcels.map((one) => one.mid), file.photosIn, file.left]).toEqual([[mid], 2, 0])
  expect(file.photos.map(({ id }) => id).sort()).toEqual([first, second].sort())
  for (const photo of file.photos) {
    const kept = await photoOf(phone.keeper.store, photo.id)
    const data = fromBase64url(photo.data)
    expect(data).toEqual(new Uint8Array(kept?.data ?? new ArrayBuffer(0)))
    const said = JSON.parse(text(fromBase64url(photo.sealed))) as Record<string, string>
    const raw = await phone.server.openKey(photo.id, said)
    const key = await crypto.subtle.importKey('raw', raw, 'AES-GCM', false, ['decrypt'])
    const about = new TextEncoder().encode(`oppgang/1|photo|${photo.id}`)
    const plain = await crypto.subtle.decrypt({ name: 'AES-GCM', iv: data.slice(0, 12), additionalData: about }, key, data.slice(12))
    expect(new Uint8Array(plain)).toEqual(PICTURE)
  }
  expect((await photoIds(phone.keeper.store, 'waiting')).sort()).toEqual([first, second].sort())
})

it('leaves behind, and counts, the photos that there is no room for; the words always go', async () => {
  await taken()
  await taken()
  expect(await carried(14_000)).toMatchObject({ photosIn: 1, left: 1 })
  const none = await carried(10)
  expect([none.parcels.length, none.photos, none.left]).toEqual([1, [], 2])
})
