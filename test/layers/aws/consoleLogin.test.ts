import { createHash } from "node:crypto"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import * as TestClock from "effect/testing/TestClock"
import * as Aws from "../../../src/aws.js"
import { AwsConsoleLogin, NodeSignIn, SignIn } from "../../../src/login.js"
import { isSession, signedIn } from "../../../src/protocol/aws/consoleLogin.js"
import { AwsSeed, Emulator } from "../../../src/testing.js"
import { Disk } from "../../support/files.js"
import { credentialError } from "../../support/refusals.js"
import { reply, scripted } from "../../support/scripted.js"
import { browser, on } from "../../support/signIn.js"

const { user } = AwsSeed.arns
const name = user.slice(user.lastIndexOf("/") + 1)
const file = `/home/.aws/login/cache/${createHash("sha256").update(user).digest("hex")}.json`
const config = "/home/.aws/config"
const region = "eu-central-1"

const login = (
  options: AwsConsoleLogin.Options,
  decide: Parameters<typeof browser>[0] = () => ({ user: name })
) => {
  const { layer, pages } = browser(decide)
  const run = AwsConsoleLogin.login({ region, ...options }).pipe(
    Effect.provide([NodeSignIn.layerWithoutBrowser, layer])
  )
  return { pages, run }
}

describe("logging in with the console's credentials", () => {
  it.effect(
    "writes the session that AWS's tools and this package's sources read, and a profile that names it",
    () => {
      const disk = new Disk({ [config]: "# mine\n[profile other]\nregion = us-east-1\n" })
      return Effect.gen(function* () {
        const { pages, run } = login({ profile: "dev" })
        const result = yield* run
        assert.strictEqual(result.loginSession, user)
        assert.strictEqual(result.file, file)
        assert.strictEqual(disk.files.get(file)?.mode, 0o600)
        assert.strictEqual(
          disk.text(config),
          `# mine\n[profile other]\nregion = us-east-1\n\n[profile dev]\nlogin_session = ${user}\n`
        )
        assert.deepStrictEqual([...disk.files.keys()].sort(), [config, file].sort())
        const document = JSON.parse(disk.text(file) ?? "")
        assert.deepStrictEqual(Object.keys(document), [
          "accessToken",
          "tokenType",
          "clientId",
          "refreshToken",
          "idToken",
          "dpopKey",
          "signInRegion"
        ])
        assert.match(
          document.dpopKey,
          /^-----BEGIN EC PRIVATE KEY-----\n[\s\S]+-----END EC PRIVATE KEY-----\n$/
        )
        const page = new URL(pages[0] ?? "")
        assert.strictEqual(page.host, `${region}.signin.aws.amazon.com`)
        assert.strictEqual(page.searchParams.get("code_challenge_method"), "SHA-256")
        const source = yield* Aws.Login.make({ loginSession: user, region })
        const first = yield* source.get
        assert.strictEqual(first.accountId, AwsSeed.accountId)
        yield* TestClock.adjust("14 minutes")
        assert.notStrictEqual((yield* source.get).accessKeyId, first.accessKeyId)
      }).pipe(on(disk))
    }
  )

  it.effect("is refused for a profile whose other settings take precedence", () => {
    const disk = new Disk({ [config]: "[profile dev]\nregion = x\nrole_arn = arn:aws:iam::1:role/x\n" })
    return Effect.gen(function* () {
      const { pages, run } = login({ profile: "dev" })
      const error = yield* credentialError(run)
      assert.include(error.message, "profile dev sets role_arn, which would take precedence over a login")
      assert.include(error.message, `(${config}:3)`)
      assert.lengthOf(pages, 0)
    }).pipe(on(disk))
  })

  it.effect("reports a denial, and keeps nothing", () => {
    const disk = new Disk()
    return Effect.gen(function* () {
      const error = yield* credentialError(login({ profile: "dev" }, () => ({ deny: "yes" })).run)
      assert.strictEqual(error.reason, "Refused")
      assert.include(error.message, "the sign-in was denied")
      assert.strictEqual(disk.files.size, 0)
    }).pipe(on(disk))
  })

  it.effect("needs a region", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(login({ region: undefined }).run)
      assert.include(error.message, "AWS_REGION")
    }).pipe(on(new Disk()))
  )

  it.effect("ends one session, or all", () => {
    const other = "/home/.aws/login/cache/other.json"
    const disk = new Disk({
      [other]: '{"accessToken":{"accessKeyId":"a"}}',
      "/home/.aws/login/cache/x.json": "{}"
    })
    return Effect.gen(function* () {
      yield* login({}).run
      assert.deepStrictEqual(yield* AwsConsoleLogin.logout(user), [file])
      assert.deepStrictEqual(yield* AwsConsoleLogin.logout(), [other])
      assert.deepStrictEqual([...disk.files.keys()], ["/home/.aws/login/cache/x.json"])
      const emulator = yield* Emulator.Emulator
      assert.isNotEmpty(yield* emulator.requests)
    }).pipe(on(disk))
  })
})

describe("logging in with a browser on another machine", () => {
  const answer = {
    accessToken: {
      accessKeyId: "ASIAEXAMPLE",
      secretAccessKey: "PLANTED-SECRET",
      sessionToken: "PLANTED-TOKEN"
    },
    tokenType: "aws_sigv4",
    expiresIn: 900,
    refreshToken: "PLANTED-REFRESH",
    idToken: `x.${Buffer.from(JSON.stringify({ sub: user })).toString("base64url")}.`
  }

  /** What a person pastes, given what the page was called with. */
  const login = (...pastes: ReadonlyArray<(page: URLSearchParams) => string | undefined>) => {
    const pages: Array<URL> = []
    let asked = 0
    const person = Layer.merge(
      SignIn.Prompt.layer(({ url }) => Effect.sync(() => void pages.push(new URL(url)))),
      SignIn.Paste.layer(() =>
        Effect.sync(() => {
          const text = pastes[asked++]?.(pages[0]?.searchParams ?? new URLSearchParams())
          return text === undefined ? undefined : Redacted.make(text)
        })
      )
    )
    const { layer, sent } = scripted(reply(200, answer))
    const run = AwsConsoleLogin.loginWithPaste({ profile: "dev", region }).pipe(
      Effect.provide(Layer.merge(layer, person))
    )
    return { pages, sent, run, asked: () => asked }
  }

  const shown = (page: URLSearchParams, state = page.get("state") ?? "") =>
    Buffer.from(new URLSearchParams({ state, code: "CODE" }).toString()).toString("base64")

  it.effect("redeems what the person pastes of the page", () => {
    const disk = new Disk()
    return Effect.gen(function* () {
      const { pages, run, sent } = login(
        () => "no base64!",
        (page) => `  ${shown(page)}\r`
      )
      assert.strictEqual((yield* run).loginSession, user)
      const [page] = pages
      const host = `https://${region}.signin.aws.amazon.com`
      assert.strictEqual(page?.searchParams.get("client_id"), "arn:aws:signin:::devtools/cross-device")
      assert.strictEqual(page?.searchParams.get("redirect_uri"), `${host}/v1/sessions/confirmation`)
      const { codeVerifier, ...body } = JSON.parse(sent[0]?.body ?? "")
      assert.deepStrictEqual(body, {
        clientId: "arn:aws:signin:::devtools/cross-device",
        grantType: "authorization_code",
        code: "CODE",
        redirectUri: `${host}/v1/sessions/confirmation`
      })
      const challenge = createHash("sha256").update(codeVerifier).digest("base64url")
      assert.strictEqual(page?.searchParams.get("code_challenge"), challenge)
      // By this id it is renewed.
      assert.strictEqual(JSON.parse(disk.text(file) ?? "").clientId, "arn:aws:signin:::devtools/cross-device")
    }).pipe(on(disk))
  })

  it.effect.each([
    [["", "", ""], 3, "what was pasted is no code"],
    [["other", "other", "other"], 3, "what was pasted is another sign-in's"],
    [[undefined], 1, "nothing was pasted"]
  ] as const)("gives up after three of %j", ([pasted, times, message]) =>
    Effect.gen(function* () {
      const { asked, run, sent } = login(
        ...pasted.map((text) => (page: URLSearchParams) => (text === "other" ? shown(page, text) : text))
      )
      const error = yield* credentialError(run)
      assert.include(error.message, message)
      assert.strictEqual(asked(), times)
      assert.isEmpty(sent)
    }).pipe(on(new Disk()))
  )
})

describe("a reply", () => {
  it("without a required member is refused", () => {
    const jwt = (sub: unknown) => `x.${Buffer.from(JSON.stringify({ sub })).toString("base64url")}.`
    const whole = {
      accessToken: { accessKeyId: "a", secretAccessKey: "b", sessionToken: "c" },
      refreshToken: "r",
      idToken: jwt("arn:aws:sts::012345678910:assumed-role/Admin/admin")
    }
    const bond = {
      clientId: "arn:aws:signin:::devtools/same-device",
      dpopKey: Redacted.make("key"),
      region: undefined
    } as const
    const read = (reply: unknown) => signedIn(JSON.stringify(reply), bond, 0)
    assert.isTrue(isSession(JSON.stringify(whole)))
    for (const more of [
      { accessToken: { accessKeyId: "a" } },
      { refreshToken: undefined },
      { idToken: "no" },
      { idToken: jwt(1) },
      { idToken: jwt("alice") },
      { expiresIn: "1" }
    ]) {
      assert.isTrue(Result.isFailure(read({ ...whole, ...more })))
    }
    for (const text of ["", "[]", '{"accessToken":"a"}', '{"accessToken":{}}'])
      assert.isFalse(isSession(text))
  })
})
