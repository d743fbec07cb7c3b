import { readFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { assert, describe, it, vi } from "@effect/vitest"
import { cli, few, run } from "../support/cli.js"

vi.setConfig(few)

describe("what fails", () => {
  it.concurrent.each([
    [[], 2, "A command is missing."],
    [["unknown"], 2, "There is no command unknown."],
    [["aws", "whoam"], 2, "Did you mean whoami?"],
    [["aws", "whoami", "--bogus"], 2, "There is no option --bogus."],
    [["aws", "whoami", "--profile"], 2, "--profile needs a value."],
    [["aws", "whoami", "wJalrXUtnFEMI/K7MDENG"], 2, "An argument is not expected."],
    [["aws", "wJalrXUtnFEMI/K7MDENG"], 2, "There is no command what was given."],
    [["aws", "whoami", "--wJalrXUtnFEMI/K7MDENG=1"], 2, "There is no option what was given."],
    [["emulator", "--port", "99999"], 2, "Expected a number from 0 to 65535."],
    [["aws", "serve", "--port", "99999"], 2, "Expected a number from 0 to 65535."],
    [["alibaba", "serve", "--port", "-1"], 2, "Expected a number from 0 to 65535."],
    [["aws", "login", "--port", "65536"], 2, "Expected a number from 0 to 65535."],
    [["emulator", "--port", "wJalrXUtnFEMI/K7MDENG"], 2, "The value of --port is not valid."],
    [["aws", "whoami", "--profile", "missing"], 4, "there is no profile missing"],
    [["aws", "whoami"], 5, "No AWS credentials"],
    [["alibaba", "whoami"], 5, "No Alibaba Cloud credentials"]
  ] as const)("%j ends with %i", async (args, status, message) => {
    const env = {
      AWS_EC2_METADATA_DISABLED: "true",
      ALIBABA_CLOUD_ECS_METADATA_DISABLED: "true",
      AWS_REGION: "eu-central-1"
    }
    const [people, programs] = await Promise.all([run(args, { env }), run([...args, "--json"], { env })])
    assert.deepInclude(people, { status, stdout: "" })
    assert.match(people.stderr, /^effect-sts: [^\n]+(\n[^\n]+)*\n$/)
    assert.include(people.stderr, message)
    assert.notMatch(people.stderr, /wJalr|\n +at /)
    if (args.at(-1) !== "--profile") assert.deepInclude(JSON.parse(programs.stderr), { status })
  })
})

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
