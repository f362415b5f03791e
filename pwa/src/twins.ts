// How what is sealed lies in a vault's database: the twin beside its row, in the same transaction. It opens no database.
import type { Work } from './store'
import type { Entry } from './stored'

/** The twin is written with its row, and outlives it: a covered row has had its seven days when it is dropped. */
export async function keepTwin(tx: Parameters<Work>[0], entry: Entry, updated: number): Promise<void> {
  const sealed = tx.objectStore('sealed')
  const state = entry.value === undefined ? 'covered' : (entry.row?.state ?? 'open')
  if (entry.twin) {
    const { mid, replica, n, key } = entry.twin
    const { enc, ciphertext, signature } = entry.twin
    const twin = { enc: enc.buffer, ciphertext: ciphertext.buffer, signature: signature.buffer }
    await sealed.put({ mid, replica, n, key, state, updated, ...twin })
    return
  }
  const twin = await sealed.get(entry.id)
  if (!twin) return
  if (entry.value === undefined && twin.state === 'covered') await sealed.delete(entry.id)
  else await sealed.put({ ...twin, state, updated })
}
