/** Whether the browser offers to put the app on the home screen, and the asking itself. */

interface InstallOffer extends Event {
  prompt(): Promise<unknown>
}

class Install {
  offer = $state.raw<InstallOffer | null>(null)

  listen(): void {
    addEventListener('beforeinstallprompt', (event) => {
      event.preventDefault()
      this.offer = event as InstallOffer
    })
    addEventListener('appinstalled', () => (this.offer = null))
  }

  async ask(): Promise<void> {
    await this.offer?.prompt()
    this.offer = null
  }
}

export const install = new Install()

export function isInstalled(): boolean {
  return window.matchMedia('(display-mode: standalone)').matches
}

export function isApple(): boolean {
  return /iPhone|iPad|Macintosh/.test(navigator.userAgent) && navigator.maxTouchPoints > 1
}
