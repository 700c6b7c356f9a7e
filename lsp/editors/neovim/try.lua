-- Tries bpol.lua with the bpol-lsp on the PATH and no other configuration:
--   nvim --headless -u NONE -S lsp/editors/neovim/try.lua
-- Opens a policy with a mistake, waits until it is reported, prints it, and exits with 0 if it was.

local here = debug.getinfo(1, "S").source:gsub("^@", "")
local editors = vim.fn.fnamemodify(here, ":p:h:h")
vim.opt.runtimepath:prepend(editors .. "/vim")
vim.cmd("luafile " .. vim.fn.fnameescape(editors .. "/neovim/bpol.lua"))

local folder = vim.fn.tempname()
vim.fn.mkdir(folder)
vim.fn.writefile({ 'key "ynab" <', "  allow read transaction on account;", ">" }, folder .. "/web.bpol")
vim.cmd("edit " .. vim.fn.fnameescape(folder .. "/web.bpol"))

local function finish(code, text)
  io.stdout:write(text .. "\n")
  vim.cmd(code == 0 and "qall!" or "cquit!")
end

if vim.bo.filetype ~= "bpol" then
  finish(1, "the type of the file is `" .. vim.bo.filetype .. "`")
end
local found = vim.wait(20000, function()
  return #vim.diagnostic.get(0) > 0
end, 50)
if not found then
  finish(1, "nothing was reported in 20 seconds")
end
local first = vim.diagnostic.get(0)[1]
finish(0, string.format("line %d: %s", first.lnum + 1, first.message))
