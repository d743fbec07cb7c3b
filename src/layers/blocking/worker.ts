/**
 * What runs in the blocking worker. It travels there as source text, so that it needs no file of its own and works
 * from a bundle; what `src/layers/connections.ts` says of such functions holds for {@link work} too.
 *
 * @since 0.1.0
 */
import type { MessagePort } from "node:worker_threads"
import { type Modules, makeConnections, type Settings } from "../connections.js"
import { type Call, type Exchange, makeExchange, type Outcome, type Outgoing } from "../exchange.js"

/**
 * What the worker is told.
 *
 * @category models
 * @since 0.1.0
 */
export type Order =
  | {
      readonly kind: "send"
      readonly id: number
      readonly client: number
      /** Given once for each client. */
      readonly settings: Settings | undefined
      readonly outgoing: Outgoing
    }
  | { readonly kind: "abort"; readonly id: number }

/**
 * What the worker tells: an outcome, or that it ends.
 *
 * @category models
 * @since 0.1.0
 */
export type News =
  | { readonly kind: "outcome"; readonly id: number; readonly outcome: Outcome }
  | { readonly kind: "end" }

/**
 * What the worker is born with.
 *
 * @category models
 * @since 0.1.0
 */
export interface Dowry {
  readonly port: MessagePort
  /** To count up and notify after each piece of news. */
  readonly bell: Int32Array
  /** To count up now and then while a request is under way: a worker that was killed cannot say so. */
  readonly pulse: Int32Array
}

const work = (
  modules: Modules,
  { bell, port, pulse }: Dowry,
  connectionsOf: typeof makeConnections,
  exchangeOf: typeof makeExchange
): void => {
  const exchanges = new Map<number, Exchange>()
  const calls = new Map<number, Call>()
  const self = {
    tell(news: News, transfer: ReadonlyArray<ArrayBuffer>): void {
      port.postMessage(news, transfer)
      Atomics.add(bell, 0, 1)
      Atomics.notify(bell, 0)
    },
    exchange(client: number, settings: Settings | undefined): Exchange {
      const known = exchanges.get(client)
      if (known !== undefined) return known
      if (settings === undefined) throw new Error(`client ${client} is not known`)
      const made = exchangeOf(modules, connectionsOf(modules, settings), settings)
      exchanges.set(client, made)
      return made
    },
    settled(id: number, outcome: Outcome): void {
      calls.delete(id)
      if (outcome.kind !== "reply") {
        self.tell({ kind: "outcome", id, outcome }, [])
        return
      }
      // A chunk may be a part of a larger buffer: only its own bytes travel.
      const body = new Uint8Array(outcome.body)
      self.tell({ kind: "outcome", id, outcome: Object.assign({}, outcome, { body }) }, [body.buffer])
    },
    send(order: Order & { kind: "send" }): void {
      const { client, id, outgoing, settings } = order
      calls.set(
        id,
        self.exchange(client, settings).send(outgoing, (outcome) => self.settled(id, outcome))
      )
    }
  }
  const beating = setInterval(() => {
    if (calls.size > 0) Atomics.add(pulse, 0, 1)
  }, 250)
  beating.unref()
  process.on("exit", () => self.tell({ kind: "end" }, []))
  port.on("message", (order: Order) => {
    if (order.kind === "send") return self.send(order)
    calls.get(order.id)?.abort()
    calls.delete(order.id)
  })
}

// The prelude gives the text the helper that some bundlers wrap around named functions.
const prelude = `"use strict"; const __name = (value) => value; const { workerData } = require("node:worker_threads");`

/**
 * The worker's program: a CommonJS text.
 *
 * @category constants
 * @since 0.1.0
 */
export const program = (): string =>
  `${prelude}(${work})({http:require("node:http"),https:require("node:https"),tls:require("node:tls")},workerData,${makeConnections},${makeExchange})`
