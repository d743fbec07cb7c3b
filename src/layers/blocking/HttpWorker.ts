/**
 * The worker that makes HTTP exchanges while its own thread is blocked, seen from that thread.
 *
 * It starts with the first request, keeps no process alive, and is replaced when it has died.
 *
 * @since 0.1.0
 */
import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from "node:worker_threads"
import { faultCodes } from "../../services/BufferedClient.js"
import type { Settings } from "../connections.js"
import type { Outcome, Outgoing } from "../exchange.js"
import type { Outsider, ParkingLot } from "./ParkingLot.js"
import { type Dowry, type News, type Order, program } from "./worker.js"

/** One life of the worker. */
interface Life {
  readonly worker: Worker
  readonly port: MessagePort
  /** Clients whose settings it knows. */
  readonly clients: Set<number>
  /** Counted up by the worker while it lives. */
  readonly pulse: Int32Array
  lastPulse: number
  lastCheck: number
  checks: number
}

/** How often a worker with requests under way is looked after. */
const checkMillis = 500

/** A worker that was killed is given up after so many checks without a sign of life. */
const mostChecks = 6

/**
 * A worker and the requests it has under way.
 *
 * @category models
 * @since 0.1.0
 */
export class HttpWorker implements Outsider {
  private life: Life | undefined
  private held = false
  private lastId = 0
  private readonly underWay = new Set<number>()
  private readonly outcomes = new Map<number, Outcome>()
  private readonly clients = new Map<string, { readonly id: number; readonly settings: Settings }>()
  private readonly dismiss: () => void

  constructor(private readonly lot: ParkingLot) {
    this.dismiss = lot.admit(this)
  }

  /** Sends a request; the number it is known by. */
  send(settings: Settings, outgoing: Outgoing): number {
    const life = this.life ?? this.start()
    const client = this.client(settings)
    const known = life.clients.has(client)
    life.clients.add(client)
    const id = ++this.lastId
    // No pulse is owed for the time without requests.
    if (this.underWay.size === 0) life.checks = 0
    this.underWay.add(id)
    this.order(life, { kind: "send", id, client, settings: known ? undefined : settings, outgoing })
    return id
  }

  /** Whether a request has its outcome. */
  isSettled(id: number): boolean {
    return this.outcomes.has(id)
  }

  /** Hands a request's outcome over, once. */
  collect(id: number): Outcome {
    const outcome = this.outcomes.get(id)
    this.outcomes.delete(id)
    return outcome ?? died
  }

  /** Gives a request up, wherever it is. */
  abort(id: number): void {
    this.outcomes.delete(id)
    if (this.underWay.delete(id) && this.life !== undefined) this.order(this.life, { kind: "abort", id })
  }

  /** Ends the worker. */
  close(): void {
    this.dismiss()
    void this.life?.worker.terminate()
    this.bury(this.life)
  }

  take(): void {
    const { life } = this
    if (life === undefined || this.underWay.size === 0) return
    let received = receiveMessageOnPort(life.port)
    if (received === undefined) this.check(life)
    while (received !== undefined) {
      this.hear(life, received.message as News)
      received = receiveMessageOnPort(life.port)
    }
  }

  patience(): number {
    return this.underWay.size === 0 ? Number.POSITIVE_INFINITY : checkMillis
  }

  hold(held: boolean): void {
    this.held = held
    if (held) this.life?.port.ref()
    else this.life?.port.unref()
  }

  /** Clients with the same certificates share their connections, however often a layer is built. */
  private client(settings: Settings): number {
    const key = JSON.stringify(settings)
    const known = this.clients.get(key)
    if (known !== undefined) return known.id
    const id = this.clients.size + 1
    this.clients.set(key, { id, settings })
    return id
  }

  private order(life: Life, order: Order): void {
    life.port.postMessage(order)
  }

  private start(): Life {
    const { port1: port, port2 } = new MessageChannel()
    const pulse = new Int32Array(new SharedArrayBuffer(4))
    const dowry: Dowry = { port: port2, bell: this.lot.bell, pulse }
    const worker = new Worker(program(), {
      eval: true,
      workerData: dowry,
      transferList: [port2],
      execArgv: []
    })
    const life: Life = { worker, port, pulse, clients: new Set(), lastPulse: 0, lastCheck: 0, checks: 0 }
    this.life = life
    port.on("message", (news: News) => this.hear(life, news))
    worker.on("exit", () => this.bury(life))
    worker.on("error", () => this.bury(life))
    worker.unref()
    this.hold(this.held)
    return life
  }

  private hear(life: Life, news: News): void {
    life.checks = 0
    if (news.kind === "end") this.bury(life)
    else if (this.underWay.delete(news.id)) this.outcomes.set(news.id, news.outcome)
    this.lot.announce()
  }

  /** Checks are counted, not seconds: a machine that was asleep has missed none. */
  private check(life: Life): void {
    const now = performance.now()
    if (now - life.lastCheck < checkMillis * 0.9) return
    const pulse = Atomics.load(life.pulse, 0)
    life.checks = pulse === life.lastPulse ? life.checks + 1 : 0
    life.lastPulse = pulse
    life.lastCheck = now
    if (life.checks > mostChecks) this.bury(life)
  }

  private bury(life: Life | undefined): void {
    if (life === undefined || life !== this.life) return
    this.life = undefined
    life.port.close()
    for (const id of this.underWay) this.outcomes.set(id, died)
    this.underWay.clear()
    this.lot.announce()
  }
}

const died: Outcome = { kind: "noReply", code: faultCodes.worker }
