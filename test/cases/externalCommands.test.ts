/**
 * Commands that cannot be run as they are stated, or that write more than their document: the error says why, in both
 * clouds and both modes.
 */
import { chmodSync, mkdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import * as NodeServices from "@effect/platform-node/NodeServices"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import type * as ChildProcessSpawner from "effect/process/ChildProcessSpawner"
import * as Aws from "../../src/aws.js"
import { Blocking } from "../../src/blocking.js"
import type { StsCredentialError } from "../../src/index.js"
import * as External from "../../src/layers/alibaba/External.js"
import { shellSyntax } from "../../src/protocol/alibaba/external.js"
import { printouts } from "../leaks/printouts.js"
import { newFolder } from "../support/folders.js"

const directory = newFolder()

const file = (name: string, text: string, mode: number): string => {
  const path = join(directory, name)
  writeFileSync(path, text)
  chmodSync(path, mode)
  return path
}

const secret = "PLANTED7f3a9c0e51d84b26END"
const document = JSON.stringify({
  Version: 1,
  AccessKeyId: "printed-id",
  SecretAccessKey: secret,
  access_key_id: "printed-id",
  access_key_secret: secret
})

const plain = file("plain.sh", `#!/bin/sh\necho '${document}'\n`, 0o600)
const good = file("good.sh", `#!/bin/sh\necho '${document}'\n`, 0o700)
const noShebang = file("no-shebang.sh", `echo '${document}'\n`, 0o700)
const noInterpreter = file("no-interpreter.sh", "#!/no/such/interpreter\n", 0o700)
const folder = join(directory, "folder")
mkdirSync(folder)

type Asking = Effect.Effect<
  { readonly accessKeyId: string },
  unknown,
  ChildProcessSpawner.ChildProcessSpawner
>

const external = (command: string): Asking =>
  Effect.flatMap(External.make({ command: command }), ({ get }) => get)

const inShell = (command: string): Asking => Effect.flatMap(Aws.Process.make({ command }), ({ get }) => get)

const modes: Readonly<
  Record<string, <A, E>(asking: Effect.Effect<A, E, ChildProcessSpawner.ChildProcessSpawner>) => Promise<A>>
> = {
  "on the event loop": (asking) => Effect.runPromise(Effect.provide(asking, NodeServices.layer)),
  "under runSync": async (asking) =>
    Effect.runSync(Effect.provide(asking, Blocking.layerWith({ proxy: false })))
}

/** Commands that no system runs, and what is said of them. */
const unfit: Readonly<Record<string, readonly [command: string, says: string]>> = {
  "a file that is not executable": [plain, "is not executable"],
  "a file that is not executable, in quotes": [`"${plain}" --now`, "is not executable"],
  "a folder": [folder, "is a folder"],
  "a missing program": ["no-such-program-anywhere", "there is no such program"],
  "a missing path": ["/no/such/program", "there is no such program"],
  "a missing relative path": ["./no/such/program", "there is no such program"],
  "a path through a file": [`${good}/x`, "n"],
  "a NUL character": ["echo \0", "cannot be run as it is"],
  "a very long command": [`echo ${"x".repeat(200_000)}`, "cannot be run as it is"],
  "a missing interpreter": [noInterpreter, "interpreter"]
}

/** Commands that mean a shell. */
const meantForShell: Readonly<Record<string, readonly [command: string, sign: string]>> = {
  "a home folder": ["~/bin/no-such-program", "~"],
  "somebody's home folder": ["~alice/bin/x", "~"],
  "a variable": ["$HOME/bin/no-such-program", "$"],
  "a variable in braces": ["$" + "{HOME}/bin/no-such-program", "$"],
  "a variable in quotes": ['"$HOME/bin/no-such-program" --now', "$"],
  "a variable of Windows": ["%USERPROFILE%/bin/no-such-program", "%...%"],
  "a pipe": ["echo x | cat", "|"],
  "a pipe without blanks": ["echo x|cat", "|"],
  "and then": ["true && echo x", "&&"],
  "or else": ["false || echo x", "||"],
  "one after the other": ["true; echo x", ";"],
  "output to a file": ["echo x > /dev/null", ">"],
  "complaints to nowhere": ["no-such-program 2>/dev/null", ">"],
  "input from a file": ["no-such-program < /dev/null", "<"],
  background: ["no-such-program &", "&"],
  backticks: ["echo `id`", "a backtick"],
  "backticks in quotes": ['echo "`id`"', "a backtick"],
  "a command in a command": ["echo $(id)", "$(...)"],
  "a pattern": ["/opt/*/no-such-program", "*"],
  "a setting before": ["MODE=x no-such-program", "a setting before the program"],
  "a shell's own command": ["cd /tmp", "a shell's own command"]
}

/** What a command writes that is no document, and what is said of it. */
const outputs: Readonly<Record<string, readonly [text: string, says: string]>> = {
  "a log line before": [
    `logging in\n${document}`,
    "other lines, such as those of a log, come before the object"
  ],
  "many log lines before": [`a\nb\n\n  ${document}`, "come before the object"],
  "a JSON log line before": [`{"level":"info"}\n${document}`, "other text follows the object"],
  "a log line after": [`${document}\ndone`, "other text follows the object"],
  "two objects": [`${document}\n${document}`, "other text follows the object"],
  "two objects side by side": [document + document, "other text follows the object"],
  "two objects on many lines": [
    `${JSON.stringify(JSON.parse(document), null, 2)}\n`.repeat(2),
    "other text follows the object"
  ],
  colours: [`\u001b[32m${document}\u001b[0m`, "it contains terminal colours"],
  "UTF-16": [document.split("").join("\0"), "it is not UTF-8 text"],
  nothing: ["", "it is empty"],
  blanks: ["  \n \n", "it is empty"],
  "a list": [`[${document}]`, "it is a JSON list, not an object"],
  "a text": [`"${secret}"`, "it is a JSON value, not an object"],
  "a number": ["42", "it is a JSON value, not an object"],
  null: ["null", "it is a JSON value, not an object"],
  "half an object": [document.slice(0, -4), "broken or cut off"],
  "single quotes": [`{access_key_id: x}`, "broken or cut off"],
  XML: [`<Credentials>${secret}</Credentials>`, "it begins like XML or HTML"],
  settings: [`export AWS_SECRET_ACCESS_KEY=${secret}`, "it begins like a list of settings"],
  "an ini file": [`aws_secret_access_key = ${secret}`, "it begins like a list of settings"],
  "an ini file with its header": [`[default]\naws_secret_access_key = ${secret}`, "like a list of settings"],
  "other text": [secret, "it begins with other text"]
}

const stated = { "alibaba, External": external, "aws, credential_process": inShell }

describe("B11: command that cannot run, or writes more than its JSON", () => {
  describe.each(
    Object.entries(stated).flatMap(([source, make]) =>
      Object.entries(modes).map(([mode, run]) => [`${source}, ${mode}`, make, run] as const)
    )
  )("%s", (_, make, run) => {
    it.each(Object.entries(unfit))("says what is wrong with %s", async (_name, [command, says]) => {
      const error = (await run(Effect.flip(make(command)))) as StsCredentialError
      assert.strictEqual(error._tag, "StsCredentialError")
      assert.strictEqual(error.reason, "Malformed")
      assert.include(error.message, says)
      assert.isDefined(error.hint)
    })

    it("runs a script without a shebang", async () => {
      assert.strictEqual((await run(make(noShebang))).accessKeyId, "printed-id")
    })

    it.each(Object.entries(outputs))(
      "says how the output begins, and quotes nothing of it: %s",
      async (_name, [text, says]) => {
        const path = file("output", text, 0o600)
        const error = (await run(Effect.flip(make(`cat ${path}`)))) as StsCredentialError
        assert.strictEqual(error.reason, "Malformed")
        assert.include(error.detail, "is not a JSON object: ")
        assert.include(error.detail, says)
        assert.include(error.hint ?? "", "Standard output must contain")
        for (const [way, printed] of printouts(error)) assert.notInclude(printed, secret, way)
      }
    )

    it("reads JSON with a byte order mark and white space around it", async () => {
      const path = file("output", `\uFEFF\n ${document}\n\n`, 0o600)
      assert.strictEqual((await run(make(`cat ${path}`))).accessKeyId, "printed-id")
    })
  })

  describe.each(Object.entries(modes))("alibaba, External, %s", (_, run) => {
    it.each(Object.entries(meantForShell))(
      "says that no shell expands %s",
      async (_name, [command, sign]) => {
        const error = (await run(Effect.flip(external(command)))) as StsCredentialError
        assert.include(error.message, `no shell expands it, so ${sign} is taken literally`)
        assert.include(error.hint ?? "", "sh -c '...'")
      }
    )

    it.each([
      ["signs in quotes", `${good} '$HOME' 'a|b' "x > y" 'a && b'`],
      ["signs that the program takes", `${good} a|b $HOME > x`],
      ["a shell that is stated", `sh -c 'true && ${good} | cat'`]
    ])("runs %s", async (_name, command) => {
      assert.strictEqual((await run(external(command))).accessKeyId, "printed-id")
    })
  })

  it.each([
    "tool get --url https://corp/?a=1&b=2",
    "tool 'a | b' \"x; y\"",
    'tool {"a":"b|c"}',
    String.raw`tool \$HOME a\|b`,
    "/opt/my-tool/bin/get --region=cn-hangzhou"
  ])("finds nothing for a shell in %s", (command) => {
    assert.isUndefined(shellSyntax(command, "other"))
  })
})
