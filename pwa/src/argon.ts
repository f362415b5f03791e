// Argon2id itself: a passphrase and a salt in, thirty-two bytes out. It keeps nothing.
import { argon2id } from 'hash-wasm'
import type { Bytes } from './bytes'

export interface Stretching {
  readonly passphrase: string
  readonly salt: Bytes
  readonly memory_kib: number
  readonly passes: number
  readonly lanes: number
}

export async function argon({ passphrase, salt, memory_kib, passes, lanes }: Stretching): Promise<Bytes> {
  const work = { password: passphrase, salt, memorySize: memory_kib, iterations: passes, parallelism: lanes }
  return (await argon2id({ ...work, hashLength: 32, outputType: 'binary' })) as Bytes
}
