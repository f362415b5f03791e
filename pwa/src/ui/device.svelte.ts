/** What the phone itself says: room on the disk, battery, and whether the browser may clear what is stored. No content. */

interface Battery extends EventTarget {
  readonly level: number
  readonly charging: boolean
}

/** At this share the phone is said to be nearly empty. */
const LOW = 0.2

type Telling = Navigator & { getBattery?: () => Promise<Battery> }

class Device {
  /** Bytes left in this browser's share of the disk; null when it does not say. */
  free = $state<number | null>(null)
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
    const { storage } = navigator
    const room = await storage?.estimate?.().catch(() => null)
    this.free = room?.quota === undefined ? null : Math.max(0, room.quota - (room.usage ?? 0))
    this.kept = (await storage?.persisted?.().catch(() => null)) ?? null
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
