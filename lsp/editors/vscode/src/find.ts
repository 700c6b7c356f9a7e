// Where the language server is. Knows nothing of the editor, so that it can be tried without one.

import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

/** The server, or the places where it was looked for. */
export type Found = { command: string } | { looked: string[] };

const windows = process.platform === "win32";
const name = windows ? "bpol-lsp.exe" : "bpol-lsp";

/**
 * Finds the server: what the setting says and nothing else, or the extension's own, or on the path, or where
 * `cargo install` puts it.
 */
export function findServer(setting: string, extension: string, folder: string | undefined, env: NodeJS.ProcessEnv): Found {
  if (setting.trim() !== "") {
    const command = expand(setting.trim(), folder);
    const places = isBare(command) ? onPath(command, env) : [command];
    return first(places, [command]);
  }
  const own = path.join(extension, "server", name);
  const cargo = path.join(env["CARGO_HOME"] ?? path.join(os.homedir(), ".cargo"), "bin", name);
  return first([own, ...onPath(name, env), cargo], [own, "the PATH", cargo]);
}

function expand(setting: string, folder: string | undefined): string {
  const inHome = /^~(?=$|[\\/])/.test(setting) ? path.join(os.homedir(), setting.slice(1)) : setting;
  return inHome.replace(/\$\{workspaceFolder\}/g, folder ?? "");
}

function isBare(command: string): boolean {
  return !/[\\/]/.test(command);
}

function onPath(command: string, env: NodeJS.ProcessEnv): string[] {
  const folders = (env["PATH"] ?? env["Path"] ?? "").split(path.delimiter).filter((folder) => path.isAbsolute(folder));
  const full = windows && path.extname(command) === "" ? `${command}.exe` : command;
  return folders.map((folder) => path.join(folder, full));
}

function first(places: string[], looked: string[]): Found {
  const command = places.find(isProgram);
  return command === undefined ? { looked } : { command };
}

function isProgram(place: string): boolean {
  try {
    if (!fs.statSync(place).isFile()) {
      return false;
    }
    fs.accessSync(place, fs.constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
