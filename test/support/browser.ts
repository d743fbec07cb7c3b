/** A real browser, where there is one. */
import { existsSync } from "node:fs"
import { chromium } from "playwright-core"
import { newFolder } from "./folders.js"

const executablePath = "/usr/bin/chromium"

/** Whether there is a browser. One line tells what is not looked at where there is none. */
export const hasBrowser = (unseen: string): boolean => {
  const found = existsSync(executablePath)
  if (!found) process.stdout.write(`there is no ${executablePath}: ${unseen}\n`)
  return found
}

export const startBrowser = (options: { readonly viewport?: { width: number; height: number } } = {}) =>
  chromium.launchPersistentContext(newFolder(), {
    executablePath,
    headless: true,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync"
    ],
    ...options
  })
