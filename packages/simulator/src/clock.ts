import type { UnixSeconds } from './core/unix-seconds.js'

/** Where the time comes from: real time moved by an offset, or one instant that stands still until it is moved. */
export interface ClockSetting {
  readonly mode: 'real' | 'frozen'
  /** Seconds added to real time, or the instant itself when frozen. */
  readonly value: number
}

/** The world's clock. All accounts of one simulator share it; it only ever goes forward. */
export class SimulatedClock {
  readonly #realNow: () => number
  #setting: ClockSetting

  constructor(setting: ClockSetting, realNow: () => number) {
    this.#setting = setting
    this.#realNow = realNow
  }

  get setting(): ClockSetting {
    return this.#setting
  }

  now(): UnixSeconds {
    const { mode, value } = this.#setting
    return mode === 'frozen' ? value : Math.floor(this.#realNow() / 1000) + value
  }

  /** Moves the clock to an instant; one that has passed already is left alone, since time does not go backwards. */
  moveTo(at: UnixSeconds): void {
    const ahead = at - this.now()
    if (ahead > 0) this.#setting = { ...this.#setting, value: this.#setting.value + ahead }
  }

  /** Takes over a setting that was saved. */
  restore(setting: ClockSetting): void {
    this.#setting = setting
  }
}
