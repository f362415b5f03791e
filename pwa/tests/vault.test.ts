import { beforeAll, describe, expect, it } from 'vitest'
import { fromBase64url, toBase64url, utf8, type Bytes } from '../src/bytes'
import type { Passkeys } from '../src/passkeys'
import type { Envelope } from '../src/envelope'
import { strongEnough } from '../src/passphrases'
import { WeakSlot } from '../src/slots'
import { makeVault } from '../src/new_vault'
import { openVault, type OpenVault } from '../src/vault'
import { nobody, PASSPHRASE, sealingServer, USER, type SealingServer } from './parts'

const label = { kind: 'visit', id: 'one', write: 7, epoch: 'personal.1' }
let server: SealingServer
let made: { envelope: Envelope; open: OpenVault }

beforeAll(async () => {
  server = await sealingServer()
  const vault = await makeVault(crypto.randomUUID(), { user: USER, sealing_key: server.key }, { passphrase: PASSPHRASE }, nobody)
  if (!vault) throw new Error('no vault')
  made = vault
})

describe('the vault', () => {
  it('opens with its passphrase, with other spaces around it, and not with another', async () => {
    expect(await openVault(made.envelope, { passphrase: ` ${PASSPHRASE} ` }, nobody)).not.toBeNull()
    expect(await openVault(made.envelope, { passphrase: 'fire ord som holder lengre' }, nobody)).toBeNull()
    expect(await openVault(made.envelope, { passphrase: '' }, nobody)).toBeNull()
  })

  it('keeps no key, no passphrase and no name readable in what goes to the disk', () => {
    const written: number[] = []
    JSON.stringify(made.envelope, (_key, value: unknown) => {
      if (value instanceof Uint8Array) written.push(...value)
      return value
    })
    const text = `${JSON.stringify(made.envelope)}${new TextDecoder('latin1').decode(new Uint8Array(written))}`
    for (const secret of [PASSPHRASE, USER, server.key.public]) expect(text).not.toContain(secret)
  })

  it('refuses a slot whose work was lowered on the disk', async () => {
    for (const weaker of [{ memory_kib: 1024 }, { passes: 1 }, { salt: new Uint8Array(8) }]) {
      const slots = made.envelope.slots.map((slot) => ({ ...slot, ...weaker })) as Envelope['slots']
      await expect(openVault({ ...made.envelope, slots }, { passphrase: PASSPHRASE }, nobody)).rejects.toThrow(WeakSlot)
    }
  })

  it('opens no other vault with the keys of this one', async () => {
    const moved = { ...made.envelope, vault: crypto.randomUUID() }
    expect(await openVault(moved, { passphrase: PASSPHRASE }, nobody)).toBeNull()
  })

  it('gives a record back under its own name, write and key alone', async () => {
    const data = await made.open.encrypt(label, utf8('hemmelig'))
    expect(new TextDecoder().decode(await made.open.decrypt(label, data))).toBe('hemmelig')
    const strangers = [{ kind: 'note' }, { id: 'two' }, { write: 6 }, { epoch: 'technical.1' }, { epoch: 'personal.2' }]
    for (const other of strangers) await expect(made.open.decrypt({ ...label, ...other }, data)).rejects.toThrow()
    const changed = new Uint8Array(data.slice(0))
    changed[changed.length - 1] = (changed[changed.length - 1] ?? 0) ^ 1
    await expect(made.open.decrypt(label, changed.buffer)).rejects.toThrow()
  })

  it('holds no key once it is closed', async () => {
    const open = await openVault(made.envelope, { passphrase: PASSPHRASE }, nobody)
    const data = await made.open.encrypt(label, utf8('hemmelig'))
    open?.close()
    await expect(open?.decrypt(label, data)).rejects.toThrow('locked')
    await expect(open?.seal({ mid: 'm', replica: 'r', n: 1 }, utf8('{}'))).rejects.toThrow('locked')
  })

  it('seals so that the server alone can read it, and signs it with the key the server was given', async () => {
    const parcel = await made.open.seal({ mid: 'm', replica: 'r', n: 3 }, utf8('{"set":{"outcome":"completed"}}'))
    const twin = {
      ...parcel, state: 'frozen' as const, updated: 0,
      enc: parcel.enc.buffer, ciphertext: parcel.ciphertext.buffer, signature: parcel.signature.buffer,
    }
    expect(await server.open(twin)).toEqual({ set: { outcome: 'completed' } })
    const key = fromBase64url(made.open.signing_public)
    expect(twin.signature.byteLength).toBe(64)
    expect(await server.verify(twin, key)).toBe(true)
    expect(await server.verify({ ...twin, n: 4 }, key)).toBe(false)
    await expect(server.open({ ...twin, mid: 'other' })).rejects.toThrow()
  })

  it('opens by a passkey alone, and by nothing without it', async () => {
    const known = new Map<string, Bytes>()
    const passkeys: Passkeys = {
      available: async () => true,
      make: async (_vault, salt) => {
        const credential = crypto.getRandomValues(new Uint8Array(16))
        const secret = crypto.getRandomValues(new Uint8Array(32))
        known.set(`${toBase64url(credential)}${toBase64url(salt)}`, secret)
        return { credential, secret }
      },
      ask: async (credential, salt) => known.get(`${toBase64url(credential)}${toBase64url(salt)}`) ?? null,
    }
    const vault = await makeVault(crypto.randomUUID(), { user: USER, sealing_key: server.key }, { passkey: true }, passkeys)
    if (!vault) throw new Error('no vault')
    expect(await openVault(vault.envelope, { passkey: true }, passkeys)).not.toBeNull()
    expect(await openVault(vault.envelope, { passphrase: PASSPHRASE }, passkeys)).toBeNull()
    expect(await openVault(vault.envelope, { passkey: true }, nobody)).toBeNull()
    expect(await makeVault('v', { user: USER, sealing_key: server.key }, { passkey: true }, nobody)).toBeNull()
  })
})

describe('a passphrase', () => {
  it.each(['fire ord som holder', 'Åtte-ører-under-ølløse', 'Xq7!kM2p#Vw9sR4t'])('«%s» is strong enough', (words) => {
    expect(strongEnough(words)).toBe(true)
  })
  it.each(['', '123456', 'passord', 'ett to tre', 'sol sol sol sol', 'aaaaaaaaaaaaaaaaaaaa', 'a b c d e f g'])('«%s» is not', (words) => {
    expect(strongEnough(words)).toBe(false)
  })
})
