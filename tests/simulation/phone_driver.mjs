/**
 * Phones for the simulator: the real sync/phone.ts, transformed by Vite's own compiler, spoken to in JSON lines.
 * It keeps each vault's memory and disk apart, so that a kill leaves just what was written; it judges nothing.
 *
 * A line in is a list of commands, a line out the answer to the last of them. The first loads phone.ts:
 * {"source": path, "cuts": [[old, new], ...], "disk": "whole"}; the cuts take a rule out of it for a mutant,
 * and a disk that is "torn" or "early" is one that does not keep the rule of one durable transaction.
 */
import { openSync, readFileSync, readSync, rmSync, writeFileSync, writeSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'

const vaults = new Map()
let phone = null
let digests = null
let disk = 'whole'

/** Compile phone.ts as the app's own build does, with a rule cut out if asked. */
async function load(source, cuts, vite) {
  const { transformWithOxc } = await import(pathToFileURL(createRequire(join(vite, 'package.json')).resolve('vite')).href)
  let text = readFileSync(source, 'utf8')
  for (const [old, fresh] of cuts) {
    if (text.split(old).length !== 2) throw new Error(`a mutant no longer fits phone.ts: ${old}`)
    text = text.replace(old, () => fresh)
  }
  const { code } = await transformWithOxc(text, 'phone.ts')
  const folder = mkdtempSync(join(tmpdir(), 'oppgang-phone-'))
  try {
    const file = join(folder, 'phone.mjs')
    writeFileSync(file, code)
    return await import(pathToFileURL(file).href)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

const emptyDisk = () => ({ base: new Map(), rows: new Map(), shelf: new Map(), meta: new Map() })
const copyDisk = (disk) => Object.fromEntries(Object.entries(disk).map(([name, store]) => [name, new Map(store)]))

function read(disk, contract) {
  const parsed = (store) => [...store.values()].map((text) => JSON.parse(text))
  const base = [...disk.base].map(([id, text]) => [id, JSON.parse(text)])
  return phone.loadVault(JSON.parse(disk.meta.get('meta')), base, parsed(disk.rows), parsed(disk.shelf), contract)
}

/** One local transaction: either all of a step's changes are on disk and in memory, or none. */
function commit(vault, step, killed) {
  const written = !killed ? step.changes : disk === 'torn' ? step.changes.slice(step.changes.length >> 1) : []
  for (const change of written) {
    if (change.act === 'put') vault.disk[change.store].set(change.key, JSON.stringify(change.value))
    else vault.disk[change.store].delete(change.key)
  }
  if (killed) revive(vault)
  else vault.state = step.state
}

function revive(vault) {
  vault.state = read(vault.disk, vault.state.contract)
  vault.forms.clear()
}

const byMid = (a, b) => (a.mid < b.mid ? -1 : 1)
const plain = (state) => phone.canonical(JSON.parse(JSON.stringify({ ...state, base: [...state.base].sort(), rows: state.rows, shelf: [...state.shelf].sort(byMid) })))
const stamp = ({ mid, now, offset_ms }) => ({ mid, now, offset_ms })
const marks = (state) => new Map([...state.rows, ...state.shelf].map((one) => [one.mid, one.state]))

/** What a person could notice of a vault, leaving out how and when it came. */
const content = (state) => JSON.stringify([[...state.base].map(([id, { seq, in: scopes }]) => [id, seq, scopes]).sort(), state.shelf.map((item) => [item.mid, item.state]).sort()])

/** What an answer did, told apart from why, for the checks. */
function difference(before, after) {
  const rows = new Map(after.rows.map((row) => [row.mid, row]))
  const covered = before.rows.filter((row) => row.state !== 'covered' && rows.get(row.mid)?.state === 'covered')
  const at = (state, id) => state.base.get(id)?.seq
  const here = marks(after)
  return {
    covered: after.rows.filter((row) => covered.some((old) => old.mid === row.mid) || (row.state === 'covered' && !before.rows.some((old) => old.mid === row.mid))).filter(({ mid }) => !after.shelf.some((item) => item.mid === mid)).map(({ mid, id }) => ({ mid, id, base: at(after, id) ?? null })),
    lost: Object.fromEntries([...before.base].filter(([id]) => !after.base.has(id)).map(([id, record]) => [id, record.in])),
    backwards: [...before.base.keys()].filter((id) => after.base.has(id) && at(after, id) < at(before, id)),
    dropped: [...marks(before).keys()].filter((mid) => !here.has(mid)),
    moved: content(after) !== content(before),
    ...status(after),
  }
}

/** What the earliest row not yet covered had seen of each path; a create has seen nothing anywhere. */
function pending(state, id) {
  const first = {}
  for (const row of [...state.rows].sort((a, b) => a.era - b.era || a.n - b.n)) {
    if (row.id !== id || row.state === 'covered') continue
    if (row.op === 'create') first['*'] = 0
    else for (const [path, { seq }] of Object.entries(row.seen)) if (path !== '*') first[path] ??= seq
  }
  return first
}

function status(state) {
  const { unsent, check } = phone.counts(state)
  return { unsent, check, forked: state.forked, cursor: state.cursor, incarnation: state.incarnation, covered_at: state.covered, resetting: state.resetting !== null, waits: phone.pack(state).push.length }
}

const doing = {
  async load(_, setup) {
    phone = await load(setup.source, setup.cuts, setup.vite)
    digests ??= await load(join(setup.vite, 'src', 'digests.ts'), [], setup.vite)
    disk = setup.disk
    return {}
  },
  start(_, { vault, user, replica, contract }) {
    const started = { state: phone.startVault(user, replica, contract), forms: new Map(), disk: emptyDisk(), kept: null }
    commit(started, phone.startReplica({ ...started.state, era: 0 }, replica))
    vaults.set(vault, started)
    return {}
  },
  replica(vault, { replica, killed }) {
    commit(vault, phone.startReplica(vault.state, replica), killed)
    return {}
  },
  open(vault, { form, id, kind }) {
    const snapshot = phone.open(vault.state, id, kind)
    vault.forms.set(form, snapshot)
    const { exists, seq, body } = snapshot
    return { exists, seq, body, pending: pending(vault.state, id), visible: phone.show(vault.state, id) !== null }
  },
  touch(vault, { form, path, value, killed, ...rest }) {
    const snapshot = vault.forms.get(form)
    const step = phone.touch(vault.state, snapshot, path, value, stamp(rest))
    commit(vault, step, killed)
    if (killed && disk !== 'early') return { mid: null }
    const row = step.state.rows.find((one) => one.id === snapshot.id && one.state === 'open')
    return { mid: row.mid, seen: row.seen[path]?.seq ?? 0 }
  },
  mark(vault, { form, op, killed, ...rest }) {
    commit(vault, phone.mark(vault.state, vault.forms.get(form), op, stamp(rest)), killed)
    return {}
  },
  freeze(vault, { id, killed }) {
    commit(vault, phone.freeze(vault.state, id ?? null), killed)
    return {}
  },
  pack(vault, { rows, bytes }) {
    const packed = phone.pack(vault.state, { rows: rows ?? phone.FULL.rows, bytes: bytes ?? phone.FULL.bytes })
    return { ...packed, open: phone.counts(vault.state).open }
  },
  install(vault, { reply, sent, killed }) {
    const before = vault.state
    commit(vault, phone.install(before, reply, sent), killed)
    return difference(before, vault.state)
  },
  asked(vault) {
    const { base } = vault.state
    const open = [...base].filter(([, record]) => record.kind === 'review' && base.has(record.body.about)).sort()
    const saw = (about, path) => (path === '*' ? base.get(about).body : { [path]: base.get(about).body[path] ?? null })
    return { reviews: open.map(([id, { body: { about, path, value } }]) => [id, about, path, base.get(about).seq, saw(about, path), value ?? null]) }
  },
  parcels(vault) {
    return { parcels: vault.state.rows.filter((row) => row.state === 'frozen' && !row.custody).map(phone.mutationOf) }
  },
  carried(vault, { mids }) {
    commit(vault, phone.inCustody(vault.state, mids))
    return {}
  },
  update(vault, { contract }) {
    vault.state = read(vault.disk, contract)
    vault.forms.clear()
    return {}
  },
  kill(vault) {
    const before = plain(vault.state)
    revive(vault)
    return { same: plain(vault.state) === before }
  },
  keep(vault) {
    vault.kept = copyDisk(vault.disk)
    return {}
  },
  rollback(vault) {
    if (vault.kept === null) return { done: false }
    const before = marks(vault.state)
    vault.disk = copyDisk(vault.kept)
    revive(vault)
    const after = marks(vault.state)
    return { done: true, dropped: [...before.keys()].filter((mid) => !after.has(mid)) }
  },
  view(vault) {
    const { state } = vault
    return {
      base: Object.fromEntries(state.base), rows: state.rows, shelf: state.shelf, unapplied: phone.unapplied(state).map((one) => one.mid),
      same: plain(read(vault.disk, state.contract)) === plain(state), ...status(state),
    }
  },
  /** The disk loses a record of the base without a word, as no disk should. */
  spoil(vault, { at }) {
    const id = [...vault.state.base.keys()].sort()[at % (vault.state.base.size || 1)]
    vault.disk.base.delete(id)
    revive(vault)
    return { id: id ?? null }
  },
  async digests(vault) {
    return { digests: await digests.digestsOf(vault.state.base) }
  },
  show(vault, { id }) {
    return { shown: phone.show(vault.state, id) }
  },
  names(_, { values }) {
    return { names: values.map(([kind, ...parts]) => phone.onePerId(kind, parts)) }
  },
  canonical(_, { values }) {
    return { texts: values.map(phone.canonical) }
  },
  reset() {
    vaults.clear()
    return {}
  },
}

/** The next line of what is asked, null at its end. It blocks: nothing else happens here meanwhile, and streams cost more than the phones do. */
const asked = openSync('/dev/stdin', 'r') // the pipes anew: those that Node has at its start do not wait
const answered = openSync('/dev/stdout', 'w')
let unread = Buffer.alloc(0)
const chunk = Buffer.alloc(1 << 16)
function nextLine() {
  const parts = [unread]
  for (let end = unread.indexOf(10); end < 0; ) {
    const got = readSync(asked, chunk)
    if (got === 0) return null
    end = chunk.subarray(0, got).indexOf(10)
    parts.push(Buffer.from(chunk.subarray(0, got)))
  }
  const whole = Buffer.concat(parts)
  const end = whole.indexOf(10)
  unread = whole.subarray(end + 1)
  return whole.toString('utf8', 0, end)
}

function say(text) {
  const bytes = Buffer.from(`${text}\n`)
  for (let at = 0; at < bytes.length; ) at += writeSync(answered, bytes, at)
}

for (let line = nextLine(); line !== null; line = nextLine()) {
  let answer
  try {
    for (const command of JSON.parse(line)) answer = await doing[command.do](vaults.get(command.vault), command)
  } catch (problem) {
    answer = { problem: `${problem.stack}` }
  }
  say(JSON.stringify(answer))
}
