import { beforeEach, describe, expect, it } from 'vitest'
import { keepSetting, setting } from '../src/listed'
import { freshDisk } from './parts'

beforeEach(freshDisk)

describe('what is remembered without a key', () => {
  it('stands after a restart, one setting beside the other, and can be taken away', async () => {
    await keepSetting('text_size', '3')
    await keepSetting('logged_out', 'due')
    expect(await setting('text_size')).toBe('3')
    await keepSetting('logged_out', null)
    expect([await setting('text_size'), await setting('logged_out'), await setting('demo')]).toEqual(['3', null, null])
  })
})
