/** Default chains whose sources are left out, replaced or joined by others. */
import { assert, describe, it } from "@effect/vitest"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Alibaba from "../../src/alibaba.js"
import * as Aws from "../../src/aws.js"
import { Chain, type CredentialSource, type Explanation, StsCredentialError } from "../../src/index.js"
import { noCommand } from "../support/commands.js"
import { files } from "../support/files.js"
import { reply, scripted } from "../support/scripted.js"
import { environmentOf } from "../support/settings.js"

const machine = Layer.mergeAll(
  scripted(reply(404, "")).layer,
  files({}).layer,
  noCommand,
  Aws.SignerV4.layer,
  Alibaba.SignerAcs3.layer
)

const on = <A, E, R>(effect: Effect.Effect<A, E, R>, env: Readonly<Record<string, string>> = {}) =>
  effect.pipe(
    Effect.provide(machine),
    Effect.provideService(ConfigProvider.ConfigProvider, environmentOf({ HOME: "/home/me", ...env }))
  )

const named = <Credentials>(name: string, credentials?: Credentials): CredentialSource<Credentials> => ({
  name,
  get:
    credentials === undefined
      ? new StsCredentialError({ cloud: "aws", source: name, reason: "NotConfigured", detail: "is empty" })
      : Effect.succeed(credentials)
})

const aws = new Aws.Credentials({ accessKeyId: "AKIAVAULT", secretAccessKey: Redacted.make("secret") })
const alibaba = new Alibaba.Credentials({
  accessKeyId: "LTAIVAULT",
  accessKeySecret: Redacted.make("secret")
})

const names = <Credentials>(sources: ReadonlyArray<CredentialSource<Credentials>>) =>
  sources.map(({ name }) => name)

const told = ({ sources }: Explanation) =>
  sources.map(({ outcome, source }) => (outcome === "used" ? `${source}: used` : outcome))

describe("a default chain", () => {
  it.effect("of AWS leaves out and replaces sources", () =>
    Effect.gen(function* () {
      const whole = names(yield* on(Aws.DefaultChain.sources()))
      assert.lengthOf(whole, 5)
      const changed = yield* on(
        Aws.DefaultChain.sources({
          without: ["InstanceMetadata", "Environment"],
          replace: { Container: named("vault") },
          first: [named("one")],
          last: [named("other")]
        })
      )
      assert.deepStrictEqual(names(changed), ["one", whole[1], whole[2], "vault", "other"])
    })
  )

  it.effect("of Alibaba Cloud leaves out and replaces sources", () =>
    Effect.gen(function* () {
      const whole = names(yield* on(Alibaba.DefaultChain.sources()))
      assert.lengthOf(whole, 6)
      const changed = yield* on(
        Alibaba.DefaultChain.sources({
          without: ["EcsRamRole", "Oidc", "CredentialsUri"],
          replace: { Environment: named("vault") },
          last: [named("other")]
        })
      )
      assert.deepStrictEqual(names(changed), ["vault", whole[2], whole[3], "other"])
    })
  )

  it.effect("ignores a replacement for a source it does not have", () =>
    Effect.gen(function* () {
      const replace = { Environment: named<Aws.Credentials>("vault", aws) }
      const changed = yield* on(Aws.DefaultChain.sources({ profile: "work", replace }))
      assert.notInclude(names(changed), "vault")
    })
  )

  it.effect("gives the credentials of a replacement for the environment", () =>
    Effect.gen(function* () {
      const env = { AWS_ACCESS_KEY_ID: "AKIAENVIRONMENT", AWS_SECRET_ACCESS_KEY: "secret" }
      const chain = yield* on(Aws.DefaultChain.make({ replace: { Environment: named("vault", aws) } }), env)
      assert.strictEqual((yield* on(chain.get, env)).accessKeyId, "AKIAVAULT")
    })
  )

  it.effect("of both clouds explains its sources", () =>
    Effect.gen(function* () {
      const ofAws = yield* on(
        Aws.explain({ without: ["InstanceMetadata", "Container"], last: [named("vault", aws)] })
      )
      assert.deepStrictEqual(told(ofAws), [
        "not-configured",
        "not-configured",
        "not-configured",
        "vault: used"
      ])
      const ofAlibaba = yield* on(
        Alibaba.explain({
          without: ["EcsRamRole", "CredentialsFile"],
          replace: { CredentialsUri: named("vault", alibaba) }
        })
      )
      assert.deepStrictEqual(told(ofAlibaba), [
        "not-configured",
        "not-configured",
        "not-configured",
        "vault: used"
      ])
    })
  )

  it("is typed by the names of its sources", () => {
    // @ts-expect-error a name that the chain has not
    const misspelt: Aws.DefaultChain.Options = { without: ["InstanceMetdata"] }
    // @ts-expect-error a source of the other cloud
    const foreign: Alibaba.DefaultChain.Options = { replace: { Environment: named("vault", aws) } }
    assert.isDefined(misspelt)
    assert.isDefined(foreign)
  })

  it.effect("a custom chain is arranged by the same function", () =>
    Effect.gen(function* () {
      const sources = { One: Effect.succeed(named<string>("one")), Two: Effect.succeed(named<string>("two")) }
      assert.deepStrictEqual(names(yield* Chain.arrange(sources, { without: ["One"] })), ["two"])
    })
  )
})
