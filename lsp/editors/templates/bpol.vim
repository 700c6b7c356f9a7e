" Vim syntax file
" Language: bpol, which says what an API key of a bank may do

if exists('b:current_syntax')
  finish
endif

let s:cpo = &cpo
set cpo&vim

" A word may hold a `-`, as in `payment-batch`.
syntax iskeyword a-z,A-Z,48-57,-,_

syntax case match
syntax sync minlines=50

syntax keyword bpolItem {{items: }}
syntax keyword bpolWord {{keywords: }}
syntax keyword bpolJoint {{joints: }}
syntax keyword bpolEffect {{effects: }} only
syntax keyword bpolAction {{actions: }}
syntax keyword bpolTier {{tiers: }}
syntax keyword bpolAny {{loud: }}
syntax keyword bpolRepeat {{repeats: }}
syntax keyword bpolDay {{days: }}

" Keywords win over matches, and these words may be something else where others stand beside them.
syntax match bpolClause /\v<%({{clauses:|}})>/
syntax match bpolResource /\v<%({{resources:|}})>/
syntax match bpolReference /\v<%(accounts?|payees?|networks?|limit|role|key)>\ze\s*"/
syntax match bpolAny /\v%(<any\s+)@8<=%(account|amount)>/
syntax match bpolKind /\v<%({{kinds:|}})\ze\s+accounts>/
syntax match bpolKind /\v%(<is>\s+%([^;"]|"[^"]*")*)@250<=<%({{kinds:|}})>\ze\s*[,;]/
syntax match bpolWord /\v%(<own\s+)@8<=accounts>/
syntax match bpolWord /\v%(<%({{kinds:|}})\s+)@40<=accounts>/
syntax region bpolFields matchgroup=bpolClause start=/\v<%(showing|hiding)>/ end=/\v\ze%([;<>]|<%({{clauses:|}}|{{joints:|}})>)/ contains=bpolField,bpolComment,bpolDoc
syntax region bpolMethods matchgroup=bpolClause start=/\v<via>/ end=/\v\ze%([;<>]|<%({{clauses:|}}|{{joints:|}})>)/ contains=bpolMethod,bpolComment,bpolDoc
syntax keyword bpolField contained {{fields: }}
syntax keyword bpolMethod contained {{methods: }}

syntax match bpolNumber /\v<\d+%(\.\d+)?>/
syntax match bpolNumber /\v<\d+[smhdw]>/
syntax match bpolNumber /\v[0-9:]@1<!\d\d:\d\d[0-9:]@!/
syntax match bpolNumber /\v<\d{4}-\d\d-\d\d%(T[0-9:.]+%(Z|[+-]\d\d:\d\d))?>/
syntax match bpolDay /\v<%({{days:|}})-%({{days:|}})>/
syntax match bpolAddress /\v<\d{1,3}%(\.\d{1,3}){3}%(\/\d+)?>/
syntax match bpolAddress /\v[0-9a-fA-F]*:[0-9a-fA-F.]*:[0-9a-fA-F:.]*%(\/\d+)?/
syntax match bpolCurrency /\v<[A-Z]{3}>/
syntax match bpolIban /\v<[A-Z]{2}\d{2}[A-Z0-9]{8,30}>/

syntax match bpolEscape contained /\v\\%(["\\]|u\{[0-9A-Fa-f]{1,6}\})/
syntax region bpolString start=/"/ skip=/\v\\./ end=/"/ oneline contains=bpolEscape,@Spell

" What people type instead.
syntax match bpolError /[{}#]/

syntax match bpolComment /\/\/.*$/ contains=@Spell
syntax match bpolDoc /\/\/\/\/\@!.*$/ contains=@Spell

syntax region bpolBlock start=/</ end=/>/ transparent fold

highlight default link bpolItem Structure
highlight default link bpolWord Keyword
highlight default link bpolReference Keyword
highlight default link bpolClause Keyword
highlight default link bpolJoint Conditional
highlight default link bpolEffect Statement
highlight default link bpolAction Function
highlight default link bpolResource Type
highlight default link bpolTier Constant
highlight default link bpolAny Constant
highlight default link bpolRepeat Constant
highlight default link bpolDay Constant
highlight default link bpolKind Constant
highlight default link bpolField Identifier
highlight default link bpolMethod Constant
highlight default link bpolNumber Number
highlight default link bpolAddress Number
highlight default link bpolCurrency Type
highlight default link bpolIban Special
highlight default link bpolString String
highlight default link bpolEscape SpecialChar
highlight default link bpolComment Comment
highlight default link bpolDoc SpecialComment
highlight default link bpolError Error

let b:current_syntax = 'bpol'

let &cpo = s:cpo
unlet s:cpo
