// Takes the images of docs/editors/vscode.md, in a real editor with the extension as it is packaged:
//   node scripts/screenshots.mjs CODE_SERVER_ENTRY BPOL_LSP OUT
// Needs code-server, Chromium (BPOL_CHROMIUM, usually /usr/bin/chromium), playwright-core, and bpol.vsix from ../check.

import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const [entry, server, out] = process.argv.slice(2).map((path) => resolve(path));
const { chromium } = await import(process.env.BPOL_PLAYWRIGHT ?? "playwright-core");
const port = Number(process.env.BPOL_PORT ?? 18322);
const home = mkdtempSync(join(tmpdir(), "bpol-"));
const folder = join(home, "policies");
const extension = join(import.meta.dirname, "..");

const POLICY = `timezone "Europe/Amsterdam";

account "Groceries" is iban NL79BUNQ0000000001, joint;
account "Rent" is iban NL20INGB0001234567, bank;
payee "Landlord" is NL39RABO0300065264;

/// Imports what was spent on groceries.
key "ynab" <
  allow read transactions on account "Groceries" since 30d;
  deny payment;
>

/// Pays the rent on the first of the month.
key "rent" <
  allow create payment on account "Rent" to payee "Landlord" up to 1250 EUR per month;
  ask payment over 980 EUR;
>

ensure no key can create payment over 1000 EUR;

test "the rent is paid" for key "rent" at 2026-12-01T08:00:00Z <
  expect allow create payment of 980 EUR on account "Rent" to payee "Landlord";
>
`;

const SETTINGS = {
  "bpol.server.path": server,
  "breadcrumbs.enabled": false,
  "chat.commandCenter.enabled": false,
  "editor.fontSize": 14,
  "editor.hover.delay": 100,
  "editor.inlayHints.maximumLength": 60,
  "editor.minimap.enabled": false,
  "editor.stickyScroll.enabled": false,
  "extensions.ignoreRecommendations": true,
  "security.workspace.trust.enabled": false,
  "telemetry.telemetryLevel": "off",
  "window.commandCenter": false,
  "workbench.activityBar.location": "hidden",
  "workbench.colorTheme": "Default Light Modern",
  "workbench.layoutControl.enabled": false,
  "workbench.startupEditor": "none",
  "workbench.tips.enabled": false,
};

function prepare() {
  mkdirSync(folder);
  mkdirSync(join(home, "user/User"), { recursive: true });
  writeFileSync(join(folder, "household.bpol"), POLICY);
  writeFileSync(join(home, "user/User/settings.json"), JSON.stringify(SETTINGS));
  writeFileSync(join(home, "config.yaml"), "");
}

const common = ["--config", join(home, "config.yaml"), "--user-data-dir", join(home, "user"), "--extensions-dir", join(home, "extensions")];

function start() {
  execFileSync("node", [entry, ...common, "--install-extension", join(extension, "bpol.vsix")], { stdio: "ignore" });
  const address = `127.0.0.1:${port}`;
  const quiet = ["--auth", "none", "--disable-telemetry", "--disable-update-check"];
  return spawn("node", [entry, ...common, ...quiet, "--bind-addr", address], { stdio: "ignore" });
}

const wait = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

async function openEditor(browser, size) {
  const page = await browser.newPage({ viewport: size });
  const file = `vscode-remote://127.0.0.1:${port}${folder}/household.bpol`;
  const payload = encodeURIComponent(JSON.stringify([["openFile", file]]));
  const address = `http://127.0.0.1:${port}/?folder=${folder}&payload=${payload}`;
  for (let tries = 0; tries < 30; tries += 1) {
    if (await page.goto(address).then(() => true, () => false)) break;
    await wait(1000);
  }
  await page.waitForSelector(".view-lines .view-line", { timeout: 60000 });
  await page.keyboard.press("Control+B");
  await page.waitForSelector(".squiggly-error", { timeout: 60000 });
  await page.waitForSelector(".codelens-decoration a", { timeout: 60000 });
  await wait(1500);
  return page;
}

async function go(page, line, column) {
  await page.keyboard.press("Control+G");
  await wait(500);
  await page.keyboard.type(`${line}:${column}`);
  await page.keyboard.press("Enter");
  await wait(500);
}

const save = (page, name) => page.screenshot({ path: join(out, `${name}.png`) });

async function finding(page) {
  await save(page, "lenses");
  await page.locator(".view-line span", { hasText: /^no$/ }).first().hover();
  await page.waitForSelector(".monaco-hover:not(.hidden) .hover-contents", { timeout: 10000 });
  await wait(800);
  await save(page, "finding");
  await page.mouse.move(5, 5);
}

async function hover(page) {
  await page.locator(".view-line span", { hasText: /^transactions$/ }).first().hover();
  await page.waitForSelector(".monaco-hover:not(.hidden) .hover-contents", { timeout: 10000 });
  await wait(800);
  await save(page, "hover");
  await page.mouse.move(5, 5);
}

async function keyPage(page) {
  await page.locator(".codelens-decoration a", { hasText: "spend" }).first().click();
  await page.waitForSelector("iframe.webview", { timeout: 20000 });
  await wait(3000);
  await save(page, "key");
}

async function completion(page) {
  await go(page, 16, 28);
  await page.keyboard.press("End");
  await page.keyboard.press("Enter");
  await page.keyboard.type("allow create payment on account ", { delay: 40 });
  await wait(1200);
  await page.keyboard.press("Escape");
  await page.keyboard.press("Control+Space");
  await page.waitForSelector(".suggest-widget.visible .monaco-list-row", { timeout: 10000 });
  await wait(800);
  await save(page, "completion");
}

prepare();
const code = start();
const browser = await chromium.launch({
  executablePath: process.env.BPOL_CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
});
try {
  const page = await openEditor(browser, { width: 1060, height: 600 });
  for (const take of [finding, hover, keyPage, completion]) {
    // What is typed for the last stays in that page.
    await take(take === completion ? await openEditor(browser, { width: 1060, height: 600 }) : page).catch((error) => {
      process.exitCode = 1;
      console.error(`${take.name}: ${error.message}`);
    });
  }
} finally {
  await browser.close();
  code.kill();
  await wait(1000);
  rmSync(home, { recursive: true, force: true });
}
