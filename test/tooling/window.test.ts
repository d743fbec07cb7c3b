/**
 * The emulator's window in a browser: by the keyboard alone, and without a script or a style from anywhere else. Where
 * `WINDOW_PICTURES` names a folder, such as `docs`, the guide's pictures of it are made there.
 */
import { existsSync, mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Scope from "effect/Scope"
import { chromium, type Page } from "playwright-core"
import * as sigV4 from "../../src/protocol/aws/sigV4.js"
import { AwsSeed, Emulator, EmulatorServer } from "../../src/testing.js"

const executablePath = "/usr/bin/chromium"
const temporary = mkdtempSync(join(tmpdir(), "effect-sts-window-"))
afterAll(() => rmSync(temporary, { recursive: true }))

const body = `Action=AssumeRole&Version=2011-06-15&RoleSessionName=window&RoleArn=${encodeURIComponent(AwsSeed.arns.role)}`
const contentType = "application/x-www-form-urlencoded"

/** An AssumeRole, signed for a host that may be another than it is sent to. */
const assumeRole = async (endpoint: string, host = new URL(endpoint).host): Promise<number> => {
  const { headers } = sigV4.sign(
    { method: "POST", path: "/", query: [], headers: { host, "content-type": contentType }, body },
    AwsSeed.keys.user,
    { region: AwsSeed.region, service: "sts", time: Date.now() }
  )
  const { host: _, ...sent } = headers
  return (await fetch(endpoint, { method: "POST", headers: sent, body })).status
}

/** Goes on by the keyboard until something has the focus. */
const tabTo = async (page: Page, selector: string): Promise<void> => {
  for (let step = 0; step < 40; step++) {
    await page.keyboard.press("Tab")
    if (await page.evaluate((wanted) => document.activeElement?.matches(wanted) === true, selector)) return
  }
  assert.fail(`no Tab leads to ${selector}`)
}

const looked = async (page: Page, endpoint: string): Promise<void> => {
  const problems: Array<string> = []
  page.on("console", (message) => {
    if (message.type() === "error") problems.push(message.text())
  })
  page.on("request", (request) => {
    if (!request.url().startsWith(endpoint)) problems.push(request.url())
  })
  await page.goto(`${endpoint}/_emulator/`)
  await page.getByText("No request has come in yet").waitFor()

  assert.strictEqual(await assumeRole(endpoint), 200)
  assert.strictEqual(await assumeRole(endpoint, "sts.amazonaws.com"), 403)
  await page.locator("#list li").nth(1).waitFor()

  await tabTo(page, "#list button")
  await page.keyboard.press("Enter")
  await page.locator("#cause").waitFor()
  assert.include((await page.locator("#cause").textContent()) ?? "", "signed for the host sts.amazonaws.com")
  const marks = await page.locator("mark").allTextContents()
  assert.deepStrictEqual(marks, [new URL(endpoint).host, "sts.amazonaws.com"])
  const pictures = process.env["WINDOW_PICTURES"]
  for (const colorScheme of pictures === undefined ? [] : (["dark", "light"] as const)) {
    await page.emulateMedia({ colorScheme })
    await page.screenshot({ path: join(pictures ?? "", `emulator-${colorScheme}.png`) })
  }
  await page.keyboard.press("ArrowDown")
  await page.getByText("It is right.").waitFor()

  const authorization = page.locator("td", { hasText: /^AWS4-HMAC-SHA256/ })
  assert.strictEqual(await authorization.count(), 0)
  await page.locator("#secrets").check()
  await authorization.waitFor()

  await page.locator("nav button", { hasText: "Sessions" }).press("Enter")
  await page.getByText("assumed-role/").first().waitFor()
  await page.locator("nav button", { hasText: "Accounts and roles" }).press("Enter")
  await page.locator("summary", { hasText: "Role " }).first().press("Enter")
  await page.getByText("Whom it trusts").first().waitFor()

  await page.locator("nav button", { hasText: "Faults and clock" }).press("Enter")
  await page.locator("#fault button", { hasText: "Switch on" }).press("Enter")
  await page.getByText("Throttled, 1 more of every operation").waitFor()
  assert.strictEqual(await assumeRole(endpoint), 429)
  await page.locator("#clock input").fill("60")
  await page.locator("#clock input").press("Enter")
  await page.getByText("It is 60 minutes ahead.").waitFor()
  assert.strictEqual(await assumeRole(endpoint), 403)

  for (const colorScheme of ["dark", "light"] as const) {
    await page.emulateMedia({ colorScheme })
    const [ink, paper] = await page.evaluate(() => {
      const { backgroundColor, color } = getComputedStyle(document.body)
      return [color, backgroundColor].map((text) =>
        (text.match(/\d+/g) ?? []).slice(0, 3).reduce((sum, part) => sum + Number(part), 0)
      )
    })
    assert.isAbove(Math.abs((ink ?? 0) - (paper ?? 0)), 400, colorScheme)
    assert.strictEqual((ink ?? 0) > (paper ?? 0), colorScheme === "dark")
  }
  assert.deepStrictEqual(problems, [])
}

it("shows what comes in, by the keyboard alone, in dark and light", { timeout: 120_000 }, async () => {
  if (!existsSync(executablePath)) {
    process.stdout.write(
      `there is no ${executablePath}: the emulator's window was not looked at in a browser\n`
    )
    return
  }
  const scope = Effect.runSync(Scope.make())
  const serving = Effect.flatMap(Emulator.make(), (emulator) => EmulatorServer.serve(emulator))
  const { endpoint } = await Effect.runPromise(Effect.provideService(serving, Scope.Scope, scope))
  const context = await chromium.launchPersistentContext(join(temporary, "profile"), {
    executablePath,
    headless: true,
    viewport: { width: 1240, height: 800 },
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync"
    ]
  })
  try {
    await looked(await context.newPage(), endpoint)
  } finally {
    await context.close()
    await Effect.runPromise(Scope.close(scope, Exit.void))
  }
})
