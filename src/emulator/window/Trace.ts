/** What the window shows of requests beside what is recorded: kept as long as the record, and in no output. */
import type { RecordedRequest } from "../RecordedRequest.js"
import type { Answer, WireRequest } from "../Service.js"

/** What is kept of a request. */
export interface Trace {
  /** By which the page names it. */
  readonly number: number
  /** As it was sent. */
  readonly request: WireRequest
  readonly message: Answer["message"]
  readonly decisions: Answer["decisions"]
}

const traces = new WeakMap<RecordedRequest, Trace>()

let latest = 0

/** Keeps what is told of a recorded request. */
export const keepTrace = (recorded: RecordedRequest, trace: Omit<Trace, "number">): RecordedRequest => {
  traces.set(recorded, { ...trace, number: ++latest })
  return recorded
}

/** What was kept of a recorded request. */
export const traceOf = (recorded: RecordedRequest): Trace | undefined => traces.get(recorded)
