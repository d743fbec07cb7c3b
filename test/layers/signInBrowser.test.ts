/** Every sign-in in a real browser, against an emulator's own pages. */
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Effect from "effect/Effect"
import type * as FileSystem from "effect/FileSystem"
import * as HttpClient from "effect/http/HttpClient"
import * as Layer from "effect/Layer"
import type { BrowserContext } from "playwright-core"
import {
  AlibabaCloudSsoLogin,
  AlibabaOAuthLogin,
  AwsConsoleLogin,
  AwsSsoLogin,
  NodeSignIn,
  SignIn
} from "../../src/login.js"
import { AlibabaSeed, AwsSeed, Emulator, EmulatorServer } from "../../src/testing.js"
import { hasBrowser, startBrowser } from "../support/browser.js"
import { Disk } from "../support/files.js"

const looking = hasBrowser("nobody signed in with a browser")

let context: BrowserContext

beforeAll(async () => {
  if (!looking) return
  context = await startBrowser()
})

afterAll(async () => {
  if (looking) await context.close()
})

/** A person who presses a button, and what the last page says. */
const person = (button: string) => {
  const titles: Array<string> = []
  const press = (endpoint: string) => async (url: string) => {
    const page = await context.newPage()
    const { pathname, search } = new URL(url)
    // The emulator stands in the place of every host.
    await page.goto(`${endpoint}${pathname}${search}`)
    await Promise.all([page.waitForEvent("load"), page.click(`button:has-text("${button}")`)])
    titles.push((await page.textContent("h1")) ?? "")
    await page.close()
  }
  const layer = Layer.unwrap(
    Effect.map(EmulatorServer.EmulatorServer, ({ endpoint }) =>
      SignIn.Browser.layer((url) =>
        Effect.as(
          Effect.promise(() => press(endpoint)(url)),
          true
        )
      )
    )
  )
  return { titles, layer }
}

type Needs = HttpClient.HttpClient | FileSystem.FileSystem | SignIn.LoopbackListener

/** Signs in beside a served emulator, whose client answers whatever host is asked. */
const signedIn = (login: Effect.Effect<unknown, unknown, Needs>, button: string) => {
  const { layer, titles } = person(button)
  const disk = new Disk()
  const surroundings = Layer.mergeAll(
    NodeSignIn.layerWithoutBrowser,
    disk.layer,
    layer,
    SignIn.Prompt.layer(() => Effect.void),
    ConfigProvider.layer(ConfigProvider.fromUnknown({ HOME: "/home", AWS_REGION: AwsSeed.region }))
  )
  const run = Effect.flatMap(Emulator.Emulator, ({ client }) =>
    Effect.provideService(Effect.result(login), HttpClient.HttpClient, client)
  )
  return Effect.map(
    run.pipe(Effect.provide(surroundings), Effect.provide(EmulatorServer.layer)),
    (result) => ({ result, title: titles.at(-1), files: [...disk.files.keys()] })
  )
}

const portal = { startUrl: AwsSeed.identityCenter.startUrl, region: AwsSeed.region, sessionName: "corp" }
const [user] = AwsSeed.arns.user.split("/").slice(-1)

const flows = {
  "IAM Identity Center, in the browser": [AwsSsoLogin.login(portal), "alice", 2],
  "IAM Identity Center, with a code": [AwsSsoLogin.loginWithDeviceCode(portal), "alice", 2],
  "the console's credentials": [AwsConsoleLogin.login(), user, 1],
  CloudSSO: [
    AlibabaCloudSsoLogin.loginWithDeviceCode({ signInUrl: AlibabaSeed.cloudSso.signInUrl }),
    "alice",
    1
  ],
  OAuth: [AlibabaOAuthLogin.login({ site: "CN" }), "alice", 1]
} as const

describe.skipIf(!looking)("in a real browser", { timeout: 60_000 }, () => {
  for (const [name, [login, who, files]] of Object.entries(flows)) {
    it.live(`${name}: the Allow button signs in`, () =>
      Effect.gen(function* () {
        const found = yield* signedIn(login, `Allow as ${who}`)
        assert.strictEqual(found.result._tag, "Success", String(found.result))
        assert.match(found.title ?? "", /^(You can close this page|Access allowed)$/)
        assert.lengthOf(found.files, files, found.files.join())
      })
    )

    it.live(`${name}: the Deny button refuses`, () =>
      Effect.gen(function* () {
        const found = yield* signedIn(login, "Deny")
        assert.strictEqual(found.result._tag, "Failure")
        assert.include(String(found.result._tag === "Failure" ? found.result.failure : ""), "denied")
        assert.match(found.title ?? "", /^(Sign-in failed|Access denied)$/)
      })
    )
  }
})
