/**
 * Every source where all is well: what it tells observers, what an explanation says of it, what goes out over the
 * network and to other processes, and what is left on the disk.
 */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Alibaba from "../../src/alibaba.js"
import * as Aws from "../../src/aws.js"
import { type Explanation, Refreshing } from "../../src/index.js"
import { fullName, promises, sources } from "../sources/all.js"
import { httpTroubles } from "../sources/httpTroubles.js"
import { secrets } from "../sources/secrets.js"
import { leftIn } from "../sources/traces.js"
import { inNoTime, leaks, observed } from "../sources/watch.js"
import { type Listed, type Seen, type Services, withSource } from "../sources/withSource.js"
import { metrics } from "./watched.js"

const explain = ({ cloud }: Listed): Effect.Effect<Explanation, never, Services> =>
  cloud === "aws" ? Aws.explain() : Alibaba.explain()

/** What a person has put into a URL or a command is there for all who see these. */
const { uriToken, ...withoutUris } = secrets

const leaksOf = (listed: Listed) =>
  inNoTime(() =>
    withSource(listed, {}, (source, { home, sent, words }: Seen) =>
      Effect.gen(function* () {
        const before = new Set(leftIn(home).map(({ path, text }) => `${path} ${text}`))
        const got = yield* observed(Refreshing.make(listed.cloud, source).get)
        const written = leftIn(home).filter(({ path, text }) => !before.has(`${path} ${text}`))
        const explained = yield* observed(explain(listed))
        return {
          got: got.leaks,
          explained: [...explained.leaks, ...leaks({ rendered: String(explained.result) })],
          urls: leaks({ urls: sent.map(({ url }) => url).join("\n") }, withoutUris),
          words: leaks({ words: words.join("\n") }, secrets),
          paths: leaks({ paths: written.map(({ path }) => path).join("\n") }),
          loose: written.filter(({ isFolder, mode }) => mode !== (isFolder ? 0o700 : 0o600)),
          unfinished: written.filter(({ path }) => /tmp|lock/i.test(path)),
          unsealed: leaks({
            sealed: written.flatMap(({ path, text }) => (path.startsWith("sealed/") ? [text] : [])).join("\n")
          })
        }
      })
    )
  )

const nothing = {
  got: [],
  explained: [],
  urls: [],
  words: [],
  paths: [],
  loose: [],
  unfinished: [],
  unsealed: []
}

describe("no secret is shown by", () => {
  for (const listed of [...sources, ...promises]) {
    it(fullName(listed), async () => {
      assert.deepStrictEqual(await Effect.runPromise(leaksOf(listed)), nothing)
    })
  }

  for (const listed of sources.filter(({ name }) => name.startsWith("default chain"))) {
    it(`an explanation of a failing ${fullName(listed)}`, async () => {
      const found = await Effect.runPromise(
        Effect.forEach(Object.entries(httpTroubles), ([name, answer]) =>
          inNoTime(() =>
            withSource(listed, { trouble: () => answer }, () =>
              Effect.map(observed(explain(listed)), (seen) => [
                ...seen.leaks,
                ...leaks({ [name]: String(seen.result) })
              ])
            )
          )
        )
      )
      assert.deepStrictEqual(found.flat(), [])
    })
  }

  it.effect("any of them by metrics", () =>
    Effect.map(metrics, (text) => assert.deepStrictEqual(leaks({ metrics: text }), []))
  )
})

describe("the search finds planted leaks in sources", () => {
  for (const [name, secret] of Object.entries({ ...withoutUris, uriToken })) {
    it(name, () => {
      assert.isNotEmpty(leaks({ text: `<${secret}>` }))
      assert.isNotEmpty(leaks({ text: Buffer.from(`a:${secret}`).toString("base64") }))
      assert.isNotEmpty(leaks({ text: encodeURIComponent(secret) }))
    })
  }

  it("of a leaky source, in every observer", async () => {
    const leaky: Listed = {
      name: "leaky",
      cloud: "aws",
      id: "",
      configured: true,
      setup: () => ({
        source: Effect.succeed({
          name: "leaky",
          get: Effect.die(new Error(`no ${secrets.refreshToken}`)).pipe(
            Effect.catchDefect((defect) => Effect.andThen(Effect.logDebug(defect), Effect.die(defect))),
            Effect.withSpan("leaky", { attributes: { token: secrets.refreshToken } }),
            Effect.catchDefect((defect) => Effect.succeed({ accessKeyId: String(defect) }))
          )
        })
      })
    }
    const seen = await Effect.runPromise(inNoTime(() => withSource(leaky, {}, ({ get }) => observed(get))))
    const paths = new Set(seen.leaks.map((leak) => leak.split(": ")[0]))
    for (const path of ["log lines, json", "spans", "util.inspect", "JSON.stringify"]) {
      assert.include([...paths], path)
    }
  })
})
