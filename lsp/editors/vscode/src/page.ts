// The page of a key beside the text: what the language server says that the key can do. It is made anew when the policy
// is saved.

import * as vscode from "vscode";

import { said, type Server } from "./server";

interface Page {
  title: string;
  html: string;
}

/** A key of a policy. */
export interface KeyOf {
  uri: string;
  key: string;
}

export class Pages implements vscode.Disposable {
  private panel: vscode.WebviewPanel | undefined;
  private shown: KeyOf | undefined;
  private readonly watching: vscode.Disposable;

  constructor(private readonly server: Server) {
    const again = (): void => {
      if (this.panel !== undefined && this.shown !== undefined) {
        void this.fill(this.panel, this.shown);
      }
    };
    this.watching = vscode.Disposable.from(
      vscode.workspace.onDidSaveTextDocument((document) => {
        if (document.languageId === "bpol") {
          again();
        }
      }),
      vscode.window.onDidChangeActiveColorTheme(again),
    );
  }

  async show(of: KeyOf): Promise<void> {
    this.shown = of;
    if (this.panel === undefined) {
      const beside = { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true };
      // The page needs no scripts, so it gets none.
      const options = { enableScripts: false, enableFindWidget: true, localResourceRoots: [] };
      this.panel = vscode.window.createWebviewPanel("bpol.page", "bpol", beside, options);
      this.panel.onDidDispose(() => (this.panel = undefined));
    } else {
      this.panel.reveal(undefined, true);
    }
    await this.fill(this.panel, of);
  }

  dispose(): void {
    this.watching.dispose();
    this.panel?.dispose();
  }

  private async fill(panel: vscode.WebviewPanel, of: KeyOf): Promise<void> {
    let page: Page;
    try {
      page = await this.server.execute<Page>("bpol.explainKey", of);
    } catch (error) {
      page = { title: of.key, html: `<p>${escape(said(error))}</p>` };
    }
    // Another key may have been asked for, or the page closed, in the meantime.
    if (this.panel === panel && this.shown === of) {
      panel.title = page.title;
      panel.webview.html = whole(page);
    }
  }
}

const POLICY = `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">`;

const STYLE = `<style>
body { font-family: var(--vscode-font-family); font-size: var(--vscode-font-size); line-height: 1.5; padding: 0 1.5em 2em; max-width: 60em; }
h1 { font-size: 1.6em; } h2 { font-size: 1.25em; margin-top: 1.6em; }
code, pre { font-family: var(--vscode-editor-font-family); font-size: var(--vscode-editor-font-size); }
table { border-collapse: collapse; } th, td { text-align: left; vertical-align: top; padding: .25em .8em .25em 0; border-bottom: 1px solid var(--vscode-widget-border, #8884); }
</style>`;

/** A page of its own gets the policy that nothing is loaded; a piece of one gets the editor's looks, too. */
function whole(page: Page): string {
  if (/<head[\s>]/i.test(page.html)) {
    const kind = vscode.window.activeColorTheme.kind;
    const isDark = kind === vscode.ColorThemeKind.Dark || kind === vscode.ColorThemeKind.HighContrast;
    // A page asks what the machine prefers; here it is what the editor looks like that counts.
    return page.html
      .replace(/<head[^>]*>/i, (head) => head + POLICY)
      .replaceAll("(prefers-color-scheme: dark)", isDark ? "all" : "not all")
      .replaceAll(/(color-scheme(?:: |" content="))light dark/g, `$1${isDark ? "dark" : "light"}`);
  }
  return `<!doctype html><html lang="en"><head><meta charset="utf-8">${POLICY}${STYLE}<title>${escape(page.title)}</title></head><body>${page.html}</body></html>`;
}

function escape(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
