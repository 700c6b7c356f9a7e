// One item below the text: what the server is doing, and how many errors the policies have.

import * as vscode from "vscode";

import type { Doing, Server } from "./server";

const LOOKS: Record<Doing, { icon: string; text: string }> = {
  starting: { icon: "$(loading~spin)", text: "starting" },
  running: { icon: "$(shield)", text: "" },
  stopped: { icon: "$(circle-slash)", text: "stopped" },
  missing: { icon: "$(warning)", text: "no language server" },
};

export function status(server: Server): vscode.Disposable {
  const item = vscode.window.createStatusBarItem("bpol.state", vscode.StatusBarAlignment.Left, 0);
  item.name = "bpol";
  item.command = "bpol.client.menu";

  const update = (): void => {
    if (vscode.window.activeTextEditor?.document.languageId !== "bpol") {
      item.hide();
      return;
    }
    const { errors, warnings } = count();
    const looks = LOOKS[server.doing];
    item.text = `${looks.icon} bpol: ${looks.text || summary(errors, warnings)}`;
    item.tooltip = `${summary(errors, warnings)} in the policies that are open; click for more`;
    item.backgroundColor = background(server.doing, errors);
    item.show();
  };

  update();
  return vscode.Disposable.from(
    item,
    server.changed.event(update),
    vscode.languages.onDidChangeDiagnostics(update),
    vscode.window.onDidChangeActiveTextEditor(update),
  );
}

/** What can be done about the server. */
export async function menu(server: Server): Promise<void> {
  const problems = { label: "$(list-unordered) Show the problems", command: "workbench.actions.view.problems" };
  const restart = { label: "$(refresh) Restart the language server", command: "bpol.client.restart" };
  const log = { label: "$(output) Show its log", command: "bpol.client.showLog" };
  const items = server.doing === "running" ? [problems, restart, log] : [restart, log, problems];
  const chosen = await vscode.window.showQuickPick(items, { title: `bpol: ${server.doing}` });
  if (chosen !== undefined) {
    await vscode.commands.executeCommand(chosen.command);
  }
}

function count(): { errors: number; warnings: number } {
  const own = vscode.languages
    .getDiagnostics()
    .filter(([uri]) => uri.path.endsWith(".bpol"))
    .flatMap(([, diagnostics]) => diagnostics);
  const of = (severity: vscode.DiagnosticSeverity): number => own.filter((one) => one.severity === severity).length;
  return { errors: of(vscode.DiagnosticSeverity.Error), warnings: of(vscode.DiagnosticSeverity.Warning) };
}

function summary(errors: number, warnings: number): string {
  const some = (count: number, noun: string): string[] => (count === 0 ? [] : [`${count} ${noun}${count === 1 ? "" : "s"}`]);
  return [...some(errors, "error"), ...some(warnings, "warning")].join(", ") || "no errors";
}

function background(doing: Doing, errors: number): vscode.ThemeColor | undefined {
  if (doing === "missing" || doing === "stopped") {
    return new vscode.ThemeColor("statusBarItem.warningBackground");
  }
  return errors > 0 ? new vscode.ThemeColor("statusBarItem.errorBackground") : undefined;
}
