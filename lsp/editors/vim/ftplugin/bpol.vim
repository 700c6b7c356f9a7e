" Vim filetype plugin
" Language: bpol

if exists('b:did_ftplugin')
  finish
endif
let b:did_ftplugin = 1

" `///` goes on as `///` when a line is broken, `//` as `//`.
setlocal comments=:///,://
setlocal commentstring=//\ %s
setlocal formatoptions-=t formatoptions+=croql
setlocal shiftwidth=2 softtabstop=2 expandtab
setlocal iskeyword+=-
setlocal matchpairs+=<:>
setlocal suffixesadd=.bpol
setlocal include=^\\s*import
" `:make` checks the policy: `:make %`, or `:make .` for all of a folder.
setlocal makeprg=bpolc\ check\ --format\ short
setlocal errorformat=%f:%l:%c:\ %t%*[a-z]:\ %m,%f:%l:%c:\ %t%*[a-z][%*[^]]]:\ %m

let b:undo_ftplugin = 'setlocal comments< commentstring< formatoptions< shiftwidth< softtabstop< expandtab<'
      \ . ' iskeyword< matchpairs< suffixesadd< include< makeprg< errorformat<'
