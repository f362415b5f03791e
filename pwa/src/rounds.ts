// Decides when the phone speaks with the server and what each answer leads to; nothing is taken for sent without one.
import { FULL, inCustody, install, pack, setAside, startReplica, counts, type Reply } from '../../sync/phone'
import { PARCELS, upTo, type Answer, type Courier } from './courier'
import type { Desk } from './desk'
import type { Keeper } from './keeper'
import { looksFirst } from './looks_first'
import { deliverSealed } from './lane'
import { pauseAfter, spread } from './retry'
import { freeMegabytes } from './room'
import type { Store } from './store'
import { StorageLost, type Twin } from './stored'
import { newKey, told } from './told'

type Outcome = { readonly again: 'now' } | { readonly again: 'usual' } | { readonly again: 'after'; readonly wait_ms: number }

const USUAL_MS = 45_000
const AFTER_FREEZE_MS = 800
const AFTER_SHOWN_MS = 100
const PAGE = 500
/** Answers after which what a lease has shut stays so for a while: what is written meanwhile goes sealed. */
const WAITING: ReadonlySet<string> = new Set(['unreadable', 'denied', 'later', 'halve'])
const now: Outcome = { again: 'now' }
const usual: Outcome = { again: 'usual' }

export class Rounds {
  #timer: ReturnType<typeof setTimeout> | undefined
  #running: Promise<void> | null = null
  #askedAgain = false
  #failures = 0
  #reached = false
  #rows: number = FULL.rows
  #refused = new Set<string>()
  #stopped = false
  /** How many times longer than usual to wait between rounds that nothing asks for: a phone that is nearly empty speaks seldom. */
  patience = 1

  constructor(
    private readonly courier: Courier,
    private readonly desk: Desk,
  ) {}

  /** Begins to speak, once what was just opened has come onto the screen. */
  start(): void {
    this.#stopped = false
    this.soon(AFTER_SHOWN_MS)
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
        this.soon(outcome.again === 'after' ? outcome.wait_ms : spread(USUAL_MS * this.patience, this.desk.random()))
      })
    return this.#running
  }

  /** All that is sealed of a vault to be thrown away, photos last. How many mutations and notes are in custody, and what is left on a bad line. */
  async deliver(store: Store): Promise<{ taken: number; left: number }> {
    await looksFirst(this.courier, store.vault)
    const twins = await store.twins('open', 'frozen')
    const taken = await this.#carry(store, twins)
    const notes = await import('./locked_notes').then(({ deliverNotes }) => deliverNotes(this.courier, store))
    const photos = await deliverSealed(this.courier, store)
    return { taken: taken.length + notes.taken, left: twins.length - taken.length + notes.left + photos }
  }

  async #round(): Promise<Outcome> {
    const speaks = await this.desk.maySpeak()
    const keeper = speaks ? this.desk.keeper() : null
    let outcome = speaks ? usual : this.#backOff()
    if (keeper) {
      await looksFirst(this.courier, keeper.store.vault)
      do outcome = await this.#exchange(keeper)
      while (outcome.again === 'now' && this.desk.keeper() === keeper && !this.#stopped)
    }
    for (const store of await this.desk.lockedStores()) {
      try {
        if (await isGivenUp(store)) await this.deliver(store)
        else {
          await looksFirst(this.courier, store.vault)
          const twins = await store.twins('frozen')
          if (twins.length > 0) await this.#carry(store, twins)
        }
      } catch {
        // a vault whose disk is bad holds up no other
      }
    }
    return outcome
  }

  async #exchange(keeper: Keeper): Promise<Outcome> {
    if (keeper.state.forked) keeper.apply(startReplica(keeper.state, this.desk.newId()))
    await this.#settled(keeper)
    if (keeper.profile.registered !== keeper.state.replica) {
      const answer = await this.courier.register(keeper.state.replica, {
        user: keeper.state.user,
        installation: await this.desk.installation(),
        public_key: keeper.vault.signing_public,
        app: this.desk.app,
        contract: keeper.state.contract,
      })
      if (answer.kind !== 'ok') return this.#refusal(keeper, answer, [])
      keeper.know({ registered: keeper.state.replica })
    }
    if (keeper.vault.shut.length > 0) {
      const refused = await this.#readmitted(keeper)
      if (refused) return refused
    }
    const { push, sent } = pack(keeper.state, { rows: this.#rows, bytes: FULL.bytes })
    const mids = push.map((mutation) => mutation.mid)
    this.desk.inFlight(new Set(mids))
    const answer = await this.courier.sync({
      ...sent,
      contract: keeper.state.contract,
      phone_now: new Date().toISOString(),
      push,
      ...(await this.#digests(keeper, push.length)),
      ...(keeper.profile.policy && { policy: keeper.profile.policy.version }),
      limit: PAGE,
      health: await this.#health(keeper),
    })
    this.desk.inFlight(new Set())
    this.#reached = answer.kind === 'ok'
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
    const { leases } = keeper.profile
    keeper.apply(install(keeper.state, reply, sent))
    keeper.know(told(keeper.profile, reply, offset_ms))
    keeper.conceal()
    await this.#settled(keeper)
    if (leases?.network_only !== keeper.profile.leases?.network_only) {
      await (await import('./leasing')).layOut(keeper).catch((error: unknown) => this.desk.trouble(error))
    }
    const key = newKey(keeper)
    if (key) await keeper.rekey((envelope) => keeper.vault.sealedTo(envelope, key)).catch((error: unknown) => this.desk.trouble(error))
    this.desk.heard({ kind: 'answered', policy: reply.policy, offset_ms })
    const moved = mids.length === 0 || mids.some((mid) => answered.has(mid))
    const left = pack(keeper.state, { rows: 1, bytes: FULL.bytes }).push.length > 0
    const tooOld = reply.policy?.['too_old'] === true
    if ((reply.more && !tooOld) || (left && moved && mids.length > 0)) return now
    await this.#carryOwn(keeper, (twin) => keeper.state.rows.every((row) => row.mid !== twin.mid || row.aside === true))
    return usual
  }

  /** What had been shut is open again; or what becomes of the round when it is not. */
  async #readmitted(keeper: Keeper): Promise<Outcome | null> {
    const { deposits, OpensNothing, readmit } = await import('./leasing')
    const answer = await this.courier.leases(await deposits(keeper))
    if (answer.kind !== 'ok') return this.#refusal(keeper, answer, [])
    if (this.desk.keeper() !== keeper) return usual
    const failed = await readmit(keeper, answer.body).then(() => null, (error: unknown) => error)
    if (failed === null) return null
    if (failed instanceof OpensNothing) return this.#refusal(keeper, { kind: 'unopenable' }, [])
    await this.#carryOwn(keeper, () => true)
    return this.#backOff() // this disk, or a lock meanwhile: asked again
  }

  async #refusal(keeper: Keeper, answer: Exclude<Answer<unknown>, { kind: 'ok' }>, mids: string[]): Promise<Outcome> {
    if (keeper.vault.shut.length > 0 && WAITING.has(answer.kind)) await this.#carryOwn(keeper, () => true)
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
      case 'unopenable':
        if (this.desk.keeper() === keeper) await this.desk[answer.kind]()
        return usual
      case 'later':
        return { again: 'after', wait_ms: spread(answer.wait_ms, this.desk.random()) + answer.wait_ms / 3 }
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
    let rows: number = PARCELS.rows
    for (let tries = 0; waiting.length > 0 && tries < 12; ) {
      const batch = upTo(rows, waiting)
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
    return { outbox: unsent, oldest_at: oldest, last_n, open, free_mb: await freeMegabytes(), app: this.desk.app, last_error: null }
  }

  /**
   * Once a day, when all is fetched and nothing is to be sent: what this phone holds, for the server to compare. Only
   * where the last word was answered: to reckon it costs more than a whole start, and nobody hears it without a line.
   */
  async #digests({ state, profile }: Keeper, sending: number): Promise<{ digests?: Record<string, string> }> {
    const day = state.server_now?.slice(0, 10)
    if (!this.#reached || sending > 0 || state.covered === null || state.resetting !== null || profile.checked_on === day) return {}
    return { digests: await (await import('./digests')).digestsOf(state.base) }
  }

  #backOff(): Outcome {
    return { again: 'after', wait_ms: pauseAfter(this.#failures++, this.desk.random()) }
  }
}

/** A vault that nobody can open any more: its notes and photos go as they lie there. */
const isGivenUp = (store: Store): Promise<boolean> => store.envelope().then(() => false, (error: unknown) => error instanceof StorageLost)
