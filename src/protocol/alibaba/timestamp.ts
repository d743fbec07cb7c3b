/** Time as Alibaba Cloud's requests and tools state it. */
import { statedSecond } from "../clockSkew.js"

let lastSecond = Number.NaN
let lastText = ""

/** `2026-01-31T12:00:00Z`: UTC, without milliseconds, which the service refuses. */
export const timestamp = (millis: number): string => {
  const second = statedSecond(millis)
  if (second !== lastSecond) {
    lastText = `${new Date(second).toISOString().slice(0, 19)}Z`
    lastSecond = second
  }
  return lastText
}

const seconds = { least: 0, most: 253_402_300_799 }

/**
 * An end as the command line tool's profiles have it, in seconds since 1970, as ISO 8601 has it; none where that is no
 * point in time up to the year 9999.
 */
export const fromSeconds = (end: number): string | undefined =>
  end >= seconds.least && end <= seconds.most ? new Date(end * 1_000).toISOString() : undefined
