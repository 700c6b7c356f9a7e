autocmd BufRead,BufNewFile *.bpol setfiletype bpol
