/**
 * Codes of multi-factor authentication devices, asked for at the terminal.
 *
 * @since 0.1.0
 */
import type * as Layer from "effect/Layer"
import { terminalLayer } from "../services/MfaTokenCode.js"
import { ask } from "./terminal.js"

/**
 * Asks the person at this process's terminal for codes of multi-factor authentication devices, even where output is
 * redirected, and without holding up other fibers.
 *
 * @category layers
 * @since 0.1.0
 */
export const layer: Layer.Layer<never> = terminalLayer(ask)
