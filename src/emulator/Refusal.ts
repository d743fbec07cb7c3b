/**
 * The answers with which a cloud refuses a request.
 *
 * @since 0.1.0
 */

/**
 * A refusal.
 *
 * @category models
 * @since 0.1.0
 */
export interface Refusal {
  readonly status: number
  readonly code: string
  readonly message: string
}

/**
 * A refusal with a status, a code and what it says.
 *
 * @category constructors
 * @since 0.1.0
 */
export const refusal = (status: number, code: string, message: string): Refusal => ({ status, code, message })

/**
 * A part of the emulator that needs a package which is not there.
 *
 * @category constructors
 * @since 0.1.0
 */
export const packageMissing = (message: string): Refusal => refusal(400, "Emulator.MissingPackage", message)
