/**
 * Time as Alibaba Cloud's requests state it.
 *
 * @since 0.1.0
 */
import { statedSecond } from "../clockSkew.js"

let lastSecond = Number.NaN
let lastText = ""

/**
 * `2026-01-31T12:00:00Z`: UTC, without milliseconds, which the service refuses.
 *
 * @category encoding
 * @since 0.1.0
 */
export const timestamp = (millis: number): string => {
  const second = statedSecond(millis)
  if (second !== lastSecond) {
    lastText = `${new Date(second).toISOString().slice(0, 19)}Z`
    lastSecond = second
  }
  return lastText
}
