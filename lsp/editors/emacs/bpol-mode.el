;;; bpol-mode.el --- Major mode for bpol policies -*- lexical-binding: t -*-

;; Version: 0.1.0
;; Package-Requires: ((emacs "26.1"))
;; Keywords: languages

;;; Commentary:

;; bpol says what an API key of a bank may do.  This mode colours and indents `.bpol' files.  With eglot it also starts
;; bpol-lsp, the language server: `M-x eglot', or (add-hook 'bpol-mode-hook #'eglot-ensure).

;;; Code:

(defgroup bpol nil
  "Policies for API keys of a bank."
  :group 'languages
  :prefix "bpol-")

(defcustom bpol-indent-offset 2
  "Columns by which lines in a block are indented."
  :type 'natnum
  :safe #'natnump)

(defcustom bpol-server-command '("bpol-lsp")
  "Command that starts the language server."
  :type '(repeat string))

(defconst bpol--items '("account" "bank" "ensure" "every" "expect" "import" "key" "limit" "network" "only" "payee" "payees" "role" "test" "timezone" "use"))
(defconst bpol--effects '("allow" "ask" "deny" "only"))
(defconst bpol--words '("after" "at" "before" "created" "dated" "during" "from" "hiding" "more" "of" "on" "over" "repeating" "showing" "since" "starting" "to" "up" "via" "within" "and" "except" "unless" "accounts" "ago" "amount" "by" "can" "cannot" "day" "each" "earlier" "exactly" "favorites" "for" "iban" "id" "in" "ip" "is" "month" "most" "must" "networks" "no" "own" "per" "spending" "than" "this" "time" "times" "today" "total" "url" "week" "year"))
(defconst bpol--actions '("accept" "approve" "cancel" "check" "close" "create" "delete" "freeze" "link" "open" "order" "quote" "read" "reclaim" "reject" "rename" "replace" "retry" "set-countries" "set-identity" "set-limit" "set-pin" "unfreeze" "update"))
(defconst bpol--resources '("account" "account-proof" "account-proofs" "accounts" "attachment" "attachments" "auto-allocation" "auto-allocations" "balance" "balances" "callback-url" "callback-urls" "card" "card-challenge" "card-challenges" "card-secret" "card-secrets" "cards" "certificate" "certificates" "companies" "company" "credential" "credentials" "currency-exchange" "currency-exchanges" "customer-limit" "customer-limits" "debit-mandate" "debit-mandates" "delegation" "delegations" "device" "devices" "draft-payment" "draft-payments" "event" "events" "external-account" "external-accounts" "funds" "health" "ideal-token" "ideal-tokens" "incoming-request" "incoming-requests" "insight" "insights" "international-recipient" "international-recipients" "international-transfer" "international-transfers" "invoice" "invoice-export" "invoice-exports" "invoices" "joint-account" "joint-accounts" "note" "notes" "notification" "notifications" "oauth-client" "oauth-clients" "payment" "payment-batch" "payment-batches" "payment-initiation" "payment-initiations" "payment-link" "payment-links" "payments" "permitted-address" "permitted-addresses" "picture" "pictures" "profile" "profiles" "request" "requests" "scheduled-payment" "scheduled-payments" "session" "sessions" "share" "shares" "statement" "statements" "subscription" "subscriptions" "top-up" "top-ups" "transaction" "transaction-categories" "transaction-category" "transactions" "webhook" "webhooks" "wise-account" "wise-accounts"))
(defconst bpol--constants '("control" "everything" "sensitive" "spend" "write" "any" "anyone" "anywhere" "anytime" "daily" "hourly" "monthly" "once" "weekly" "yearly" "fri" "mon" "sat" "sun" "thu" "tue" "wed" "weekdays" "weekends"))
(defconst bpol--kinds '("bank" "card" "external" "external-savings" "joint" "savings" "shared"))
(defconst bpol--fields '("address" "amount" "balance" "birth" "card-number" "co-owners" "counterparty" "date" "document" "email" "geo" "iban" "kind" "limits" "merchant" "name" "nationality" "phone" "status" "tax" "text" "webhooks"))
(defconst bpol--methods '("business-direct-debit" "card" "direct-debit" "exchange" "ideal" "request" "sofort" "transfer" "wise"))

(defun bpol--listed (before words)
  "Matcher for WORDS in the list of words that stands behind one of BEFORE."
  (let ((start (regexp-opt before 'symbols))
        (word (regexp-opt words 'symbols)))
    `(,start (,word (save-excursion (bpol--end-of-list) (point)) nil (0 font-lock-constant-face)))))

(defun bpol--end-of-list ()
  "Move behind the list of words that point stands before."
  (let ((one "[ \t\n]*[a-z][a-z0-9-]*"))
    (when (looking-at one)
      (goto-char (match-end 0))
      (while (looking-at (concat "[ \t\n]*," one))
        (goto-char (match-end 0))))))

(defvar bpol-font-lock-keywords
  `((,(concat "^" (regexp-opt '("key" "role" "limit" "network" "payees" "payee" "account" "test") 'symbols)
              "[ \t\n]*\\(\"\\(?:[^\"\\\\\n]\\|\\\\.\\)*\"\\)")
     (1 font-lock-keyword-face)
     (2 font-lock-function-name-face t))
    ,(bpol--listed '("showing" "hiding") bpol--fields)
    ,(bpol--listed '("via") bpol--methods)
    (,(concat (regexp-opt bpol--kinds 'symbols) "[ \t\n]+\\(accounts\\)\\_>")
     (1 font-lock-constant-face)
     (2 font-lock-keyword-face))
    (,(concat (regexp-opt bpol--kinds 'symbols) "[ \t]*[,;]")
     (1 (if (save-excursion (beginning-of-line) (looking-at "account\\_>")) font-lock-constant-face) nil t))
    ("\\_<[A-Z]\\{2\\}[0-9]\\{2\\}[A-Z0-9]\\{8,30\\}\\_>" . font-lock-constant-face)
    ("\\_<[0-9]+\\(?:\\.[0-9]+\\)?[ \t\n]+\\([A-Z]\\{3\\}\\)\\_>" 1 font-lock-type-face)
    (,(regexp-opt bpol--effects 'symbols) . font-lock-builtin-face)
    (,(regexp-opt bpol--constants 'symbols) . font-lock-constant-face)
    (,(regexp-opt bpol--actions 'symbols) . font-lock-function-name-face)
    (,(regexp-opt bpol--items 'symbols) . font-lock-keyword-face)
    (,(regexp-opt bpol--words 'symbols) . font-lock-keyword-face)
    (,(regexp-opt bpol--resources 'symbols) . font-lock-type-face))
  "What `bpol-mode' colours.")

(defvar bpol-mode-syntax-table
  (let ((table (make-syntax-table)))
    (modify-syntax-entry ?/ ". 12" table)
    (modify-syntax-entry ?\n ">" table)
    (modify-syntax-entry ?\" "\"" table)
    (modify-syntax-entry ?\\ "\\" table)
    (modify-syntax-entry ?- "_" table)
    (modify-syntax-entry ?. "_" table)
    (modify-syntax-entry ?: "_" table)
    (modify-syntax-entry ?< "(>" table)
    (modify-syntax-entry ?> ")<" table)
    table)
  "Syntax table of `bpol-mode'.")

(defun bpol--indentation ()
  "Column for the line of point.
One step in a block, and two more where a statement goes on."
  (save-excursion
    (back-to-indentation)
    (let* ((state (syntax-ppss))
           (depth (nth 0 state)))
      (cond
       ((nth 3 state) nil)
       ((looking-at ">") 0)
       (t
        (let ((begins (progn
                        (forward-comment (- (point)))
                        (or (bobp) (memq (char-before) '(?\; ?< ?>))))))
          (* bpol-indent-offset (+ (max depth 0) (if begins 0 2)))))))))

(defun bpol-indent-line ()
  "Indent the line of point as `bpolc fmt' would."
  (interactive)
  (let ((column (bpol--indentation)))
    (when column
      (if (<= (current-column) (current-indentation))
          (indent-line-to column)
        (save-excursion (indent-line-to column))))))

(defun bpol--syntactic-face (state)
  "Face of the string or the comment that STATE is about.
What begins with `///' documents what stands below it."
  (cond
   ((nth 3 state) font-lock-string-face)
   ((save-excursion (goto-char (nth 8 state)) (looking-at "///\\(?:[^/]\\|$\\)")) font-lock-doc-face)
   (t font-lock-comment-face)))

;;;###autoload
(define-derived-mode bpol-mode prog-mode "bpol"
  "Major mode for bpol policies."
  (setq-local comment-start "// ")
  (setq-local comment-start-skip "//+[ \t]*")
  (setq-local comment-end "")
  (setq-local indent-tabs-mode nil)
  (setq-local indent-line-function #'bpol-indent-line)
  (setq-local electric-indent-chars (append ">" electric-indent-chars))
  (setq-local imenu-generic-expression
              '((nil "^\\(?:key\\|role\\|test\\|limit\\|network\\|payees\\)[ \t]*\"\\([^\"\n]*\\)\"" 1)))
  (setq-local font-lock-defaults
              '(bpol-font-lock-keywords nil nil nil (font-lock-syntactic-face-function . bpol--syntactic-face))))

;;;###autoload
(add-to-list 'auto-mode-alist '("\\.bpol\\'" . bpol-mode))

(defvar eglot-server-programs)
(with-eval-after-load 'eglot
  (add-to-list 'eglot-server-programs (cons 'bpol-mode (lambda (&rest _) bpol-server-command))))

(provide 'bpol-mode)

;;; bpol-mode.el ends here
