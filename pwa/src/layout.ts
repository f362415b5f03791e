// How a vault's database is laid out: which stores it has, and by what they are looked up. It reads and writes nothing.
import type { Work } from './store'

export const CELLS = ['base', 'rows', 'shelf', 'meta', 'snapshot'] as const

/** What is not there yet is made; a store of an earlier version stays as it is. */
export function layOut(db: Parameters<Work>[0]['db']): void {
  const lacks = (name: (typeof CELLS)[number] | 'envelope' | 'sealed' | 'photos'): boolean => !db.objectStoreNames.contains(name)
  for (const name of CELLS) {
    if (!lacks(name)) continue
    const made = db.createObjectStore(name, { keyPath: 'id' })
    if (name === 'base') made.createIndex('write' as never, 'write')
  }
  if (lacks('envelope')) db.createObjectStore('envelope')
  if (lacks('sealed')) db.createObjectStore('sealed', { keyPath: 'mid' }).createIndex('state', 'state')
  if (lacks('photos')) db.createObjectStore('photos', { keyPath: 'id' }).createIndex('state', 'state')
}
