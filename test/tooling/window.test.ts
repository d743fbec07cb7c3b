/**
 * The emulator's window in a browser: by the keyboard alone, and without a script or a style from anywhere else. Where
 * `WINDOW_PICTURES` names a folder, such as `docs`, the guide's pictures of it are made there.
 */
import { join } from "node:path"
import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Scope from "effect/Scope"
import type { Page } from "playwright-core"
import * as sigV4 from "../../src/protocol/aws/sigV4.js"
import { AwsSeed, Emulator, EmulatorServer } from "../../src/testing.js"
import { hasBrowser, startBrowser } from "../support/browser.js"

const contentType = "application/x-www-form-urlencoded"

/** An AssumeRole, signed for a host that may be another than it is sent to. */
const assumeRole = async (
  endpoint: string,
  { host = new URL(endpoint).host, role = AwsSeed.arns.role } = {}
): Promise<number> => {
  const body = `Action=AssumeRole&Version=2011-06-15&RoleSessionName=window&RoleArn=${encodeURIComponent(role)}`
  const { headers } = sigV4.sign(
    {
      request: { method: "POST", path: "/", query: [], headers: { host, "content-type": contentType }, body },
      region: AwsSeed.region,
      service: "sts",
      time: Date.now()
    },
    AwsSeed.keys.user
  )
  const { host: _, ...sent } = headers
  return (await fetch(endpoint, { method: "POST", headers: sent, body })).status
}

/** Goes on by the keyboard until something has the focus, which has to be seen. */
const tabTo = async (page: Page, selector: string, key: "Tab" | "Shift+Tab" = "Tab"): Promise<void> => {
  for (let step = 0; step < 60; step++) {
    await page.keyboard.press(key)
    const outline = await page.evaluate((wanted) => {
      const focused = document.activeElement
      return focused?.matches(wanted) === true ? getComputedStyle(focused).outlineStyle : undefined
    }, selector)
    if (outline === undefined) continue
    assert.notStrictEqual(outline, "none", `${selector} does not show that it has the focus`)
    return
  }
  assert.fail(`no ${key} leads to ${selector}`)
}

const show = async (page: Page, view: string): Promise<void> => {
  await tabTo(page, `nav button[data-view=${view}]`, "Shift+Tab")
  await page.keyboard.press("Enter")
}

const picture = async (page: Page, name: string, colorScheme: "dark" | "light"): Promise<void> => {
  const folder = process.env["WINDOW_PICTURES"]
  if (folder === undefined) return
  await page.emulateMedia({ colorScheme })
  await page.screenshot({ path: join(folder, `${name}.png`) })
}

/** Texts that stand out too little from what is behind them, by the ratio that WCAG asks of small text. */
const faint = (page: Page): Promise<ReadonlyArray<string>> =>
  page.evaluate(() => {
    const channels = (color: string) => (color.match(/[\d.]+/g) ?? []).map(Number)
    const luminance = (color: string) => {
      const [red = 0, green = 0, blue = 0] = channels(color).map((channel) => {
        const share = channel / 255
        return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
      })
      return 0.2126 * red + 0.7152 * green + 0.0722 * blue
    }
    const behind = (element: Element | null): string => {
      if (element === null) return "rgb(255, 255, 255)"
      const { backgroundColor } = getComputedStyle(element)
      return channels(backgroundColor)[3] === 0 ? behind(element.parentElement) : backgroundColor
    }
    return [...document.body.querySelectorAll("*")].flatMap((element) => {
      const text = [...element.childNodes].find(
        ({ nodeType, textContent }) => nodeType === 3 && textContent?.trim() !== ""
      )
      if (text === undefined || element.getClientRects().length === 0) return []
      const lights = [getComputedStyle(element).color, behind(element)].map(luminance)
      const ratio = (Math.max(...lights) + 0.05) / (Math.min(...lights) + 0.05)
      return ratio < 4.5 ? [`${text.textContent?.trim()}: ${ratio.toFixed(2)}`] : []
    })
  })

const readable = async (page: Page): Promise<void> => {
  for (const colorScheme of ["dark", "light"] as const) {
    await page.emulateMedia({ colorScheme })
    const isDark = await page.evaluate(() =>
      (getComputedStyle(document.body).backgroundColor.match(/\d+/g) ?? [])
        .map(Number)
        .every((channel) => channel < 128)
    )
    assert.strictEqual(isDark, colorScheme === "dark")
    assert.deepStrictEqual(await faint(page), [], colorScheme)
  }
}

const looked = async (page: Page, endpoint: string): Promise<void> => {
  const problems: Array<string> = []
  page.on("console", (message) => {
    if (message.type() === "error") problems.push(message.text())
  })
  page.on("request", (request) => {
    if (!request.url().startsWith(endpoint)) problems.push(request.url())
  })
  const { keyboard } = page
  await page.goto(`${endpoint}/_emulator/`)
  await page.getByText("No request has come in yet").waitFor()

  assert.strictEqual(await assumeRole(endpoint, { role: AwsSeed.arns.externalIdRole }), 403)
  assert.strictEqual(await assumeRole(endpoint), 200)
  assert.strictEqual(await assumeRole(endpoint, { host: "sts.amazonaws.com" }), 403)
  await page.locator("#list li").nth(2).waitFor()

  await tabTo(page, "#list button")
  await keyboard.press("Enter")
  await page.locator("#cause").waitFor()
  assert.include((await page.locator("#cause").textContent()) ?? "", "signed for the host sts.amazonaws.com")
  const marks = page.locator("mark")
  assert.deepStrictEqual(await marks.allTextContents(), [new URL(endpoint).host, "sts.amazonaws.com"])
  await picture(page, "emulator-dark", "dark")
  await picture(page, "emulator-light", "light")
  await readable(page)
  await keyboard.press("ArrowDown")
  await page.getByText("It is right.").waitFor()
  await page.getByText(`sts:AssumeRole is allowed by the trust policy of ${AwsSeed.arns.role}`).waitFor()
  await keyboard.press("ArrowDown")
  const refused = `sts:AssumeRole is not allowed by the trust policy of ${AwsSeed.arns.externalIdRole}`
  await page.getByText(`${refused}: the Condition of its closest statement does not match`).waitFor()
  assert.include((await marks.allTextContents()).join(), "sts:ExternalId")
  await picture(page, "emulator-permission", "light")
  await readable(page)

  const authorization = page.locator("td", { hasText: /^AWS4-HMAC-SHA256/ })
  assert.strictEqual(await authorization.count(), 0)
  await tabTo(page, "#secrets", "Shift+Tab")
  await keyboard.press("Space")
  await authorization.waitFor()

  await show(page, "sessions")
  await page.getByText("assumed-role/").first().waitFor()
  await readable(page)
  await show(page, "accounts")
  await tabTo(page, "#accounts summary")
  await keyboard.press("Enter")
  await page.locator("#accounts details[open]").first().waitFor()
  await readable(page)
  const reader = page.locator("#accounts summary", { hasText: "Role reader" }).last()
  while (!(await reader.evaluate((summary) => summary === document.activeElement))) {
    await tabTo(page, "#accounts summary")
  }
  await keyboard.press("Enter")
  await readable(page)
  await tabTo(page, ".decided button")
  await keyboard.press("Enter")
  await page.locator("#details").getByText("is allowed by the trust policy").waitFor()

  await show(page, "faults")
  await tabTo(page, "#fault select")
  await keyboard.press("Tab")
  await keyboard.press("Tab")
  await keyboard.type("AssumeRole")
  await keyboard.press("Enter")
  await page.getByText("Throttled, 1 more of AssumeRole").waitFor()
  assert.strictEqual(await assumeRole(endpoint), 429)
  await tabTo(page, "#clock input")
  await keyboard.press("ControlOrMeta+A")
  await keyboard.type("60")
  await keyboard.press("Enter")
  await page.getByText("It is 60 minutes ahead.").waitFor()
  assert.strictEqual(await assumeRole(endpoint), 403)
  await readable(page)
  assert.deepStrictEqual(problems, [])
}

it("works by keyboard alone, and is readable in dark and light", { timeout: 120_000 }, async () => {
  if (!hasBrowser("the emulator's window was not looked at in a browser")) return
  const scope = Effect.runSync(Scope.make())
  const serving = Effect.flatMap(Emulator.make(), (emulator) => EmulatorServer.serve(emulator))
  const { endpoint } = await Effect.runPromise(Effect.provideService(serving, Scope.Scope, scope))
  const context = await startBrowser({ viewport: { width: 1240, height: 800 } })
  try {
    await looked(await context.newPage(), endpoint)
  } finally {
    await context.close()
    await Effect.runPromise(Scope.close(scope, Exit.void))
  }
})
