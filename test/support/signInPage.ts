/** The emulator's pages of signing in, answered as a person with a browser answers them. */
import type { ChildProcess } from "node:child_process"
import type { Decision } from "./signIn.js"

/** The page that a text tells of, once its line is whole. */
export const pageIn = (text: string): string | undefined => /https?:\/\/\S+(?=\n)/.exec(text)?.[0]

/** The first page that a program tells of on its standard error. */
export const pageOf = (child: ChildProcess): Promise<string> =>
  new Promise((resolve) => {
    let text = ""
    child.stderr?.on("data", (chunk) => {
      text += String(chunk)
      const page = pageIn(text)
      if (page !== undefined) resolve(page)
    })
  })

/** Answers a page, goes where the browser is sent then, and gives what that shows. */
export const decide = async (page: string, decision: Decision): Promise<string> => {
  const text = await (await fetch(page)).text()
  const hidden = [...text.matchAll(/type="hidden" name="([^"]*)" value="([^"]*)"/g)]
  const fields = hidden.map(([, name = "", value = ""]) => [name, value.replaceAll("&amp;", "&")])
  const reply = await fetch(page.split("?")[0] ?? "", {
    method: "POST",
    body: new URLSearchParams({ ...Object.fromEntries(fields), ...decision }),
    redirect: "manual"
  })
  const location = reply.headers.get("location")
  return location === null ? reply.text() : (await fetch(location)).text()
}
