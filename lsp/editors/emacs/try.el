;;; try.el --- Tries bpol-mode.el with eglot and the bpol-lsp on the PATH -*- lexical-binding: t -*-

;; emacs --batch -l lsp/editors/emacs/try.el
;; Opens a policy with a mistake, waits until flymake has it, prints it, and exits with 0 if it was reported.  Needs eglot:
;; Emacs 29, or 26 and later with the package.

;;; Code:

(when (fboundp 'package-initialize)
  (package-initialize))
(add-to-list 'load-path (file-name-directory (or load-file-name buffer-file-name)))
(require 'bpol-mode)
(require 'eglot)
(require 'flymake)

(setq eglot-sync-connect 20
      eglot-connect-timeout 20)

(let* ((folder (make-temp-file "bpol" t))
       (file (expand-file-name "web.bpol" folder)))
  (with-temp-file file
    (insert "key \"web\" <\n  allow read transaction on account;\n>\n"))
  (find-file file)
  (message "%s" major-mode)
  (call-interactively #'eglot)
  (let ((tries 200))
    (while (and (null (flymake-diagnostics)) (> tries 0))
      (accept-process-output nil 0.1)
      (setq tries (1- tries))))
  (let ((first (car (flymake-diagnostics))))
    (when first
      (message "line %d: %s" (line-number-at-pos (flymake-diagnostic-beg first)) (flymake-diagnostic-text first)))
    (eglot-shutdown (eglot-current-server))
    (kill-emacs (if first 0 1))))

;;; try.el ends here
