// The extension: starts the language server and shows what it answers.

import * as vscode from "vscode";

import { keyAt, keysOf } from "./keys";
import { type KeyOf, Pages } from "./page";
import { said, Server } from "./server";
import { menu, status } from "./status";

interface TestsOf {
  uri: string;
  key?: string;
  test?: string;
}

interface Tested {
  passed: number;
  failed: number;
  report: string;
}

let server: Server | undefined;

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const started = new Server(context);
  server = started;
  const pages = new Pages(started);
  const results = vscode.window.createOutputChannel("bpol tests");
  const compiled = new Compiled();
  const command = (name: string, run: (argument?: never) => Promise<void>): vscode.Disposable =>
    vscode.commands.registerCommand(`bpol.client.${name}`, async (argument?: never) => {
      try {
        await run(argument);
      } catch (error) {
        void vscode.window.showErrorMessage(`bpol: ${said(error)}`);
      }
    });
  context.subscriptions.push(
    pages,
    results,
    status(started),
    vscode.workspace.registerTextDocumentContentProvider(Compiled.SCHEME, compiled),
    command("runTests", (of?: TestsOf) => runTests(started, results, of)),
    command("explainKey", (of?: KeyOf) => explainKey(pages, of)),
    command("showCompiled", () => showCompiled(started, compiled)),
    command("restart", () => started.restart()),
    command("showLog", async () => started.showLog()),
    command("menu", () => menu(started)),
  );
  await started.restart();
}

export async function deactivate(): Promise<void> {
  await server?.dispose();
}

/** The policy in front, saved or not: the server knows its text. */
function front(): vscode.TextDocument {
  const document = vscode.window.activeTextEditor?.document;
  if (document?.languageId !== "bpol") {
    throw new Error("no policy is in front");
  }
  return document;
}

/** Whether an argument is one of ours: menus of the editor give a command the file's address, or nothing. */
function isOurs<T extends { uri: string }>(argument: T | undefined): argument is T {
  return typeof argument?.uri === "string";
}

async function runTests(server: Server, results: vscode.OutputChannel, given?: TestsOf): Promise<void> {
  const of = isOurs(given) ? given : { uri: front().uri.toString() };
  const tested = await server.execute<Tested>("bpol.runTests", of);
  results.clear();
  results.appendLine(tested.report);
  const show = "Show the Report";
  const summary = `bpol: ${tested.passed} passed, ${tested.failed} failed`;
  if (tested.failed > 0) {
    results.show(true);
    void vscode.window.showWarningMessage(summary);
  } else if ((await vscode.window.showInformationMessage(summary, show)) === show) {
    results.show(true);
  }
}

async function explainKey(pages: Pages, given?: KeyOf): Promise<void> {
  const of = isOurs(given) ? given : await chosenKey();
  if (of !== undefined) {
    await pages.show(of);
  }
}

async function chosenKey(): Promise<KeyOf | undefined> {
  const document = front();
  const text = document.getText();
  const names = keysOf(text).map((key) => key.name);
  if (names.length === 0) {
    throw new Error("this file declares no key");
  }
  const cursor = document.offsetAt(vscode.window.activeTextEditor?.selection.active ?? new vscode.Position(0, 0));
  const nearest = keyAt(text, cursor);
  const sorted = [...names].sort((one, other) => Number(other === nearest) - Number(one === nearest));
  const key = sorted.length === 1 ? sorted[0] : await vscode.window.showQuickPick(sorted, { title: "Which key?" });
  return key === undefined ? undefined : { uri: document.uri.toString(), key };
}

/** The compiled policies that are shown, as read-only texts. */
class Compiled implements vscode.TextDocumentContentProvider {
  static readonly SCHEME = "bpol-compiled";
  private readonly texts = new Map<string, string>();
  private readonly changed = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.changed.event;

  set(of: vscode.Uri, text: string): vscode.Uri {
    const uri = vscode.Uri.from({ scheme: Compiled.SCHEME, path: of.path.replace(/\.bpol$/, "") + ".json" });
    this.texts.set(uri.toString(), text);
    this.changed.fire(uri);
    return uri;
  }

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.texts.get(uri.toString()) ?? "";
  }
}

async function showCompiled(server: Server, compiled: Compiled): Promise<void> {
  const document = front();
  const { json } = await server.execute<{ json: string }>("bpol.showCompiled", { uri: document.uri.toString() });
  const uri = compiled.set(document.uri, json);
  const shown = await vscode.workspace.openTextDocument(uri);
  await vscode.languages.setTextDocumentLanguage(shown, "json");
  await vscode.window.showTextDocument(shown, { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true });
}
