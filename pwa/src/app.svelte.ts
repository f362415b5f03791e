// The state the screens draw and the acts they offer; it knows no markup, and opens no database, key or connection itself.

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json }
export type Phase =
  'starting' | 'login' | 'create_vault' | 'locked' | 'open' | 'storage_lost' | 'revoked' | 'elsewhere'
export type ItemState = 'saved' | 'sending' | 'received' | 'check'

export interface Shown {
  id: string
  kind: string
  body: Record<string, Json>
  pending: boolean
  seq: number
  state: ItemState
}

export interface Form {
  readonly id: string
  readonly kind: string
  readonly value: (path: string) => Json
  touch(path: string, value: Json): void
  readonly saving: 'idle' | 'saving' | 'saved' | 'failed'
  readonly news: { by: string | null } | null
  readonly comments: Record<string, string>
  leave(): Promise<void>
}

export interface OutboxItem {
  id: string
  kind: string
  state: ItemState
  reason: string | null
  at: string
  paths: string[]
  label: string
}

export interface Check {
  review: Shown
  mine: Json
  seen: Json
  theirs: Json | undefined
  field: string
  by: string | null
}

export interface Returned {
  visit: Shown
  id: string
  path: string
  comment: string
  by: string
}

export interface Route {
  screen: string
  id: string | null
  focus: string | null
}

export interface Secret {
  passphrase?: string
  passkey?: boolean
}

class MemoryForm implements Form {
  saving = $state<'idle' | 'saving' | 'saved' | 'failed'>('idle')
  news = $state<{ by: string | null } | null>(null)
  comments = $state<Record<string, string>>({})
  #typed = $state<Record<string, Json>>({})
  #app: App
  constructor(
    app: App,
    readonly id: string,
    readonly kind: string,
  ) {
    this.#app = app
    this.#typed = { ...(app.record(id)?.body ?? {}) }
    const status = this.#typed['status']
    if (status && typeof status === 'object' && !Array.isArray(status) && status['state'] === 'returned') {
      this.comments = { ...(status['comments'] as Record<string, string> | undefined) }
    }
  }
  value = (path: string): Json => this.#typed[path] ?? null
  touch(path: string, value: Json): void {
    this.#typed[path] = value
    this.saving = 'saving'
    this.#app.put(this.id, this.kind, { [path]: value })
    setTimeout(() => (this.saving = 'saved'), 120)
  }
  async leave(): Promise<void> {}
}

class App {
  phase = $state<Phase>('starting')
  online = $state(true)
  demo = $state(true)
  user = $state<{ id: string; name: string; roles: string[] } | null>(null)
  version = $state(0)
  unsent = $state(0)
  readonly photosWaiting = 0
  lastReceivedAt = $state<string | null>(null)
  clockOff = $state<{ shown: string; right: string } | null>(null)
  tooOld = $state(false)
  vaults = $state<{ id: string; initials: string; unsent: number }[]>([])
  updateReady = $state(false)
  problem = $state<string | null>(null)
  passkeyAvailable = $state(false)
  route = $state<Route>({ screen: 'today', id: null, focus: null })
  #records = new Map<string, Shown>()

  async start(): Promise<void> {
    const kari = '00000000-0000-4000-8000-000000000001'
    const dwelling = '00000000-0000-4000-8000-000000000010'
    const day = new Date().toISOString().slice(0, 10)
    const seed: [string, string, Record<string, Json>][] = [
      [kari, 'colleague', { name: 'Kari Nordli', team: 'Bomiljøteamet' }],
      [dwelling, 'dwelling', { address: 'Kongens gate 12', unit_number: 'H0203', floor: 2 }],
      [
        '00000000-0000-4000-8000-000000000020',
        'planned_visit',
        { dwelling, planned_on: day, planned_at: '10:00', purpose: 'new_tenant', [`visitors/${kari}`]: true, tenant_name: 'Eksempel Leietaker', phone: '900 00 000' },
      ],
    ]
    for (const [id, kind, body] of seed) this.#records.set(id, { id, kind, body, pending: false, seq: 1, state: 'received' })
    this.user = { id: kari, name: 'Kari Nordli', roles: ['bomiljo'] }
    this.phase = 'login'
  }
  async login(_name: string, _password: string): Promise<void> {
    this.phase = 'create_vault'
  }
  async createVault(_choice: Secret): Promise<void> {
    this.phase = 'open'
  }
  async unlock(_secret: Secret): Promise<boolean> {
    this.phase = 'open'
    return true
  }
  strongEnough(passphrase: string): boolean {
    return passphrase.length >= 16
  }
  lock(): void {
    this.phase = 'locked'
  }
  async logout(): Promise<void> {
    this.phase = 'login'
  }
  async forgot(): Promise<number> {
    return 0
  }
  records(kind: string): Shown[] {
    void this.version
    return [...this.#records.values()].filter((shown) => shown.kind === kind)
  }
  record(id: string): Shown | null {
    void this.version
    return this.#records.get(id) ?? null
  }
  name(userId: string): string {
    const name = this.record(userId)?.body['name']
    return typeof name === 'string' ? name : ''
  }
  put(id: string, kind: string, values: Record<string, Json>): void {
    const before = this.#records.get(id)
    this.#records.set(id, { id, kind, body: { ...before?.body, ...values }, pending: true, seq: before?.seq ?? 0, state: 'saved' })
    this.unsent = [...this.#records.values()].filter((shown) => shown.pending).length
    this.version++
  }
  begin(kind: string, values: Record<string, Json>): string {
    const known = this.records(kind).find((shown) => shown.body['planned_visit'] && shown.body['planned_visit'] === values['planned_visit'])
    const id = known?.id ?? crypto.randomUUID()
    if (!known) this.put(id, kind, values)
    return id
  }
  form(id: string, kind: string): Form {
    return new MemoryForm(this, id, kind)
  }
  async set(id: string, kind: string, values: Record<string, Json>): Promise<void> {
    this.put(id, kind, values)
  }
  async finish(visitId: string): Promise<{ missing: { id: string; path: string }[] }> {
    const visit = this.record(visitId)
    if (!visit?.body['outcome']) return { missing: [{ id: visitId, path: 'outcome' }] }
    this.put(visitId, 'visit', { status: { state: 'submitted' } })
    return { missing: [] }
  }
  outbox(): OutboxItem[] {
    void this.version
    return [...this.#records.values()]
      .filter((shown) => shown.pending)
      .map((shown) => ({ id: shown.id, kind: shown.kind, state: shown.state, reason: null, at: new Date().toISOString(), paths: Object.keys(shown.body), label: shown.kind }))
  }
  checks(): Check[] {
    return []
  }
  async decide(_reviewId: string, _choice: 'author' | 'standing' | 'office'): Promise<void> {}
  returned(): Returned[] {
    return []
  }
  async sync(): Promise<void> {}
  async exportParcels(): Promise<Blob> {
    return new Blob(['[]'], { type: 'application/json' })
  }
  applyUpdate(): void {}
  takeOver(): void {
    this.phase = 'locked'
  }
  go(screen: string, id: string | null = null, focus: string | null = null): void {
    this.route = { screen, id, focus }
  }
}

export const app = new App()
