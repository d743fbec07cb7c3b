/** What tests of signing in have in common: an emulator, a disk, a person and the time. */
import * as ConfigProvider from "effect/ConfigProvider"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as TestClock from "effect/testing/TestClock"
import { SignIn } from "../../src/login.js"
import { Emulator } from "../../src/testing.js"
import { http } from "../emulator/http.js"
import type { Disk } from "./files.js"

/** Runs a program on a machine with a disk, beside an emulator. */
export const on = (disk: Disk, env: Readonly<Record<string, string>> = {}) =>
  Effect.provide(
    Layer.mergeAll(
      Emulator.layer,
      disk.layer,
      ConfigProvider.layer(ConfigProvider.fromUnknown({ HOME: "/home", ...env }))
    )
  )

/** The pages that a person was told of. */
export const told = () => {
  const pages: Array<SignIn.Page> = []
  return { pages, layer: SignIn.Prompt.layer((page) => Effect.sync(() => void pages.push(page))) }
}

/** Answers the page of a code. */
export const answer = (userCode: string | undefined, decision: { user: string } | { deny: string }) =>
  http("POST", "/device", { form: { user_code: userCode ?? "", ...decision } })

/** Lets so many seconds pass, one by one. */
export const seconds = (count: number) =>
  Effect.forEach(Array.from({ length: count }), () => TestClock.adjust("1 second"), { discard: true })

/** Starts a sign-in, and gives the fiber once it waits. */
export const begun = <A, E, R>(login: Effect.Effect<A, E, R>) =>
  Effect.tap(Effect.forkChild(login), () => TestClock.adjust(1))

export const join = Fiber.join

/** What a person does who is shown a page with a button for each user and one for nobody. */
export type Decision = { readonly user: string } | { readonly deny: string }

/** Answers a page, and goes where the browser is sent then. */
export const visit = (url: string, decision: Decision) =>
  Effect.gen(function* () {
    const { host, pathname, search } = new URL(url)
    const query = search.slice(1)
    const page = yield* http("GET", pathname, { host, query })
    const hidden = [...page.body.matchAll(/type="hidden" name="([^"]*)" value="([^"]*)"/g)]
    const fields = hidden.map(([, name = "", value = ""]) => [name, value.replaceAll("&amp;", "&")])
    const form = { ...Object.fromEntries(fields), ...decision }
    return (yield* http("POST", pathname, { host, form })).headers["location"]
  })

/** A browser whose person decides so, and the pages that it was opened with. */
export const browser = (
  decide: (url: string) => Decision,
  before: (location: string) => Promise<void> = async () => {}
) => {
  const pages: Array<string> = []
  const layer = Layer.unwrap(
    Effect.map(Emulator.Emulator, (emulator) =>
      SignIn.Browser.layer((url) =>
        Effect.gen(function* () {
          pages.push(url)
          const location = yield* Effect.provideService(visit(url, decide(url)), Emulator.Emulator, emulator)
          if (location !== undefined) {
            yield* Effect.promise(async () => {
              await before(location)
              await (await fetch(location)).text()
            })
          }
          return true
        })
      )
    )
  )
  return { pages, layer: Layer.merge(layer, told().layer) }
}
