// A log-out that was made without a network: who may say that the server has heard of it.
import { beforeEach, expect, it } from 'vitest'
import { Courier } from '../src/courier'
import { Remembered } from '../src/remembered.svelte'
import { freshDisk, json, problem, wire, type Asked } from './parts'

class Phone extends Remembered {
  readonly ask = (): Promise<boolean> => this.tell(() => this.#courier.logout())
  readonly #courier: Courier

  constructor(say: (asked: Asked) => Response | 'dead') {
    super()
    this.#courier = new Courier(wire(say).wire)
  }

  async due(): Promise<this> {
    await this.logOut('due')
    return this
  }

  /** As a new start of the app finds it. */
  async known(): Promise<string | null> {
    await this.remember()
    return this.loggedOut
  }
}

beforeEach(freshDisk)

it('the office that says the login is ended has heard, and is not told again', async () => {
  const phone = await new Phone(() => json({ ended: true })).due()
  expect([await phone.ask(), await phone.known()]).toEqual([true, 'told'])
})

it.each<[string, () => Response | 'dead']>([
  ['an empty yes', () => new Response(null, { status: 204 })],
  ['an empty 200', () => new Response('')],
  ['a page of its own', () => new Response('<html>Velkommen til hotellet</html>')],
  ['a JSON of its own', () => json({ ok: true })],
  ['null', () => json(null)],
  ['log in first', () => new Response('', { status: 401 })],
  ['forbidden', () => new Response('', { status: 403 })],
  ['no such page', () => new Response('', { status: 404 })],
  ['a fault', () => problem('throttled', 429)],
  ['nobody', () => 'dead'],
])('a stranger on the line that answers with %s has not, and it is told later', async (_, answer) => {
  const phone = await new Phone(answer).due()
  expect([await phone.ask(), await phone.known()]).toEqual([false, 'due'])
})
