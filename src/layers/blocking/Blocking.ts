/**
 * Everything that `Effect.runSync` needs to run programs that do HTTP, files, commands and waits.
 *
 * Inside one `runSync` fibers take turns as ever: timeouts, retries, races, semaphores and concurrent requests behave
 * as they do in `Effect.runPromise`. What cannot work, because only the event loop could finish it while the thread
 * is blocked: `Effect.promise` and `Effect.tryPromise`, `Effect.callback` resumed by an event or a timer, finalizers
 * that are promises, and waiting for a fiber that runs outside this `runSync`. Such a program ends with Effect's
 * `AsyncFiberError`. A child fiber that sleeps delays the end of its `runSync`; a program with no end in sight blocks
 * for good.
 *
 * A `ManagedRuntime` of the layer works from its first `runSync` on, for one call and for calls in a row. Effect gives
 * each of its `runSync`s a scheduler of Effect's own, so {@link cooperative} has to wrap a program that waits for
 * several things at once, and `runtime.contextEffect` where layers wait while they are built.
 *
 * The same goes for a program that has already forked, or taken more than about 2,000 steps, before it provides this
 * layer merged with others: merged layers are built in fibers of their own.
 *
 * Outside `runSync` the same layer works too, without blocking.
 *
 * @since 0.1.0
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as HttpClient from "effect/http/HttpClient"
import type * as Layer from "effect/Layer"
import * as Path from "effect/Path"
import * as ChildProcessSpawner from "effect/process/ChildProcessSpawner"
import type * as Scope from "effect/Scope"
import type { StsConfigError } from "../../schemas/StsError.js"
import * as Client from "../../services/Client.js"
import { HostResolver } from "../metadata/Destination.js"
import { type HttpOptions, HttpWorker, makeHostResolver, makeHttpClient, sharedWorker } from "./HttpWorker.js"
import { CooperationError as NotCooperative, sharedLot } from "./ParkingLot.js"
import * as SyncCommand from "./SyncCommand.js"
import { fileSystem } from "./SyncFileSystem.js"

/**
 * What can be set.
 *
 * @category models
 * @since 0.1.0
 */
export interface Options extends HttpOptions, SyncCommand.Options {
  /**
   * Whether the layer starts its own worker, which ends with its scope. Default: false, one worker serves the process.
   */
  readonly ownWorker?: boolean | undefined
}

/**
 * What the layer provides, beside a {@link HostResolver} and a Clock.
 *
 * @category models
 * @since 0.1.0
 */
export type Services =
  | HttpClient.HttpClient
  | FileSystem.FileSystem
  | Path.Path
  | ChildProcessSpawner.ChildProcessSpawner

const lot = sharedLot

const ownWorker = Effect.acquireRelease(
  Effect.sync(() => new HttpWorker(lot)),
  (worker) => Effect.sync(() => worker.close())
)

/**
 * The services.
 *
 * @category constructors
 * @since 0.1.0
 */
export const make = (
  options: Options = {}
): Effect.Effect<Context.Context<Services>, StsConfigError, Scope.Scope> => {
  const keep = Client.keeper()
  return Effect.gen(function* () {
    const worker = options.ownWorker === true ? yield* ownWorker : sharedWorker
    return Context.empty().pipe(
      Context.add(HttpClient.HttpClient, keep(yield* makeHttpClient(lot, worker, options))),
      Context.add(HostResolver, makeHostResolver(lot, worker)),
      Context.add(FileSystem.FileSystem, fileSystem),
      Context.add(Path.Path, yield* Path.Path),
      Context.add(ChildProcessSpawner.ChildProcessSpawner, SyncCommand.make(options, lot, worker))
    )
  }).pipe(Effect.provide(Path.layer))
}

/**
 * The same as {@link layer}, with options.
 *
 * @category layers
 * @since 0.1.0
 */
export const layerWith = (options: Options): Layer.Layer<Services, StsConfigError> =>
  lot.layerWith(make(options))

/**
 * The services and the clock as one layer. Building it is cheap: it can be provided to each `runSync`.
 *
 * @category layers
 * @since 0.1.0
 */
export const layer: Layer.Layer<Services, StsConfigError> = /* @__PURE__ */ layerWith({})

/**
 * The defect of a program that would need {@link cooperative}: several of its fibers wait at once.
 *
 * @category errors
 * @since 4.0.0
 */
export const CooperationError = NotCooperative

/**
 * Lets a program wait for several things at once under a managed runtime's `runSync`, which has its own scheduler.
 * Elsewhere it changes nothing.
 *
 * @category combinators
 * @since 4.0.0
 */
export const cooperative: <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R> =
  lot.cooperative
