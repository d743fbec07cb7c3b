/** Requests as they were sent, kept beside what is recorded of them and out of every printout. */
import type { RecordedRequest } from "../RecordedRequest.js"
import type { WireRequest } from "../Service.js"

const sent = new WeakMap<RecordedRequest, WireRequest>()

/** Keeps what a recorded request was, for as long as it is recorded. */
export const keepSent = (recorded: RecordedRequest, request: WireRequest): RecordedRequest => {
  sent.set(recorded, request)
  return recorded
}

/** What a recorded request was. */
export const sentOf = (recorded: RecordedRequest): WireRequest | undefined => sent.get(recorded)
