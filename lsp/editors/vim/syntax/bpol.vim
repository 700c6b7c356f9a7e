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

syntax keyword bpolItem account bank ensure every expect import key limit network only payee payees role test timezone use
syntax keyword bpolWord accounts ago amount by can cannot day each earlier exactly favorites for iban id in ip is month most must networks no own per spending than this time times today total url week year
syntax keyword bpolJoint and except unless
syntax keyword bpolEffect allow ask deny only
syntax keyword bpolAction accept approve cancel check close create delete freeze link open order quote read reclaim reject rename replace retry set-countries set-identity set-limit set-pin unfreeze update
syntax keyword bpolTier control everything sensitive spend write
syntax keyword bpolAny any anyone anywhere
syntax keyword bpolRepeat anytime daily hourly monthly once weekly yearly
syntax keyword bpolDay fri mon sat sun thu tue wed weekdays weekends

" Keywords win over matches, and these words may be something else where others stand beside them.
syntax match bpolClause /\v<%(after|at|before|created|dated|during|from|hiding|more|of|on|over|repeating|showing|since|starting|to|up|via|within)>/
syntax match bpolResource /\v<%(account|account-proof|account-proofs|accounts|attachment|attachments|auto-allocation|auto-allocations|balance|balances|callback-url|callback-urls|card|card-challenge|card-challenges|card-secret|card-secrets|cards|certificate|certificates|companies|company|credential|credentials|currency-exchange|currency-exchanges|customer-limit|customer-limits|debit-mandate|debit-mandates|delegation|delegations|device|devices|draft-payment|draft-payments|event|events|external-account|external-accounts|funds|health|ideal-token|ideal-tokens|incoming-request|incoming-requests|insight|insights|international-recipient|international-recipients|international-transfer|international-transfers|invoice|invoice-export|invoice-exports|invoices|joint-account|joint-accounts|note|notes|notification|notifications|oauth-client|oauth-clients|payment|payment-batch|payment-batches|payment-initiation|payment-initiations|payment-link|payment-links|payments|permitted-address|permitted-addresses|picture|pictures|profile|profiles|request|requests|scheduled-payment|scheduled-payments|session|sessions|share|shares|statement|statements|subscription|subscriptions|top-up|top-ups|transaction|transaction-categories|transaction-category|transactions|webhook|webhooks|wise-account|wise-accounts)>/
syntax match bpolReference /\v<%(accounts?|payees?|networks?|limit|role|key)>\ze\s*"/
syntax match bpolAny /\v%(<any\s+)@8<=%(account|amount)>/
syntax match bpolKind /\v<%(bank|card|external|external-savings|joint|savings|shared)\ze\s+accounts>/
syntax match bpolKind /\v%(<is>\s+%([^;"]|"[^"]*")*)@250<=<%(bank|card|external|external-savings|joint|savings|shared)>\ze\s*[,;]/
syntax match bpolWord /\v%(<own\s+)@8<=accounts>/
syntax match bpolWord /\v%(<%(bank|card|external|external-savings|joint|savings|shared)\s+)@40<=accounts>/
syntax region bpolFields matchgroup=bpolClause start=/\v<%(showing|hiding)>/ end=/\v\ze%([;<>]|<%(after|at|before|created|dated|during|from|hiding|more|of|on|over|repeating|showing|since|starting|to|up|via|within|and|except|unless)>)/ contains=bpolField,bpolComment,bpolDoc
syntax region bpolMethods matchgroup=bpolClause start=/\v<via>/ end=/\v\ze%([;<>]|<%(after|at|before|created|dated|during|from|hiding|more|of|on|over|repeating|showing|since|starting|to|up|via|within|and|except|unless)>)/ contains=bpolMethod,bpolComment,bpolDoc
syntax keyword bpolField contained address amount balance birth card-number co-owners counterparty date document email geo iban kind limits merchant name nationality phone status tax text webhooks
syntax keyword bpolMethod contained business-direct-debit card direct-debit exchange ideal request sofort transfer wise

syntax match bpolNumber /\v<\d+%(\.\d+)?>/
syntax match bpolNumber /\v<\d+[smhdw]>/
syntax match bpolNumber /\v[0-9:]@1<!\d\d:\d\d[0-9:]@!/
syntax match bpolNumber /\v<\d{4}-\d\d-\d\d%(T[0-9:.]+%(Z|[+-]\d\d:\d\d))?>/
syntax match bpolDay /\v<%(fri|mon|sat|sun|thu|tue|wed|weekdays|weekends)-%(fri|mon|sat|sun|thu|tue|wed|weekdays|weekends)>/
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
