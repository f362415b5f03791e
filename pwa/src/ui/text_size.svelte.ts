/** The size of the letters, chosen on Meg; the browser's own setting multiplies it. */

export const SIZES = ['1', '2', '3'] as const
export type Size = (typeof SIZES)[number]

class TextSize {
  size = $state<Size>('1')

  choose(size: Size): void {
    this.size = size
    document.documentElement.dataset['text'] = size
  }
}

export const textSize = new TextSize()
