/** How replies travel, the faults that an emulator still has to make, and what each does to a reply. */
import * as Duration from "effect/Duration"
import type { Fault } from "./Fault.js"
import type { WireReply } from "./Service.js"

/** How many requests a fault affects, and of which operation. */
export interface Scope {
  /** Default: 1. */
  readonly times?: number | undefined
  /** Default: every operation. */
  readonly operation?: string | undefined
}

/** A fault that is still to happen. */
export interface PlannedFault {
  /** What happens. */
  readonly fault: Fault
  /** To how many requests. */
  readonly times: number
  /** Of which operation. Default: every operation. */
  readonly operation: string | undefined
}

interface Planned {
  readonly fault: Fault
  readonly operation: string | undefined
  left: number
}

/**
 * Faults in the order in which they were asked for. A request meets the first that is for it, and only that one.
 */
export class Faults {
  private planned: ReadonlyArray<Planned> = []

  /** Plans a fault. */
  add(fault: Fault, { operation, times = 1 }: Scope = {}): void {
    this.planned = [...this.planned, { fault, operation, left: times }]
  }

  /** The faults that are still to happen. */
  get left(): ReadonlyArray<PlannedFault> {
    return this.planned.map(({ fault, left, operation }) => ({ fault, times: left, operation }))
  }

  /** Forgets every fault that is planned. */
  clear(): void {
    this.planned = []
  }

  /** The fault that a request of this operation meets. */
  take(operation: string | undefined): Fault | undefined {
    const next = this.planned.find((one) => one.operation === undefined || one.operation === operation)
    if (next === undefined) return undefined
    next.left -= 1
    if (next.left <= 0) this.planned = this.planned.filter((one) => one !== next)
    return next.fault
  }
}

/** How a reply travels: whole, late, in pieces or not at all. */
export interface Delivery {
  /** What is sent. */
  readonly reply: WireReply
  /** Before anything is sent. */
  readonly delayMillis: number
  /** Between the beginning of the headers and their end. */
  readonly headersMillis: number
  /** Between the headers and the end of the body. */
  readonly bodyMillis: number
  /** Bytes of the body after which the connection is reset; `headers` if not even those are sent. */
  readonly resetAfter: number | "headers" | undefined
}

/** A reply without any fault. */
export const whole = (reply: WireReply): Delivery => ({
  reply,
  delayMillis: 0,
  headersMillis: 0,
  bodyMillis: 0,
  resetAfter: undefined
})

const withHeaders = (reply: WireReply, headers: WireReply["headers"]): WireReply => ({
  ...reply,
  headers: { ...reply.headers, ...headers }
})

/** The page of a gateway that has no answer. */
export const badGatewayReply = (now: number): WireReply => ({
  status: 502,
  headers: { date: new Date(now).toUTCString(), "content-type": "text/html" },
  body: "<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>"
})

/** A reply that points elsewhere. */
export const redirectReply = (
  now: number,
  { location, status }: Fault & { _tag: "Redirect" }
): WireReply => ({
  status,
  headers: { date: new Date(now).toUTCString(), location },
  body: ""
})

/** The way of a reply that a fault spoils. */
export const spoil = (reply: WireReply, fault: Fault, retryAfterHeader: string): Delivery => {
  const good = whole(reply)
  switch (fault._tag) {
    case "Latency":
      return { ...good, delayMillis: Duration.toMillis(fault.duration) }
    case "SlowHeaders":
      return { ...good, headersMillis: Duration.toMillis(fault.duration) }
    case "SlowBody":
      return { ...good, bodyMillis: Duration.toMillis(fault.duration) }
    case "ResetBeforeReply":
      return { ...good, resetAfter: "headers" }
    case "ResetDuringReply":
      return { ...good, resetAfter: fault.afterBytes }
    case "CutBody":
      return whole({ ...reply, body: reply.body.slice(0, fault.afterBytes) })
    case "OversizedReply":
      return whole({ ...reply, body: reply.body.padEnd(fault.bytes) })
    case "ContentType":
      return whole(withHeaders(reply, { "content-type": fault.contentType }))
    case "Throttled":
      return whole(
        fault.retryAfter === undefined
          ? reply
          : withHeaders(reply, { [retryAfterHeader]: String(Duration.toMillis(fault.retryAfter)) })
      )
    case "SkewedClock":
    case "BadGateway":
    case "Redirect":
    case "Refused":
      return good
  }
}
