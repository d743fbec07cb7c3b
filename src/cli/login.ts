/** `login` and `logout`: what both clouds' commands have in common. */
import process from "node:process"
import { createInterface } from "node:readline"
import * as Flag from "effect/cli/Flag"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import { NodeSignIn, SignIn } from "../login.js"
import { NodeHttp } from "../node.js"
import { printable } from "./output.js"

/** What all sign-ins are asked with. */
export interface Given {
  readonly noBrowser: boolean
}

/** No page is opened, and the person is told which one to open. */
export const noBrowser = Flag.Boolean("no-browser").pipe(
  Flag.withDefault(false),
  Flag.withDescription("Print the address of the page instead of opening it.")
)

const words = ({ code, opened, url }: SignIn.Page, more: string): string => {
  const page = opened
    ? `A browser has opened for you to sign in. If it has not, open\n${url}`
    : `Open this page to sign in:\n${url}`
  return `${page}${code === undefined ? "" : `\nCheck that it shows the code ${code}, or enter it there.`}${opened ? "" : more}`
}

/** A line of standard input; nothing where it has ended. */
const pasted: Effect.Effect<Redacted.Redacted | undefined> = Effect.callback((resume) => {
  const lines = createInterface({ input: process.stdin })
  process.stderr.write("Paste the text that the page shows in the end: ")
  let line: Redacted.Redacted | undefined
  lines.once("line", (text) => {
    line = Redacted.make(text)
    lines.close()
  })
  // Closed first: it stops the input, also for whoever asks for the next line.
  lines.once("close", () => resume(Effect.succeed(line)))
  return Effect.sync(() => lines.close())
})

/**
 * What a sign-in needs. Who reads the standard error from a pipe is told of a page only if nobody has seen it.
 *
 * @param more what else to say where no browser has opened
 */
export const layer = ({ noBrowser }: Given, more = "") =>
  Layer.mergeAll(
    noBrowser ? NodeSignIn.layerWithoutBrowser : NodeSignIn.layer,
    NodeHttp.layer,
    SignIn.Paste.layer(() => pasted),
    SignIn.Prompt.layer((page) =>
      Effect.sync(() => {
        const atTerminal = process.stderr.isTTY === true
        if (page.opened && !atTerminal) return
        const lines = words(page, more).split("\n").map(printable)
        if (atTerminal) lines.push("Waiting until you have signed in; Ctrl-C ends it.")
        process.stderr.write(`${lines.join("\n")}\n`)
      })
    )
  )

/** When something ends, as it is printed. */
export const endOf = ({ expiration }: { readonly expiration: DateTime.Utc }): string =>
  DateTime.formatIso(expiration).replace(".000Z", "Z")
