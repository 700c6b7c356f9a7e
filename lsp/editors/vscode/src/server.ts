// The language server's life: found, started, watched, restarted when its settings change.

import * as vscode from "vscode";
import {
  CloseAction,
  type CloseHandlerResult,
  ErrorAction,
  ErrorCodes,
  ExecuteCommandRequest,
  LanguageClient,
  type LanguageClientOptions,
  ResponseError,
  type ServerOptions,
  State,
  TransportKind,
} from "vscode-languageclient/node";

import { findServer } from "./find";

/** What the server is doing. */
export type Doing = "starting" | "running" | "stopped" | "missing";

/** How often a server that breaks down is started again by itself, in how many milliseconds. */
const RESTARTS = 4;
const WITHIN = 180_000;

/** Settings that only a new start takes in. */
const ATSTART = ["bpol.server.path", "bpol.server.extraEnv"];

export class Server implements vscode.Disposable {
  /** Says what the server is doing each time that changes. */
  readonly changed = new vscode.EventEmitter<Doing>();
  doing: Doing = "stopped";

  private client: LanguageClient | undefined;
  private breakdowns: number[] = [];
  private readonly log = vscode.window.createOutputChannel("bpol");
  private readonly messages = vscode.window.createOutputChannel("bpol (messages)");
  private readonly watching: vscode.Disposable[] = [];
  // One start or stop at a time, in the order in which they were asked for.
  private turn: Promise<void> = Promise.resolve();

  constructor(private readonly context: vscode.ExtensionContext) {
    this.watching.push(
      vscode.workspace.onDidChangeConfiguration((change) => {
        if (ATSTART.some((setting) => change.affectsConfiguration(setting))) {
          void this.restart();
        }
      }),
      vscode.workspace.onDidGrantWorkspaceTrust(() => void this.restart()),
    );
  }

  restart(): Promise<void> {
    this.turn = this.turn.then(async () => {
      await this.stop();
      await this.start();
    });
    return this.turn;
  }

  showLog(): void {
    this.log.show(true);
  }

  /** Asks the server to carry out one of its commands. Throws what it answers when it cannot. */
  async execute<T>(command: string, argument: unknown): Promise<T> {
    await this.turn;
    if (this.client === undefined || this.doing !== "running") {
      throw new Error("the language server of bpol is not running");
    }
    try {
      return (await this.client.sendRequest(ExecuteCommandRequest.type, { command, arguments: [argument] })) as T;
    } catch (error) {
      if (error instanceof ResponseError && error.code === ErrorCodes.MethodNotFound) {
        throw new Error("this bpol-lsp is too old for that; install a newer one");
      }
      throw error;
    }
  }

  async dispose(): Promise<void> {
    this.watching.forEach((watch) => watch.dispose());
    this.turn = this.turn.then(() => this.stop());
    await this.turn;
    this.log.dispose();
    this.messages.dispose();
    this.changed.dispose();
  }

  private async start(): Promise<void> {
    const settings = vscode.workspace.getConfiguration("bpol");
    const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
    const found = findServer(
      settings.get<string>("server.path", ""),
      this.context.extensionPath,
      folder?.scheme === "file" ? folder.fsPath : undefined,
      process.env,
    );
    if ("looked" in found) {
      this.now("missing");
      void this.sayMissing(found.looked);
      return;
    }
    this.log.appendLine(`starting ${found.command}`);
    const env = { ...process.env, ...settings.get<Record<string, string>>("server.extraEnv", {}) };
    const server: ServerOptions = { command: found.command, transport: TransportKind.stdio, options: { env } };
    const options: LanguageClientOptions = {
      documentSelector: [{ scheme: "file", language: "bpol" }],
      initializationOptions: { clientCommands: true },
      // The server asks by itself to be told of files that change.
      synchronize: { configurationSection: "bpol" },
      outputChannel: this.log,
      traceOutputChannel: this.messages,
      markdown: { supportHtml: false },
      // Said once and in our words, below.
      initializationFailedHandler: () => false,
      errorHandler: {
        error: () => ({ action: ErrorAction.Continue, handled: true }),
        closed: () => this.closed(isUp),
      },
    };
    let isUp = false;
    const client = new Quiet("bpol", "bpol", server, options);
    client.onDidChangeState((change) => {
      if (this.client === client) {
        this.now(STATES[change.newState]);
      }
    });
    this.client = client;
    this.now("starting");
    try {
      await client.start();
      isUp = true;
      const about = client.initializeResult?.serverInfo;
      this.log.appendLine(`${about?.name ?? "the server"} ${about?.version ?? ""} is running`);
    } catch (error) {
      this.log.appendLine(`it ended before it had started: ${said(error)}`);
      this.now("stopped");
      void this.complain(`${found.command} does not start as a language server. Is it bpol-lsp?`);
    }
  }

  /** A server has ended by itself: it is started again, unless it never ran or that has not helped. */
  private closed(wasUp: boolean): CloseHandlerResult {
    if (!wasUp) {
      return { action: CloseAction.DoNotRestart, handled: true };
    }
    const now = Date.now();
    this.breakdowns = [...this.breakdowns.filter((then) => now - then < WITHIN), now];
    this.log.appendLine("the server ended by itself");
    if (this.breakdowns.length <= RESTARTS) {
      return { action: CloseAction.Restart, handled: true };
    }
    this.breakdowns = [];
    void this.complain("the language server breaks down again and again. That is a bug in bpol, please report it.");
    return { action: CloseAction.DoNotRestart, handled: true };
  }

  private async complain(what: string): Promise<void> {
    const show = "Show the Log";
    if ((await vscode.window.showErrorMessage(`bpol: ${what}`, show)) === show) {
      this.showLog();
    }
  }

  private async stop(): Promise<void> {
    const client = this.client;
    this.client = undefined;
    if (client !== undefined) {
      await client.dispose(2000).catch(() => undefined);
    }
    this.now("stopped");
  }

  private now(doing: Doing): void {
    this.doing = doing;
    this.changed.fire(doing);
  }

  private async sayMissing(looked: string[]): Promise<void> {
    this.log.appendLine(`bpol-lsp was not found; looked in: ${looked.join(", ")}`);
    const settings = "Open the Setting";
    const again = "Look Again";
    const chosen = await vscode.window.showWarningMessage(
      "bpol: its language server, bpol-lsp, was not found: there are colours and snippets, and no findings. Install " +
        "it with `cargo install --path lsp` in a checkout of bpol, or say in the setting bpol.server.path where it is.",
      settings,
      again,
    );
    if (chosen === settings) {
      await vscode.commands.executeCommand("workbench.action.openSettings", "bpol.server.path");
    } else if (chosen === again) {
      await this.restart();
    }
  }
}

/** Logs what goes wrong, where the original would also tell it to people in words of its own. */
class Quiet extends LanguageClient {
  override error(message: string, data?: unknown): void {
    super.error(message, data, false);
  }
}

const STATES: Record<State, Doing> = {
  [State.Starting]: "starting",
  [State.Running]: "running",
  [State.Stopped]: "stopped",
};

/** What an error says, for people. */
export function said(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
