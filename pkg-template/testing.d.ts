// For tests of a page and of its own transport or store. Nothing here is part of a chat.
import type { StateStorage, Transport } from "./index.js";

/** A scripted agent that lives in the page: no server needed. */
export function demoTransport(options?: {
  /** What the agent answers, in turn; then again from the start. */
  replies?: string[];
  /** Milliseconds between a message and its answer. Default 1,200. */
  delay?: number;
  agent?: { id?: string; name?: string; avatarUrl?: string };
}): Transport;

/** One named check; `run` resolves, or rejects with what is wrong. */
export interface ConformanceTest {
  name: string;
  run(): Promise<void>;
}

/** A double that stands for the backend of one visitor: `transport()` gives a new page's object to the same backend. */
export interface Backend {
  transport(): Transport;
  /** Lets the agent write, if the backend under test can be told to. */
  agentSays?(text: string): void | Promise<void>;
  /** An identity token it accepts, of a backend with the capability `identify`. */
  token?(): string | Promise<string>;
}

/** The tests every built-in transport passes (interface of the documentation's "A transport of your own"). */
export function transportConformance(makeBackend: () => Backend | Promise<Backend>): ConformanceTest[];

/** The tests for a `{read, write}` store; each call gives an empty one. */
export function storeConformance(makeStore: () => StateStorage | Promise<StateStorage>): ConformanceTest[];
