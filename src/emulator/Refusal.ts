/** The answers with which a cloud refuses a request. */

/** A refusal. */
export interface Refusal {
  readonly status: number
  readonly code: string
  readonly message: string
}

/** A refusal with a status, a code and what it says. */
export const refusal = (status: number, code: string, message: string): Refusal => ({ status, code, message })

/** A part of the emulator that needs a package which is not there. */
export const packageMissing = (message: string): Refusal => refusal(400, "Emulator.MissingPackage", message)
