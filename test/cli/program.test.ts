import { readFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { assert, describe, it, vi } from "@effect/vitest"
import { cli, few, run } from "../support/cli.js"

vi.setConfig(few)

describe("what is asked of the program itself", () => {
  it.concurrent("is its version", async () => {
    const answers = await Promise.all([
      run(["--version"]),
      run(["--version", "--json"]),
      run(["aws", "--version"])
    ])
    for (const answer of answers)
      assert.deepStrictEqual(answer, { status: 0, stdout: "effect-sts 0.0.0-test\n", stderr: "" })
  })

  it.concurrent("is help", async () => {
    const [root, whoami] = await Promise.all([run(["--help"]), run(["aws", "whoami", "--help"])])
    assert.include(root.stdout, "Get Alibaba Cloud credentials")
    assert.match(whoami.stdout, /--profile NAME +The profile of the vendor's configuration/)
  })

  it.concurrent.each(["bash", "zsh", "fish"])("are completions for %s", async (shell) => {
    const { status, stdout } = await run(["--completions", shell])
    assert.strictEqual(status, 0)
    for (const word of ["alibaba", "emulator", "whoami", "profile"]) assert.include(stdout, word)
  })
})

describe("what Node loads for a command of one cloud", () => {
  it.each(["aws", "alibaba"])("is that cloud's part alone: %s", (cloud) => {
    const text = readFileSync(join(dirname(cli), `${cloud}.cjs`), "utf8")
    assert.isAtMost(text.length, 600_000)
    // An import() wraps every module behind it, and nothing of those is left out.
    assert.notInclude(text, "import(")
    // No letter beyond Latin-1, for one would double the memory.
    assert.notMatch(text, /[^\0-\xff]/)
    // Made when it is loaded it takes longer than all the rest.
    assert.lengthOf(text.match(/Intl\.Segmenter/g) ?? [], 1)
  })
})
