/** What the phone itself says: room on the disk, battery, and whether the browser may clear what is stored. No content. */
import { freeBytes } from '../room'

interface Battery extends EventTarget {
  readonly level: number
  readonly charging: boolean
}

/** At this share the phone is said to be nearly empty. */
const LOW = 0.2

type Telling = Navigator & { getBattery?: () => Promise<Battery> }

class Device {
  /** Bytes left in this browser's share of the disk; null when it does not say, undefined before it was asked. */
  free = $state<number | null>()
  /** A share of one; null when the browser does not tell. */
  battery = $state<number | null>(null)
  charging = $state(false)
  /** May the browser clear what is stored when the disk is full? Null when it does not say. */
  kept = $state<boolean | null>(null)

  #heard = false

  /** Nearly empty, and not being charged. */
  get low(): boolean {
    return this.battery !== null && this.battery <= LOW && !this.charging
  }

  async look(): Promise<void> {
    this.free = await freeBytes()
    this.kept = (await navigator.storage?.persisted?.().catch(() => null)) ?? null
    const battery = await (navigator as Telling).getBattery?.().catch(() => null)
    this.#note(battery)
    if (!battery || this.#heard) return
    this.#heard = true
    for (const news of ['levelchange', 'chargingchange']) battery.addEventListener(news, () => this.#note(battery))
  }

  #note(battery: Battery | null | undefined): void {
    this.battery = battery?.level ?? null
    this.charging = battery?.charging ?? false
  }

  /** Asks the browser to keep what is stored; some ask the person in turn, so it is done on a tap. */
  async keep(): Promise<void> {
    await navigator.storage?.persist?.().catch(() => false)
    await this.look()
  }
}

export const device = new Device()
