/** A clock that stands still until it is moved, so that hours of a log pass in no time and always in the same way. */
export interface MovableClock {
  /** Ms since 1970. */
  readonly now: () => number;
  readonly advance: (ms: number) => void;
  /** Clocks are set back too. */
  readonly set: (ms: number) => void;
}

export function movableClock(start: number): MovableClock {
  let time = start;
  return {
    now: () => time,
    advance: (ms) => {
      time += ms;
    },
    set: (ms) => {
      time = ms;
    },
  };
}
