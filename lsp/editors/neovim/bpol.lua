-- bpol in Neovim: the type of file, and bpol-lsp for it. Paste it into init.lua, or copy it to
-- ~/.config/nvim/plugin/bpol.lua. Works from Neovim 0.7 on; what newer ones can do is used where it is there.

local group = vim.api.nvim_create_augroup("bpol", {})

-- Not vim.filetype.add: Neovim 0.7 does not look at it unless told to.
vim.api.nvim_create_autocmd({ "BufRead", "BufNewFile" }, {
  group = group,
  pattern = "*.bpol",
  command = "setfiletype bpol",
})

-- What the files in ../vim say, too, for those who want only this one.
vim.api.nvim_create_autocmd("FileType", {
  group = group,
  pattern = "bpol",
  callback = function(event)
    vim.bo[event.buf].commentstring = "// %s"
    vim.bo[event.buf].comments = ":///,://"
    vim.bo[event.buf].expandtab = true
    vim.bo[event.buf].shiftwidth = 2
    vim.bo[event.buf].softtabstop = 2
    -- Colours from the tree, if its parser is installed; see docs/editors/neovim.md.
    if vim.treesitter.start then
      pcall(vim.treesitter.start, event.buf, "bpol")
    end
  end,
})

local command = { "bpol-lsp" }
-- Where a policy begins: its settings, else the repository, else the folder of the file.
local marks = { "bpol.toml", ".git" }
-- The same as in other editors: profile, levels, inlayHints.enable, codeLens.enable.
local settings = { bpol = {} }

if vim.lsp.config then
  -- Neovim 0.11 and later.
  vim.lsp.config("bpol", {
    cmd = command,
    filetypes = { "bpol" },
    root_markers = marks,
    settings = settings,
    -- Settings are told before the first file is opened, and not asked for: what is found before the answer comes would stay,
    -- since Neovim does not look again when it is told to.
    capabilities = { workspace = { configuration = false } },
  })
  vim.lsp.enable("bpol")
else
  local function above(file)
    local from = vim.fn.fnamemodify(file, ":p:h")
    for _, mark in ipairs(marks) do
      for _, kind in ipairs({ "file", "dir" }) do
        local find = kind == "file" and vim.fn.findfile or vim.fn.finddir
        local found = find(mark, vim.fn.escape(from, " ;") .. ";")
        if found ~= "" then
          return vim.fn.fnamemodify(found, kind == "file" and ":p:h" or ":p:h:h")
        end
      end
    end
    return from
  end

  local clients = {}

  local function attach(buffer)
    local file = vim.api.nvim_buf_get_name(buffer)
    if file == "" then
      return
    end
    local root = above(file)
    local id = clients[root]
    if id == nil or vim.lsp.get_client_by_id(id) == nil then
      if vim.fn.executable(command[1]) == 0 then
        vim.notify("bpol: `" .. command[1] .. "` is not on the PATH, so policies are not checked", vim.log.levels.WARN)
        return
      end
      id = vim.lsp.start_client({
        name = "bpol",
        cmd = command,
        root_dir = root,
        workspace_folders = { { uri = vim.uri_from_fname(root), name = root } },
        settings = settings,
        -- The oldest are not asked for settings, so they tell them.
        on_init = function(client)
          client.notify("workspace/didChangeConfiguration", { settings = settings })
        end,
      })
      clients[root] = id
    end
    if id ~= nil then
      vim.lsp.buf_attach_client(buffer, id)
    end
  end

  vim.api.nvim_create_autocmd("FileType", {
    group = group,
    pattern = "bpol",
    callback = function(event)
      attach(event.buf)
      vim.bo[event.buf].omnifunc = "v:lua.vim.lsp.omnifunc"
      local function map(keys, what)
        vim.keymap.set("n", keys, what, { buffer = event.buf })
      end
      map("K", vim.lsp.buf.hover)
      map("gd", vim.lsp.buf.definition)
    end,
  })
end

-- What lines above keys run (vim.lsp.codelens.run()), and :BpolTest, :BpolExplain KEY, :BpolCompiled.

local function running()
  for _, client in ipairs((vim.lsp.get_clients or vim.lsp.get_active_clients)()) do
    if client.name == "bpol" then
      return client
    end
  end
end

local function ask(command, argument, show)
  local client = running()
  if client == nil then
    vim.notify("bpol: the language server is not running", vim.log.levels.ERROR)
    return
  end
  local answered = function(fault, answer)
    if fault then
      vim.notify("bpol: " .. fault.message, vim.log.levels.ERROR)
    else
      show(answer)
    end
  end
  local params = { command = command, arguments = { argument } }
  if vim.fn.has("nvim-0.11") == 1 then
    client:request("workspace/executeCommand", params, answered)
  else
    client.request("workspace/executeCommand", params, answered)
  end
end

local function split(name, filetype, text)
  vim.cmd("botright 12new")
  vim.bo.buftype, vim.bo.bufhidden, vim.bo.swapfile = "nofile", "wipe", false
  vim.api.nvim_buf_set_lines(0, 0, -1, false, vim.split(text, "\n"))
  vim.bo.filetype, vim.bo.modifiable = filetype, false
  vim.wo.statusline = name:gsub("%%", "%%%%")
end

local show = {
  ["bpol.runTests"] = function(answer)
    split(string.format("%d passed, %d failed", answer.passed, answer.failed), "", answer.report)
  end,
  ["bpol.explainKey"] = function(answer)
    local page = vim.fn.tempname() .. ".html"
    vim.fn.writefile(vim.split(answer.html, "\n"), page)
    if vim.ui.open then
      vim.ui.open(page)
    else
      vim.notify("bpol: " .. answer.title .. ": " .. page)
    end
  end,
  ["bpol.showCompiled"] = function(answer)
    split("compiled", "json", answer.json)
  end,
}

for command, shown in pairs(show) do
  vim.lsp.commands[command] = function(asked)
    ask(command, asked.arguments[1], shown)
  end
end

local function of_this(more)
  return vim.tbl_extend("force", { uri = vim.uri_from_bufnr(0) }, more or {})
end

vim.api.nvim_create_user_command("BpolTest", function()
  ask("bpol.runTests", of_this(), show["bpol.runTests"])
end, {})
vim.api.nvim_create_user_command("BpolExplain", function(typed)
  ask("bpol.explainKey", of_this({ key = typed.args }), show["bpol.explainKey"])
end, { nargs = 1 })
vim.api.nvim_create_user_command("BpolCompiled", function()
  ask("bpol.showCompiled", of_this(), show["bpol.showCompiled"])
end, {})
