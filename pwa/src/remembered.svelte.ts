// What the app remembers without a key, so that it is there before anybody unlocks: no content is among it.
import type { Answer } from './courier'
import { keepSetting, settings } from './listed'

export const TEXT_SIZES = ['1', '2', '3'] as const
export type TextSize = (typeof TEXT_SIZES)[number]

const YES = 'yes'
const ignore = (): void => undefined

export class Remembered {
  /** The municipality's own login, when it has one. */
  provider = $state<string | null>(null)
  /** The browser's own setting multiplies it. */
  textSize = $state<TextSize>('1')
  demo = $state(false)
  /** Residents hold the phone, or held it when it was last locked: only the vault's secret ends that. */
  handed = $state(false)
  /** Somebody has logged out here: the server has still to be told, or has been. */
  protected loggedOut: 'due' | 'told' | null = null
  protected telling: Promise<boolean> | null = null

  chooseTextSize(size: TextSize): void {
    this.textSize = size
    void keepSetting('text_size', size).catch(ignore)
  }

  protected async remember(): Promise<void> {
    const [size, demo, out, handed] = await settings(['text_size', 'demo', 'logged_out', 'handed']).catch(() => [])
    this.textSize = TEXT_SIZES.find((known) => known === size) ?? '1'
    this.demo = demo === YES
    this.handed = handed === YES
    this.loggedOut = out === 'due' || out === 'told' ? out : null
  }

  /** What anybody may know of the server, before a login too. */
  protected isServer(said: { demo: boolean; provider: string | null }): void {
    this.isDemo(said.demo)
    this.provider = said.provider
  }

  /** On the disk when it resolves, so that no kill of the app gives more than the meeting did. */
  protected async keepHanded(handed: boolean): Promise<void> {
    if (this.handed === handed) return
    await keepSetting('handed', handed ? YES : null)
    this.handed = handed
  }

  protected isDemo(demo: boolean): void {
    if (this.demo === demo) return
    this.demo = demo
    void keepSetting('demo', demo ? YES : null).catch(ignore)
  }

  protected async logOut(state: 'due' | 'told' | null): Promise<void> {
    if (this.loggedOut === state) return
    this.loggedOut = state
    await keepSetting('logged_out', state).catch(ignore)
  }

  /**
   * Tells the server of a log-out that it has not heard of; true when nothing is left to tell. Only its own word that the
   * login is ended counts: a stranger on the line says yes, no and nothing as readily.
   */
  protected tell(logout: () => Promise<Answer<unknown>>): Promise<boolean> {
    if (this.loggedOut !== 'due') return Promise.resolve(true)
    this.telling ??= logout().then(async ({ kind }) => {
      this.telling = null
      const told = kind === 'ok'
      if (told) await this.logOut('told')
      return told
    })
    return this.telling
  }
}
