" ALE: findings of bpol-lsp.

call ale#Set('bpol_lsp_executable', 'bpol-lsp')
call ale#Set('bpol_lsp_config', {})

" Where a policy begins: its settings, else the repository, else the folder of the file.
function! ale_linters#bpol#bpol_lsp#Root(buffer) abort
  let settings = ale#path#FindNearestFile(a:buffer, 'bpol.toml')
  if !empty(settings)
    return fnamemodify(settings, ':h')
  endif
  let repository = ale#path#FindNearestDirectory(a:buffer, '.git')
  return !empty(repository) ? fnamemodify(repository, ':h:h') : expand('#' . a:buffer . ':p:h')
endfunction

call ale#linter#Define('bpol', {
\   'name': 'bpol_lsp',
\   'lsp': 'stdio',
\   'executable': {buffer -> ale#Var(buffer, 'bpol_lsp_executable')},
\   'command': '%e',
\   'project_root': function('ale_linters#bpol#bpol_lsp#Root'),
\   'lsp_config': {buffer -> {'bpol': ale#Var(buffer, 'bpol_lsp_config')}},
\})
