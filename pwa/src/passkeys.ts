// Asks the browser's passkey, by thumb or face, for thirty-two bytes that only it can make; keeps nothing.

import { random, utf8, type Bytes } from './bytes'

/** Can this browser log in by a passkey? The office's page asks and answers; see its `passkey.js`. */
export const passkeysLogIn = (): boolean =>
  typeof PublicKeyCredential !== 'undefined' && 'parseRequestOptionsFromJSON' in PublicKeyCredential

export interface Passkeys {
  available(): Promise<boolean>
  make(vault: string, salt: Bytes): Promise<{ credential: Bytes; secret: Bytes } | null>
  ask(credential: Bytes, salt: Bytes): Promise<Bytes | null>
}

/** What a person sees where they choose among keys: this one opens the phone and logs nobody in. */
const LOCK_NAME = 'Låser opp Oppgang'

type PrfAnswer = { prf?: { enabled?: boolean; results?: { first?: BufferSource } } }

const secretOf = (credential: Credential | null): Bytes | null => {
  if (!(credential instanceof PublicKeyCredential)) return null
  const first = (credential.getClientExtensionResults() as PrfAnswer).prf?.results?.first
  if (!first) return null
  return new Uint8Array(first instanceof ArrayBuffer ? first.slice(0) : (first.buffer as ArrayBuffer).slice(0))
}

const answered = async (asking: Promise<Credential | null>): Promise<Credential | null> => {
  try {
    return await asking
  } catch {
    return null
  }
}

/** The server takes no part, so it works without a network. Null: not available, or refused. */
export const browserPasskeys: Passkeys = {
  async available() {
    if (typeof PublicKeyCredential === 'undefined') return false
    const able = await PublicKeyCredential.getClientCapabilities?.().catch(() => null)
    if (able && able['extension:prf'] === false) return false
    return PublicKeyCredential.isUserVerifyingPlatformAuthenticatorAvailable().catch(() => false)
  },
  async make(vault, salt) {
    const publicKey: PublicKeyCredentialCreationOptions = {
      challenge: random(32),
      rp: { name: 'Oppgang', id: location.hostname },
      user: { id: utf8(vault), name: LOCK_NAME, displayName: LOCK_NAME },
      pubKeyCredParams: [-7, -257].map((alg) => ({ type: 'public-key', alg })),
      authenticatorSelection: {
        authenticatorAttachment: 'platform',
        residentKey: 'preferred',
        userVerification: 'required',
      },
      extensions: { prf: { eval: { first: salt } } },
    }
    const made = await answered(navigator.credentials.create({ publicKey }))
    if (!(made instanceof PublicKeyCredential)) return null
    const credential = new Uint8Array(made.rawId)
    const secret = secretOf(made) ?? (await browserPasskeys.ask(credential, salt))
    return secret ? { credential, secret } : null
  },
  async ask(credential, salt) {
    const publicKey: PublicKeyCredentialRequestOptions = {
      challenge: random(32),
      rpId: location.hostname,
      allowCredentials: [{ type: 'public-key', id: credential }],
      userVerification: 'required',
      extensions: { prf: { eval: { first: salt } } },
    }
    return secretOf(await answered(navigator.credentials.get({ publicKey })))
  },
}
