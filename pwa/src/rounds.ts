// Decides when the phone speaks with the server and what each answer leads to; nothing is taken for sent without one.
import { FULL, inCustody, install, pack, setAside, startReplica, counts, type Reply } from '../../sync/phone'
import type { Answer, Courier } from './courier'
import type { Keeper } from './keeper'
import { deliverSealed } from './lane'
import type { Store } from './store'
import type { Twin } from './stored'

/** What the rounds tell the app, and ask of it. */
export interface Desk {
  readonly app: string
  /** The open vault, if one is open. */
  keeper(): Keeper | null
  /** Vaults that are not open: their sealed work can be carried without a key. */
  lockedStores(): Promise<Store[]>
  installation(): Promise<string>
  /** False while the server has still to be told of a log-out: until then nobody speaks with its session. */
  maySpeak(): Promise<boolean>
  inFlight(mids: ReadonlySet<string>): void
  heard(news: News): void
  /** The office has closed this phone; its last words are delivered. */
  revoked(): Promise<void>
  trouble(error: unknown): void
  /** One tab and one worker at a time. */
  alone<T>(work: () => Promise<T>): Promise<T>
  random(): number
  newId(): string
}

/** How the last word with the server went. */
export type News =
  | { readonly kind: 'answered'; readonly policy: Reply['policy']; readonly offset_ms: number }
  | { readonly kind: 'carried' }
  | { readonly kind: 'unreachable' | 'session_over' | 'wrong_user' }

type Outcome = { readonly again: 'now' } | { readonly again: 'usual' } | { readonly again: 'after'; readonly wait_ms: number }

const USUAL_MS = 45_000
const FIRST_RETRY_MS = 2_000
const LAST_RETRY_MS = 300_000
const AFTER_FREEZE_MS = 800
const PAGE = 500
const CARRIED = { rows: 100, bytes: 1 << 20 }
const now: Outcome = { again: 'now' }
const usual: Outcome = { again: 'usual' }

export class Rounds {
  #timer: ReturnType<typeof setTimeout> | undefined
  #running: Promise<void> | null = null
  #askedAgain = false
  #failures = 0
  #rows: number = FULL.rows
  #refused = new Set<string>()
  #stopped = false

  constructor(
    private readonly courier: Courier,
    private readonly desk: Desk,
  ) {}

  start(): void {
    this.#stopped = false
    void this.sync()
  }

  stop(): void {
    this.#stopped = true
    clearTimeout(this.#timer)
  }

  /** Something was frozen: soon, so that the next thing can come along. */
  soon(wait_ms: number = AFTER_FREEZE_MS): void {
    if (this.#stopped) return
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => void this.sync(), wait_ms)
  }

  /** One round now. A round under way is followed by one more, so that what was asked for is in it. */
  sync(): Promise<void> {
    if (this.#running) {
      this.#askedAgain = true
      return this.#running
    }
    clearTimeout(this.#timer)
    this.#running = this.desk
      .alone(() => this.#round())
      .catch((): Outcome => this.#backOff())
      .then((outcome) => {
        this.#running = null
        const again = this.#askedAgain
        this.#askedAgain = false
        if (again && outcome.again !== 'after') return this.sync()
        this.soon(outcome.again === 'after' ? outcome.wait_ms : this.#jittered(USUAL_MS))
      })
    return this.#running
  }

  /** All that is sealed of a vault to be thrown away, photos last. How many mutations are in custody, and what is left on a bad line. */
  async deliver(store: Store): Promise<{ taken: number; left: number }> {
    const twins = await store.twins('open', 'frozen')
    const taken = await this.#carry(store, twins)
    const photos = await deliverSealed(this.courier, store)
    return { taken: taken.length, left: twins.length - taken.length + photos }
  }

  async #round(): Promise<Outcome> {
    const speaks = await this.desk.maySpeak()
    const keeper = speaks ? this.desk.keeper() : null
    let outcome = speaks ? usual : this.#backOff()
    if (keeper) {
      do outcome = await this.#exchange(keeper)
      while (outcome.again === 'now' && this.desk.keeper() === keeper && !this.#stopped)
    }
    for (const store of await this.desk.lockedStores()) {
      const twins = await store.twins('frozen')
      if (twins.length > 0) await this.#carry(store, twins)
    }
    return outcome
  }

  async #exchange(keeper: Keeper): Promise<Outcome> {
    if (keeper.state.forked) keeper.apply(startReplica(keeper.state, this.desk.newId()))
    await this.#settled(keeper)
    if (keeper.profile.registered !== keeper.state.replica) {
      const answer = await this.courier.register(keeper.state.replica, {
        installation: await this.desk.installation(),
        public_key: keeper.vault.signing_public,
        app: this.desk.app,
        contract: keeper.state.contract,
      })
      if (answer.kind !== 'ok') return this.#refusal(keeper, answer, [])
      keeper.know({ registered: keeper.state.replica })
    }
    const { push, sent } = pack(keeper.state, { rows: this.#rows, bytes: FULL.bytes })
    const mids = push.map((mutation) => mutation.mid)
    this.desk.inFlight(new Set(mids))
    const answer = await this.courier.sync({
      ...sent,
      contract: keeper.state.contract,
      phone_now: new Date().toISOString(),
      push,
      limit: PAGE,
      health: await this.#health(keeper),
    })
    this.desk.inFlight(new Set())
    if (answer.kind !== 'ok') return this.#refusal(keeper, answer, mids)
    return this.#taken(keeper, answer, sent, mids)
  }

  /** The vault may have been locked while the answer was on its way; the next round asks again. */
  async #taken(keeper: Keeper, answer: Answer<Reply> & { kind: 'ok' }, sent: Parameters<typeof install>[2], mids: string[]): Promise<Outcome> {
    if (this.desk.keeper() !== keeper) return usual
    const reply = answer.body
    this.#failures = 0
    this.#rows = Math.min(this.#rows * 2, FULL.rows)
    const offset_ms = Math.round(Date.parse(reply.server_now) - (answer.sent_at + answer.answered_at) / 2)
    const answered = new Set(reply.results.map((result) => result.mid))
    keeper.apply(install(keeper.state, reply, sent))
    keeper.know({
      offset_ms,
      ...(answered.size > 0 && { last_received_at: reply.server_now }),
      ...(!reply.more && { fetched_at: reply.server_now }),
      ...(typeof reply.policy?.['telephone'] === 'string' && { telephone: reply.policy['telephone'] }),
    })
    await this.#settled(keeper)
    this.desk.heard({ kind: 'answered', policy: reply.policy, offset_ms })
    const moved = mids.length === 0 || mids.some((mid) => answered.has(mid))
    const left = pack(keeper.state, { rows: 1, bytes: FULL.bytes }).push.length > 0
    const tooOld = reply.policy?.['too_old'] === true
    if ((reply.more && !tooOld) || (left && moved && mids.length > 0)) return now
    await this.#carryOwn(keeper, (twin) => keeper.state.rows.every((row) => row.mid !== twin.mid || row.aside === true))
    return usual
  }

  async #refusal(keeper: Keeper, answer: Exclude<Answer<unknown>, { kind: 'ok' }>, mids: string[]): Promise<Outcome> {
    switch (answer.kind) {
      case 'unreadable':
        if (mids.length > 1) this.#rows = Math.ceil(mids.length / 2)
        else if (mids[0] !== undefined) keeper.apply(setAside(keeper.state, mids[0]))
        else return this.#backOff()
        await this.#settled(keeper)
        return now
      case 'login':
      case 'wrong_user':
        this.desk.heard({ kind: answer.kind === 'login' ? 'session_over' : 'wrong_user' })
        await this.#carryOwn(keeper, () => true)
        return this.#backOff()
      case 'revoked':
        await this.desk.revoked()
        return usual
      case 'later':
        return { again: 'after', wait_ms: this.#jittered(answer.wait_ms) + answer.wait_ms / 3 }
      case 'halve':
        if (mids.length > 1) this.#rows = Math.ceil(mids.length / 2)
        return this.#unreached()
      case 'denied': // a server restored from before this vault was made does not know it any more
        keeper.know({ registered: null })
        return this.#backOff()
      case 'offline':
        if (mids.length > 1 && this.#failures > 1) this.#rows = Math.ceil(mids.length / 2)
        return this.#unreached()
    }
  }

  #unreached(): Outcome {
    this.desk.heard({ kind: 'unreachable' })
    return this.#backOff()
  }

  /** Frozen work of the open vault, sealed: when the session has ended, the server cannot read it, or this phone cannot. */
  async #carryOwn(keeper: Keeper, which: (twin: Twin) => boolean): Promise<void> {
    const twins = (await keeper.store.twins('frozen')).filter(which)
    if (twins.length === 0) return
    const taken = await this.#carry(keeper.store, twins)
    if (taken.length === 0 || this.desk.keeper() !== keeper) return
    keeper.apply(inCustody(keeper.state, taken))
    keeper.know({ last_received_at: new Date(Date.now() + keeper.profile.offset_ms).toISOString() })
    await this.#settled(keeper)
  }

  /** Sends parcels and marks those that are in custody. One that cannot be read is left for a later start and for export. */
  async #carry(store: Store, twins: readonly Twin[]): Promise<string[]> {
    const taken: string[] = []
    let waiting = twins.filter((twin) => !this.#refused.has(twin.mid))
    let rows = CARRIED.rows
    for (let tries = 0; waiting.length > 0 && tries < 12; ) {
      const batch = cut(waiting, rows)
      const answer = await this.courier.parcels(batch)
      if (answer.kind === 'ok') {
        const held = new Set(answer.body.results.filter((result) => result.state === 'in_custody').map((result) => result.mid))
        const mids = batch.map((twin) => twin.mid).filter((mid) => held.has(mid))
        if (mids.length > 0) await store.markTwins(mids, 'custody')
        taken.push(...mids)
        waiting = waiting.filter((twin) => !batch.includes(twin))
        continue
      }
      tries++
      const alone = batch.length === 1 ? batch[0] : undefined
      if (answer.kind === 'unreadable' && alone) {
        this.#refused.add(alone.mid)
        waiting = waiting.filter((twin) => twin !== alone)
      } else if (answer.kind === 'unreadable' || (answer.kind === 'halve' && batch.length > 1)) {
        rows = Math.ceil(batch.length / 2)
      } else break
    }
    if (taken.length > 0) this.desk.heard({ kind: 'carried' })
    return taken
  }

  /** A full disk must not keep work from the server: the answer waits in memory and is written when there is room. */
  async #settled(keeper: Keeper): Promise<void> {
    try {
      await keeper.flush()
    } catch (error) {
      if (this.desk.keeper() !== keeper) throw error
      this.desk.trouble(error)
    }
  }

  async #health(keeper: Keeper): Promise<Record<string, string | number | null | number[]>> {
    const { unsent, oldest, last_n, open } = counts(keeper.state)
    return { outbox: unsent, oldest_at: oldest, last_n, open, free_mb: await keeper.store.freeMegabytes(), app: this.desk.app, last_error: null }
  }

  #backOff(): Outcome {
    const wait = Math.min(FIRST_RETRY_MS * 2 ** this.#failures, LAST_RETRY_MS)
    this.#failures = Math.min(this.#failures + 1, 10)
    return { again: 'after', wait_ms: this.#jittered(wait) }
  }

  /** Two thirds to four thirds: a hundred phones do not come back in the same second. */
  #jittered(wait_ms: number): number {
    return wait_ms * (2 / 3 + (this.desk.random() * 2) / 3)
  }
}

function cut(twins: readonly Twin[], rows: number): Twin[] {
  const batch: Twin[] = []
  let bytes = 0
  for (const twin of twins.slice(0, rows)) {
    bytes += Math.ceil((twin.ciphertext.byteLength * 4) / 3) + 400
    if (batch.length > 0 && bytes > CARRIED.bytes) break
    batch.push(twin)
  }
  return batch
}
