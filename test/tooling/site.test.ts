/**
 * The site's links are checked, and in a browser its search finds names and each door has a page.
 */
import { spawnSync } from "node:child_process"
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync
} from "node:fs"
import { dirname, join, resolve } from "node:path"
import { pathToFileURL } from "node:url"
import { assert, describe, it } from "@effect/vitest"
import { hasBrowser, startBrowser } from "../support/browser.js"
import { newFolder } from "../support/folders.js"

const root = resolve(import.meta.dirname, "../..")
const temporary = newFolder()

const site = (cwd: string, out: string) =>
  spawnSync(process.execPath, [join(root, "scripts/site.mjs"), out], { cwd, encoding: "utf8" })

describe("the site", { timeout: 600_000 }, () => {
  it.each([
    ["[three](../src/three.md)", 1],
    ["[three](#three)", 1],
    ["[three](#one)", 0]
  ])("of a guide with the link %s ends with %i", (link, status) => {
    const tree = mkdtempSync(join(temporary, "tree-"))
    const files = {
      "README.md": "# Read me\n",
      "SECURITY.md": "# Security\n",
      "docs/guide.md": `# A guide\n\n## One\n\n${link}\n`,
      "src/index.ts": "/**\n * A door.\n *\n * @since 0.1.0\n */\n\n/** Three. */\nexport const three = 3\n"
    }
    for (const [file, text] of Object.entries(files)) {
      mkdirSync(dirname(join(tree, file)), { recursive: true })
      writeFileSync(join(tree, file), text)
    }
    for (const file of ["package.json", "tsconfig.json", "tsconfig.build.json"])
      cpSync(join(root, file), join(tree, file))
    symlinkSync(join(root, "node_modules"), join(tree, "node_modules"))
    const result = site(tree, "site")
    assert.strictEqual(result.status, status, `${result.stdout}${result.stderr}`)
    if (status === 0) {
      const text = readFileSync(join(tree, "site/llms.txt"), "utf8")
      assert.include(text, "- [A guide](documents/A_guide.html)")
      assert.include(text, "- [effect-sts](modules/index.html): A door.")
      assert.include(readFileSync(join(tree, "site/llms-full.txt"), "utf8"), "## One")
    }
  })

  it("has a search that finds names, and a page for each door, in a browser", async () => {
    if (!hasBrowser("the site was not looked at in a browser")) return
    const out = join(root, "site")
    assert.isTrue(existsSync(join(out, "index.html")), "npm run docs builds the site")
    const context = await startBrowser()
    try {
      const page = await context.newPage()
      await page.goto(pathToFileURL(join(out, "index.html")).href)
      await page.click("#tsd-search-trigger")
      await page.fill("#tsd-search-input", "assumeRoleWithOIDC")
      const hit = page.locator("#tsd-search-results a").first()
      await hit.waitFor()
      assert.include(((await hit.textContent()) ?? "").toLowerCase(), "assumerolewithoidc")
      await hit.click()
      await page.waitForURL(/assumeRoleWithOIDC/i)
      for (const door of readdirSync(join(root, "src")).filter((file) => file.endsWith(".ts"))) {
        const name = door.replace(/\.ts$/, "")
        await page.goto(pathToFileURL(join(out, `modules/${name}.html`)).href)
        assert.include(await page.locator("h1").first().textContent(), name)
      }
    } finally {
      await context.close()
    }
  })
})
