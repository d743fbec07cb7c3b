/** What is known of the sessions that a person has signed in to, beyond what their files say. */

import type * as Redacted from "effect/Redacted"
import * as Semaphore from "effect/Semaphore"
import type { SourceError } from "../../services/CredentialSource.js"
import type * as PrivateFile from "../PrivateFile.js"

/** What is to be known of a file from one time that it is asked for to the next. */
export class Memory {
  readonly turn = Semaphore.makeUnsafe(1)
  /** The last renewal, and what to say where it is too early for another. */
  attempt: { readonly at: number; readonly failure: SourceError } | undefined
  /** A file's new text that could not be written, and the text that the file has instead. */
  unwritten: { readonly over: Redacted.Redacted; readonly text: Redacted.Redacted } | undefined
}

/** What is known of all files. Whoever makes sources anew each time keeps one of these for them. */
export class Memories {
  private readonly ofFiles = new Map<string, Memory>()
  /** It warns once of a file that others may read. */
  privateFile: PrivateFile.PrivateFile | undefined

  /** What is known of a file. */
  of(file: string): Memory {
    const memory = this.ofFiles.get(file) ?? new Memory()
    this.ofFiles.set(file, memory)
    return memory
  }
}
