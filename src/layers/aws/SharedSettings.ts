/**
 * What the selected profile of AWS's shared config files says about how requests are made.
 *
 * @since 0.1.0
 */

import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type * as FileSystem from "effect/FileSystem"
import * as Layer from "effect/Layer"
import { SharedConfig } from "../../services/aws/Settings.js"
import * as SharedConfigFiles from "./SharedConfigFiles.js"

/**
 * The same as {@link layer}, with options.
 *
 * @category layers
 * @since 0.1.0
 */
export const layerWith = (
  options: SharedConfigFiles.Options
): Layer.Layer<never, never, FileSystem.FileSystem> =>
  Layer.effectContext(
    Effect.map(
      SharedConfigFiles.make,
      (load) =>
        Context.make(SharedConfig, SharedConfigFiles.readSettings(load, options)) as Context.Context<never>
    )
  )

/**
 * Lets every call read from the shared config files what neither the policy nor the environment states.
 *
 * @category layers
 * @since 0.1.0
 */
export const layer: Layer.Layer<never, never, FileSystem.FileSystem> = /* @__PURE__ */ layerWith({})
