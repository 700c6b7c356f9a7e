" Vim indent file
" Language: bpol

if exists('b:did_indent')
  finish
endif
let b:did_indent = 1

setlocal indentexpr=BpolIndent(v:lnum)
setlocal indentkeys=o,O,!^F,0>
let b:undo_indent = 'setlocal indentexpr< indentkeys<'

if exists('*BpolIndent')
  finish
endif

" A line without what is in quotes and without its comment.
function s:bare(lnum) abort
  let text = substitute(getline(a:lnum), '"\%([^"\\]\|\\.\)*"', '""', 'g')
  return substitute(text, '\s*//.*$', '', '')
endfunction

" Two columns in a block, and four more where a statement goes on.
function BpolIndent(lnum) abort
  let before = prevnonblank(a:lnum - 1)
  while before > 0 && s:bare(before) =~# '^\s*$'
    let before = prevnonblank(before - 1)
  endwhile
  let opens = 0
  for lnum in range(1, before)
    let text = s:bare(lnum)
    let opens = opens + count(text, '<') - count(text, '>')
  endfor
  if getline(a:lnum) =~# '^\s*>'
    return 0
  endif
  let step = shiftwidth()
  let goes_on = before > 0 && s:bare(before) !~# '[;<>]$'
  return step * (opens > 0 ? 1 : 0) + (goes_on ? 2 * step : 0)
endfunction
